"""What identifies a failed HTTP exchange: method, route with its ids masked, query names, outcome.

Never durations or values of the query; the host only where it could not be reached: the same error in staging and in
production is one error, but two names that cannot be resolved are two.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.classification.route import route
from signal_pipeline.frame_schema import EXCHANGE

_HOST = r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#]+)"
_ANY_HOST = r"^(?:localhost|127\.|\[::1\]|0\.0\.0\.0|<)"
"""Hosts that say nothing: one's own machine, and what redaction left."""
_ANYWHERE = r"ERR_(?:ABORTED|INTERNET_DISCONNECTED|NETWORK_CHANGED|NETWORK_IO_SUSPENDED)|BINDING_ABORTED"
"""Failures that say nothing about the host."""


def request_and_outcome() -> pl.Expr:
    """Method, route and outcome of a HTTP exchange, from its columns: "GET /users/{id}?page -> 503"."""
    net_error = pl.coalesce("net_error", pl.col("exception_class").str.extract(r"^(net::ERR_[A-Z0-9_]+)$"))
    outcome = pl.coalesce(
        pl.when(pl.col("role") == EXCHANGE).then("net_error").otherwise(net_error),
        pl.col("status").cast(pl.String),
        pl.lit("-"),
    )
    place = pl.concat_str(_unreached_host(), route(pl.col("url")))
    return pl.concat_str(pl.col("method").fill_null("-"), pl.lit(" "), place, pl.lit(" -> "), outcome)


def _unreached_host() -> pl.Expr:
    """The host, where the failure is that it could not be reached; empty for all other outcomes."""
    host = pl.col("url").str.extract(_HOST).str.to_lowercase()
    unreached = (pl.col("role") == EXCHANGE) & (pl.col("status") == 0) & ~pl.col("net_error").str.contains(_ANYWHERE)
    named = unreached.fill_null(False) & ~host.str.contains(_ANY_HOST)
    return pl.when(named.fill_null(False)).then(host).otherwise(pl.lit(""))


def time_out_phase() -> pl.Expr:
    """The phase in which a request that timed out spent its time: "(connect)". No other exchange has its timing here:
    which phase is the slowest of a quick answer is chance."""
    status, error = pl.col("status"), pl.col("net_error")
    timed_out = status.is_in([408, 504, 522, 524, 598]) | error.str.contains(r"(?i)timed?[_ -]?out|ETIMEDOUT")
    return pl.when(timed_out.fill_null(False)).then(pl.concat_str(pl.lit("("), "slowest_phase", pl.lit(")")))


def tells_of_exchange() -> pl.Expr:
    """A log record whose message is nothing but a request and its outcome: access logs, consoles of browsers."""
    answered = pl.col("status").is_not_null() | pl.col("exception_class").str.starts_with("net::ERR_")
    begins = pl.col("message").str.starts_with(pl.concat_str("method", pl.lit(" ")))
    return (pl.col("url").is_not_null() & answered & begins).fill_null(False)


def tells_of_resource() -> pl.Expr:
    """A log record that says what became of a resource and names the resource beside the message only."""
    failed = pl.col("message").str.starts_with("Failed to load resource")
    return (pl.col("url").is_not_null() & pl.col("method").is_null() & failed).fill_null(False)
