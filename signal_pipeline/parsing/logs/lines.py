"""A stretch of a file as lines: the text of each, where it begins and how long it was. Bytes come from
blocks.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from signal_pipeline.parsing.logs.control_characters import holds_controls, strip_controls

Ints = npt.NDArray[np.int64]
Units = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
_LF, _CR = 10, 13
_MARK = "\ufeff".encode()
_WORTH_A_SPLIT = 64 * 1024
_WORTH_THE_READER = 1024 * 1024


@dataclass(frozen=True)
class Lines:
    """Lines of a file, or what stands for one: a record that fills several in a JSON document.

    `text` is decoded and free of control characters; `offset` and `length` are bytes in the file, without
    the line end; `number` is the 1-based number of the line in the file, `span` how many lines it fills (None: one
    each). `cut` marks lines of which only the beginning was kept.
    """

    text: pl.Series
    offset: Ints
    length: Ints
    number: Ints
    cut: npt.NDArray[np.bool_]
    replaced: bool
    span: Ints | None = None

    def __len__(self) -> int:
        return len(self.offset)

    @property
    def last_number(self) -> Ints:
        """The number of the last line that each fills."""
        return self.number if self.span is None else self.number + self.span - 1

    def taken(self, which: slice | Ints) -> Lines:
        """Some of the lines, or all in another order."""
        text = self.text[which] if isinstance(which, slice) else self.text.gather(which)
        span = None if self.span is None else self.span[which]
        return Lines(
            text, self.offset[which], self.length[which], self.number[which], self.cut[which], self.replaced, span
        )

    def part(self, start: int, stop: int) -> Lines:
        """Lines `start` to `stop`, counted from 0."""
        return self.taken(slice(start, stop))

    @staticmethod
    def joined(first: Lines, second: Lines) -> Lines:
        """`first` and the lines right after it."""
        spans = None if first.span is None or second.span is None else np.concatenate([first.span, second.span])
        return Lines(
            pl.concat([first.text, second.text], rechunk=True),
            np.concatenate([first.offset, second.offset]),
            np.concatenate([first.length, second.length]),
            np.concatenate([first.number, second.number]),
            np.concatenate([first.cut, second.cut]),
            first.replaced or second.replaced,
            spans,
        )


def split_lines(data: bytes, base: int, first_number: int, encoding: str, max_line_bytes: int) -> Lines:
    """The lines of `data`, which begins at byte `base` of the file and ends at a line border (or the file's end).

    Line ends are \\n, \\r\\n and \\r, also mixed. `encoding` is utf-8, utf-16-le or utf-16-be; what cannot be
    decoded becomes U+FFFD.
    """
    width = 2 if encoding.startswith("utf-16") else 1
    units = _units(data, encoding)
    has_returns = b"\r" in data
    starts, ends = _borders(units, has_returns)
    series, replaced = _text(data, encoding, len(starts))
    lengths = (ends - starts) * width
    cut = lengths > max_line_bytes
    if cut.any():
        series = series.str.slice(0, max_line_bytes // width)
    numbers = np.arange(first_number, first_number + len(starts))
    return Lines(series, base + starts * width, lengths, numbers, cut, replaced)


def _text(data: bytes, encoding: str, count: int) -> tuple[pl.Series, bool]:
    """The `count` lines without control characters, and whether something had to be replaced."""
    series = _plain_lines(data, count) if encoding == "utf-8" else None
    replaced, written = False, data
    if series is None:
        text, replaced = _decoded(data, encoding)
        series = _series(text, count)
        written = data if encoding == "utf-8" else text.encode()
    if written.find(_MARK, len(_MARK)) >= 0:
        series = series.str.strip_prefix("\ufeff")
    return (strip_controls(series) if holds_controls(written) else series), replaced


def _plain_lines(data: bytes, count: int) -> pl.Series | None:
    """The lines of UTF-8 text with line feeds only, at a third of the cost; None for any other."""
    if len(data) < _WORTH_THE_READER or b"\r" in data or data.startswith(b"\xef\xbb\xbf"):
        return None
    try:
        series = pl.read_lines(data).to_series().alias("text")
    except pl.exceptions.ComputeError:
        return None
    return series if len(series) == count else None


def _units(data: bytes, encoding: str) -> Units:
    if encoding == "utf-8":
        return np.frombuffer(data, np.uint8)
    whole = data[: len(data) // 2 * 2]
    return np.frombuffer(whole, "<u2" if encoding == "utf-16-le" else ">u2")


def _borders(units: Units, has_returns: bool) -> tuple[Ints, Ints]:
    """Where lines begin and end (the end is that of the text, before the line end), in code units."""
    feeds = np.flatnonzero(units == _LF)
    ends = _with_lone_returns(feeds, units) if has_returns else feeds
    starts = np.concatenate([[0], ends + 1])
    if len(ends) and ends[-1] + 1 == len(units):
        starts = starts[:-1]
    else:
        ends = np.append(ends, len(units))
    if has_returns:
        before = np.maximum(ends - 1, 0)
        two = (before >= starts) & (ends < len(units)) & (units[before] == _CR)
        two &= units[np.minimum(ends, len(units) - 1)] == _LF
        ends = ends - two
    return starts, ends


def _with_lone_returns(feeds: Ints, units: Units) -> Ints:
    """The line ends at `feeds` and those at each \\r that no \\n follows."""
    returns = np.flatnonzero(units == _CR)
    followed = np.zeros(len(returns), bool)
    inside = returns + 1 < len(units)
    followed[inside] = units[returns[inside] + 1] == _LF
    if followed.all():
        return feeds
    return np.sort(np.concatenate([feeds, returns[~followed]]))


def _decoded(data: bytes, encoding: str) -> tuple[str, bool]:
    """The text with \\n as the only line end, and whether something had to be replaced."""
    if encoding == "utf-8" and b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        text, replaced = data.decode(encoding), False
    except UnicodeDecodeError:
        text, replaced = data.decode(encoding, "replace"), True
    if encoding != "utf-8" and "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, replaced


def _series(text: str, count: int) -> pl.Series:
    if len(text) < _WORTH_A_SPLIT:
        series = pl.Series("text", text.split("\n"), dtype=pl.String())
    else:
        series = pl.Series("text", [text], dtype=pl.String()).str.split("\n").explode()
    if series.len() == count + 1:
        series = series.slice(0, count)
    return series
