"""Answers that depend on nothing but the question, kept between the blocks of a file. Bounded; no patterns here."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

MAX_BYTES = 16 * 1024 * 1024
"""Of questions and answers together; what is known is then forgotten as a whole."""

Answer = Callable[[pl.DataFrame], pl.DataFrame]


class Remembered:
    """`answers(questions)` is `answer(questions)`, row for row, with each distinct question asked once.

    `answer` must look at each row by itself; its columns have names of their own.
    """

    def __init__(self, answer: Answer, max_bytes: int = MAX_BYTES) -> None:
        self._answer = answer
        self._max_bytes = max_bytes
        self._known: pl.DataFrame | None = None

    def answers(self, questions: pl.DataFrame) -> pl.DataFrame:
        keys = questions.columns
        known = self._known
        if known is None:
            return self._asked(questions, None)
        found = self._looked_up(questions, known)
        missing = found["known"].is_null()
        if missing.any():
            return self._asked(questions, questions.filter(missing))
        return found.drop(*keys, "known")

    def _asked(self, questions: pl.DataFrame, missing: pl.DataFrame | None) -> pl.DataFrame:
        fresh = (questions if missing is None else missing).unique(maintain_order=True)
        answered = pl.concat([fresh, self._answer(fresh)], how="horizontal").with_columns(pl.lit(True).alias("known"))
        known = answered if missing is None or self._known is None else pl.concat([self._known, answered])
        self._known = known if known.estimated_size() <= self._max_bytes else None
        return self._looked_up(questions, known).drop(*questions.columns, "known")

    def _looked_up(self, questions: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
        return questions.join(known, on=questions.columns, how="left", nulls_equal=True, maintain_order="left")
