"""Reads a table of a flow meter: a row is a flow. Its texts are two addresses; each is redacted once."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper

import numpy as np
import polars as pl

from signal_pipeline.errors import PartialReason, RejectionCode, SignalRejected
from signal_pipeline.parsing.flow_facts import FLOW_FACTS, facts_column
from signal_pipeline.parsing.flow_tables.columns import NEEDED, columns_of, features_of
from signal_pipeline.parsing.har.clean_text import cleaned
from signal_pipeline.parsing.pcap.flow import PROTOCOLS
from signal_pipeline.parsing.pcap.service_ports import service_by_port
from signal_pipeline.parsing.signal_kind import Source

FRAME_ROWS = 4_000
FORMAT = "flow_meter"
MAX_ADDRESS_CHARS = 100
_TIMES = (
    "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M",
)  # fmt: skip
"""CICFlowMeter writes the day first."""
_COUNTS = ("packets_out", "packets_in", "payload_out", "payload_in")
_MOST = 1 << 53


def read_flow_table(source: Source) -> Iterator[pl.DataFrame]:
    """Frames of flows. A row without ends and counts is passed over and noted."""
    notes = source.notes
    notes.format = FORMAT
    text = TextIOWrapper(source.stream, "utf-8-sig", "replace", newline="")
    rows = csv.reader(_without_nul(text), strict=False)
    try:
        header = next(rows, [])
        table = _Table(source, [name.strip() for name in header])
        for row in rows:
            notes.lines = rows.line_num
            notes.units += 1
            if (frame := table.add(row)) is not None:
                yield frame
    except csv.Error:
        notes.reasons.add(PartialReason.BAD_ENTRIES)
    if (frame := table.take()) is not None:
        yield frame
    text.detach()


def _without_nul(lines: Iterator[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


class _Table:
    """Rows of one table on their way into frames."""

    def __init__(self, source: Source, header: list[str]) -> None:
        self._source = source
        self._at = columns_of(header)
        if not set(NEEDED) <= self._at.keys():
            raise SignalRejected(RejectionCode.TABLE)
        self._features = features_of(header)
        self._rows: list[list[str]] = []
        self._numbers: list[int] = []
        self._count = 0

    def add(self, row: list[str]) -> pl.DataFrame | None:
        number, notes = self._count, self._source.notes
        self._count += 1
        if len(row) <= max(self._at[name] for name in NEEDED) or _whole(row[self._at["packets_out"]]) is None:
            notes.reasons.add(PartialReason.BAD_ENTRIES)
            return None
        notes.understood += 1
        self._rows.append(row)
        self._numbers.append(number)
        return self.take() if len(self._rows) >= FRAME_ROWS else None

    def take(self) -> pl.DataFrame | None:
        """The rows that were added, as a frame."""
        if not self._rows:
            return None
        rows, self._rows = self._rows, []
        numbers, self._numbers = self._numbers, []
        known = self._redacted({row[self._at[end]] for row in rows for end in ("source", "target")})
        facts = pl.DataFrame([self._facts(row, known) for row in rows], FLOW_FACTS.polars, orient="row")
        features = np.array([[_number(row, place) or 0.0 for place in self._features] for row in rows])
        took = (pl.col("ended_at") - pl.col("started_at")).dt.total_microseconds() / 1000
        frame = facts.select(
            facts_column(facts, features).alias("flow"),
            pl.Series("entry_index", numbers, pl.Int64()),
            ordinal=pl.Series(numbers, dtype=pl.Int64()),
            timestamp="started_at",
            timestamp_zone=pl.lit("assumed-utc"),
            level=pl.lit("info"),
            component="target",
            message=_message(),
            duration_ms=took,
            response_bytes="payload_in",
            format=pl.lit(FORMAT),
        )
        self._source.notes.entries += frame.height
        return frame

    def _redacted(self, texts: set[str]) -> dict[str, str]:
        said = sorted(texts)
        passed = self._source.redactor.column(pl.Series([cleaned(text)[0] for text in said], dtype=pl.String()))
        return dict(zip(said, passed.str.slice(0, MAX_ADDRESS_CHARS), strict=True))

    def _facts(self, row: list[str], known: dict[str, str]) -> tuple[object, ...]:
        """In the order of FLOW_FACTS; a flow meter does not know the rest."""
        cell = {name: row[place] if place < len(row) else "" for name, place in self._at.items()}
        number = _whole(cell.get("protocol", ""))
        protocol = cell.get("protocol", "").upper()[:10] if number is None else PROTOCOLS.get(number, f"IP {number}")
        began = _moment(cell.get("started_at", ""))
        micro = _whole(cell.get("duration_us", "")) or round((_real(cell.get("duration_s", "")) or 0.0) * 1e6)
        ports = tuple(_whole(cell.get(name, ""), 65_535) for name in ("source_port", "target_port"))
        service = service_by_port(ports[1] or 0, ports[0] or 0)
        counts = {name: _whole(cell.get(name, "")) for name in _COUNTS}
        ended = None if began is None else began + timedelta(microseconds=min(micro, 1 << 45))
        return (
            protocol or None, known[cell["source"]], ports[0], known[cell["target"]], ports[1], service, None, None,
            None, began, ended, counts["packets_out"], None, counts["payload_out"], counts["packets_in"], None,
            counts["payload_in"], None, None, None, None, _whole(cell.get("resets", "")), None, None, None,
        )  # fmt: skip


def _message() -> pl.Expr:
    """`TCP postgres 10.0.0.2:50123 -> 10.0.0.9:5432, 12 packets 3400 bytes out, 10 packets 20480 bytes in`."""
    ends = (
        pl.concat_str(end, f"{end}_port", separator=":", ignore_nulls=True) for end in ("source", "target")
    )  # ports are null where there are none
    named = pl.concat_str("protocol", "service", separator=" ", ignore_nulls=True)
    sides = (
        pl.format(
            "{} packets {} bytes " + way, *(pl.col(f"{what}_{way}").fill_null(0) for what in ("packets", "payload"))
        )
        for way in ("out", "in")
    )
    return pl.format("{} {} -> {}, {}, {}", named, *ends, *sides)


def _whole(text: str, most: int = _MOST) -> int | None:
    value = _real(text)
    return int(value) if value is not None and 0 <= value <= most else None


def _number(row: list[str], place: int | None) -> float | None:
    return _real(row[place]) if place is not None and place < len(row) else None


def _real(text: str) -> float | None:
    """None for what is no finite number."""
    try:
        value = float(text[:40])
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _moment(text: str) -> datetime | None:
    for form in _TIMES:
        try:
            return datetime.strptime(text.strip()[:26], form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
