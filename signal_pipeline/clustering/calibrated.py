"""The default algorithm: signatures meet when wording, error type, exception class and meaning all allow it.

On labelled logs distance alone is wrong more often than right even at 0.02 ("VM Started", "VM Stopped"), so
a pair must first be one wording with different values. The radius cap then parts what the words do not; it
was chosen on labelled data by `python -m benchmarks.grouping`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from signal_pipeline.clustering.components import Labels, number_by_first
from signal_pipeline.clustering.linkage import FORBIDDEN, Distances, linkage_labels
from signal_pipeline.clustering.raised import meeting_keys
from signal_pipeline.clustering.similarity import Indices, Vectors

NO_PAIRS: Indices = np.empty((0, 2), dtype=np.int64)


def calibrated_labels(
    vectors: Vectors,
    *,
    error_types: Sequence[str],
    exception_classes: Sequence[str | None],
    templates: Sequence[str],
    radius_cap: float,
    top_frames: Sequence[Sequence[str]] | None = None,
    apart: Indices = NO_PAIRS,
) -> Labels:
    """Label of each unit vector, numbered by first member; a signature without its like is alone.

    Any two members of a cluster have one wording but not one template, one error type, no two exception
    classes, are within `radius_cap` of each other, and are no pair of `apart` (n, 2). Where `top_frames` tell that one
    exception was raised at one place and says the same, that alone decides.
    """
    labels = np.arange(len(vectors), dtype=np.int32)
    keys, raised = meeting_keys(templates, exception_classes, top_frames)
    guards = Guards(exception_classes, templates, apart, raised)
    for block in blocks_of(error_types, keys):

        def forbid(inner: Indices, distances: Distances, block: Indices = block) -> None:
            guards.forbid(block[inner], distances)

        one_place = raised[block[0]] is not None
        near = np.broadcast_to(vectors[block[0]], vectors[block].shape) if one_place else vectors[block]
        inner = linkage_labels(near, radius_cap, "complete", forbid)
        first = block[np.unique(inner, return_index=True)[1]]
        labels[block] = first[inner]
    return number_by_first(labels)


class Guards:
    """Raises the distance of pairs of rows that no distance may join, and takes it off those that need none."""

    def __init__(
        self,
        exception_classes: Sequence[str | None],
        templates: Sequence[str],
        apart: Indices = NO_PAIRS,
        raised: Sequence[str | None] = (),
    ) -> None:
        self._classes = _class_numbers(exception_classes)
        self._texts: Indices = np.unique(np.array(templates, dtype=object), return_inverse=True)[1]
        self._apart = apart
        self._raised = _numbered(raised or [None] * len(templates))

    def forbid(self, rows: Indices, distances: Distances) -> None:
        """`distances` (k, k) of `rows`; changed in place."""
        _forbid_other_classes(self._classes[rows], distances)
        _forbid_equal_texts(self._texts[rows], distances)
        raised = self._raised[rows]
        distances[(raised[:, None] == raised[None, :]) & (raised >= 0)[:, None]] = 0
        if len(self._apart):
            _forbid_pairs(rows, self._apart, distances)


def blocks_of(error_types: Sequence[str], wording: Sequence[str]) -> list[Indices]:
    """Rows that share error type and wording, where they are two or more."""
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, key in enumerate(zip(error_types, wording, strict=True)):
        rows[key].append(row)
    return [np.array(block, dtype=np.int64) for block in rows.values() if len(block) > 1]


def _class_numbers(exception_classes: Sequence[str | None]) -> Indices:
    """A number per simple class name, -1 where there is none: java.net.X and X are one class."""
    return _numbered([simple_class(name) or None for name in exception_classes])


def _numbered(names: Sequence[str | None]) -> Indices:
    """A number per name, -1 for None."""
    numbers = {name: number for number, name in enumerate(sorted({name for name in names if name}))}
    return np.array([numbers[name] if name else -1 for name in names], dtype=np.int64)


def simple_class(name: str | None) -> str:
    """The last part of a qualified class name, casefolded; empty for None."""
    if not name:
        return ""
    return name.replace("::", ".").replace("$", ".").rstrip(".").rpartition(".")[2].casefold()


def _forbid_other_classes(classes: Indices, distances: Distances) -> None:
    known = classes >= 0
    different = (classes[:, None] != classes[None, :]) & known[:, None] & known[None, :]
    distances[different] = FORBIDDEN


def _forbid_pairs(rows: Indices, apart: Indices, distances: Distances) -> None:
    place = {int(row): position for position, row in enumerate(rows)}
    for one, other in apart.tolist():
        if one in place and other in place:
            distances[place[one], place[other]] = distances[place[other], place[one]] = FORBIDDEN


def _forbid_equal_texts(texts: Indices, distances: Distances) -> None:
    """Two signatures with one template differ in stack frames: "Segmentation fault" twice is two crashes."""
    equal = texts[:, None] == texts[None, :]
    np.fill_diagonal(equal, False)
    distances[equal] = FORBIDDEN
