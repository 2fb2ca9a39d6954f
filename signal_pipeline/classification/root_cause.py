"""What the exception at the bottom of a record's trace says, where the record's own message does not say it.

"Database error while handling POST /orders" is one message of many problems; "UNIQUE constraint failed" is one.
Patterns over columns; how frames are read is `frames.py`.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.classification.roles import has_message
from signal_pipeline.classification.stated_cause import STATED_CAUSE_VERSION, stated_causes
from signal_pipeline.classification.template import error_templates

ROOT_CAUSE_VERSION = f"2026-11-30.2/{STATED_CAUSE_VERSION}"
# Changelog
# 2026-11-30.2  exceptions without frames
# 2026-11-30  the innermost exception of .NET; what a record's fields and the lines below its head state
# 2026-11-22  first rules

MAX_CHARS = 200
"""Characters of the exception's message that take part in a template."""

_CLASS = r"[A-Za-z_$][\w$]*(?:(?:\.|::|\\)[A-Za-z_$][\w$]*)*"
_ENDING = r"(?:Exception|Error|Throwable|Failure|Fault|Timeout|Panic)"
_LAST_CAUSED_BY = rf"(?s)^.*\nCaused by: ({_CLASS}(?:: [^\n]*)?)"
_HANDLING = r"(?s)^.*\nDuring handling of the above exception[^\n]*\n"
"""What is raised while another is handled is a problem of its own; "the direct cause of" is a chain."""
_PYTHON = rf"(?:^|\n)[ \t]+File \"[^\n]*\n(?:[ \t]+[^\n]*\n)*({_CLASS}(?:: [^\n]*)?)"
_BEFORE_FRAMES = rf"(?:^|\n)[ \t]*({_CLASS}{_ENDING}: [^\n]*)\n\s+at "
_WITHOUT_FRAMES = rf"^[ \t]*((?:[a-z_][\w$]*\.)+[A-Z][\w$]*{_ENDING}(?:: [^\n]*)?)(?:\n|$)"
"""Of a logger that was told to write no frames, or an error that has none; the class with its package."""
_INNERMOST = rf"(?s)^.* ---> ({_CLASS}(?: \([0-9A-Fx]+\))?: [^\n]*)"
LINE_PATTERNS = (_LAST_CAUSED_BY, _HANDLING, _PYTHON, _INNERMOST, _BEFORE_FRAMES, _WITHOUT_FRAMES)


def root_causes(errors: pl.DataFrame) -> pl.DataFrame:
    """Columns cause ("Class: masked message") and cause_class, row for row with `errors` (message, stack_trace, kind).

    cause_class is null where the trace states no exception; cause also where it has no message, or the
    record's message holds the class or that message already.
    """
    stated = errors.select(
        pl.when(has_message()).then(cause_line(pl.col("stack_trace"))).str.slice(0, 2 * MAX_CHARS).alias("line"),
        "message",
    ).with_columns(
        pl.col("line").str.extract(ascii_pattern(rf"^({_CLASS})")).alias("cause_class"),
        pl.col("line")
        .str.extract(r"^[^\s:]+(?:::[^\s:]+)*(?: \([0-9A-Fx]+\))?: (.*)$")
        .str.strip_chars()
        .alias("said"),
    )
    simple = pl.col("cause_class").str.extract(r"([A-Za-z0-9_]+)$")
    # A KeyError says nothing but the key: where it is raised tells more, and the key may be anybody's.
    value_only = pl.col("said").str.contains(r"""^(?:'[^']*'|"[^"]*"|-?[0-9]+)$""")
    repeated = pl.col("message").str.contains(simple, literal=True) | pl.col("message").str.contains(
        "said", literal=True
    )
    stated = stated.with_columns(pl.when((pl.col("said") != "") & ~repeated & ~value_only).then("said").alias("said"))
    masked = (
        error_templates(stated["said"]).str.slice(0, MAX_CHARS) if stated["said"].null_count() < stated.height else None
    )
    return stated.select(
        pl.concat_str(simple, pl.lit(": "), masked if masked is not None else pl.lit(None, pl.String)).alias("cause"),
        "cause_class",
    ).with_columns(pl.coalesce("cause", _stated(errors)).alias("cause"))


def _stated(errors: pl.DataFrame) -> pl.Series:
    """What the record says was its cause, masked, where its template does not say it."""
    said = stated_causes(errors).str.replace_all(r"\s*\n\s*", " ").str.slice(0, 2 * MAX_CHARS)
    if said.null_count() == errors.height:
        return said
    masked = error_templates(said).str.slice(0, MAX_CHARS)
    texts = errors.select("template", masked.alias("said"))
    known = texts.select(
        pl.col("template").str.contains(pl.col("said"), literal=True) | (pl.col("said").str.strip_chars() == "")
    ).to_series()
    return masked.set(known.fill_null(True), None)


def cause_line(trace: pl.Expr) -> pl.Expr:
    """The line of the root exception."""
    python = pl.when(trace.str.contains("Traceback (most recent call last)", literal=True)).then(
        trace.str.replace(_HANDLING, "").str.extract(ascii_pattern(_PYTHON))
    )
    return pl.coalesce(
        trace.str.extract(ascii_pattern(_LAST_CAUSED_BY)),
        python,
        trace.str.extract(ascii_pattern(_INNERMOST)),
        trace.str.extract(ascii_pattern(_BEFORE_FRAMES)),
        trace.str.extract(ascii_pattern(_WITHOUT_FRAMES)),
    )
