"""Flows of captures that failed: of what type each failure is, and how bad. The reader says that one failed, and how.

The template is the reader's sentence about the failure, in which there is no address, port, time or count.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from signal_pipeline.classification.role_rules import RoleRules
from signal_pipeline.frame_schema import FLOW

FLOW_VERSION = "2026-11-30"
# Changelog
# 2026-11-30  first table


@dataclass(frozen=True)
class FlowFailure:
    """`pattern` is matched with the whole code of the failure; the first row that matches decides."""

    pattern: str
    error_type: str
    severity: str
    example: str


FLOW_FAILURES: tuple[FlowFailure, ...] = (
    FlowFailure(r"ETIMEDOUT|ENODATA", "TimeoutError", "high", "ETIMEDOUT"),
    FlowFailure(r"DNS timeout", "TimeoutError", "high", "DNS timeout"),
    FlowFailure(r"ECONNABORTED|RETRANSMISSION|ZERO_WINDOW|TTL exceeded", "NetworkError", "medium", "RETRANSMISSION"),
    FlowFailure(r"DNS NXDOMAIN", "NetworkError", "medium", "DNS NXDOMAIN"),
    FlowFailure(
        r"D?TLS (?:certificate_required|access_denied|unknown_psk_identity)",
        "AuthenticationError",
        "high",
        "TLS certificate_required",
    ),
    FlowFailure(r"EACCES", "NetworkError", "medium", "EACCES"),
    FlowFailure(r".*", "NetworkError", "high", "ECONNREFUSED"),
)


_MADE_NAME = r"\.arpa$|[0-9]{3}|[0-9a-f]{8}|<"
"""Names that are made of an address, of a number or at random."""


def _by_rule(value: str) -> pl.Expr:
    code = pl.col("net_error").fill_null("")
    rules = [
        pl.when(code.str.contains(f"^(?:{rule.pattern})$")).then(pl.lit(getattr(rule, value))) for rule in FLOW_FAILURES
    ]
    return pl.coalesce(*rules)


def _template(_: pl.DataFrame) -> pl.Expr:
    """The sentence about the failure without the host at its end; two names that cannot be resolved are two errors."""
    name = pl.col("error_text").str.extract(r"^DNS .* for (\S+)$").str.to_lowercase()
    named = pl.concat_str("net_error", pl.lit(" for "), pl.when(~name.str.contains(_MADE_NAME)).then(name))
    return pl.coalesce(named, pl.col("error_text").str.replace(r" \S+$", " <HOST>"))


def _is_error() -> pl.Expr:
    """The reader named a failure."""
    return pl.col("net_error").is_not_null()


def _exception_class() -> pl.Expr:
    return pl.col("net_error")


def _error_type(_: pl.DataFrame) -> pl.Expr:
    """One of the eight types, from column net_error."""
    return _by_rule("error_type")


def _severity(_: pl.Expr) -> pl.Expr:
    """From column net_error, whatever the error type."""
    return _by_rule("severity")


FLOW_RULES = RoleRules(
    FLOW,
    is_error=_is_error,
    template=_template,
    exception_class=_exception_class,
    error_type=_error_type,
    severity=_severity,
)
