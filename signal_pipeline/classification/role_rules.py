"""What the rules of a role consist of. The rules are in `record.py`, `exchange.py`, `flow.py` and `event.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class RoleRules:
    """Expressions over the columns of one entry. What is None is as for log records.

    `is_error` may read columns words and outcome (`error_detection.py`). `template` and `error_type` are given the
    errors, with their plain template and `coded` (the message holds a code). `plain_template` is that of an entry that
    is not an error. `severity` is given the error type. `has_message`: the entry says what happened in its message, as
    a log record does, and not in fields alone.
    """

    role: str
    is_error: Callable[[], pl.Expr]
    exception_class: Callable[[], pl.Expr]
    error_type: Callable[[pl.DataFrame], pl.Expr]
    severity: Callable[[pl.Expr], pl.Expr]
    template: Callable[[pl.DataFrame], pl.Expr] | None = None
    plain_template: Callable[[], pl.Expr] | None = None
    has_message: bool = True
