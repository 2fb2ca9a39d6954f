"""JSON lines: one object per line, from any logger. Only the keys of formats/json_keys.py are kept."""

from __future__ import annotations

from typing import Any

import msgspec
import polars as pl

from signal_pipeline.parsing.logs.any_times import read_any_times, read_numbers
from signal_pipeline.parsing.logs.control_characters import strip_controls
from signal_pipeline.parsing.logs.heads import HEAD, head_frame
from signal_pipeline.parsing.logs.json_columns import column_heads
from signal_pipeline.parsing.logs.json_shapes import TEXT_FIELDS, Record, Shape, with_messages
from signal_pipeline.parsing.logs.json_times import JsonTimes
from signal_pipeline.parsing.logs.levels import level_of
from signal_pipeline.parsing.logs.timestamps import Times
from signal_pipeline.schemas import UTC_TIME

_DECODER = msgspec.json.Decoder(dict[str, Any])
_INNER_TEXT = ("message", "msg", "text", "error", "name", "type", "errmsg")
_MAX_OPEN = 64
_WORTH_A_FRAME = 32


def json_heads(line: pl.Series, text: pl.Series) -> pl.DataFrame:
    """Heads of the lines of `text` that hold one JSON object (columns: heads.HEAD); other lines have no row."""
    fits = text.str.starts_with("{")
    if not fits.any():
        return head_frame(0, {})
    fits = fits & text.str.contains(r"\}\s*,?\s*$")
    frames, line, text = column_heads(line.filter(fits), text.filter(fits))
    found: dict[tuple[str, ...], tuple[list[int], list[Record]]] = {}
    for number, written in zip(line.to_list(), text.to_list(), strict=True):
        record = _decoded(written)
        if record:
            numbers, records = found.setdefault(tuple(record), ([], []))
            numbers.append(number)
            records.append(record)
    rows: list[Record] = []
    times = JsonTimes()
    for keys, (numbers, records) in found.items():
        shape = Shape(keys)
        if len(records) >= _WORTH_A_FRAME:
            frames.append(_columns(numbers, records, shape))
        else:
            rows += [_row(number, record, shape, times) for number, record in zip(numbers, records, strict=True)]
    frames.append(_frame(rows))
    return pl.concat(frames)


def _columns(numbers: list[int], records: list[Record], shape: Shape) -> pl.DataFrame:
    """Heads of records that all have the same keys, column by column."""
    count = len(records)
    columns: dict[str, pl.Series | str | bool] = {"bare": False, "timed": False, "yearless": False}
    columns |= {"line": pl.Series(numbers), "format": shape.flavour.name}
    for name in TEXT_FIELDS:
        if shape.paths[name]:
            values = [value if type(value) is str else _as_text(value) for value in shape.all(name, records)]
            columns[name] = strip_controls(pl.Series(values, dtype=pl.String()))
    columns["level"] = pl.Series(_levels(records, shape), dtype=pl.String())
    written = shape.all("time", records)
    times = _times(written)
    columns |= {"timestamp": times.utc, "timestamp_zone": times.zone, "yearless": times.yearless}
    columns["status"] = pl.Series([_status(value) for value in shape.all("status", records)], dtype=pl.Int32())
    if shape.paths["duration_ms"] or shape.paths["duration_s"]:
        columns["duration_ms"] = pl.Series([_milliseconds(record, shape) for record in records], dtype=pl.Float64())
    return with_messages(head_frame(count, columns))


def _levels(records: list[Record], shape: Shape) -> list[str | None]:
    """The level of each record; each written level is looked up once."""
    numbers = shape.flavour.numbers
    known: dict[Any, str | None] = {}
    levels: list[str | None] = []
    for record, written in zip(records, shape.all("level", records), strict=True):
        level = None
        if type(written) in (str, int):
            if written not in known:
                known[written] = level_of(written, numbers)
            level = known[written]
        levels.append(level or shape.level(record))
    return levels


def _times(written: list[Any]) -> Times:
    """The times of fields that hold texts, numbers, or both."""
    if all(type(value) is str or value is None for value in written):
        return read_any_times(pl.Series(written, dtype=pl.String()))
    if all(type(value) in (int, float) or value is None for value in written):
        return read_numbers(pl.Series(written, dtype=pl.Float64(), strict=False))
    single = JsonTimes()
    pairs = [single.read(value) for value in written]
    return Times(
        pl.Series([time for time, _ in pairs], dtype=UTC_TIME),
        pl.Series([zone for _, zone in pairs], dtype=pl.String()),
    )


def _decoded(written: str) -> Record | None:
    if written.count("{") + written.count("[") > _MAX_OPEN * 8:
        return None
    try:
        return _DECODER.decode(written.strip().rstrip(","))
    except (msgspec.DecodeError, RecursionError):
        return None


def _row(number: int, record: Record, shape: Shape, times: JsonTimes) -> Record:
    row: Record = {name: _as_text(shape.first(name, record)) for name in TEXT_FIELDS}
    row["timestamp"], row["timestamp_zone"] = times.read(shape.first("time", record))
    row |= {
        "line": number,
        "format": shape.flavour.name,
        "level": shape.level(record),
    }
    row["status"] = _status(shape.first("status", record))
    row["duration_ms"] = _milliseconds(record, shape)
    return row


def _status(value: Any) -> int | None:
    if isinstance(value, str) and len(value) == 3 and value.isdecimal():
        return int(value)
    return value if type(value) is int and 0 <= value < 1000 else None


def _as_text(value: Any) -> str | None:
    """Strings and numbers as they are; of an object only what says which error it is; of a list its lines."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        inner = next((value[key] for key in _INNER_TEXT if isinstance(value.get(key), str)), None)
        return inner if isinstance(inner, str) else None
    if isinstance(value, list) and value and all(type(item) is int and 0 <= item < 256 for item in value):
        return bytes(value).decode("utf-8", "replace")  # journald's form for what is not UTF-8 or holds escapes
    if isinstance(value, list):
        return "\n".join(item for item in value if isinstance(item, str)) or None
    return str(value)


def _milliseconds(record: Record, shape: Shape) -> float | None:
    for field, factor in (("duration_ms", 1.0), ("duration_s", 1000.0)):
        value = shape.first(field, record)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12:
            return value * factor
    return None


def _frame(rows: list[Record]) -> pl.DataFrame:
    schema = {name: dtype for name, dtype in HEAD.items() if name not in ("bare", "timed", "yearless")}
    frame = pl.DataFrame(rows, schema=schema, orient="row") if rows else pl.DataFrame(schema=schema)
    frame = frame.with_columns(strip_controls(frame[name].cast(pl.String())) for name in TEXT_FIELDS)
    constant = [pl.lit(False).alias(name) for name in ("bare", "timed", "yearless")]
    return with_messages(frame.with_columns(constant).select(pl.col(name).cast(dtype) for name, dtype in HEAD.items()))
