"""Ids that tie records together, in one spelling. An id that very many requests share ties nothing together."""

from __future__ import annotations

import polars as pl

MAX_REQUESTS_OF_ONE_ID = 200


def with_ids(entries: pl.DataFrame) -> pl.DataFrame:
    """`entries` with `ids`: the distinct ids of each row, without the ways of writing that differ between files."""
    both = pl.concat_list(_plain("trace_id"), _plain("request_id"))
    return entries.with_columns(ids=both.list.drop_nulls().list.unique(maintain_order=True))


def _plain(name: str) -> pl.Expr:
    """Lower case, no hyphens, no `Root=`; a 128-bit trace id that was filled up from 64 bits counts as those."""
    text = pl.col(name).str.replace(r"^(?:Root|Self)=", "").str.to_lowercase().str.replace_all("-", "", literal=True)
    short = text.str.replace(r"^0{16}([0-9a-f]{16})$", "$1")
    return pl.when(short.str.len_chars() >= 4).then(short)


def by_id(entries: pl.DataFrame) -> pl.DataFrame:
    """`row` and `id`, one row for each id of each entry."""
    return entries.select("row", id=pl.col("ids")).explode("id").drop_nulls()
