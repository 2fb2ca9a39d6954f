"""Top in-app frames and exception class of the error rows that carry a stack trace.

Python runs once per distinct trace, after line numbers, addresses and messages have been taken out of it:
none of them may reach a class or a frame, and with them nearly every trace would be distinct.
How a trace is read is `signal_pipeline.stack_traces`.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.text_shapes.memo import Remembered

FRAME_COLUMNS = {"trace_class": pl.String(), "top_frames": pl.List(pl.String())}

MESSAGE_OF_HEAD = (
    r"(?m)^(\s*(?:Caused by: |Suppressed: |Exception in thread \"[^\"\n]*\" |Uncaught |\[[^\]\n]*\] )?"
    r"[A-Za-z_$][\w.$]*(?:Exception|Error|Throwable|Warning|Exit|Interrupt)\w*):? [^\n]+$"
)
LINE_NUMBER = r":[0-9]+"
LINE_WORD = r"\bline [0-9]+"
ADDRESS = r"0x[0-9a-fA-F]+"


def trace_facts(errors: pl.DataFrame) -> pl.DataFrame:
    """Columns trace_class and top_frames, row for row with `errors` (columns template and stripped stack_trace).

    Both are null where there is no trace, or none that any language's parser knows.
    """
    return _KNOWN.answers(errors.select("template", "stack_trace"))


def _facts_of(pairs: pl.DataFrame) -> pl.DataFrame:
    rows = [(None, None) if text is None else _facts(head, text) for head, text in pairs.iter_rows()]
    return pl.DataFrame(rows, schema=FRAME_COLUMNS, orient="row")


_KNOWN = Remembered(_facts_of)


def stripped_trace(trace: pl.Expr, number: str = "1") -> pl.Expr:
    """A trace without what may never reach a class or a frame, `number` in place of numbers; its lines stay as they are
    otherwise."""
    return (
        trace.str.replace_all(ascii_pattern(MESSAGE_OF_HEAD), "${1}: -")
        .str.replace_all(LINE_NUMBER, f":{number}")
        .str.replace_all(ascii_pattern(LINE_WORD), f"line {number}")
        .str.replace_all(ADDRESS, f"0x{number}")
    )


def _facts(head: str, text: str) -> tuple[str | None, list[str] | None]:
    from signal_pipeline.stack_traces.identity import top_frames
    from signal_pipeline.stack_traces.parse import parse_stack_trace

    trace = parse_stack_trace(text, head)
    if trace is None:
        return None, None
    return trace.exception_class, list(top_frames(trace)) or None
