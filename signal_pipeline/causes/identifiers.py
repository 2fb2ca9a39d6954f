"""Identifiers in the text of entries: requests that a message names, and objects (volumes, orders, users) it is about.

An identifier that very many requests share, such as a tenant, ties nothing together.
"""

from __future__ import annotations

import polars as pl

MAX_ENTRIES_OF_ONE_ID = 400
MAX_SHARE_OF_REQUESTS = 0.25
ALWAYS_ALLOWED_REQUESTS = 12
_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
IDENTIFIER = rf"(?:\breq-)?\b{_UUID}\b|\b[0-9a-f]{{32}}\b|\b[0-9a-f]{{16}}\b"


def named_in_text(entries: pl.DataFrame) -> pl.DataFrame:
    """`row`, `id`: the distinct identifiers in each entry's message, trace, error text and URL, plainly spelled."""
    text = pl.concat_str(
        [pl.col(name).str.slice(0, 4_000) for name in ("message", "stack_trace", "error_text", "url")],
        separator="\n",
        ignore_nulls=True,
    )
    found = entries.select("row", id=text.str.extract_all(IDENTIFIER)).filter(pl.col("id").list.len() > 0)
    return found.explode("id").with_columns(id=plain(pl.col("id"))).unique(maintain_order=True)


def plain(text: pl.Expr) -> pl.Expr:
    """As `correlation.ids` spells ids, without the `req-` that only some writers put before them."""
    return text.str.to_lowercase().str.replace_all("-", "", literal=True).str.replace("^req", "")


def telling(named: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """`named` without identifiers that too many entries or requests share. `own` has `row`, `id`: ids of requests."""
    requests = own["id"].n_unique()
    allowed = max(ALWAYS_ALLOWED_REQUESTS, int(MAX_SHARE_OF_REQUESTS * requests))
    spread = (
        named.join(own.rename({"id": "request"}), on="row", how="left")
        .group_by("id")
        .agg(pl.len().alias("entries"), pl.col("request").n_unique().alias("requests"))
    )
    few = spread.filter((pl.col("entries") <= MAX_ENTRIES_OF_ONE_ID) & (pl.col("requests") <= allowed))
    return named.join(few.select("id"), on="id", how="semi")
