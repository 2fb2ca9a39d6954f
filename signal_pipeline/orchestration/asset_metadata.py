"""What the UI shows beside a materialization: counts, small tables, plots. Never a raw row of an input."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
import polars as pl

from signal_pipeline.frame_schema import FrameSchema
from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.reports.svg import Svg, shortened

# Of a chart, in pixels.
WIDTH = 560
ROW = 22
LABEL_WIDTH = 230
MAX_BARS = 10
MAX_LABEL_CHARS = 34
BAR = "#4f43dd"
# Dagster shows these names as its own columns of a type; others are shown as written.
_UI_TYPES = {pl.String(): "string", pl.Int64(): "int", pl.Int32(): "int", pl.Float64(): "float", pl.Boolean(): "bool"}


def column_schema(schema: FrameSchema) -> dg.TableSchema:
    """The schema as Dagster's catalog shows it."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=_UI_TYPES.get(column.dtype, str(column.dtype)),
                description=column.description,
                constraints=dg.TableColumnConstraints(nullable=column.nullable),
            )
            for column in schema.columns
        ]
    )


def table(rows: Sequence[Mapping[str, Any]]) -> dg.TableMetadataValue | dg.TextMetadataValue:
    """A small table; Dagster has no empty ones. Values are numbers, words or null."""
    if not rows:
        return dg.MetadataValue.text("none")
    return dg.MetadataValue.table([dg.TableRecord(dict(row)) for row in rows])


def counts(values: pl.Series) -> dict[str, int]:
    """How often each value occurs, most frequent first."""
    counted = values.drop_nulls().value_counts(sort=True)
    return {str(row[0]): int(row[1]) for row in counted.iter_rows()}


def count_table(name: str, counted: Mapping[str, int]) -> dg.TableMetadataValue | dg.TextMetadataValue:
    return table([{name: key, "count": count} for key, count in counted.items()])


def picture(svg: str, alt: str) -> dg.MarkdownMetadataValue:
    """A small SVG inside the metadata itself, so that it needs no server of its own."""
    return dg.MetadataValue.md(f"![{alt}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})")


def bar_plot(counted: Mapping[str, int], title: str) -> dg.MarkdownMetadataValue | dg.TextMetadataValue:
    """Horizontal bars, longest first."""

    if not counted:
        return dg.MetadataValue.text("nothing to draw")
    return picture(bar_chart(counted, title), title)


def outcome_rows(names: Mapping[str, str], outcomes: Mapping[Any, SignalOutcome]) -> list[dict[str, Any]]:
    """One row per file: its (redacted) name and what became of it."""
    return [
        {
            "file": names.get(str(signal_id), str(signal_id)),
            "outcome": outcome.status,
            "kind": outcome.kind,
            "format": outcome.format or "",
            "understood": round(outcome.share_understood, 3),
            "entries": outcome.entries,
            "reasons": ", ".join(outcome.reasons),
            "redacted": sum(outcome.redactions.values()),
        }
        for signal_id, outcome in outcomes.items()
    ]


def bar_chart(counted: Mapping[str, int], title: str) -> str:
    """Horizontal bars in the order given, the first ten; some 2 KB."""
    items = list(counted.items())[:MAX_BARS]
    longest = max((count for _, count in items), default=1) or 1
    drawing = Svg(WIDTH, ROW * (len(items) + 1) + 10)
    drawing.text(6, 18, title)
    room = WIDTH - LABEL_WIDTH - 70
    for row, (label, count) in enumerate(items, 1):
        top = row * ROW + 6
        drawing.text(6, top + 13, shortened(label, MAX_LABEL_CHARS))
        length = max(2, round(room * count / longest))
        drawing.rectangle(LABEL_WIDTH, top + 2, length, 12, BAR)
        drawing.text(LABEL_WIDTH + length + 6, top + 13, f"{count:,}")
    return drawing.render()
