"""Links by id: records that carry the id of a request, or of the record that tells of its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from signal_pipeline.correlation.ids import MAX_REQUESTS_OF_ONE_ID, by_id
from signal_pipeline.correlation.links import Link

SHARED_ID_CONFIDENCE = 0.9
"""Of one among several requests that have the same id, neighbours apart by path and time."""


def id_links(rows: pl.DataFrame) -> list[Link]:
    """Records that carry the id of a request. Of several requests with that id the one they speak of is taken."""
    requests = by_id(rows.filter("is_request"))
    counts = requests.group_by("id").agg(pl.len().alias("sharing"))
    requests = requests.join(counts.filter(pl.col("sharing") <= MAX_REQUESTS_OF_ONE_ID), on="id")
    records = by_id(rows.filter(~pl.col("is_request")))
    if requests.is_empty() or records.is_empty():
        return []
    pairs = records.join(requests.rename({"row": "request"}), on="id")
    about = rows.select("row", "m_path", "m_status", "at")
    request = rows.select(request="row", r_path="m_path", r_status="m_status", r_at="at", r_seconds="seconds")
    pairs = pairs.join(about, on="row").join(request, on="request")
    end = pl.col("r_at") + pl.col("r_seconds").fill_null(0.0)
    best = (
        pairs.with_columns(
            same_path=(pl.col("m_path") == pl.col("r_path")).fill_null(False),
            same_status=(pl.col("m_status") == pl.col("r_status")).fill_null(False),
            gap=pl.max_horizontal(pl.col("r_at") - pl.col("at"), pl.col("at") - end, 0.0),
        )
        .sort(
            ["sharing", "same_path", "same_status", "gap", "request"],
            descending=[False, True, True, False, False],
            nulls_last=True,
        )
        .unique("row", keep="first", maintain_order=True)
    )
    return [_id_link(row) for row in best.iter_rows(named=True)]


def _id_link(row: Mapping[str, Any]) -> Link:
    alone = row["sharing"] == 1
    return Link(
        record=row["row"],
        request=row["request"],
        confidence=1.0 if alone else SHARED_ID_CONFIDENCE,
        reason="same id" if alone else f"same id as {row['sharing']} requests, nearest of them",
        is_answer=row["same_path"] and row["same_status"],
    )


def links_by_neighbour_id(records: pl.DataFrame, answers: Sequence[Link]) -> list[Link]:
    """The log has ids although the request has none: what shares the id of an answer belongs to its request."""
    if not answers:
        return []
    answer_of = {answer.record: answer for answer in answers}
    ids = by_id(records)
    links_by_id: dict[str, list[Link]] = {}
    for row, one in ids.filter(pl.col("row").is_in(list(answer_of))).iter_rows():
        links_by_id.setdefault(one, []).append(answer_of[row])
    found: dict[int, Link] = {}
    for row, one in ids.iter_rows():
        if row in answer_of or len(links_by_id.get(one, ())) != 1:
            continue
        answer = links_by_id[one][0]
        reason = f"same id as the record that tells of the answer ({answer.reason})"
        found[row] = Link(row, answer.request, answer.confidence, reason)
    return list(found.values())


def foreign_ids(records: pl.DataFrame, foreign_rows: Sequence[int]) -> set[int]:
    """Rows that share an id with an answer which belongs to no request of the report."""
    if not foreign_rows:
        return set()
    ids = by_id(records)
    foreign = ids.filter(pl.col("row").is_in(list(foreign_rows))).select("id").unique()
    return set(ids.join(foreign, on="id", how="semi")["row"].to_list())
