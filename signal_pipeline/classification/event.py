"""Business events that are errors: of what type each is, and how bad. The reader says what is wrong with one.

A violated schema and a signal of a rule are identified by the reader's words for them, in which there is no id and no
value; a failure that an event reports by its masked text.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from signal_pipeline.classification.error_rules import error_type
from signal_pipeline.frame_schema import EVENT

EVENT_VERSION = "2026-11-30"
# Changelog
# 2026-11-30  first table


@dataclass(frozen=True)
class EventRule:
    """What the reader calls a problem of an event, and its error type."""

    exception_class: str
    error_type: str
    meaning: str


EVENT_RULES: tuple[EventRule, ...] = (
    EventRule("SchemaViolation", "TypeError", "the event is not what its JSON Schema asks for"),
    EventRule("ProcessStalled", "TimeoutError", "no next step came in time"),
    EventRule("FollowUpMissing", "TimeoutError", "the event that must follow did not"),
    EventRule("OrderImpossible", "GenericError", "the event that must come before did not"),
    EventRule("DuplicateEvent", "GenericError", "the same thing was reported twice"),
    EventRule("ValueOutOfRange", "GenericError", "a value is not in its range"),
    EventRule("ValueUnusual", "GenericError", "a value is far from those before it"),
    EventRule("ProducerSilent", "TimeoutError", "a producer stopped"),
    EventRule("ProducerBurst", "GenericError", "a producer sends far more than usual"),
)
_LEVELS = {"critical": "critical", "error": "high", "warning": "medium", "notice": "low"}


def is_event() -> pl.Expr:
    return pl.col("role") == EVENT


def _is_worded() -> pl.Expr:
    return pl.col("exception_class").is_in([rule.exception_class for rule in EVENT_RULES]).fill_null(False)


def event_template(masked: pl.Series) -> pl.Expr:
    """The reader's own words as they are; what an event says by `masked`, its masked text."""
    return pl.when(_is_worded()).then("error_text").otherwise(masked)


def event_is_error() -> pl.Expr:
    """The reader found something wrong."""
    return pl.col("error_text").is_not_null()


def event_class() -> pl.Expr:
    return pl.col("exception_class")


def event_error_type() -> pl.Expr:
    """By the table; a failure that an event reports by its code and text."""
    known = {rule.exception_class: rule.error_type for rule in EVENT_RULES}
    by_table = pl.col("exception_class").replace_strict(known, default=None, return_dtype=pl.String())
    return pl.coalesce(by_table, error_type(pl.col("exception_class"), pl.col("template")))


def event_severity(_: pl.Expr) -> pl.Expr:
    """From column level, which the reader chose by the rule that found it."""
    return pl.col("level").replace_strict(_LEVELS, default="medium", return_dtype=pl.String())
