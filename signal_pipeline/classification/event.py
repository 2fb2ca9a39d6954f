"""Business events that are errors: of what type each is, and how bad. The reader says what is wrong with one.

A violated schema and a signal of a rule are identified by the reader's words for them, in which there is no id and no
value; a failure that an event reports by its masked text.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from signal_pipeline.classification.error_rules import error_type
from signal_pipeline.classification.role_rules import RoleRules
from signal_pipeline.classification.template import error_templates
from signal_pipeline.frame_schema import EVENT

EVENT_VERSION = "2026-11-30"
# Changelog
# 2026-11-30  first table


@dataclass(frozen=True)
class EventProblem:
    """What the reader calls a problem of an event, and its error type."""

    exception_class: str
    error_type: str
    meaning: str


EVENT_PROBLEMS: tuple[EventProblem, ...] = (
    EventProblem("SchemaViolation", "TypeError", "the event violates its JSON Schema"),
    EventProblem("ProcessStalled", "TimeoutError", "no next step came in time"),
    EventProblem("FollowUpMissing", "TimeoutError", "the event that must follow did not"),
    EventProblem("OrderImpossible", "GenericError", "the event that must come before did not"),
    EventProblem("DuplicateEvent", "GenericError", "the same thing was reported twice"),
    EventProblem("ValueOutOfRange", "GenericError", "a value is not in its range"),
    EventProblem("ValueUnusual", "GenericError", "a value is far from those before it"),
    EventProblem("ProducerSilent", "TimeoutError", "a producer stopped"),
    EventProblem("ProducerBurst", "GenericError", "a producer sends far more than usual"),
)
_LEVELS = {"critical": "critical", "error": "high", "warning": "medium", "notice": "low"}


def _is_worded() -> pl.Expr:
    return pl.col("exception_class").is_in([rule.exception_class for rule in EVENT_PROBLEMS]).fill_null(False)


def _template(errors: pl.DataFrame) -> pl.Expr:
    """The reader's own words as they are; of what an event says, the masked text."""
    masked = error_templates(errors["error_text"].fill_null(""))
    return pl.when(_is_worded()).then("error_text").otherwise(masked)


def _is_error() -> pl.Expr:
    """The reader found something wrong."""
    return pl.col("error_text").is_not_null()


def _exception_class() -> pl.Expr:
    return pl.col("exception_class")


def _error_type(_: pl.DataFrame) -> pl.Expr:
    """By the table; a failure that an event reports by its code and text."""
    known = {rule.exception_class: rule.error_type for rule in EVENT_PROBLEMS}
    by_table = pl.col("exception_class").replace_strict(known, default=None, return_dtype=pl.String())
    return pl.coalesce(by_table, error_type(pl.col("exception_class"), pl.col("template")))


def _severity(_: pl.Expr) -> pl.Expr:
    """From column level, which the reader chose by the rule that found it."""
    return pl.col("level").replace_strict(_LEVELS, default="medium", return_dtype=pl.String())


EVENT_RULES = RoleRules(
    EVENT,
    is_error=_is_error,
    template=_template,
    exception_class=_exception_class,
    error_type=_error_type,
    severity=_severity,
)
