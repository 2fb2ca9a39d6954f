"""The rules of each role of an entry, one row each. A role without a row is judged as a log record is.

What an entry's role is, its reader says; see `parsing/kinds.py`. What does not belong here: the rules themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from signal_pipeline.classification.event import EVENT_RULES
from signal_pipeline.classification.exchange import EXCHANGE_RULES
from signal_pipeline.classification.flow import FLOW_RULES
from signal_pipeline.classification.record import RECORD_RULES
from signal_pipeline.classification.role_rules import RoleRules

ROLE_RULES: tuple[RoleRules, ...] = (RECORD_RULES, EXCHANGE_RULES, FLOW_RULES, EVENT_RULES)


def by_role(roles: pl.Series, rule: Callable[[RoleRules], pl.Expr]) -> pl.Expr:
    """What `rule` of the entry's role says; `roles` has the role of each. Rules of other roles are left out, since an
    expression is evaluated for all rows, with hundreds of patterns that are compiled for it."""
    present = set(roles)
    chosen: pl.Expr | None = (
        None
        if present and present <= {row.role for row in ROLE_RULES if row is not RECORD_RULES}
        else rule(RECORD_RULES)
    )
    for row in ROLE_RULES:
        if row is not RECORD_RULES and row.role in present:
            own = rule(row)
            chosen = own if chosen is None else pl.when(pl.col("role") == row.role).then(own).otherwise(chosen)
    assert chosen is not None
    return chosen


def template_by_role(errors: pl.DataFrame) -> pl.Expr:
    """The template of each error; `errors` is described in RoleRules."""
    assert RECORD_RULES.template is not None
    chosen = RECORD_RULES.template(errors)
    for row in ROLE_RULES:
        if row is not RECORD_RULES and row.template is not None and (errors["role"] == row.role).any():
            chosen = pl.when(pl.col("role") == row.role).then(row.template(errors)).otherwise(chosen)
    return chosen


def plain_templates_by_role(frame: pl.DataFrame) -> Iterator[tuple[pl.Series, pl.Series]]:
    """Numbers of rows, and their templates, of the roles whose entries have one although they are not errors."""
    for row in ROLE_RULES:
        rows = (frame["role"] == row.role).arg_true()
        if row.plain_template is not None and len(rows):
            yield rows, frame[rows].select(row.plain_template()).to_series()


def has_message() -> pl.Expr:
    """Whether an entry says in its message what happened."""
    without = [row.role for row in ROLE_RULES if not row.has_message]
    return ~pl.col("role").is_in(without)
