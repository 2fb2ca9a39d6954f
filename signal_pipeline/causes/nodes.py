"""The entries that causes and symptoms are sought among: errors, failed requests, warnings where nothing is worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from signal_pipeline.causes.assumed_years import with_likely_years
from signal_pipeline.causes.browser_words import shows_failed_request, tells_why_it_was_blocked
from signal_pipeline.causes.build_outcomes import ends_build, gives_up
from signal_pipeline.causes.client_clocks import with_common_clock
from signal_pipeline.causes.clients_gone import says_the_client_left
from signal_pipeline.causes.connections import NO_CONNECTIONS, connections_of, names_of_addresses
from signal_pipeline.causes.event_objects import objects_of_events
from signal_pipeline.causes.identifiers import named_in_text, plain, telling
from signal_pipeline.causes.lasting_states import tells_lasting_state
from signal_pipeline.causes.node import ANSWERED, ORIGIN, SHOWN, STATED, Node, in_causal_order
from signal_pipeline.causes.process_exits import tells_how_it_ended
from signal_pipeline.causes.refusals import SIGNED_OUT, accepted_requests, with_refusals
from signal_pipeline.causes.services import hosts_named, service_of
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.causes.statements import (
    MAX_TEXT_CHARS,
    normalised,
    only_says_it_failed,
    raised_in,
    raised_lines,
    said_by,
    statement_of,
)  # fmt: skip
from signal_pipeline.causes.upstream_responses import reports_upstream_failure
from signal_pipeline.causes.value_dumps import is_value_dump
from signal_pipeline.causes.wanted_entries import LOUD, tells_state, wanted_entries, with_warnings_of_failed_requests
from signal_pipeline.classification.stated_cause import stated_causes
from signal_pipeline.correlation.evidence import CLIENT_FORMATS
from signal_pipeline.correlation.ids import by_id, with_ids
from signal_pipeline.frame_schema import EXCHANGE, FLOW

CAPTURE_FORMATS = ("pcap", "pcapng")
NEEDED = (
    "signal_id", "member", "ordinal", "role", "format", "line_number", "line_count", "entry_index", "timestamp",
    "timestamp_zone", "level", "component", "thread", "message", "stack_trace", "trace_id", "request_id", "method",
    "url", "status", "duration_ms", "net_error", "error_text", "exception_class", "is_error", "error_type", "severity",
    "template", "signature_hash", "top_frames", "flow",
)  # fmt: skip
"""Columns of `schemas.ENTRIES` that the search for causes reads."""


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
    wanted = wanted_entries(rows, settings)
    if wanted.is_empty():
        return []
    own = by_id(with_ids(rows)).with_columns(id=plain(pl.col("id")))
    named = telling(pl.concat([named_in_text(rows), objects_of_events(rows)]).unique(maintain_order=True), own)
    wanted = with_warnings_of_failed_requests(rows, wanted, own, exchange_of or {})
    ids = _Ids(wanted, own, named)
    # What is said of connections is compared with flows alone.
    names = names_of_addresses(entries) if (rows["role"] == FLOW).any() else None
    wanted = wanted.with_columns(stated_causes(wanted))
    nodes = [_node(row, ids, files or {}, exchange_of or {}, names) for row in wanted.iter_rows(named=True)]
    nodes = _with_answers(nodes, exchange_of or {})
    if any(node.status == SIGNED_OUT for node in nodes):
        nodes = with_refusals(nodes, accepted_requests(rows))
    return in_causal_order(with_common_clock(nodes))


def _with_answers(nodes: Sequence[Node], exchange_of: Mapping[int, int]) -> list[Node]:
    """With the status of the request that the timeline put each to."""
    statuses = {node.row: node.status for node in nodes if node.role == EXCHANGE and node.status}
    answers = {row: statuses[request] for row, request in exchange_of.items() if request in statuses}
    return [
        replace(node, led_to=answers[node.row]) if node.row in answers and node.role != EXCHANGE else node
        for node in nodes
    ]


def _timed(rows: pl.DataFrame) -> pl.DataFrame:
    """With `at`: the end of a request, the time of a record, or else of what comes before it in its file."""
    at = pl.col("at") if "at" in rows.columns else pl.col("timestamp").dt.epoch("us") / 1e6
    end = at + pl.when(pl.col("role") == EXCHANGE).then(pl.col("duration_ms") / 1000).fill_null(0.0)
    rows = with_likely_years(rows.with_columns(at=end)).sort("signal_id", "member", "ordinal")
    near = pl.col("at").forward_fill().over("signal_id", "member")
    return rows.with_columns(at=near.fill_null(pl.col("at").backward_fill().over("signal_id", "member"))).sort("row")


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


def _node(
    row: Mapping[str, Any],
    ids: _Ids,
    files: Mapping[str, str],
    exchange_of: Mapping[int, int],
    names: Mapping[str, frozenset[str]] | None,
) -> Node:
    stack = row["stack_trace"] or ""
    raised = raised_lines(stack)
    whole = "\n".join(part for part in (row["message"], row["error_text"], stack[-MAX_TEXT_CHARS:]) if part)
    is_client = row["format"] in CLIENT_FORMATS
    number, requests = row["row"], ids.own.get(row["row"], frozenset())
    said = row["error_text"] or ("" if row["status"] is not None else row["message"])
    statement = statement_of(said, raised, row["exception_class"])
    is_outcome = not row["is_error"] and row["level"] not in LOUD and row["role"] != EXCHANGE
    text = normalised(whole)
    is_outcome = is_outcome and not tells_state(text)
    return Node(
        row=number,
        file=(row["signal_id"], row["member"]),
        ordinal=row["ordinal"],
        at=row["at"],
        service=service_of(row, files.get(row["signal_id"], row["signal_id"])),
        format=row["format"],
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
        raised=raised_in(raised) or said_by(row["exception_class"], row["stack_trace"]),
        stated=row["stated"],
        statement=statement,
        text=text,
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
        began=_began(row),
        connections=NO_CONNECTIONS if names is None else connections_of(row, whole, names),
        in_capture=row["format"] in CAPTURE_FORMATS,
    )


def _began(row: Mapping[str, Any]) -> float | None:
    at: float | None = row["at"]
    return at - (row["duration_ms"] or 0.0) / 1000 if at is not None and row["role"] == EXCHANGE else at


# Errors of the program that raised them, and of no other.
_OWN_FAULTS = ("TypeError", "ReferenceError", "SyntaxError")


def _nearness(row: Mapping[str, Any], text: str, *, is_client: bool) -> int:
    is_access_line = row["status"] is not None and not row["top_frames"]
    if row["role"] == EXCHANGE or says_the_client_left(text) or is_access_line:
        return SHOWN
    if is_client:
        # A fault of the client's own code is at home there; what it says of an answer only shows that.
        if tells_why_it_was_blocked(text):
            return STATED
        is_own = row["error_type"] in _OWN_FAULTS and row["top_frames"] and not shows_failed_request(text)
        return ORIGIN if is_own else SHOWN
    said = row["message"]
    only_notices = not row["top_frames"] and (
        tells_how_it_ended(text) or only_says_it_failed(said) or is_value_dump(said)
    )
    # What does not start says so itself, also where it tells of another's answer.
    is_answer = reports_upstream_failure(text) and not tells_lasting_state(normalised(said))
    only_notices |= ends_build(said, row["stated"]) or (not row["top_frames"] and gives_up(said))
    if only_notices or is_answer or shows_failed_request(text):
        return ANSWERED
    return ORIGIN if row["top_frames"] else STATED


def by_row(nodes: Sequence[Node]) -> dict[int, Node]:
    return {node.row: node for node in nodes}
