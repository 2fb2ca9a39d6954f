"""The exact lines of an occurrence with what stands around them, from the stored, redacted entries.

The raw file is never opened for a reader: what is shown has passed redaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

AROUND = 3
_FILE = ("signal_id", "member")
_COLUMNS = (
    *_FILE, "ordinal", "role", "line_number", "line_count", "entry_index", "timestamp", "clock_time", "level",
    "component", "message", "stack_trace", "method", "url", "status", "duration_ms", "slowest_phase", "mime_type",
    "response_bytes", "net_error", "error_text", "trace_id", "request_id",
)  # fmt: skip


@dataclass(frozen=True)
class EntryKey:
    """What an entry is found by among the stored ones: its file, and its line or index."""

    signal_id: str
    member: str | None
    line_number: int | None
    entry_index: int | None


@dataclass(frozen=True)
class Context:
    """An entry and its neighbours in the file, in order; `focus` is the place of the entry among them."""

    rows: list[dict[str, Any]]
    focus: int


def contexts(entries: pl.LazyFrame, places: Iterable[EntryKey]) -> dict[EntryKey, Context]:
    """For each place that is still there. Two passes over the entries, whatever the number of places."""
    wanted = list(dict.fromkeys(places))
    if not wanted:
        return {}
    ordinals = _ordinals(entries, wanted)
    near = _neighbours(entries, ordinals)
    files = near.partition_by(*_FILE, as_dict=True)
    found = {}
    for place, ordinal in ordinals.items():
        own = files[(place.signal_id, place.member)]
        rows = own.filter(pl.col("ordinal").is_between(ordinal - AROUND, ordinal + AROUND)).to_dicts()
        focus = next(number for number, row in enumerate(rows) if row["ordinal"] == ordinal)
        found[place] = Context(rows, focus)
    return found


def _ordinals(entries: pl.LazyFrame, places: Sequence[EntryKey]) -> dict[EntryKey, int]:
    schema = {
        "signal_id": pl.String(), "member": pl.String(), "line_number": pl.Int64(), "entry_index": pl.Int64(),
        "place": pl.Int64(),
    }  # fmt: skip
    asked = pl.DataFrame(
        [
            {
                "signal_id": place.signal_id,
                "member": place.member,
                "line_number": place.line_number,
                "entry_index": place.entry_index,
                "place": number,
            }
            for number, place in enumerate(places)
        ],
        schema=schema,
    )
    keys = [*_FILE, "line_number", "entry_index"]
    met = entries.select(*keys, "ordinal").join(asked.lazy(), on=keys, nulls_equal=True)
    return {places[number]: ordinal for number, ordinal in met.select("place", "ordinal").collect().iter_rows()}


def _neighbours(entries: pl.LazyFrame, ordinals: dict[EntryKey, int]) -> pl.DataFrame:
    rows = [
        {"signal_id": place.signal_id, "member": place.member, "ordinal": ordinal + step}
        for place, ordinal in ordinals.items()
        for step in range(-AROUND, AROUND + 1)
    ]
    schema = {"signal_id": pl.String(), "member": pl.String(), "ordinal": pl.Int64()}
    asked = pl.DataFrame(rows, schema=schema).unique()
    met = entries.select(_COLUMNS).join(asked.lazy(), on=[*_FILE, "ordinal"], how="semi", nulls_equal=True)
    return met.collect().sort(*_FILE, "ordinal")
