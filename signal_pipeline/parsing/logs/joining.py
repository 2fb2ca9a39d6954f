"""Which lines without a header belong to the record before them, and which begin a record of free text."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from signal_pipeline.parsing.logs.continued_lines import continue_above
from signal_pipeline.parsing.logs.formats.catalog import SINGLE_LINE_FORMATS
from signal_pipeline.parsing.logs.levels import LOUD, QUIET
from signal_pipeline.parsing.logs.lines import Ints
from signal_pipeline.stack_traces.continuation import EXCEPTION_LINE, TRACE_START
from signal_pipeline.stack_traces.last_words import EXHAUSTED, LAST_WORDS
from signal_pipeline.text_shapes.short_column import ShortColumn

Flags = npt.NDArray[np.bool_]
_TRACEBACK = r"^\s*(?:[|+] *)*Traceback \(most recent call last\)"
_PYTHON_END = r"^[A-Za-z_][0-9A-Za-z_.]*(?::|$)"
_ERROR_WORD = (
    r"(?i)\b(?:error|exception|fatal|panic|fail(?:ed|ure)?|traceback|segfault|abort(?:ed)?)\b"
    r"|[a-z](?:error|exception)\b"
)
_OF_DEVELOPERS = ("trace", "debug")
_STRONG_SHARE = 0.4
_FEW_SHARE = 0.5
_OF_HEADS = (
    (pl.col("format").is_in(SINGLE_LINE_FORMATS) | pl.col("format").str.starts_with("json")).alias("single"),
    pl.col("level").is_in(LOUD).fill_null(False).alias("loud"),
    pl.col("level").is_in(QUIET).fill_null(False).alias("quiet"),
    pl.col("level").is_in(_OF_DEVELOPERS).fill_null(False).alias("of_developers"),
    ((pl.col("message") == "").fill_null(False) & (pl.col("timed") | ~pl.col("bare"))).alias("empty"),
)
"""What is asked of each head, in one query: one query per question costs more than the lines of a small file."""


def opening_lines(
    heads: pl.DataFrame, rest: pl.DataFrame, source: Ints | None = None, *, apart: bool = False
) -> pl.Series:
    """The lines among `rest` (columns line and text: those without a header, not blank) that begin a record.

    A file most of whose records have headers is assumed to be correct: other lines continue the record before
    them, but an error is not hidden behind a quiet record, unless it is the trace right below a record of level
    debug, which a logger wrote with it. What a shell says of a process that was killed is a record of its own. In free
    text each line is a record, save what continues a trace. A trace right below a record of level error is that
    error's, with a time or without. Records that fill one line by construction (JSON, access logs) are continued by
    nothing. `source` says whose output each line of the text is: no line continues a record of another source, and each
    is judged by itself. With `apart` lines came one by one, so that records of one line are usual even where most have
    a time.
    """
    lines = _Lines(heads, rest, source)
    opens = np.zeros(len(lines.at), bool)
    loose = ~lines.continues & ~lines.ends_trace
    hidden = lines.error_like & lines.owner_quiet & (loose | lines.starts) & ~lines.logged_trace
    of_strong = lines.owner_strong & ~lines.behind_own_start(hidden | lines.last_words)
    of_weak = lines.owner_strong & lines.starts & ~lines.owner_quiet & lines.follows_head
    joins = np.where(lines.strong & (not apart), of_strong, of_weak)
    joins |= lines.owner_loud & lines.starts & lines.follows_head
    joins |= lines.owner_empty
    opens |= loose & ~joins
    open_owner = (lines.owner_strong & ~lines.owner_quiet) | (lines.owner_loud & lines.follows_head) | lines.owner_empty
    opens |= lines.continues & lines.starts & ~lines.in_trace & ~open_owner & ~lines.logged_trace
    opens |= lines.nothing_to_continue | lines.last_words
    opens = opens | _first_after_single(lines, opens)
    return rest["line"].filter(pl.Series(opens))


def without_stray_levels(heads: pl.DataFrame) -> pl.DataFrame:
    """`heads` without those that are a level word alone, when most have a time: `WARNING: a` below such a head is a
    line of its record, as compilers and drivers write them. Errors stay records of their own."""
    stray = heads["bare"] & ~heads["timed"] & ~heads["level"].is_in(LOUD).fill_null(True)
    timed = heads["timed"].to_numpy()
    if not stray.any() or int(stray.sum()) > _FEW_SHARE * int(timed.sum()):
        return heads
    behind = np.maximum.accumulate(timed)
    return heads.filter(~(stray & pl.Series(behind)))


class _Lines:
    """What is known of each line without a header, as arrays beside each other."""

    def __init__(self, heads: pl.DataFrame, rest: pl.DataFrame, source: Ints | None) -> None:
        written = ShortColumn(rest["text"])
        self.at = rest["line"].to_numpy()
        self.continues: Flags = continue_above(rest["text"]).to_numpy()
        self.starts: Flags = written.contain(TRACE_START).to_numpy()
        self.error_like: Flags = self.starts | written.contain(_ERROR_WORD).to_numpy()
        self._heads = heads["line"].to_numpy()
        self.owner = np.searchsorted(self._heads, self.at, "right") - 1
        if source is not None and len(self._heads):
            foreign = source[self._heads[np.maximum(self.owner, 0)]] != source[self.at]
            self.owner = np.where(foreign | (self.owner < 0), -1 - source[self.at], self.owner)
        kinds = heads.select_seq(_OF_HEADS)
        single = _per_owner(kinds["single"], self.owner)
        timed = _per_owner(heads["timed"], self.owner)
        self.owner_single: Flags = single
        self.owner_strong: Flags = timed & ~single
        self.owner_loud: Flags = ~single & _per_owner(kinds["loud"], self.owner)
        self.owner_quiet: Flags = _per_owner(kinds["quiet"], self.owner)
        self.owner_empty: Flags = _per_owner(kinds["empty"], self.owner)
        self.strong: Flags = self._strong(heads, source)
        previous = np.concatenate([[-2], self.at[:-1]])
        self.adjacent: Flags = np.concatenate([[False], self.owner[1:] == self.owner[:-1]])
        self.follows_head: Flags = (
            self._heads[np.maximum(self.owner, 0)] >= previous if len(self._heads) else np.zeros(len(self.at), bool)
        )
        self.nothing_to_continue: Flags = (self.owner < 0) & ~self.adjacent
        indented = written.contain(r"^\s").to_numpy()
        before_indented = np.concatenate([[False], indented[:-1]]) & self.adjacent
        in_python = self._since(written.contain(_TRACEBACK).to_numpy())
        named = written.contain(EXCEPTION_LINE).to_numpy()
        short_end = written.contain(_PYTHON_END).to_numpy() | named
        followed = np.concatenate([self.continues[1:], [False]]) & np.concatenate([self.adjacent[1:], [False]])
        of_debug = _per_owner(kinds["of_developers"], self.owner)
        self.logged_trace: Flags = of_debug & timed & named & followed & self.follows_head
        exhausted = written.contain(EXHAUSTED).to_numpy() & ~followed
        self.last_words: Flags = written.contain(LAST_WORDS).to_numpy() | (exhausted & ~self.owner_loud)
        self.ends_trace: Flags = before_indented & in_python & short_end
        inside = (self.continues | self.starts) & ~self.ends_trace
        self.in_trace: Flags = np.concatenate([[False], inside[:-1]]) & self.adjacent

    def _strong(self, heads: pl.DataFrame, source: Ints | None) -> Flags:
        """Which lines are of a file, or of a source, most of whose records have headers with a time."""
        if source is None:
            timed, records = int(heads["timed"].sum()), heads.height + int((~self.continues).sum())
            return np.full(len(self.at), timed > _STRONG_SHARE * records)
        count = int(source.max(initial=0)) + 1
        of_head = source[self._heads]
        with_time = np.bincount(of_head[heads["timed"].to_numpy()], minlength=count)
        all_of_it = np.bincount(of_head, minlength=count) + np.bincount(
            source[self.at[~self.continues]], minlength=count
        )
        enough: Flags = (with_time > _STRONG_SHARE * all_of_it)[source[self.at]]
        return enough

    def _since(self, marks: Flags) -> Flags:
        """Whether a mark comes before a line, after the head that owns it."""
        places = np.where(marks, self.at, -1)
        last = np.maximum.accumulate(places) if len(places) else places
        head = np.where(self.owner >= 0, self._heads[np.maximum(self.owner, 0)] if len(self._heads) else -1, -1)
        return (last >= 0) & (last >= head)

    def behind_own_start(self, starts: Flags) -> Flags:
        """The lines that begin a record of their own because of `starts`, and those of the same owner after them."""
        return self._since(starts)


def _per_owner(column: pl.Series, owner: npt.NDArray[np.int64]) -> Flags:
    values = column.to_numpy().astype(bool)
    if not len(values):
        return np.zeros(len(owner), bool)
    found: Flags = values[np.maximum(owner, 0)] & (owner >= 0)
    return found


def _first_after_single(lines: _Lines, opens: Flags) -> Flags:
    """The first line after a record that cannot be continued."""
    first: Flags = lines.owner_single & ~lines.adjacent & ~opens
    return first
