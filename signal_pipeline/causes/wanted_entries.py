"""Which entries of a report are looked at: errors and what failed, warnings that tell more, or else any sign."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from signal_pipeline.causes.known_effects import states_told
from signal_pipeline.causes.lasting_states import maybe_lasting, tells_lasting_state
from signal_pipeline.causes.quiet_signs import is_notice, says_it_failed
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.causes.statements import normalised
from signal_pipeline.correlation.evidence import CLIENT_FORMATS
from signal_pipeline.frame_schema import EXCHANGE

LOUD = ("warning", "error", "critical")


def wanted_entries(rows: pl.DataFrame, settings: CauseSettings) -> pl.DataFrame:
    traced = (pl.col("level") == "warning") & (
        pl.col("exception_class").is_not_null() | (pl.col("top_frames").list.len() > 0)
    )
    found = rows.filter(pl.col("is_error") | traced.fill_null(False))
    if not found["is_error"].any():
        found = _signs(rows, traced.fill_null(False))
    else:
        found = pl.concat([found, _states(rows)]).unique("row").sort("row")
    if found.height <= settings.max_nodes:
        return found
    # The first occurrences of every kind tell what happened; the rest tell how often.
    turn = pl.int_range(pl.len()).over(pl.coalesce("signature_hash", "template"))
    return found.with_columns(turn=turn).sort("turn", "row").head(settings.max_nodes).drop("turn").sort("row")


def _states(rows: pl.DataFrame) -> pl.DataFrame:
    """Warnings of states that last: what fails meanwhile may follow from them."""
    wording = pl.coalesce("template", "message")
    maybe = maybe_lasting(rows).with_columns(wording=wording)
    # One of each wording is looked at: the words of a state are no values.
    firsts = maybe.unique("wording", keep="first", maintain_order=True)
    telling = [tells_state(normalised(text)) for text in firsts["message"]]
    found = firsts.filter(pl.Series(telling, dtype=pl.Boolean))["wording"]
    return maybe.filter(pl.col("wording").is_in(found.implode())).drop("wording")


def tells_state(text: str) -> bool:
    """Of a normalised text: a state that lasts, or one of which effects are known."""
    return tells_lasting_state(text) or bool(states_told(text))


def _signs(rows: pl.DataFrame, traced: pl.Expr) -> pl.DataFrame:
    """Of a report without any error: what says that it failed, and the warnings, notices only if there is no other."""
    warnings = pl.col("level").is_in(LOUD)
    news = rows.filter(traced | (warnings & ~is_notice()) | says_it_failed().fill_null(False))
    return rows.filter(warnings) if news.is_empty() else news


def with_warnings_of_failed_requests(
    rows: pl.DataFrame, wanted: pl.DataFrame, own: pl.DataFrame, exchange_of: Mapping[int, int]
) -> pl.DataFrame:
    """With the warnings about failed requests that no server's error is about: the cause may be among them."""
    failed = wanted.filter(pl.col("role") == EXCHANGE)
    if failed.is_empty():
        return wanted
    pairs = [(row, f"exchange {exchange}") for row, exchange in exchange_of.items()]
    pairs += [(row, f"exchange {row}") for row in failed["row"]]
    placed = pl.DataFrame(pairs, schema={"row": own.schema["row"], "id": pl.String()}, orient="row")
    every = pl.concat([own, placed]).unique()
    client = pl.col("format").is_in(CLIENT_FORMATS).fill_null(False) | (pl.col("role") == EXCHANGE)
    telling_ones = wanted.filter(~client & pl.col("status").is_null())
    explained = every.join(telling_ones.select("row"), on="row", how="semi")
    explained = every.join(explained.select("id"), on="id", how="semi")
    open_ones = failed.join(explained, on="row", how="anti")
    ids = every.join(open_ones.select("row"), on="row", how="semi").select("id")
    about = every.join(ids, on="id", how="semi").select("row").unique()
    warnings = rows.filter(pl.col("level").is_in(LOUD) & ~client).join(about, on="row", how="semi")
    return pl.concat([wanted, warnings]).unique("row").sort("row")
