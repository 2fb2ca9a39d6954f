"""Heads and the lines that continue them become records: message, stack trace and where in the file they
lie.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from signal_pipeline.parsing.logs.folding import fold_traces
from signal_pipeline.parsing.logs.heads import text_heads
from signal_pipeline.parsing.logs.interleaving import with_interrupted_frames
from signal_pipeline.parsing.logs.lines import Ints, Lines
from signal_pipeline.parsing.logs.second_lines import join_second_lines
from signal_pipeline.stack_traces.continuation import EXCEPTION_LINE

_KEPT_FIRST, _KEPT_LAST = 1_500, 500
"""Of a longer trace the lines between are left out: frames repeat, the cause is at the end."""
_MAX_NESTED = 3
_TRACEBACK = r"^Traceback \(most recent call last\):\s*$"
_GROUP_TRACEBACK = r"^\s*\+ Exception Group Traceback \(most recent call last\):\s*$"
_FRAME_WITH_MESSAGE = r"^[^\s:]+\.(?:rb|rake|erb):[0-9]+:in [`'][^']*': "
"""Ruby's interpreter writes the innermost frame before the message."""
_GROUP = r"(?m)^\s*\| ([\w.]*[A-Z]\w*(?:: .*)?)$"


def assemble(heads: pl.DataFrame, text: pl.Series, lines: Lines) -> pl.DataFrame:
    """One row per record (columns of `heads` but `line`, and ordinal-free evidence: line_number, line_count,
    byte_offset, byte_length, flags).

    Lines before the first head are a record of their own.
    """
    heads, text = join_second_lines(heads, text)
    blank = (text.str.strip_chars() == "").to_numpy()
    heads = _with_orphans(heads, text, blank)
    at = heads["line"].to_numpy()
    if not len(at):
        return _with_evidence(heads, at, at, lines)
    is_head = np.zeros(len(lines), bool)
    is_head[at] = True
    following = np.flatnonzero(~is_head & ~blank)
    following = following[following >= at[0]]
    owner = np.searchsorted(at, following, "right") - 1
    if len(following):
        owner = with_interrupted_frames(heads, text, following, owner)
    folded = _folded(heads)
    if folded is not None:
        heads, text, following, owner = _without_folded(heads, text, following, folded[owner], folded)
        at = heads["line"].to_numpy()
    elif (np.diff(owner) < 0).any():
        order = np.lexsort((following, owner))
        following, owner = following[order], owner[order]
    last = at.copy()
    if len(following):
        np.maximum.at(last, owner, following)
        heads = _with_stack(heads, text, following, owner)
    return _with_evidence(heads, at, last, lines)


def _folded(heads: pl.DataFrame) -> Ints | None:
    """For each head the number of the head whose record it is part of: of a report, or of a trace. None when none is
    part of another."""
    traces = fold_traces(heads)
    if heads["block"].null_count() == heads.height:
        return traces
    own = np.arange(heads.height)
    block = heads["block"].fill_null(-1).to_numpy()
    of_block = np.where(block >= 0, np.searchsorted(heads["line"].to_numpy(), block), own)
    # The head that a trace belongs to may be a line of a report itself, and the other way round.
    owner = of_block if traces is None else np.where(of_block != own, of_block, traces)
    for _ in range(_MAX_NESTED):
        owner = owner[owner]
    return owner


def _without_folded(
    heads: pl.DataFrame, text: pl.Series, following: Ints, owner: Ints, folded: Ints
) -> tuple[pl.DataFrame, pl.Series, Ints, Ints]:
    """Heads that are part of others become lines that follow those, without what came before their message."""
    kept = folded == np.arange(len(folded))
    inside = np.flatnonzero(~kept)
    lines = heads["line"].to_numpy()[inside]
    text = text.clone().scatter(lines, heads["message"].gather(inside).fill_null(""))
    number = np.cumsum(kept) - 1
    following, owner = np.concatenate([following, lines]), number[np.concatenate([owner, folded[inside]])]
    order = np.lexsort((following, owner))
    return heads.filter(pl.Series(kept)), text, following[order], owner[order]


def _with_orphans(heads: pl.DataFrame, text: pl.Series, blank: np.ndarray) -> pl.DataFrame:
    first = int(heads["line"][0]) if heads.height else len(blank)
    before = np.flatnonzero(~blank[:first])
    if not len(before):
        return heads
    at = pl.Series([int(before[0])])
    return pl.concat([text_heads(at, text.gather(at)), heads])


