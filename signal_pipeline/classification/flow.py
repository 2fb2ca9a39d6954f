"""Flows of captures that failed: of what type each failure is, and how bad. The reader says that one failed, and how.

The template is the reader's sentence about the failure, in which there is no address, port, time or count.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from signal_pipeline.frame_schema import FLOW

FLOW_VERSION = "2026-11-30"
# Changelog
# 2026-11-30  first table


@dataclass(frozen=True)
class FlowRule:
    """`pattern` is matched with the whole code of the failure; the first row that matches decides."""

    pattern: str
    error_type: str
    severity: str
    example: str


FLOW_RULES: tuple[FlowRule, ...] = (
    FlowRule(r"ETIMEDOUT|ENODATA", "TimeoutError", "high", "ETIMEDOUT"),
    FlowRule(r"DNS timeout", "TimeoutError", "high", "DNS timeout"),
    FlowRule(r"ECONNABORTED|RETRANSMISSION|ZERO_WINDOW|TTL exceeded", "NetworkError", "medium", "RETRANSMISSION"),
    FlowRule(r"DNS NXDOMAIN", "NetworkError", "medium", "DNS NXDOMAIN"),
    FlowRule(
        r"TLS (?:certificate_required|access_denied|unknown_psk_identity)",
        "AuthenticationError",
        "high",
        "TLS certificate_required",
    ),
    FlowRule(r"EACCES", "NetworkError", "medium", "EACCES"),
    FlowRule(r".*", "NetworkError", "high", "ECONNREFUSED"),
)


_MADE_NAME = r"\.arpa$|[0-9]{3}|[0-9a-f]{8}|<"
"""Names that are made of an address, of a number or at random."""


def is_flow() -> pl.Expr:
    return pl.col("role") == FLOW


def _by_rule(value: str) -> pl.Expr:
    code = pl.col("net_error").fill_null("")
    rules = [
        pl.when(code.str.contains(f"^(?:{rule.pattern})$")).then(pl.lit(getattr(rule, value))) for rule in FLOW_RULES
    ]
    return pl.coalesce(*rules)


def flow_template() -> pl.Expr:
    """The sentence about the failure without the host at its end; two names that cannot be resolved are two errors."""
    name = pl.col("error_text").str.extract(r"^DNS .* for (\S+)$").str.to_lowercase()
    named = pl.concat_str("net_error", pl.lit(" for "), pl.when(~name.str.contains(_MADE_NAME)).then(name))
    return pl.coalesce(named, pl.col("error_text").str.replace(r" \S+$", " <HOST>"))


def flow_is_error() -> pl.Expr:
    """The reader named a failure."""
    return pl.col("net_error").is_not_null()


def flow_class() -> pl.Expr:
    return pl.col("net_error")


def flow_error_type() -> pl.Expr:
    """One of the eight types, from column net_error."""
    return _by_rule("error_type")


def flow_severity(_: pl.Expr) -> pl.Expr:
    """From column net_error, whatever the error type."""
    return _by_rule("severity")
