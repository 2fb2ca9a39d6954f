"""What a schema of a frame is: columns with types and words, what breaks it, and how older frames come up to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

# What an entry is; rules branch on it, never on the kind of file that it came from.
EXCHANGE = "exchange"
RECORD = "record"
FLOW = "flow"
EVENT = "event"

# The format of records that are lines of written text: they tell of errors, and none says that one happened.
DOCUMENT = "document"


@dataclass(frozen=True)
class Column:
    """One column: its polars type, whether nulls are allowed, and what it holds (with its unit)."""

    name: str
    dtype: pl.DataType
    description: str
    nullable: bool = True


# Before entries had a role, it followed from the kind of their file.
_ROLE = (
    pl.col("kind")
    .cast(pl.String())
    .replace_strict({"har": EXCHANGE}, default=RECORD, return_dtype=pl.String())
    .alias("role")
)


@dataclass(frozen=True)
class FrameSchema:
    """An ordered set of columns."""

    name: str
    columns: tuple[Column, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Names of columns in frames that an earlier version stored, and what they are called now."""

    @property
    def polars(self) -> dict[str, pl.DataType]:
        return {column.name: column.dtype for column in self.columns}

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema=self.polars)

    def upgraded(self, stored: pl.LazyFrame) -> pl.LazyFrame:
        """A stored frame, as this version would have stored it: columns of new names, the role of each entry, and
        nulls for what was not known then."""
        have = set(stored.collect_schema().names())
        old = {name: new for name, new in self.renamed.items() if name in have and new not in have}
        frame = stored.rename(old) if old else stored
        have = have - set(old) | set(old.values())
        if "role" in self.names and "role" not in have:
            frame, have = frame.with_columns(_ROLE), have | {"role"}
        new = [pl.lit(None, c.dtype).alias(c.name) for c in self.columns if c.nullable and c.name not in have]
        return frame.with_columns(new) if new else frame

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Exactly these columns in this order: missing ones are null, others are dropped, types are cast."""
        if list(frame.schema.items()) == list(self.polars.items()):
            return frame
        have = set(frame.columns)
        if "role" in self.names and "role" not in have and "kind" in have:
            frame, have = frame.with_columns(_ROLE), have | {"role"}
        return frame.select_seq(
            (pl.col(c.name) if c.name in have else pl.lit(None)).cast(c.dtype).alias(c.name) for c in self.columns
        )

    def violations(self, schema: Mapping[str, pl.DataType], null_counts: Mapping[str, int]) -> list[str]:
        """What of `schema` and `null_counts` breaks this contract, in words; empty when all holds."""
        found = [f"column {c.name} is missing" for c in self.columns if c.name not in schema]
        found += [f"column {name} is not in the contract" for name in schema if name not in self.polars]
        found += [
            f"column {c.name} is {schema[c.name]}, not {c.dtype}"
            for c in self.columns
            if c.name in schema and schema[c.name] != c.dtype
        ]
        found += [
            f"column {c.name} has {null_counts[c.name]} nulls"
            for c in self.columns
            if not c.nullable and null_counts.get(c.name, 0)
        ]
        return found
