"""From parsed entries to classified ones. Only the order of the steps; each step has its own file.

Row by row: what a row becomes depends on that row alone, never on its neighbours.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.classification.error_detection import (
    DETECTION_VERSION,
    hints_at_error,
    says_outcome,
    words_say_error,
)
from signal_pipeline.classification.error_facts import FACTS, error_facts
from signal_pipeline.classification.error_rules import RULES_VERSION
from signal_pipeline.classification.event import EVENT_VERSION
from signal_pipeline.classification.exception_class import EXCEPTION_CLASS_VERSION
from signal_pipeline.classification.exchange import EXCHANGE_VERSION, marks
from signal_pipeline.classification.flow import FLOW_VERSION
from signal_pipeline.classification.masks import MASKS_VERSION
from signal_pipeline.classification.record import SEVERITY_VERSION
from signal_pipeline.classification.roles import by_role, has_message, plain_templates_by_role
from signal_pipeline.classification.root_cause import ROOT_CAUSE_VERSION
from signal_pipeline.classification.route import ROUTE_VERSION
from signal_pipeline.classification.signature import SIGNATURE_VERSION
from signal_pipeline.classification.template import plain_templates, reduced_lines, template_ids
from signal_pipeline.classification.unclassified import plainly_classified
from signal_pipeline.fault_isolation import done_apart
from signal_pipeline.frame_schema import DOCUMENT, RECORD
from signal_pipeline.schemas import ENTRIES, PARSED
from signal_pipeline.text_shapes.memo import Memoized
from signal_pipeline.text_shapes.shape_groups import ShapeGroups

CLASSIFICATION_VERSION = "/".join(
    (
        MASKS_VERSION,
        DETECTION_VERSION,
        RULES_VERSION,
        EXCEPTION_CLASS_VERSION,
        SEVERITY_VERSION,
        ROUTE_VERSION,
        EXCHANGE_VERSION,
        FLOW_VERSION,
        EVENT_VERSION,
        ROOT_CAUSE_VERSION,
        SIGNATURE_VERSION,
    )
)


def classify_entries(entries: pl.DataFrame) -> pl.DataFrame:
    """schemas.PARSED columns in (missing ones count as null), schemas.ENTRIES columns out, same rows and order.

    A row on which a step fails unexpectedly is classified by level and status alone, and has the flag UNCLASSIFIED.
    """
    frame = PARSED.conform(entries).with_columns(pl.col("message").fill_null(""), pl.col("role").fill_null(RECORD))
    done, _ = done_apart(
        frame,
        frame.height,
        lambda some, start, end: some.slice(start, end - start),
        _classified,
        plainly_classified,
        what="classification",
    )
    return done[0] if len(done) == 1 else pl.concat(done)


def _classified(frame: pl.DataFrame) -> pl.DataFrame:
    groups = ShapeGroups.of(frame["message"])
    reduced = _REDUCED(groups.representatives.to_frame("representative"))
    found = _TEMPLATES(reduced.select("reduced"))
    frame = frame.with_columns(
        groups.spread(found["template"]),
        groups.spread(found["template_id"]),
        _is_error(frame, groups, found["hinted"], reduced["outcome"]).alias("is_error"),
    )
    for rows, templates in plain_templates_by_role(frame):
        frame = _with_templates(frame, rows, templates)
    return ENTRIES.conform(_with_error_facts(frame, groups, reduced["reduced"]))


def _reduced(representatives: pl.DataFrame) -> pl.DataFrame:
    texts = representatives["representative"]
    return pl.DataFrame({"outcome": says_outcome(texts).fill_null(False), "reduced": reduced_lines(texts)})


def _templates_of(reduced: pl.DataFrame) -> pl.DataFrame:
    """What is the same for all messages with one reduced line."""
    templates = plain_templates(reduced["reduced"]).alias("template")
    hinted = reduced.select(hints_at_error(pl.col("reduced")).alias("hinted"))
    return hinted.with_columns(templates, template_ids(templates).alias("template_id"))


_REDUCED, _TEMPLATES = Memoized(_reduced), Memoized(_templates_of)


def _is_error(frame: pl.DataFrame, groups: ShapeGroups, hinted: pl.Series, outcome: pl.Series) -> pl.Series:
    """The wording is asked only where it can matter: no level, no status, no written text, and a hint of trouble."""
    printed = pl.col("format").ne_missing(DOCUMENT)
    asked = frame.select(pl.col("level").is_null() & pl.col("status").is_null() & printed & has_message())
    asked_rows = asked.to_series()
    words = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    if asked_rows.any():
        rows = (asked_rows & groups.spread(hinted)).arg_true()
        messages = frame["message"].gather(rows)
        distinct = messages.unique()
        answers = pl.DataFrame({"text": distinct, "says": words_say_error(distinct)})
        says = messages.to_frame("text").join(answers, on="text", how="left", maintain_order="left")["says"]
        words = words.scatter(rows, says)
    return (
        frame.with_columns(words.alias("words"), groups.spread(outcome).alias("outcome"))
        .with_columns(marks())
        .with_columns(by_role(frame["role"], lambda rules: rules.is_error()).alias("is_error"))["is_error"]
    )


def _with_error_facts(frame: pl.DataFrame, groups: ShapeGroups, reduced: pl.Series) -> pl.DataFrame:
    """`frame` with the facts of its error rows; null, or the plain template, in the others."""
    rows = frame["is_error"].arg_true()
    number = groups.number.gather(rows)
    errors = frame[rows].with_columns(
        reduced.gather(number).alias("reduced"), groups.representatives.gather(number).alias("representative_message")
    )
    facts = error_facts(errors)
    place = pl.repeat(None, frame.height, dtype=pl.UInt32, eager=True)
    place = place.scatter(rows, pl.int_range(rows.len(), dtype=pl.UInt32, eager=True))
    found = facts.select(pl.all().gather(place))
    frame = frame.with_columns(found[name] for name in FACTS if name != "template")
    return _with_templates(frame, rows, facts["template"])


def _with_templates(frame: pl.DataFrame, rows: pl.Series, templates: pl.Series) -> pl.DataFrame:
    """`frame` with these templates, and their ids, in the given rows."""
    return frame.with_columns(
        frame["template"].clone().scatter(rows, templates),
        frame["template_id"].clone().scatter(rows, template_ids(templates)),
    )