def _with_stack(heads: pl.DataFrame, text: pl.Series, following: Ints, owner: Ints) -> pl.DataFrame:
    """Joins the `following` lines onto the heads with the numbers `owner`."""
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner, "left")
    size = np.searchsorted(owner, owner, "right") - np.searchsorted(owner, owner, "left")
    kept = (rank < _KEPT_FIRST) | (rank >= size - _KEPT_LAST)
    joined = (
        pl.DataFrame({"owner": owner[kept], "text": text.gather(following[kept])})
        .group_by("owner", maintain_order=True)
        .agg(pl.col("text").str.join("\n"))
    )
    stack: pl.Series = pl.repeat(None, heads.height, dtype=pl.String(), eager=True).scatter(
        joined["owner"], joined["text"]
    )
    return heads.with_columns(
        pl.concat_str([pl.col("stack_trace"), stack.alias("following")], separator="\n", ignore_nulls=True)
        .replace("", None)
        .alias("stack_trace")
    )


def _with_evidence(heads: pl.DataFrame, at: Ints, last: Ints, lines: Lines) -> pl.DataFrame:
    flags = pl.Series("flags", [""]).new_from_index(0, len(at))
    if lines.cut.any():
        flags = flags.scatter(np.flatnonzero(lines.cut[at]), "line_cut")
    return heads.select_seq(
        pl.exclude("line", "block"),
        pl.Series("line_number", lines.number[at], dtype=pl.Int64()),
        pl.Series("line_count", lines.last_number[last] - lines.number[at] + 1, dtype=pl.Int64()),
        pl.Series("byte_offset", lines.offset[at], dtype=pl.Int64()),
        pl.Series("byte_length", lines.offset[last] + lines.length[last] - lines.offset[at], dtype=pl.Int64()),
        flags,
    )


def tell(records: pl.DataFrame) -> pl.DataFrame:
    """Records whose head only opens a trace get its most telling line as message and the whole as stack trace."""
    records = _with_first_line(records)
    group = pl.col("message").str.contains(_GROUP_TRACEBACK)
    opens = (pl.col("bare") & pl.col("stack_trace").is_not_null()) | pl.col("message").str.contains(_TRACEBACK)
    if not records.select(opens.any()).item():
        return records
    python = pl.col("message").str.contains(_TRACEBACK)
    last = pl.col("stack_trace").str.extract_all(r"(?m)^[^\s].*$").list.last()
    whole = pl.concat_str([pl.col("message"), pl.col("stack_trace")], separator="\n", ignore_nulls=True)
    groups = pl.col("stack_trace").str.extract(_GROUP, 1)
    trace = pl.col("format").eq("text") & pl.col("message").str.contains(f"{EXCEPTION_LINE}|{_FRAME_WITH_MESSAGE}")
    return records.with_columns(
        pl.when(python & last.is_not_null())
        .then(last)
        .when(group & groups.is_not_null())
        .then(groups)
        .otherwise(pl.col("message"))
        .alias("message"),
        pl.when(python | group | (trace & pl.col("stack_trace").is_not_null()))
        .then(whole)
        .otherwise(pl.col("stack_trace"))
        .alias("stack_trace"),
    )


def _with_first_line(records: pl.DataFrame) -> pl.DataFrame:
    """A head that holds nothing but the time, or a bracket, takes the first line with a word below it as message."""
    wordless = (pl.col("message") == "") | pl.col("message").str.contains(r"^[\[{(]$")
    empty = wordless & pl.col("stack_trace").is_not_null()
    if not records.select(empty.any()).item():
        return records
    first = pl.col("stack_trace").str.extract(r"(?m)^([^\n]*[A-Za-z][^\n]*)$", 1).str.strip_chars()
    rest = pl.col("stack_trace").str.extract(r"^[^\n]*\n((?s:.*))$", 1)
    named = empty & first.is_not_null()
    return records.with_columns(
        pl.when(named).then(first).otherwise(pl.col("message")).alias("message"),
        pl.when(named & (pl.col("message") == "")).then(rest).otherwise(pl.col("stack_trace")).alias("stack_trace"),
    )
