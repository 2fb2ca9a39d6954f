"""A problem in words: an error with its place, and the sentence at the head of a report."""

from __future__ import annotations

import re
from collections.abc import Sequence

from signal_pipeline.causes.failed_commands import failed_command
from signal_pipeline.causes.problems import Problem
from signal_pipeline.causes.records import EntryRecord, IncidentRecord
from signal_pipeline.frame_schema import EVENT, FLOW
from signal_pipeline.plural import counted

MAX_MESSAGE_CHARS = 160
# Ahead of the match, so that one that begins within another is found as well.
_TWICE = re.compile(r"\b([A-Z][^:]{2,60}): \1(?=:|\s|$)")
_DETAILS = re.compile(r"\s\([^()]*\)?$")
_ANSWER = " -> "
_TAGS = re.compile(r"^(?:\[[A-Za-z_ ]{2,20}[:=] ?[0-9A-Fa-f-]{8,36}\] )+")
"""Of which object or request it is, as in `[instance: 0a1cd93a-…]`: the lines below the title have it."""
_CONTEXT = re.compile(r"(?<=[\w.)\]]) \{\"[\w.]+\":.*$")
"""A JSON object that a logger puts after the message."""
_STOP = re.compile(r"(?<=\w)\.: ")
_NAMED = re.compile(r"(?=(:\s*[A-Za-z_][\w.]*: ))")


def described(entry: EntryRecord) -> str:
    """The message in one line, cut; with what was raised, where a trace names it and the message does not, or else what
    the record states as its cause, and with the innermost function of the application. What was raised comes alone
    where both together would have to be cut. Of flows and events what failed is named, without their details. Of a null
    value who made it is named too.
    """
    message = _said_once(_TAGS.sub("", " ".join(entry.message.split())))
    if entry.evidence.get("role") in (FLOW, EVENT):
        message = _DETAILS.sub("", message) or message
    raised = " ".join((entry.raised or "").split())
    if raised and raised.partition(": ")[2] not in message:
        both = f"{message}: {raised}" if message else raised
        message = both if len(both) <= MAX_MESSAGE_CHARS else raised
    elif raised and len(message) > MAX_MESSAGE_CHARS:
        message = raised
    elif len(message) > MAX_MESSAGE_CHARS:
        message = _CONTEXT.sub("", message)
    message = _with_stated(message, entry)
    message = _STOP.sub(": ", message)
    if len(message) > MAX_MESSAGE_CHARS:
        message = message[: MAX_MESSAGE_CHARS - 1].rstrip() + "…"
    if not message:
        message = entry.exception or entry.error_type or "an entry without a message"
    function = (entry.frame or "").rpartition(":")[2]
    message = f"{message} in `{function}`" if function and function not in message else message
    maker = (entry.made_in or "").partition(" ")[0]
    return f"{message}, given null by `{maker}`" if maker and maker != function else message


def _with_stated(message: str, entry: EntryRecord) -> str:
    """`Reconciler error` is one message of many problems; what its field or the lines below it state is which."""
    stated = " ".join((entry.stated or "").split())
    if not stated or stated.rstrip(".") in message:
        return message
    return f"{message.rstrip(' .:')}: {stated}" if message else stated


def _said_once(message: str) -> str:
    """Without an exception at the end whose text comes before it (`no such user: KeyError: no such user`), and without
    a name that is said twice (`401 Unauthorized: Unauthorized: please log in`).
    """
    message = _TWICE.sub(r"\1", message)
    for named in _NAMED.finditer(message):
        before, said = message[: named.start()], message[named.end(1) :]
        if said and said in before:
            return before.rstrip(": ")
    return message


def headline(problems: Sequence[Problem], background: Sequence[Problem], is_new: bool) -> str:
    """How many problems, the first in words with its service, whether it is new, and what follows from it."""
    if not problems:
        return _only_background(background) if background else "No error was found."
    first = problems[0]
    incident = first.first
    error = described(incident.root)
    if not any(_has_error(one) for problem in problems for one in problem.incidents):
        warnings = sum(_entries(one) for problem in problems for one in problem.incidents)
        kinds = len({key for problem in problems for key in (problem.key, *problem.symptom_keys)})
        headline = f"{counted(warnings, 'warning')} of {counted(kinds, 'kind')}"
        return f"No error; {headline}, first: {error} ({incident.root_service})."
    headline = f"{counted(len(problems), 'problem')}: {error} ({incident.root_service})"
    parts = [headline, "new" if is_new else "seen before"]
    if not incident.in_evidence:
        parts.append("only what followed from it is in the files")
    sentence = ", ".join(parts)
    if first.symptom_keys:
        failed = _what_failed(first, error)
        shown = f"; it failed {failed}" if failed else ""
        # A symptom of several problems is one group.
        keys = {key for problem in problems for key in (problem.key, *problem.symptom_keys)}
        groups = counted(len(keys), "error group")
        verb = "follows" if len(first.symptom_keys) == 1 else "follow"
        sentence += f"{shown}; {len(first.symptom_keys)} of {groups} {verb} from it"
    return sentence + "."


def _what_failed(problem: Problem, error: str) -> str | None:
    """The request or the command of the user that failed."""
    entries = [one.entry for incident in problem.incidents for one in incident.symptoms]
    felt = next((entry for entry in entries if entry.is_felt), None)
    if felt is not None:
        return _without_cause(described(felt), error)
    commands = (failed_command(entry.message) for entry in entries)
    command = next((command for command in commands if command), None)
    return f"`{command}`" if command else None


def _without_cause(felt: str, root: str) -> str:
    """A failed request without what it says of its cause, where the cause was just named."""
    answer, _, said = felt.partition(_ANSWER)[2].partition(": ")
    return felt[: -len(said) - 2] if answer and said and said in root else felt


def _only_background(background: Sequence[Problem]) -> str:
    """With its first error in words: what many reports have may still be what this one is about."""
    first = background[0].first
    headline = counted(len(background), "background error")
    return f"No problem of its own; {headline}, first: {described(first.root)} ({first.root_service})."


def _has_error(incident: IncidentRecord) -> bool:
    return any(entry.error_type for entry in incident.entries)


def _entries(incident: IncidentRecord) -> int:
    return incident.tries + sum(symptom.count for symptom in incident.symptoms)
