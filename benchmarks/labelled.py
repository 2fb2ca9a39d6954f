"""Where the labelled real files lie, and the two ways to score a grouping. No measuring here."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Hashable, Sequence
from pathlib import Path

DATA = Path(os.environ.get("SIGNAL_PIPELINE_REAL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


def grouping(found: Sequence[Hashable], truth: Sequence[Hashable]) -> tuple[float, float]:
    """GA and FGA of the grouping `found` against `truth`, line by line.

    GA is the share of lines whose group is exactly a true group; FGA is the F1 of groups found exactly.
    """
    both, mine, true = Counter(zip(found, truth, strict=True)), Counter(found), Counter(truth)
    exact = [size for (m, t), size in both.items() if mine[m] == size == true[t]]
    return sum(exact) / len(truth), 2 * len(exact) / (len(mine) + len(true))


def pair_scores(found: Sequence[Hashable], truth: Sequence[Hashable]) -> tuple[float, float]:
    """Precision and recall over pairs of items; 1.0 where there is no pair to judge."""

    def pairs(groups: Counter[Hashable]) -> int:
        return sum(size * (size - 1) // 2 for size in groups.values())

    both = pairs(Counter(zip(found, truth, strict=True)))
    mine, true = pairs(Counter(found)), pairs(Counter(truth))
    return both / mine if mine else 1.0, both / true if true else 1.0
