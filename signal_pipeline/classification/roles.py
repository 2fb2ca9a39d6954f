"""The rules of each role of an entry, one row each. A role without a row is judged as a log record is.

What an entry's role is, its reader says; see `parsing/kinds.py`. What does not belong here: the rules themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from signal_pipeline.classification.event import event_class, event_error_type, event_is_error, event_severity
from signal_pipeline.classification.exchange import (
    exchange_class,
    exchange_error_type,
    exchange_is_error,
    exchange_severity,
)
from signal_pipeline.classification.flow import flow_class, flow_error_type, flow_is_error, flow_severity
from signal_pipeline.frame_schema import EVENT, EXCHANGE, FLOW


@dataclass(frozen=True)
class RoleRules:
    """Expressions over the columns of one entry; `severity` is given the entry's error type."""

    role: str
    is_error: Callable[[], pl.Expr]
    exception_class: Callable[[], pl.Expr]
    error_type: Callable[[], pl.Expr]
    severity: Callable[[pl.Expr], pl.Expr]


ROLE_RULES: tuple[RoleRules, ...] = (
    RoleRules(EXCHANGE, exchange_is_error, exchange_class, exchange_error_type, exchange_severity),
    RoleRules(FLOW, flow_is_error, flow_class, flow_error_type, flow_severity),
    RoleRules(EVENT, event_is_error, event_class, event_error_type, event_severity),
)


def by_role(rule: Callable[[RoleRules], pl.Expr], record: pl.Expr) -> pl.Expr:
    """What `rule` of the entry's role says; `record` for log records and roles without rules of their own."""
    chosen = record
    for row in ROLE_RULES:
        chosen = pl.when(pl.col("role") == row.role).then(rule(row)).otherwise(chosen)
    return chosen
