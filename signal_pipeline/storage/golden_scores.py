"""Scores on the golden set, kept by what they were computed from: model, settings and texts."""

from __future__ import annotations

import psycopg

from signal_pipeline.clustering.golden import PairScore


def kept_score(connection: psycopg.Connection, key: bytes) -> PairScore | None:
    row = connection.execute('select joined, "right", due from golden_scores where key = %s', (key,)).fetchone()
    return None if row is None else PairScore(*row)


def keep_score(connection: psycopg.Connection, key: bytes, score: PairScore) -> None:
    connection.execute(
        'insert into golden_scores (key, joined, "right", due) values (%s, %s, %s, %s) on conflict do nothing',
        (key, score.joined, score.right, score.due),
    )
