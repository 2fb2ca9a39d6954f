"""What to take from JSON objects that have the same keys: the flavour of their logger, and the way to each field."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

import polars as pl

from signal_pipeline.parsing.logs.formats.json_keys import FLAVOURS, KEYS, JsonFlavour
from signal_pipeline.parsing.logs.levels import level_of

TEXT_FIELDS = (
    "message", "component", "thread", "exception_class", "error_text", "stack_trace", "trace_id", "request_id",
    "method", "url",
)  # fmt: skip
Record = dict[str, Any]


class Shape:
    """What to take from all objects that have the same keys in the same order."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        have = set(keys)
        self.flavour: JsonFlavour = next(flavour for flavour in FLAVOURS if flavour.keys <= have)
        self.paths: dict[str, list[Callable[[Record], Any]]] = {}
        for field, candidates in KEYS.items():
            getters = [_getter(path, have) for path in candidates if path in have or path.split(".", 1)[0] in have]
            self.paths[field] = getters

    def level(self, record: Record) -> str | None:
        """The first level field that is on a known scale."""
        values = (getter(record) for getter in self.paths["level"])
        return next((level for value in values if (level := level_of(value, self.flavour.numbers))), None)

    def all(self, field: str, records: list[Record]) -> list[Any]:
        """What `field` holds in each record."""
        getters = self.paths[field]
        if not getters:
            return [None] * len(records)
        values = [getters[0](record) for record in records]
        if len(getters) > 1:
            values = [
                self.first(field, record) if value is None or value == "" else value
                for value, record in zip(values, records, strict=True)
            ]
        return values

    def first(self, field: str, record: Record) -> Any:
        for getter in self.paths[field]:
            value = getter(record)
            if value is not None and value != "":
                return value
        return None


def _getter(path: str, have: set[str]) -> Callable[[Record], Any]:
    if path in have:
        return itemgetter(path)
    first, *others = path.split(".")

    def inside(record: Record) -> Any:
        value = record[first]
        for part in others:
            if not isinstance(value, dict):
                return None
            value = value.get(part)
        return value

    return inside


_NAME = r"^(?:[A-Za-z_]\w*(?:\.|::|\\))*[A-Z]\w*(?:Error|Exception)$"


def with_messages(heads: pl.DataFrame) -> pl.DataFrame:
    """Records without a message tell by their error; those of requests get theirs later, from the redacted URL. A trace
    that is nothing but the name of an exception is its class."""
    if (named := heads["stack_trace"].str.contains(_NAME).fill_null(False)).any():
        heads = heads.with_columns(
            heads["exception_class"].zip_with(heads["exception_class"].is_not_null() | ~named, heads["stack_trace"]),
            heads["stack_trace"].set(named, None),
        )
    unsaid = {flavour.name: flavour.level for flavour in FLAVOURS if flavour.level}
    request = pl.col("method").is_not_null() & pl.col("url").is_not_null()
    said_first = pl.coalesce("message", "error_text", "exception_class", pl.lit(""))
    same = (pl.col("error_text") == pl.col("message")).fill_null(False)
    return heads.with_columns(
        pl.when(pl.col("message").is_null() & request).then(None).otherwise(said_first).alias("message"),
        pl.when(same).then(None).otherwise(pl.col("error_text")).alias("error_text"),
        pl.coalesce("level", pl.col("format").replace_strict(unsaid, default=None, return_dtype=pl.String())).alias(
            "level"
        ),
    )
