"""The entries that causes and symptoms are sought among: errors, failed requests, warnings where nothing is worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import polars as pl

from signal_pipeline.causes.clients_gone import says_the_client_left
from signal_pipeline.causes.identifiers import named_in_text, plain, telling
from signal_pipeline.causes.leftovers import is_leftover
from signal_pipeline.causes.own_frames import own_frame
from signal_pipeline.causes.quiet_signs import is_notice, says_it_failed
from signal_pipeline.causes.services import hosts_named, service_of
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.causes.statements import MAX_TEXT_CHARS, normalised, raised_in, raised_lines, statement_of
from signal_pipeline.causes.upstream_responses import reports_upstream_failure
from signal_pipeline.correlation.evidence import CLIENT_FORMATS
from signal_pipeline.correlation.ids import by_id, with_ids
from signal_pipeline.frame_schema import EXCHANGE

# How near an entry is to what went wrong: a trace through the application tells of it; that another service answered
# with a failure tells that it was there; a failed request or a client's line only shows that something was.
ORIGIN, STATED, ANSWERED, SHOWN = 3, 2, 1, 0

LOUD = ("warning", "error", "critical")
NEEDED = (
    "signal_id", "member", "ordinal", "role", "format", "line_number", "line_count", "entry_index", "timestamp",
    "level", "component", "thread", "message", "stack_trace", "trace_id", "request_id", "method", "url", "status",
    "duration_ms", "net_error", "error_text", "exception_class", "is_error", "error_type", "severity",
    "template", "signature_hash", "top_frames",
)  # fmt: skip
"""Columns of `schemas.ENTRIES` that the search for causes reads."""


@dataclass(frozen=True)
class Node:
    """One entry that may be a cause or a symptom. `at` is in seconds; None where neither it nor a neighbour has a time.

    `nearness` is ORIGIN, STATED, ANSWERED or SHOWN. `requests` are ids of its own request or trace; `named` are ids in
    its text; `objects` those that its request worked on. `hosts` are the hosts and ports that its text names.
    `exchange` is the row of the request that it is, or that the timeline put it to; `refusal` the first of several that
    one ended session explains.
    """

    row: int
    file: tuple[str, str | None]
    ordinal: int
    at: float | None
    service: str
    role: str
    nearness: int
    is_client: bool
    is_error: bool
    severity: str | None
    error_type: str | None
    signature: str | None
    exception: str | None
    frames: tuple[str, ...]
    logger: str | None
    stack_trace: str | None
    raised: str | None
    statement: str
    text: str
    thread: str | None
    net_error: str | None
    status: int | None
    line_number: int | None
    line_count: int | None
    entry_index: int | None
    message: str
    template: str
    requests: frozenset[str] = field(default_factory=frozenset)
    named: frozenset[str] = field(default_factory=frozenset)
    objects: frozenset[str] = field(default_factory=frozenset)
    hosts: tuple[str, ...] = ()
    is_outcome: bool = False
    exchange: int | None = None
    refusal: int | None = None

    @property
    def frame(self) -> str | None:
        """The innermost function of the application."""
        return own_frame(self.stack_trace, self.service, self.logger, self.frames)

    @cached_property
    def is_leftover(self) -> bool:
        """It is about something that was left in the way, by what came before."""
        return self.nearness > ANSWERED and is_leftover(self.statement)

    @property
    def is_shown_line(self) -> bool:
        """A line about a request that failed."""
        return self.nearness == SHOWN and self.role != EXCHANGE

    @property
    def is_felt(self) -> bool:
        """The user saw it: a failed request, a line that the client itself wrote, or what a run ended with."""
        return self.role == EXCHANGE or self.is_client or self.is_outcome


def nodes_of(
    entries: pl.DataFrame,
    settings: CauseSettings,
    files: Mapping[str, str] | None = None,
    exchange_of: Mapping[int, int] | None = None,
) -> list[Node]:
    """In order of what may have caused what: by time, a trace before what repeats it, requests at their end.

    `entries` has the columns NEEDED, of one report, and `at` (seconds on the common axis) where a timeline was made.
    `files` are names of files by signal id, for the names of services; `exchange_of` has the row of the request that
    the timeline put a row to.
    """
    rows = _timed(entries.with_row_index("row"))
    wanted = _wanted(rows, settings)
    if wanted.is_empty():
        return []
    own = by_id(with_ids(rows)).with_columns(id=plain(pl.col("id")))
    named = telling(named_in_text(rows), own)
    wanted = _with_quiet_ones(rows, wanted, own, exchange_of or {})
    ids = _Ids(wanted, own, named)
    nodes = [_node(row, ids, files or {}, exchange_of or {}) for row in wanted.iter_rows(named=True)]
    return sorted(_with_refusals(nodes, _accepted(rows)), key=order_key)


def _with_refusals(nodes: Sequence[Node], signed_in: Sequence[tuple[tuple[str, str | None], float]]) -> list[Node]:
    """Requests of one client that are refused with 401 in the same words, each soon after the one before, and nothing
    that it sent was accepted in between. `signed_in` are the files and times of what was.
    """
    first_of: dict[int | None, int] = {}
    last: dict[tuple[Any, str], tuple[float, int]] = {}
    refused = [node for node in nodes if node.role == EXCHANGE and node.status == SIGNED_OUT and node.at is not None]
    for node in sorted(refused, key=lambda one: one.at or 0.0):
        at, (before, first) = node.at or 0.0, last.get((node.file, node.statement), (-SIGNED_OUT_SECONDS, node.row))
        accepted = any(file == node.file and before < moment < at for file, moment in signed_in)
        if at - before > SIGNED_OUT_SECONDS or accepted or not node.statement:
            first = node.row
        first_of[node.row] = first
        last[node.file, node.statement] = (at, first)
    return [replace(node, refusal=first_of[node.exchange]) if node.exchange in first_of else node for node in nodes]


def _accepted(rows: pl.DataFrame) -> list[tuple[tuple[str, str | None], float]]:
    """Files and times of the requests that sent something and were not refused."""
    sent = rows.filter(
        (pl.col("role") == EXCHANGE) & (pl.col("method") == "POST") & pl.col("status").is_between(200, 399)
    )
    return [
        ((signal, member), at)
        for signal, member, at in sent.select("signal_id", "member", "at").drop_nulls("at").iter_rows()
    ]


SIGNED_OUT = 401
SIGNED_OUT_SECONDS = 10.0


def order_key(node: Node) -> tuple[float, int, int]:
    """Within a second a trace counts as before the lines that were written about it, and an answer as after them; then
    the request that it was given to, and then what its client wrote about it.
    """
    at = float("inf") if node.at is None else node.at
    return at + (_LATER_AT_CLIENT if node.is_shown_line else _LATER[node.nearness]), -node.nearness, node.row


_LATER = {ORIGIN: -1.0, STATED: 0.0, ANSWERED: 0.5, SHOWN: 1.0}
_LATER_AT_CLIENT = 1.5
"""Seconds."""


def _timed(rows: pl.DataFrame) -> pl.DataFrame:
    """With `at`: the end of a request, the time of a record, or else of what stands before it in its file."""
    at = pl.col("at") if "at" in rows.columns else pl.col("timestamp").dt.epoch("us") / 1e6
    end = at + pl.when(pl.col("role") == EXCHANGE).then(pl.col("duration_ms") / 1000).fill_null(0.0)
    rows = rows.with_columns(at=end).sort("signal_id", "member", "ordinal")
    near = pl.col("at").forward_fill().over("signal_id", "member")
    return rows.with_columns(at=near.fill_null(pl.col("at").backward_fill().over("signal_id", "member"))).sort("row")


def _wanted(rows: pl.DataFrame, settings: CauseSettings) -> pl.DataFrame:
    traced = (pl.col("level") == "warning") & (
        pl.col("exception_class").is_not_null() | (pl.col("top_frames").list.len() > 0)
    )
    found = rows.filter(pl.col("is_error") | traced.fill_null(False))
    if not found["is_error"].any():
        found = _signs(rows, traced.fill_null(False))
    if found.height <= settings.max_nodes:
        return found
    # The first occurrences of every kind tell what happened; the rest tell how often.
    turn = pl.int_range(pl.len()).over(pl.coalesce("signature_hash", "template"))
    return found.with_columns(turn=turn).sort("turn", "row").head(settings.max_nodes).drop("turn").sort("row")


def _signs(rows: pl.DataFrame, traced: pl.Expr) -> pl.DataFrame:
    """Of a report without any error: what says that it failed, and the warnings, notices only if there is no other."""
    warnings = pl.col("level").is_in(LOUD)
    news = rows.filter(traced | (warnings & ~is_notice()) | says_it_failed().fill_null(False))
    return rows.filter(warnings) if news.is_empty() else news


def _with_quiet_ones(
    rows: pl.DataFrame, wanted: pl.DataFrame, own: pl.DataFrame, exchange_of: Mapping[int, int]
) -> pl.DataFrame:
    """With the warnings about failed requests that no server's error is about: the cause may be among them."""
    failed = wanted.filter(pl.col("role") == EXCHANGE)
    if failed.is_empty():
        return wanted
    pairs = [(row, f"exchange {exchange}") for row, exchange in exchange_of.items()]
    pairs += [(row, f"exchange {row}") for row in failed["row"]]
    placed = pl.DataFrame(pairs, schema={"row": own.schema["row"], "id": pl.String()}, orient="row")
    every = pl.concat([own, placed]).unique()
    client = pl.col("format").is_in(CLIENT_FORMATS).fill_null(False) | (pl.col("role") == EXCHANGE)
    telling_ones = wanted.filter(~client & pl.col("status").is_null())
    explained = every.join(telling_ones.select("row"), on="row", how="semi")
    explained = every.join(explained.select("id"), on="id", how="semi")
    open_ones = failed.join(explained, on="row", how="anti")
    ids = every.join(open_ones.select("row"), on="row", how="semi").select("id")
    about = every.join(ids, on="id", how="semi").select("row").unique()
    warnings = rows.filter(pl.col("level").is_in(LOUD) & ~client).join(about, on="row", how="semi")
    return pl.concat([wanted, warnings]).unique("row").sort("row")


