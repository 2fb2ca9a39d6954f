"""The default algorithm: signatures meet when wording, error type, exception class and meaning all allow it.

On labelled logs distance alone is wrong more often than right even at 0.02 ("VM Started", "VM Stopped"), so
a pair must first be one wording with different values. The radius cap then parts what the words do not; it
was chosen on labelled data by `python -m benchmarks.grouping`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from signal_pipeline.classification.generalise import template_map
from signal_pipeline.clustering.components import Labels, number_by_first
from signal_pipeline.clustering.linkage import FORBIDDEN, Distances, linkage_labels
from signal_pipeline.clustering.similarity import Indices, Vectors

_EXCHANGE = re.compile(r"(?:[A-Z]{1,16}|-) /\S* -> \S+")
"""Head of a failed HTTP exchange. Route and status are what happened, not values: /login 500 is not /cart 500."""

_NAME = re.compile(r"[\w.+-]+")
_SOURCE_ENDINGS = frozenset(
    [
        "c",
        "cc",
        "cpp",
        "cxx",
        "h",
        "hh",
        "hpp",
        "rs",
        "go",
        "java",
        "kt",
        "scala",
        "cs",
        "swift",
        "dart",
        "py",
        "rb",
        "php",
        "js",
        "jsx",
        "ts",
        "tsx",
    ]
)
"""Names with these endings say where in the code it happened: another file is another place, not another value."""


def calibrated_labels(
    vectors: Vectors,
    *,
    error_types: Sequence[str],
    exception_classes: Sequence[str | None],
    templates: Sequence[str],
    radius_cap: float,
) -> Labels:
    """Label of each unit vector, numbered by first member; a signature without its like is alone.

    Any two members of a cluster have one wording but not one template, one error type, no two exception
    classes, and are within `radius_cap` of each other.
    """
    labels = np.arange(len(vectors), dtype=np.int32)
    classes = _class_numbers(exception_classes)
    texts = np.unique(np.array(templates, dtype=object), return_inverse=True)[1]
    for block in _blocks(error_types, wordings(templates)):

        def forbid(inner: Indices, distances: Distances, block: Indices = block) -> None:
            _forbid_other_classes(classes[block[inner]], distances)
            _forbid_equal_texts(texts[block[inner]], distances)

        inner = linkage_labels(vectors[block], radius_cap, "complete", forbid)
        first = block[np.unique(inner, return_index=True)[1]]
        labels[block] = first[inner]
    return number_by_first(labels)


def wordings(templates: Sequence[str]) -> list[str]:
    """For each template a key: what is left when positions that hold values among its siblings are opened.

    Routes and statuses of HTTP exchanges, and names of source files, are no values and stay in the key.
    """
    heads = [found.group() if (found := _EXCHANGE.match(template)) else "" for template in templates]
    rests = [template[len(head) :] for head, template in zip(heads, templates, strict=True)]
    opened = template_map(rests)
    places = [_source_files(rest) for rest in rests]
    return [f"{head}{opened.get(rest, rest)}\n{place}" for head, rest, place in zip(heads, rests, places, strict=True)]


def _source_files(template: str) -> str:
    names = {name.rstrip(".") for name in _NAME.findall(template)}
    return " ".join(sorted(name for name in names if "." in name and name.rpartition(".")[2] in _SOURCE_ENDINGS))


def _blocks(error_types: Sequence[str], wording: Sequence[str]) -> list[Indices]:
    """Rows that share error type and wording, where they are two or more."""
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, key in enumerate(zip(error_types, wording, strict=True)):
        rows[key].append(row)
    return [np.array(block, dtype=np.int64) for block in rows.values() if len(block) > 1]


def _class_numbers(exception_classes: Sequence[str | None]) -> Indices:
    """A number per simple class name, -1 where there is none: java.net.X and X are one class."""
    names = [simple_class(name) for name in exception_classes]
    numbers = {name: number for number, name in enumerate(sorted(set(names) - {""}))}
    return np.array([numbers.get(name, -1) for name in names], dtype=np.int64)


def simple_class(name: str | None) -> str:
    """The last part of a qualified class name, casefolded; empty for None."""
    if not name:
        return ""
    return name.replace("::", ".").replace("$", ".").rstrip(".").rpartition(".")[2].casefold()


def _forbid_other_classes(classes: Indices, distances: Distances) -> None:
    known = classes >= 0
    different = (classes[:, None] != classes[None, :]) & known[:, None] & known[None, :]
    distances[different] = FORBIDDEN


def _forbid_equal_texts(texts: Indices, distances: Distances) -> None:
    """Two signatures with one template differ in stack frames: "Segmentation fault" twice is two crashes."""
    equal = texts[:, None] == texts[None, :]
    np.fill_diagonal(equal, False)
    distances[equal] = FORBIDDEN
