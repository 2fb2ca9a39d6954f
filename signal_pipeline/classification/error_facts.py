"""What is found out about the entries that are errors. Which entries those are is `error_detection.py`.

Everything is computed once per distinct error: rows that differ only in masked numbers share one computation.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.classification.error_representatives import with_representatives
from signal_pipeline.classification.error_rules import error_type
from signal_pipeline.classification.event import event_template, is_event
from signal_pipeline.classification.exception_class import from_http, from_text
from signal_pipeline.classification.exchange import marks
from signal_pipeline.classification.flow import flow_template, is_flow
from signal_pipeline.classification.frames import stripped_trace, trace_facts
from signal_pipeline.classification.kept_codes import ANY_KEPT
from signal_pipeline.classification.network_signature import (
    exchange,
    tells_of_exchange,
    tells_of_resource,
    time_out_phase,
)
from signal_pipeline.classification.roles import by_role
from signal_pipeline.classification.root_cause import root_causes
from signal_pipeline.classification.route import route
from signal_pipeline.classification.severity import severity
from signal_pipeline.classification.signature import signature_hash, without_catcher, without_kinds
from signal_pipeline.classification.template import coded_templates, error_templates
from signal_pipeline.frame_schema import EXCHANGE
from signal_pipeline.text_shapes.memo import Memoized

FACTS = ("error_type", "severity", "exception_class", "template", "signature_hash", "top_frames")
_ASKED = (
    "role", "level", "status", "slowest_phase", "net_error", "exception_class", "method", "url", "error_text",
    "template", "reduced", "message", "stack_trace", "marks",
)  # fmt: skip
"""All that the facts are made of."""
WORDS = r"\p{L}[^<>]*$|\p{L}[^<>]*<"
"""A letter outside of marks."""
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
    """Only what identity may depend on: codes are kept, other numbers are not, HAR text is the route."""
    log = pl.col("role") != EXCHANGE
    coded = errors.select((pl.col("message").str.contains(ANY_KEPT) & log).alias("coded"))["coded"]
    if coded.any():
        kept = coded_templates(errors["message"].set(~coded, None))
        errors = errors.with_columns(pl.coalesce(kept, "template").alias("template"))
    if (errors["role"] == EXCHANGE).any():
        answer = error_templates(errors["error_text"].fill_null(""))
        template = pl.concat_str(exchange(), time_out_phase(), answer, separator=" ", ignore_nulls=True)
        template = template.str.strip_chars_end()
        errors = errors.with_columns(pl.when(log).then("template").otherwise(template).alias("template"))
    if errors.select(is_flow().any()).item():
        template = pl.when(is_flow()).then(flow_template()).otherwise("template")
        errors = errors.with_columns(template.alias("template"))
    if errors.select(is_event().any()).item():
        masked = error_templates(errors["error_text"].fill_null(""))
        template = pl.when(is_event()).then(event_template(masked)).otherwise("template")
        errors = errors.with_columns(template.alias("template"))
    if errors["url"].null_count() < errors.height:
        errors = errors.with_columns(_template_of_request(log).alias("template"))
    text = pl.when(coded).then("message").when(log).then("reduced").otherwise(_masked_answer(errors))
    causes = root_causes(errors)
    return errors.with_columns(text.alias("text"), stripped_trace(pl.col("stack_trace")), *causes).select(_SUBJECT)


def _template_of_request(log: pl.Expr) -> pl.Expr:
    named = pl.concat_str("template", pl.lit(": "), route(pl.col("url")))
    return (
        pl.when(log & tells_of_exchange())
        .then(exchange())
        .when(log & tells_of_resource())
        .then(named)
        .otherwise("template")
    )


def _masked_answer(errors: pl.DataFrame) -> pl.Series:
    """What the bodies of HTTP exchanges say, null where there is none."""
    return error_templates(errors["error_text"])


def _facts(distinct: pl.DataFrame) -> pl.DataFrame:
    frame = distinct.with_columns(trace_facts(distinct))
    name = pl.coalesce(
        by_role(lambda rules: rules.exception_class(), pl.lit(None, pl.String)),
        _named_by_code(),
        pl.col("exception_class"),
        pl.col("trace_class"),
        from_text(pl.col("text")),
        from_text(pl.when(pl.col("cause_class").is_null()).then("cause")),
        from_http(),
    )
    frame = frame.with_columns(name.alias("exception_class"))
    frame = frame.with_columns(_error_type().alias("error_type"))
    frame = frame.with_columns(_worded(frame).alias("template"))
    with_cause = pl.concat_str("template", pl.lit(" | "), "cause")
    frame = frame.with_columns(pl.coalesce(with_cause, "template").alias("template"))
    frame = frame.with_columns(
        severity(pl.col("exception_class"), pl.col("text"), pl.col("error_type")).alias("severity")
    )
    return frame.with_columns(_signatures(frame)).select(FACTS)


def _worded(frame: pl.DataFrame) -> pl.Series:
    """Templates of crashes with how memory was used; where a message says nothing, with what its trace says."""
    log = pl.col("role") != EXCHANGE
    silent = log & ~pl.col("template").str.contains(WORDS) & pl.col("cause").is_null()
    said = error_templates(frame.select(pl.when(silent).then("trace_says").alias("said"))["said"])
    used = pl.when(log).then(pl.concat_str("template", pl.lit(" | "), "trace_access"))
    return frame.with_columns(said.alias("said")).select(pl.coalesce("said", used, "template")).to_series()


def _named_by_code() -> pl.Expr:
    """`Error` and its like name nothing: the code that the cause holds does."""
    bare = pl.col("exception_class").is_in(["Error", "error", "Exception"]) & pl.col("cause_class").is_null()
    return pl.when(bare.fill_null(False)).then(from_text(pl.col("cause")))


def _error_type() -> pl.Expr:
    """By class and text; where these are generic by the root cause."""
    own = error_type(pl.col("exception_class"), pl.when(pl.col("role") != EXCHANGE).then("text"))
    root = error_type(pl.coalesce("cause_class", from_text(pl.col("cause"))), pl.col("cause"))
    record = (
        pl.when((own == "GenericError") & (pl.col("cause_class").is_not_null() | pl.col("cause").is_not_null()))
        .then(root)
        .otherwise(own)
    )
    return by_role(lambda rules: rules.error_type(), record)


def _signatures(frame: pl.DataFrame) -> pl.Series:
    identity = frame.select(
        "error_type", without_catcher(pl.col("exception_class")), without_kinds(pl.col("template")), "top_frames"
    )
    return pl.Series("signature_hash", [signature_hash(*row) for row in identity.iter_rows()], dtype=pl.String)