class _Ids:
    """Identifiers by row, for the wanted rows alone."""

    def __init__(self, wanted: pl.DataFrame, own: pl.DataFrame, named: pl.DataFrame) -> None:
        self.own = _sets(own.join(wanted.select("row"), on="row", how="semi"))
        self.named = _sets(named.join(wanted.select("row"), on="row", how="semi"))
        mine = own.join(wanted.select("row"), on="row", how="semi").rename({"id": "request"})
        worked = named.join(own.rename({"id": "request"}), on="row").select("request", "id").unique()
        self.objects = _sets(mine.join(worked, on="request").select("row", "id").unique())


def _sets(pairs: pl.DataFrame) -> dict[int, frozenset[str]]:
    return {int(row): frozenset(ids) for row, ids in pairs.group_by("row").agg("id").iter_rows()}


def _node(row: Mapping[str, Any], ids: _Ids, files: Mapping[str, str], exchange_of: Mapping[int, int]) -> Node:
    stack = row["stack_trace"] or ""
    raised = raised_lines(stack)
    whole = "\n".join(part for part in (row["message"], row["error_text"], stack[-MAX_TEXT_CHARS:]) if part)
    is_client = row["format"] in CLIENT_FORMATS
    number, requests = row["row"], ids.own.get(row["row"], frozenset())
    said = row["error_text"] or ("" if row["status"] is not None else row["message"])
    statement = statement_of(said, raised, row["exception_class"])
    is_outcome = not row["is_error"] and row["level"] not in LOUD and row["role"] != EXCHANGE
    return Node(
        row=number,
        file=(row["signal_id"], row["member"]),
        ordinal=row["ordinal"],
        at=row["at"],
        service=service_of(row, files.get(row["signal_id"], row["signal_id"])),
        role=row["role"],
        nearness=SHOWN if is_outcome else _nearness(row, whole, is_client=is_client),
        is_client=is_client,
        is_error=bool(row["is_error"]),
        severity=row["severity"],
        error_type=row["error_type"],
        signature=row["signature_hash"],
        exception=row["exception_class"],
        frames=tuple(row["top_frames"] or ()),
        logger=row["component"],
        stack_trace=row["stack_trace"],
        raised=raised_in(raised),
        statement=statement,
        text=normalised(whole),
        thread=row["thread"],
        net_error=row["net_error"],
        status=row["status"],
        line_number=row["line_number"],
        line_count=row["line_count"],
        entry_index=row["entry_index"],
        message=row["message"],
        template=row["template"] or row["message"],
        requests=requests,
        is_outcome=is_outcome,
        exchange=number if row["role"] == EXCHANGE else exchange_of.get(number),
        named=ids.named.get(number, frozenset()),
        objects=ids.objects.get(number, frozenset()),
        hosts=hosts_named(whole, row["url"] if row["role"] == EXCHANGE else None),
    )


# Errors of the program that raised them, and of no other.
_OWN_FAULTS = ("TypeError", "ReferenceError", "SyntaxError")


def _nearness(row: Mapping[str, Any], text: str, *, is_client: bool) -> int:
    if row["role"] == EXCHANGE or says_the_client_left(text):
        return SHOWN
    if row["status"] is not None and not row["top_frames"]:
        return SHOWN  # A line of an access log.
    if is_client:
        # A fault of the client's own code is at home there; what it says of an answer only shows that.
        return ORIGIN if row["error_type"] in _OWN_FAULTS and row["top_frames"] else SHOWN
    if reports_upstream_failure(text):
        return ANSWERED
    return ORIGIN if row["top_frames"] else STATED


def by_row(nodes: Sequence[Node]) -> dict[int, Node]:
    return {node.row: node for node in nodes}
