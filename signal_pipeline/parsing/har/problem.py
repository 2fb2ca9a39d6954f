"""What an error body says, as a record, and the few words that all readers of bodies share."""

from __future__ import annotations

import html
from dataclasses import dataclass

import re2

from signal_pipeline.redaction.joined_lines import without_secrets_by_line

MAX_TEXT = 2_000
MAX_STACK = 64 * 1024
_TAG = re2.compile(r"<[^<>]*>")
_CLASS = re2.compile(r"^\[?([A-Za-z_$][\w$.\\]{2,200}(?:Exception|Error|Fault|Failure))\]?(?:: |$)")
_LINE_BREAK = re2.compile(r"(?i)<br\s*/?>")


@dataclass(frozen=True)
class Problem:
    """Not redacted. `text` reads "head: message" as far as there is one."""

    text: str | None = None
    exception_class: str | None = None
    stack_trace: str | None = None


NOTHING = Problem()


def limited(text: str) -> str | None:
    """One line; the redactor sees all of what is stored, so the cut comes before it at a word."""
    line = " ".join(without_secrets_by_line(text[: 2 * MAX_TEXT]).split())
    if len(line) > MAX_TEXT:
        line = line[:MAX_TEXT].rsplit(" ", 1)[0]
    return line or None


def limited_stack(text: str) -> str | None:
    """A trace of several lines, cut at a line; None for what has one line only."""
    if "\n" not in text:
        return None
    return text[:MAX_STACK].rpartition("\n")[0] if len(text) > MAX_STACK else text


def class_of_trace(trace: str | None) -> str | None:
    """The class with which a trace begins, or, as in Python, ends."""
    if not trace:
        return None
    lines = trace.strip().splitlines()
    found = _CLASS.search(lines[-1 if trace.lstrip().startswith("Traceback ") else 0][:500])
    return found[1] if found else None


def plain_text(markup: str) -> str:
    """The words of a piece of HTML or XML, its line breaks kept."""
    text = _TAG.sub("", _LINE_BREAK.sub("\n", markup[:MAX_STACK]))
    return html.unescape(text).replace("\xa0", " ").strip()
