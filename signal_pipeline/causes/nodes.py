"""The entries that causes and symptoms are sought among: errors, failed requests, warnings where nothing is worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from signal_pipeline.causes.identifiers import named_in_text, plain, telling
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

NEEDED = (
    "signal_id", "member", "ordinal", "role", "format", "line_number", "line_count", "entry_index", "timestamp",
    "level", "component", "thread", "message", "stack_trace", "trace_id", "request_id", "url", "status", "duration_ms",
    "net_error", "error_text", "exception_class", "is_error", "error_type", "severity", "template", "signature_hash",
    "top_frames",
)  # fmt: skip
"""Columns of `schemas.ENTRIES` that the search for causes reads."""


@dataclass(frozen=True)
class Node:
    """One entry that may be a cause or a symptom. `at` is in seconds; None where neither it nor a neighbour has a time.

    `nearness` is ORIGIN, STATED, ANSWERED or SHOWN. `requests` are ids of its own request or trace; `named` are ids in
    its text; `objects` those that its request worked on. `hosts` are the hosts and ports that its text names.
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

    @property
    def is_felt(self) -> bool:
        """The user saw it: a failed request, or a line that the client itself wrote."""
        return self.role == EXCHANGE or self.is_client


def nodes_of(entries: pl.DataFrame, settings: CauseSettings, files: Mapping[str, str] | None = None) -> list[Node]:
    """In order of what may have caused what: by time, a trace before what repeats it, requests at their end.

    `entries` has the columns NEEDED, of one report, and `at` (seconds on the common axis) where a timeline was made.
    `files` are names of files by signal id, for the names of services.
    """
    rows = _timed(entries.with_row_index("row"))
    wanted = _wanted(rows, settings)
    if wanted.is_empty():
        return []
    own = by_id(with_ids(rows)).with_columns(id=plain(pl.col("id")))
    named = telling(named_in_text(rows), own)
    ids = _Ids(wanted, own, named)
    nodes = [_node(row, ids, files or {}) for row in wanted.iter_rows(named=True)]
    return sorted(nodes, key=order_key)


def order_key(node: Node) -> tuple[float, int, int]:
    """Within a second a trace counts as before the lines that were written about it, and an answer as after them."""
    at = float("inf") if node.at is None else node.at
    return at + _LATER.get(node.nearness, 0.0), -node.nearness, node.row


_LATER = {ORIGIN: -1.0, ANSWERED: 0.5}
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
        found = rows.filter(pl.col("level").is_in(["warning", "error", "critical"]) | traced.fill_null(False))
    if found.height <= settings.max_nodes:
        return found
    # The first occurrences of every kind tell what happened; the rest tell how often.
    turn = pl.int_range(pl.len()).over(pl.coalesce("signature_hash", "template"))
    return found.with_columns(turn=turn).sort("turn", "row").head(settings.max_nodes).drop("turn").sort("row")


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


def _node(row: Mapping[str, Any], ids: _Ids, files: Mapping[str, str]) -> Node:
    stack = row["stack_trace"] or ""
    raised = raised_lines(stack)
    whole = "\n".join(part for part in (row["message"], row["error_text"], stack[-MAX_TEXT_CHARS:]) if part)
    is_client = row["format"] in CLIENT_FORMATS
    number, requests = row["row"], ids.own.get(row["row"], frozenset())
    return Node(
        row=number,
        file=(row["signal_id"], row["member"]),
        ordinal=row["ordinal"],
        at=row["at"],
        service=service_of(row, files.get(row["signal_id"], row["signal_id"])),
        role=row["role"],
        nearness=_nearness(row, whole, is_client=is_client),
        is_client=is_client,
        is_error=bool(row["is_error"]),
        severity=row["severity"],
        error_type=row["error_type"],
        signature=row["signature_hash"],
        exception=row["exception_class"],
        frames=tuple(row["top_frames"] or ()),
        raised=raised_in(raised),
        statement=statement_of(row["error_text"] or row["message"], raised, row["exception_class"]),
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
        named=ids.named.get(number, frozenset()),
        objects=ids.objects.get(number, frozenset()),
        hosts=hosts_named(whole, row["url"] if row["role"] == EXCHANGE else None),
    )


# Errors of the program that raised them, and of no other.
_OWN_FAULTS = ("TypeError", "ReferenceError")


def _nearness(row: Mapping[str, Any], text: str, *, is_client: bool) -> int:
    if row["role"] == EXCHANGE:
        return SHOWN
    if is_client:
        # A fault of the client's own code is at home there; what it says of an answer only shows that.
        return ORIGIN if row["error_type"] in _OWN_FAULTS and row["top_frames"] else SHOWN
    if reports_upstream_failure(text):
        return ANSWERED
    return ORIGIN if row["top_frames"] else STATED


def by_row(nodes: Sequence[Node]) -> dict[int, Node]:
    return {node.row: node for node in nodes}
