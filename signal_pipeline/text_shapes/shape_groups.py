"""Rows of a text column that differ in lone digits only, so that what cannot depend on these is found out once.

Logs repeat their words and vary their numbers: 2,000 lines of a system have some hundred shapes. What digits are lone,
and which patterns cannot tell them apart, is in `digit_blind_patterns.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from signal_pipeline.text_shapes.digit_blind_patterns import is_blind, widened

_WORTH_GROUPING = 64
_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_FEED = "\x1e"
_LARGE = 2 * 1024 * 1024
_PIECE = 256 * 1024
_ROUNDS = 64
"""Runs of digits after a letter are followed so far step by step; the rare longer ones as a whole."""

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class ShapeGroups:
    """A column without nulls, its `representatives`, and for each row the number of its representative.

    A representative is the text of a group whose lone digits are all 0, so it is the same in every column."""

    values: pl.Series
    representatives: pl.Series
    number: pl.Series

    @staticmethod
    def of(values: pl.Series) -> ShapeGroups:
        """Groups the rows of a String column without nulls."""
        shapes = lone_digits_zeroed(values) if len(values) >= _WORTH_GROUPING else None
        if shapes is None:
            return ShapeGroups(values, values, pl.int_range(len(values), dtype=pl.UInt32, eager=True))
        first = _first_of_each(shapes)
        leading = first == np.arange(len(first), dtype=first.dtype)
        number = (np.cumsum(leading, dtype=np.uint32) - np.uint32(1))[first]
        return ShapeGroups(values, shapes.filter(pl.Series(leading)).alias(values.name), pl.Series(number))

    def spread(self, found: pl.Series) -> pl.Series:
        """What was found for each representative, for each row."""
        return found if found.len() == self.number.len() else found.gather(self.number)

    def blindly(self, function: Callable[[pl.Series], pl.Series]) -> pl.Series:
        """`function(values)`, for a function whose results cannot depend on lone digits."""
        return self.spread(function(self.representatives))

    def may_contain(self, pattern: str) -> pl.Series:
        """False only for rows that cannot match `pattern`."""
        return self.blindly(lambda representatives: representatives.str.contains(widened(pattern)))

    def contains(self, pattern: str) -> pl.Series:
        """`values.str.contains(pattern)`."""
        found = self.may_contain(pattern)
        if is_blind(pattern):
            return found
        rows = found.arg_true()
        return found.scatter(rows, self.values.gather(rows).str.contains(pattern)) if len(rows) else found


def _first_of_each(shapes: pl.Series) -> npt.NDArray[np.uint32]:
    """For each row the first one with the same text."""
    hashed = pl.DataFrame({"key": shapes.hash(), "row": pl.int_range(len(shapes), dtype=pl.UInt32, eager=True)})
    first = hashed.select(pl.col("row").first().over("key"))["row"]
    # Equal hashes prove nothing: a text could be made to have the hash of a harmless one.
    if not (shapes.gather(first) == shapes).all():
        first = hashed.with_columns(shapes.alias("key")).select(pl.col("row").first().over("key"))["row"]
    return first.to_numpy()


def lone_digits_zeroed(values: pl.Series) -> pl.Series | None:
    """The values with 0 for each lone digit; None for columns with characters that would make them other rows."""
    text = _joined(values)
    many_lines = text.count("\n") != len(values)
    if many_lines:
        if _FEED in text:
            return None
        text = _joined(values.str.replace_all("\n", _FEED, literal=True))
    data = text.encode()
    if b"\r" in data or data.startswith(b"\xef\xbb\xbf"):
        return None
    shapes = _lines(_zeroed(data))
    return shapes.str.replace_all(_FEED, "\n", literal=True) if many_lines else shapes


def _lines(data: bytes) -> pl.Series:
    """The lines of UTF-8 text that ends in a line feed. The reader of files is faster, but takes 12 MB at first."""
    if len(data) > _LARGE:
        return pl.read_lines(data).to_series()
    return pl.Series([data[:-1].decode()]).str.split("\n").explode()


def _joined(values: pl.Series) -> str:
    return str(values.str.join("\n").item()) + "\n"


def _zeroed(data: bytes) -> bytes:
    flat = bytearray(data.translate(_ZEROS))
    units, out = np.frombuffer(data, np.uint8), np.frombuffer(flat, np.uint8)
    named, before_x = _kept_digits(units)
    _restore(out, units, named)
    out[before_x] = units[before_x]
    return bytes(flat)


def _kept_digits(units: Bytes) -> tuple[Places, Places]:
    """Where digits come right after a letter or underscore, and right before an x.

    Piece by piece in memory that is used again: fresh pages for each step cost five times as much as the steps.
    """
    low, digit = np.empty(_PIECE + 1, np.uint8), np.empty(_PIECE + 1, np.bool_)
    letter, both = np.empty(_PIECE + 1, np.bool_), np.empty(_PIECE, np.bool_)
    named: list[Places] = []
    before_x: list[Places] = []
    for start in range(0, len(units), _PIECE):
        piece = units[start : start + _PIECE + 1]
        size = len(piece)
        lower, digits, letters, pairs = low[:size], digit[:size], letter[:size], both[: size - 1]
        np.subtract(piece, ord("0"), out=lower)
        np.less(lower, 10, out=digits)
        np.bitwise_or(piece, 0x20, out=lower)
        np.equal(lower[1:], ord("x"), out=pairs)
        np.logical_and(pairs, digits[:-1], out=pairs)
        before_x.append(np.flatnonzero(pairs) + start)
        np.subtract(lower, ord("a"), out=lower)
        np.less(lower, 26, out=letters)
        np.equal(piece[:-1], ord("_"), out=pairs)
        np.logical_or(pairs, letters[:-1], out=pairs)
        np.logical_and(pairs, digits[1:], out=pairs)
        named.append(np.flatnonzero(pairs) + start + 1)
    return np.concatenate(named), np.concatenate(before_x)


def _restore(out: Bytes, units: Bytes, at: Places) -> None:
    """Writes back the runs of digits that begin at `at`. The data ends in no digit."""
    for _ in range(_ROUNDS):
        if not len(at):
            return
        out[at] = units[at]
        at = at + 1
        at = at[_is_digit(units[at])]
    if len(at):
        others = np.flatnonzero(~_is_digit(units))
        border = np.zeros(len(units), np.int8)
        border[at] = 1
        border[others[np.searchsorted(others, at)]] = -1
        inside = np.cumsum(border, dtype=np.int8).astype(np.bool_)
        out[inside] = units[inside]


def _is_digit(units: Bytes) -> npt.NDArray[np.bool_]:
    return (units - np.uint8(ord("0"))) < 10
