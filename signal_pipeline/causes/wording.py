"""A problem in words: an error with its place, and the sentence at the head of a report."""

from __future__ import annotations

from collections.abc import Sequence

from signal_pipeline.causes.problems import Problem
from signal_pipeline.causes.records import EntryRecord

MAX_MESSAGE_CHARS = 160


def described(entry: EntryRecord) -> str:
    """The message in one line, cut, with the innermost function of the application where a trace names it."""
    message = " ".join(entry.message.split())
    if len(message) > MAX_MESSAGE_CHARS:
        message = message[: MAX_MESSAGE_CHARS - 1].rstrip() + "…"
    if not message:
        message = entry.exception or entry.error_type or "an entry without a message"
    function = (entry.frame or "").rpartition(":")[2]
    return f"{message} in {function}" if function and function not in message else message


def headline(problems: Sequence[Problem], background: int, is_new: bool) -> str:
    """How many problems, the first in words with its service, whether it is new, and what follows from it."""
    if not problems:
        return f"No problem; {_count(background, 'known background error')}." if background else "No error was found."
    first = problems[0]
    incident = first.first
    if incident.root.error_type is None:
        return f"No error; {_count(len(problems), 'kind')} of warnings, first: {described(incident.root)}."
    told = f"{_count(len(problems), 'problem')}: {described(incident.root)} ({incident.root_service})"
    parts = [told, "new" if is_new else "seen before"]
    if not incident.in_evidence:
        parts.append("only what followed from it is in the files")
    sentence = ", ".join(parts)
    if first.symptom_keys:
        felt = next((one.entry for one in incident.symptoms if one.entry.is_felt), None)
        shown = f"; it failed {described(felt)}" if felt is not None else ""
        total = sum(problem.explained for problem in problems)
        groups = _count(total, "error group")
        verb = "follows" if len(first.symptom_keys) == 1 else "follow"
        sentence += f"{shown}; {len(first.symptom_keys)} of {groups} {verb} from it"
    return sentence + "."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
