"""JSON lines that are flat and alike, read as columns by one pattern. What differs in any way is left to
json_lines.py, with the same result.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from signal_pipeline.parsing.logs.any_times import read_any_times, read_numbers
from signal_pipeline.parsing.logs.formats.json_keys import KEYS
from signal_pipeline.parsing.logs.heads import head_frame
from signal_pipeline.parsing.logs.json_shapes import TEXT_FIELDS, Shape, with_messages
from signal_pipeline.parsing.logs.levels import level_of
from signal_pipeline.parsing.logs.timestamps import Times, no_times

_SAMPLE_LINES = 50
_MAX_SAMPLE_CHARS = 4_096
_WORTH_A_PATTERN = 256
_LEAST_SHARE = 0.1
_MAX_PATTERNS = 4
_MAX_KEYS = 32
"""With more keys the pattern gets too large for the regex engine's fast ways."""

Kind = Literal["string", "integer", "number"]
_NUMBER_FIELDS = frozenset(("time", "duration_ms", "duration_s"))
_ONE_KIND_FIELDS = ("time", "status", "duration_ms", "duration_s")
_PLAIN_KEY = re.compile(r"[0-9A-Za-z_@.$/-]{1,64}")
_GAP = r"[ \t]*"
_KEPT: dict[Kind, str] = {
    "string": r'(?:"(?P<{name}>[^"\\\x00-\x1f]*)"|null)',
    "integer": r"(?:(?P<{name}>0|-?[1-9][0-9]{{0,18}})|null)",
    "number": r"(?:(?P<{name}>-?(?:0|[1-9][0-9]{{0,18}})(?:\.[0-9]{{1,18}})?(?:[eE][+-]?[0-9]{{1,2}})?)|null)",
}
"""Values by kind. Strings with escapes do not fit: their text is not what is written."""
_SKIPPED: dict[Kind | None, str] = {
    "string": r'(?:"[^"\\\x00-\x1f]*"|null)',
    "integer": r"(?:-?(?:0|[1-9][0-9]*)|null)",
    "number": r"(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?|null)",
    None: "(?:true|false|null)",
}


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it is written: keys in order, repeated ones too."""


@dataclass(frozen=True)
class _Template:
    """The keys of a line in order, the kind of each value (None for true, false and null), and which keys are kept."""

    keys: tuple[str, ...]
    kinds: tuple[Kind | None, ...]
    kept: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """Matches the lines of this template and no other text; group k3 holds the value of `kept[3]`."""
        names = {key: f"k{number}" for number, key in enumerate(self.kept)}
        pairs = [
            f'"{re.escape(key)}"{_GAP}:{_GAP}'
            + (_KEPT[kind].format(name=names[key]) if kind and key in names else _SKIPPED[kind])
            for key, kind in zip(self.keys, self.kinds, strict=True)
        ]
        return rf"^\{{{_GAP}{f'{_GAP},{_GAP}'.join(pairs)}{_GAP}\}}{_GAP}$"


def column_heads(line: pl.Series, text: pl.Series) -> tuple[list[pl.DataFrame], pl.Series, pl.Series]:
    """Heads of those lines that are flat JSON objects alike many others (columns: heads.HEAD), and the other lines."""
    heads: list[pl.DataFrame] = []
    while text.len() >= _WORTH_A_PATTERN and len(heads) < _MAX_PATTERNS:
        template = _most_common(text.gather_every(-(-text.len() // _SAMPLE_LINES)).to_list())
        if template is None:
            break
        groups = text.str.extract_groups(rf"(?P<all>{template.pattern})").struct.unnest()
        fits = groups["all"].is_not_null()
        if not fits.any():
            break
        if fits.all():
            return [*heads, _heads(line, groups, template)], line.clear(), text.clear()
        heads.append(_heads(line.filter(fits), groups.filter(fits), template))
        line, text = line.filter(~fits), text.filter(~fits)
    return heads, line, text


def _most_common(sample: list[str]) -> _Template | None:
    """The template of most lines of `sample`; None when too few lines have one in common."""
    found = Counter(template for written in sample if (template := _template_of(written)))
    if not found:
        return None
    template, count = found.most_common(1)[0]
    return template if count >= _LEAST_SHARE * len(sample) else None


def _template_of(written: str) -> _Template | None:
    if len(written) > _MAX_SAMPLE_CHARS:
        return None
    try:
        pairs = json.loads(written, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return None
    keys = tuple(key for key, _ in pairs) if isinstance(pairs, _Pairs) else ()
    if not keys or len(keys) > _MAX_KEYS or len(set(keys)) < len(keys):
        return None
    if not all(_PLAIN_KEY.fullmatch(key) for key in keys) or any(isinstance(value, list) for _, value in pairs):
        return None
    kinds = {key: _kind_of(value, _fields_of(key)) for key, value in pairs}
    kept = tuple(key for key in keys if _fields_of(key))
    if not all(kinds[key] for key in kept) or _is_mixed({key: kinds[key] for key in kept}):
        return None
    return _Template(keys, tuple(kinds.values()), kept)


def _fields_of(key: str) -> list[str]:
    return [field for field, keys in KEYS.items() if key in keys]


def _kind_of(value: Any, fields: Iterable[str]) -> Kind | None:
    """The kind of a value that is kept for `fields`; None for a value that none of them can hold."""
    if value is None or isinstance(value, str):
        return "string"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if _NUMBER_FIELDS.issuperset(fields):
        return "number"
    return "integer" if isinstance(value, int) else None


def _is_mixed(kinds: dict[str, Kind | None]) -> bool:
    """Whether a field may come from keys of different kinds, of which only one line at a time knows the right one."""
    return any(len({kinds[key] for key in KEYS[field] if key in kinds}) > 1 for field in _ONE_KIND_FIELDS)


def _heads(line: pl.Series, groups: pl.DataFrame, template: _Template) -> pl.DataFrame:
    fields = _Fields(groups, template)
    times = fields.times()
    columns: dict[str, pl.Series | str | bool] = {
        "line": line,
        "format": fields.shape.flavour.name,
        "bare": False,
        "timed": False,
        "timestamp": times.utc,
        "timestamp_zone": times.zone,
        "yearless": times.yearless,
    }
    found = {name: fields.written(name) for name in TEXT_FIELDS}
    found |= {"level": fields.level(), "status": fields.status(), "duration_ms": fields.milliseconds()}
    columns |= {name: column for name, column in found.items() if column is not None}
    return with_messages(head_frame(line.len(), columns))


class _Fields:
    """The fields of the lines of one template, from the values of their keys as they are written."""

    def __init__(self, groups: pl.DataFrame, template: _Template) -> None:
        self.shape = Shape(template.keys)
        self._kinds = dict(zip(template.keys, template.kinds, strict=True))
        self._values = {key: groups[f"k{number}"] for number, key in enumerate(template.kept)}
        self._count = groups.height

    def _keys(self, field: str) -> list[str]:
        return [key for key in KEYS[field] if key in self._values]

    def written(self, field: str) -> pl.Series | None:
        """The first value that holds something."""
        values = [self._values[key] for key in self._keys(field)]
        if len(self.shape.paths[field]) > 1:
            values = [value.replace("", None) if (value == "").any() else value for value in values]
        if len(values) < 2:
            return values[0] if values else None
        return pl.select(pl.coalesce([pl.lit(value) for value in values])).to_series()

    def _kind(self, field: str) -> Kind | None:
        return next((self._kinds[key] for key in self._keys(field)), None)

    def times(self) -> Times:
        written = self.written("time")
        if written is None:
            return no_times(self._count)
        if self._kind("time") == "string":
            return read_any_times(written)
        return read_numbers(written.cast(pl.Float64(), strict=False))

    def level(self) -> pl.Series | None:
        """The first value that is on a known scale."""
        numbers = self.shape.flavour.numbers
        columns = []
        for key in self._keys("level"):
            is_number = self._kinds[key] == "integer"
            distinct = self._values[key].unique().drop_nulls().to_list()
            known = {value: level_of(int(value) if is_number else value, numbers) for value in distinct}
            columns.append(self._values[key].replace_strict(known, default=None, return_dtype=pl.String()))
        return pl.select(pl.coalesce([pl.lit(column) for column in columns])).to_series() if columns else None

    def status(self) -> pl.Series | None:
        written = self.written("status")
        if written is None:
            return None
        digits = r"^[0-9]{3}$" if self._kind("status") == "string" else r"^[0-9]{1,3}$"
        return written.str.extract(f"({digits})", 1).cast(pl.Int32())

    def milliseconds(self) -> pl.Series | None:
        columns = []
        for field, factor in (("duration_ms", 1.0), ("duration_s", 1000.0)):
            written = self.written(field)
            if written is not None and self._kind(field) == "number":
                value = written.cast(pl.Float64(), strict=False)
                columns.append((value * factor).set(~value.is_between(0, 1e12, closed="left").fill_null(False), None))
        return pl.select(pl.coalesce([pl.lit(column) for column in columns])).to_series() if columns else None
