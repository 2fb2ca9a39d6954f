"""Which rows of tokens differ from another row in one token only. No knowledge of what tokens mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

Row = tuple[str, ...]

_ODD = np.uint64(0x9E3779B97F4A7C15)


def single_token_pairs(rows: Iterable[Row]) -> Iterator[tuple[Row, int]]:
    """Pairs (row, position), position >= 1, such that another row is equal but for the token at `position`.

    A hash that can be taken apart by position finds them in one sort per position: for 50,000 rows a dictionary of
    tuples took more than five times as long. A few pairs without a partner may come along (equal hashes).
    """
    by_length: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(rows):
        by_length[len(row)].append(row)
    for length, same in by_length.items():
        if len(same) > 1:
            yield from _pairs(same, length)


def _pairs(rows: list[Row], length: int) -> Iterator[tuple[Row, int]]:
    ids: dict[str, int] = {}
    flat = [ids.setdefault(token, len(ids) + 1) for row in rows for token in row]
    tokens = np.array(flat, dtype=np.uint64).reshape(len(rows), length)
    hashes = _mix(tokens + np.arange(1, length + 1, dtype=np.uint64) * _ODD)
    whole = hashes.sum(axis=1, dtype=np.uint64)
    for position in range(1, length):
        _, group, size = np.unique(whole - hashes[:, position], return_inverse=True, return_counts=True)
        for index in np.flatnonzero(size[group] > 1):
            yield rows[index], position


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread the bits, so that sums of few small numbers do not meet (the finaliser of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
