"""What identifies a failed HTTP exchange: method, route with its ids masked, query names, outcome.

Never the host (the same error in staging and in production is one error), durations, or values of the query.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.schemas import EXCHANGE

ROUTE_VERSION = "2026-11-22.2"
# Changelog
# 2026-11-22.2  requests that a log tells of
# 2026-11-22  first rules

SEGMENT_MASKS: tuple[tuple[str, str, str], ...] = (
    # A segment that holds another masks's token, from redaction.
    ("token", r"/[^/?]*<[A-Z_]+(?::[^>/]*)?>[^/?]*", "/{id}"),
    ("uuid", r"/[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(/|$)", "/{id}${1}"),
    ("number", r"/-?[0-9]+(?:[.,:_-][0-9]+)*(/|$)", "/{id}${1}"),
    ("hex", r"/(?:[0-9a-f]{6,}|[0-9A-F]{6,})(/|$)", "/{id}${1}"),
    ("hash_in_file", r"([.-])(?:[0-9a-f]{8,}|[0-9]{4,})([.-])", "${1}{id}${2}"),
    ("slug", r"/[A-Za-z0-9_~=+%-]*[0-9][A-Za-z0-9_~=+%-]{7,}(/|$)", "/{id}${1}"),
    ("long", r"/[A-Za-z0-9_~=+%.-]{40,}(/|$)", "/{id}${1}"),
)


def route(url: pl.Expr) -> pl.Expr:
    """Path with ids masked, and the sorted query names: "/users/{id}/orders?page&sort"."""
    rest = url.fill_null("").str.replace(r"^[A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]*)?", "").str.replace(r"#.*$", "")
    path = rest.str.replace(r"\?.*$", "").str.replace(r"[;].*$", "").fill_null("")
    for _, pattern, replacement in SEGMENT_MASKS:
        path = path.str.replace_all(pattern, replacement)
        if replacement.endswith("${1}"):  # neighbours share the slash, so every second one needs another pass
            path = path.str.replace_all(pattern, replacement)
    path = pl.when(path == "").then(pl.lit("/")).otherwise(path)
    query = rest.str.extract(r"\?(.*)$").fill_null("")
    names = (
        query.str.split("&")
        .list.eval(pl.element().str.replace(r"=.*$", ""))
        .list.eval(pl.element().filter(pl.element() != ""))
        .list.unique()
        .list.sort()
        .list.join("&")
    )
    return path + pl.when(names == "").then(pl.lit("")).otherwise(pl.lit("?") + names)


def exchange() -> pl.Expr:
    """Method, route and outcome of a HTTP exchange, from its columns: "GET /users/{id}?page -> 503"."""
    net_error = pl.coalesce("net_error", pl.col("exception_class").str.extract(r"^(net::ERR_[A-Z0-9_]+)$"))
    outcome = pl.coalesce(
        pl.when(pl.col("role") == EXCHANGE).then("net_error").otherwise(net_error),
        pl.col("status").cast(pl.String),
        pl.lit("-"),
    )
    return pl.concat_str(pl.col("method").fill_null("-"), pl.lit(" "), route(pl.col("url")), pl.lit(" -> "), outcome)


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
