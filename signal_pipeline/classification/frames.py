"""Top in-app frames and exception class of the error rows that carry a stack trace.

Python runs once per distinct trace, after line numbers, addresses and messages have been taken out of it:
none of them may reach a class or a frame, and with them nearly every trace would be distinct.
How a trace is read is `signal_pipeline.stack_traces`.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.stack_traces.linear_pattern import linear
from signal_pipeline.text_shapes.memo import Memoized

FRAME_COLUMNS = {
    "trace_class": pl.String(),
    "top_frames": pl.List(pl.String()),
    "trace_access": pl.String(),
    "trace_says": pl.String(),
}

MESSAGE_OF_HEAD = (
    r"(?m)^(\s*(?:Caused by: |Suppressed: |Exception in thread \"[^\"\n]*\" |Uncaught |\[[^\]\n]*\] )?"
    r"[A-Za-z_$][\w.$]*(?:Exception|Error|Throwable|Warning|Exit|Interrupt)\w*):? [^\n]+$"
)
_NATIVE = ("native", "rust", "swift")
_TWO_WORDS = linear(r"[A-Za-z]{3}.*[^A-Za-z].*[A-Za-z]{3}")
_BEGINS = linear(r"^[^A-Za-z]*$|^(?:[*]{3} )+[*]{3}|^Build fingerprint|^\[(?:Environment|Command line)\b|^\+-+")
_TROUBLE = linear(
    r"(?i)\b(?:error|fatal|fail(?:ed|ure)?|exception|assert\w*|check failed|exceeded|panic|abort(?:ed)?|crash(?:ed)?"
    r"|timed? ?out|cannot|unable|killed|missing|not found|refused|denied)\b.*[A-Za-z]{3}|\bBUG: |\bCHECK\("
)
_MAX_SAID = 300
_LOOKED_AT = 400
LINE_NUMBER = r":[0-9]+"
LINE_WORD = r"\bline [0-9]+"
ADDRESS = r"0x[0-9a-fA-F]+"
NULL_ADDRESS = r"(?i)(\baddr(?:ess)?(?: is|:)? )(?:0x0*[0-9a-f]{1,4}\b|0{8}[0`]*[0-9a-f]{1,4}\b)"
"""No object has such an address: something was reached through a null pointer."""


def trace_facts(errors: pl.DataFrame) -> pl.DataFrame:
    """Columns FRAME_COLUMNS, row for row with `errors` (columns template and stripped stack_trace).

    All are null where there is no trace. Of one that no language's parser knows there is only what its first line says.
    """
    return _MEMOIZED_FACTS(errors.select("template", "stack_trace"))


def _facts_of(pairs: pl.DataFrame) -> pl.DataFrame:
    rows = [(None, None, None, None) if text is None else _facts(head, text) for head, text in pairs.iter_rows()]
    return pl.DataFrame(rows, schema=FRAME_COLUMNS, orient="row")


_MEMOIZED_FACTS = Memoized(_facts_of)


def stripped_trace(trace: pl.Expr, number: str = "1") -> pl.Expr:
    """A trace without what may never reach a class or a frame, `number` in place of numbers; its lines stay as they are
    otherwise."""
    return (
        trace.str.replace_all(ascii_pattern(MESSAGE_OF_HEAD), "${1}: -")
        .str.replace_all(NULL_ADDRESS, "${1}0xnull")
        .str.replace_all(LINE_NUMBER, f":{number}")
        .str.replace_all(ascii_pattern(LINE_WORD), f"line {number}")
        .str.replace_all(ADDRESS, f"0x{number}")
    )


def _facts(head: str, text: str) -> tuple[str | None, list[str] | None, str | None, str | None]:
    from signal_pipeline.stack_traces.identity import TOP_FRAMES, asserted, top_frames
    from signal_pipeline.stack_traces.languages.native_access import access_of
    from signal_pipeline.stack_traces.parse import parse_stack_trace

    trace = parse_stack_trace(text, head)
    if trace is None:
        return None, None, None, _first_words(text)
    access = access_of(text.split("\n")) if trace.language in _NATIVE and trace.exception_class else ""
    named = " ".join(part for part in (trace.exception_class, access) if part)
    says = ": ".join(part for part in (named, asserted(trace)) if part) or _first_words(text)
    return trace.exception_class, list(top_frames(trace, TOP_FRAMES)) or None, access or None, says


def _first_words(text: str) -> str | None:
    """The first line that tells of trouble, else the first that says something: no rule, no time, no table border."""
    first = None
    for line in text.split("\n")[:_LOOKED_AT]:
        if not _TWO_WORDS.search(line) or _BEGINS.match(line):
            continue
        if _TROUBLE.search(line) and not line.rstrip().endswith(":"):
            return line.strip()[:_MAX_SAID]
        first = first or line.strip()[:_MAX_SAID]
    return first
