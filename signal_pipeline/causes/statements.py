"""What an entry states went wrong, in a form that a wrapper, a second log line and a client's answer share."""

from __future__ import annotations

import re
from collections.abc import Sequence

import re2

MAX_TEXT_CHARS = 8_000
MIN_STATEMENT_CHARS = 14
"""A shorter text ("failed", "not found") says nothing about which failure is meant."""
MIN_TELLING_WORDS = 2
_UNTELLING = frozenset(
    (
        "error", "errors", "failed", "failure", "fail", "failing", "exception", "exceptions", "type", "warning",
        "fatal", "retry", "retrying", "retries", "wait", "waiting", "seconds", "attempt", "attempts", "request",
        "requests", "response", "unexpected", "unknown", "internal", "server", "client", "processing", "code",
        "status", "none", "null", "true", "false", "message", "traceback", "most", "recent", "call", "last", "class",
        "java", "http", "https", "with", "while", "during", "when", "from", "that", "this", "cause", "root", "nested",
        "raised", "thrown",
    )
)  # fmt: skip
"""Words that any failure may be written with."""

_EXCEPTION_LINE = re2.compile(
    r"(?m)^\s*(?:Caused by: |Traceback.*|.* ?---> )?(?:\*\* \()?((?:[A-Za-z_$][\w$]*[.:]{1,2})*[A-Z][\w$]*"
    r"(?:Error|Exception|Failure|Fault|Timeout|NotFound|Refused|Denied|Invalid\w*|Exceeded|Interrupt|Warning|Exit))"
    r"(?: \(0x[0-9A-Fa-f]{8}\))?(?:: |:\s*$|\) |$)(.*)$"
)
_CAUSED_BY = re2.compile(r"(?m)^\s*Caused by: | ---> ")
_CHAINED = re2.compile(r"(?m)^\s*(?:The above exception was the direct cause|During handling of the above exception)")
_HEAD = re.compile(r"^(?:[\w.$-]{1,80} )?(?:\[[^\]]{1,60}\] ?){1,4}")
"""Tags in brackets that a logger puts before a message, with its name."""
_FIELDS = re.compile(r"\b\w+=\S+")
_LEVELS = frozenset(("info", "warn", "error", "debug", "fatal", "critical", "notice"))
_BARE = frozenset(
    (
        "errored",
        "fails",
        "unsuccessful",
        "aborted",
        "job",
        "task",
        "run",
        "build",
        "compilation",
        "compile",
        "step",
        "test",
    )
)
_MARKS = re.compile(r"<[A-Z]{1,40}(?::[0-9a-zA-Z]{1,40})?>")
# Runs of one class of characters each, which the standard library matches in linear time, and several times faster.
_NOT_WORDS = re.compile(r"[\W_]+")
_NUMBERS = re.compile(r"\d+")


def normalised(text: str) -> str:
    """Lower case, words separated by one blank, numbers and marks of masked values as `#`."""
    plain = _MARKS.sub(" # ", text[:MAX_TEXT_CHARS])
    return _NUMBERS.sub("#", _NOT_WORDS.sub(" ", plain).lower()).strip()


def exception_lines(text: str) -> list[tuple[str, str]]:
    """(class without its package, message) of each line of a trace that names an exception, innermost first."""
    found = [(name.replace("::", ".").rpartition(".")[2], said.strip()) for name, said in _EXCEPTION_LINE.findall(text)]
    return found[::-1] if _CAUSED_BY.search(text) and not _CHAINED.search(text) else found


def statement_of(message: str, raised: Sequence[tuple[str, str]], exception_class: str | None) -> str:
    """The innermost exception's message where the entry has a trace (`raised`), otherwise its own; normalised.

    Empty where that is too short to tell one failure from another.
    """
    text = normalised(next((said for _, said in raised if len(said) >= MIN_STATEMENT_CHARS), _HEAD.sub("", message)))
    short = (exception_class or "").replace("::", ".").rpartition(".")[2].lower()
    if short and text.startswith(short + " "):
        text = text[len(short) + 1 :]
    return text if len(text) >= MIN_STATEMENT_CHARS and is_telling(text) else ""


def raised_in(raised: Sequence[tuple[str, str]]) -> str | None:
    """The innermost exception as it was written: its class and what it says; None where none says anything."""
    return next((f"{name}: {said}" for name, said in raised if said), None)


def said_by(exception_class: str | None, stack_trace: str | None) -> str | None:
    """What a trace says of the exception of this class, whose name need not look like one's."""
    short = (exception_class or "").replace("::", ".").rpartition(".")[2]
    if not short or not stack_trace:
        return None
    lines = re.findall(rf"^[\w.]*\b{re.escape(short)}: (\S.*)$", stack_trace[-MAX_TEXT_CHARS:], re.MULTILINE)
    return f"{short}: {lines[-1].strip()}" if lines else None


def raised_lines(stack_trace: str | None) -> list[tuple[str, str]]:
    """Class and message of the exceptions of a trace, the one that was raised first of all before the others."""
    if not stack_trace:
        return []
    lines = exception_lines(stack_trace[-MAX_TEXT_CHARS:])
    # Without a chain the last line that names an exception is the one that was raised.
    return lines if _CAUSED_BY.search(stack_trace) or _CHAINED.search(stack_trace) else lines[::-1]


def only_says_it_failed(message: str) -> bool:
    """Whether the words of a message say that something failed and nothing else, as "fail" and "request errored"."""
    words = [word for word in normalised(_FIELDS.sub(" ", message)).split() if word not in _LEVELS and word != "#"]
    return bool(words) and len(words) <= 3 and all(word in _BARE or word in _UNTELLING for word in words)


def is_telling(text: str) -> bool:
    """Whether a normalised text has words that name this failure, and not only that there was one."""
    words = {word for word in text.split() if len(word) > 3 and word not in _UNTELLING}
    return sum(not word.endswith(("error", "exception")) for word in words) >= MIN_TELLING_WORDS
