"""What is found out about the entries that are errors. Which entries those are is `error_detection.py`.

Everything is computed once per distinct error: rows that differ only in masked numbers share one computation.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.classification.error_representatives import with_representatives
from signal_pipeline.classification.exception_class import from_http, from_text
from signal_pipeline.classification.exchange import marks
from signal_pipeline.classification.frames import stripped_trace, trace_facts
from signal_pipeline.classification.kept_codes import ANY_KEPT
from signal_pipeline.classification.roles import by_role, has_message, template_by_role
from signal_pipeline.classification.root_cause import root_causes
from signal_pipeline.classification.signature import signature_hash, without_catcher, without_kinds
from signal_pipeline.classification.template import error_templates
from signal_pipeline.text_shapes.memo import Memoized

FACTS = ("error_type", "severity", "exception_class", "template", "signature_hash", "top_frames")
_ASKED = (
    "role", "level", "status", "slowest_phase", "net_error", "exception_class", "method", "url", "error_text",
    "template", "reduced", "message", "stack_trace", "marks",
)  # fmt: skip
"""All that the facts are made of."""
WORDS = r"\p{L}(?:[-=]>|[^<>])*(?:<|$)"
"""A letter outside of marks; an arrow is none."""
_SUBJECT = (
    "role",
    "level",
    "status",
    "net_error",
    "exception_class",
    "template",
    "text",
    "stack_trace",
    "cause",
    "cause_class",
    "marks",
)


def error_facts(errors: pl.DataFrame) -> pl.DataFrame:
    """Columns FACTS, row for row with `errors`: parsed columns, the plain `template`, `reduced`, and the
    representative of the message (`signal_pipeline.text_shapes`) as `representative_message`."""
    return _MEMOIZED_FACTS(with_representatives(errors).with_columns(marks()).select(_ASKED)).select(
        pl.col(f"found_{name}").alias(name) for name in FACTS
    )


def _facts_of(errors: pl.DataFrame) -> pl.DataFrame:
    subjects = _subjects(errors)
    distinct = subjects.unique()
    facts = _facts(distinct).select(pl.all().name.prefix("found_"))
    known = pl.concat([distinct, facts], how="horizontal")
    joined = subjects.join(known, on=list(_SUBJECT), how="left", nulls_equal=True, maintain_order="left")
    return joined.select(f"found_{name}" for name in FACTS)


_MEMOIZED_FACTS = Memoized(_facts_of)


def _subjects(errors: pl.DataFrame) -> pl.DataFrame:
    """Only what identity may depend on: codes are kept, other numbers are not."""
    in_message = has_message()
    errors = errors.with_columns(
        (pl.col("message").str.contains(ANY_KEPT) & in_message).fill_null(False).alias("coded")
    )
    errors = errors.with_columns(template_by_role(errors).alias("template"))
    masked = error_templates(errors["error_text"])
    text = pl.when("coded").then("message").when(in_message).then("reduced").otherwise(masked)
    causes = root_causes(errors)
    return errors.with_columns(text.alias("text"), stripped_trace(pl.col("stack_trace")), *causes).select(_SUBJECT)


def _facts(distinct: pl.DataFrame) -> pl.DataFrame:
    frame = distinct.with_columns(trace_facts(distinct))
    name = pl.coalesce(
        by_role(distinct["role"], lambda rules: rules.exception_class()),
        _named_by_code(),
        pl.col("exception_class"),
        pl.col("trace_class"),
        pl.when(pl.col("top_frames").is_null() & (pl.col("cause_class") != "")).then("cause_class"),
        from_text(pl.col("text")),
        from_text(pl.when(pl.col("cause_class").is_null()).then("cause")),
        from_http(),
    )
    frame = frame.with_columns(name.alias("exception_class"))
    frame = frame.with_columns(by_role(distinct["role"], lambda rules: rules.error_type(frame)).alias("error_type"))
    frame = frame.with_columns(_worded(frame).alias("template"))
    with_cause = pl.concat_str("template", pl.lit(" | "), "cause")
    frame = frame.with_columns(pl.coalesce(with_cause, "template").alias("template"))
    severity = by_role(distinct["role"], lambda rules: rules.severity(pl.col("error_type")))
    frame = frame.with_columns(severity.alias("severity"))
    return frame.with_columns(_signatures(frame)).select(FACTS)


def _worded(frame: pl.DataFrame) -> pl.Series:
    """Templates of crashes with how memory was used; where a message says nothing, with what its trace says."""
    in_message = has_message()
    silent = in_message & ~pl.col("template").str.contains(WORDS) & pl.col("cause").is_null()
    said = error_templates(frame.select(pl.when(silent).then("trace_says").alias("said"))["said"])
    used = pl.when(in_message).then(pl.concat_str("template", pl.lit(" | "), "trace_access"))
    return frame.with_columns(said.alias("said")).select(pl.coalesce("said", used, "template")).to_series()


def _named_by_code() -> pl.Expr:
    """`Error` and its like name nothing: the code that the cause holds does."""
    bare = pl.col("exception_class").is_in(["Error", "error", "Exception"]) & pl.col("cause_class").is_null()
    return pl.when(bare.fill_null(False)).then(from_text(pl.col("cause")))


def _signatures(frame: pl.DataFrame) -> pl.Series:
    identity = frame.select(
        "error_type", without_catcher(pl.col("exception_class")), without_kinds(pl.col("template")), "top_frames"
    )
    return pl.Series("signature_hash", [signature_hash(*row) for row in identity.iter_rows()], dtype=pl.String)
