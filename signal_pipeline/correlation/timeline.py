"""The entries of all files of a report on one axis, failed and slow requests joined to the records of the same cause.

What belongs here: the order of the steps. Each step has its own file: mentions, ids, clocks (files.py), outcome
records, related records, incidents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from signal_pipeline.correlation.clock import Clock, as_row
from signal_pipeline.correlation.evidence import CLIENT_FORMATS
from signal_pipeline.correlation.files import Axis
from signal_pipeline.correlation.ids import with_ids
from signal_pipeline.correlation.incidents import Groups, roles_of
from signal_pipeline.correlation.linking import links_of
from signal_pipeline.correlation.links import Link
from signal_pipeline.correlation.mentions import with_mentions
from signal_pipeline.correlation.settings import CorrelationSettings
from signal_pipeline.frame_schema import EXCHANGE
from signal_pipeline.schemas import TIMELINE, UTC_TIME

FILE = ("signal_id", "member")
_ROW = {"row": pl.Int64(), "incident": pl.Int32(), "incident_role": pl.String()}
_LINK = {"row": pl.Int64(), "request": pl.Int64(), "link_confidence": pl.Float64(), "link_reason": pl.String()}


@dataclass(frozen=True)
class FileClock:
    """How one file's clock was set."""

    signal_id: str
    member: str | None
    clock: Clock


@dataclass(frozen=True)
class Timeline:
    """`frame` has the columns of TIMELINE, in order of time; entries without one come last."""

    frame: pl.DataFrame
    clocks: tuple[FileClock, ...]


def build_timeline(entries: pl.DataFrame, settings: CorrelationSettings) -> Timeline:
    """`entries` has the columns of PARSED and `is_error`, `error_type`, `severity`, `signature_hash`; any order."""
    return build_timelines([entries], settings)[0]


def build_timelines(reports: Sequence[pl.DataFrame], settings: CorrelationSettings) -> list[Timeline]:
    """One for each report's entries. What depends on a row alone is done for all of them at once: on small reports a
    query costs the same for one as for fifty.
    """
    reports_with_entries = [
        entries.with_columns(report=pl.lit(n, pl.Int32())) for n, entries in enumerate(reports) if entries.height
    ]
    if not reports_with_entries:
        return [Timeline(TIMELINE.empty(), ()) for _ in reports]
    rows = _prepared(pl.concat(reports_with_entries), settings)
    found = {
        int(key[0]): _correlated(own, settings)
        for key, own in rows.partition_by("report", as_dict=True, maintain_order=True).items()
    }
    frame = _finished(_placed(rows, list(found.values())))
    timelines, start = [], 0
    for number, entries in enumerate(reports):
        own = frame.slice(start, entries.height)
        start += entries.height
        timelines.append(Timeline(own, found[number].named() if number in found else ()))
    return timelines


@dataclass(frozen=True)
class _Correlated:
    """What was found in one report: `at` and `incidents` by row, and each file's clock by the file's number."""

    at: pl.DataFrame
    incidents: pl.DataFrame
    links: Sequence[Link]
    clocks: Mapping[int, Clock]
    files: Sequence[tuple[int, str, str | None]]

    def named(self) -> tuple[FileClock, ...]:
        return tuple(FileClock(signal, member, self.clocks[number]) for number, signal, member in self.files)


def _correlated(rows: pl.DataFrame, settings: CorrelationSettings) -> _Correlated:
    axis = Axis(rows)
    at = axis.set_clocks()
    timed = rows.join(at, on="row", how="left", maintain_order="left")
    links = links_of(timed, axis.clocks, axis.anchors, settings)
    files = rows.select("file", *FILE).unique("file").sort("file").rows()
    return _Correlated(at, _incidents(timed, links), links, axis.clocks, files)


def _placed(rows: pl.DataFrame, found: Sequence[_Correlated]) -> pl.DataFrame:
    """Each row with its time, incident, link and clock."""
    links = [link for one in found for link in one.links]
    clocks = {number: clock for one in found for number, clock in one.clocks.items()}
    places = rows.select(request="row", request_signal_id="signal_id", request_ordinal="ordinal")
    for on, more in (
        ("row", pl.concat(one.at for one in found)),
        ("row", pl.concat(one.incidents for one in found)),
        ("row", _link_frame(links)),
        ("request", places),
        ("file", _clock_frame(clocks)),
    ):
        rows = rows.join(more, on=on, how="left", maintain_order="left")
    return rows


def _prepared(entries: pl.DataFrame, settings: CorrelationSettings) -> pl.DataFrame:
    """With row and file numbers, mentions, ids, and times as seconds."""
    name = ("report", *FILE)
    files = entries.select(name).unique().sort(name, nulls_last=False).with_row_index("file")
    rows = entries.join(files, on=name, how="left", nulls_equal=True).sort("file", "ordinal")
    rows = rows.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64()).alias("row"),
        pl.col("file").cast(pl.Int64()),
        is_request=pl.col("role") == EXCHANGE,
        t=pl.col("timestamp").dt.epoch("us") / 1e6,
        clock=pl.col("clock_time").cast(pl.Int64()) / 1e9,
        seconds=pl.col("duration_ms") / 1000,
        is_client=pl.col("format").is_in(CLIENT_FORMATS).fill_null(False),
        net_error=pl.coalesce("net_error", pl.col("exception_class").str.extract(r"^(net::ERR_[A-Z0-9_]+)$", 1)),
    )
    unanswered = (pl.col("status") == 0) | pl.col("net_error").is_not_null()
    failed = (pl.col("status") >= 400) | unanswered | pl.col("is_error")
    slow = pl.col("duration_ms") > settings.slow_ms
    rows = rows.with_columns(is_target=pl.col("is_request") & (failed | slow).fill_null(False))
    return with_ids(with_mentions(rows))


def _incidents(rows: pl.DataFrame, links: Sequence[Link]) -> pl.DataFrame:
    """`row`, `incident`, `incident_role`: linked entries, failed requests and errors on their own; numbered by time."""
    groups = Groups()
    for link in links:
        groups.join(link.request, link.record)
    alone = rows.filter(pl.col("is_target") | pl.col("is_error"))
    for row in alone["row"].to_list():
        groups.root(row)
    _join_by_id(groups, alone)
    answers = {link.record for link in links if link.is_answer}
    members = groups.members()
    needed = rows.filter(pl.col("row").is_in([row for group in members for row in group]))
    known: dict[int, dict[str, Any]] = {
        row["row"]: row | {"is_answer": row["row"] in answers}
        for row in needed.select("row", "at", "seconds", "is_request", "is_error", "level", "is_client").iter_rows(
            named=True
        )
    }
    ordered = sorted(members, key=lambda group: _begin(known, group))
    found = [
        {"row": row, "incident": number, "incident_role": role}
        for number, group in enumerate(ordered, 1)
        for row, role in roles_of([known[row] for row in group]).items()
    ]
    return pl.DataFrame(found, schema=_ROW)


def _join_by_id(groups: Groups, alone: pl.DataFrame) -> None:
    """Errors of one trace have one cause, also where no request of theirs was recorded."""
    first: dict[str, int] = {}
    for row, ids in alone.filter(~pl.col("is_request")).select("row", "ids").iter_rows():
        for one in ids:
            groups.join(first.setdefault(one, row), row)


def _begin(known: Mapping[int, Mapping[str, Any]], group: Sequence[int]) -> tuple[float, int]:
    times = [float(known[row]["at"]) for row in group if known[row]["at"] is not None]
    return min(times, default=float("inf")), group[0]


def _link_frame(links: Sequence[Link]) -> pl.DataFrame:
    found = [
        {"row": k.record, "request": k.request, "link_confidence": k.confidence, "link_reason": k.reason} for k in links
    ]
    return pl.DataFrame(found, schema=_LINK)


def _clock_frame(clocks: Mapping[int, Clock]) -> pl.DataFrame:
    found = [{"file": number, **as_row(clock)} for number, clock in sorted(clocks.items())]
    return pl.DataFrame(found).with_columns(pl.col("file").cast(pl.Int64()))


def _finished(placed: pl.DataFrame) -> pl.DataFrame:
    at = (pl.col("at") * 1e6).round().cast(pl.Int64()).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    placed = placed.with_columns(at.cast(UTC_TIME).alias("at"))
    return TIMELINE.conform(placed.sort("report", "at", "file", "ordinal", nulls_last=True))
