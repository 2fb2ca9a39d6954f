"""Turns labels into described clusters: members, frequency, radius, name, and in words what holds each together.

What distinguishes a cluster from the others: terms.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt

from signal_pipeline.clustering.clustering import Cluster
from signal_pipeline.clustering.components import Labels
from signal_pipeline.clustering.similarity import Indices
from signal_pipeline.clustering.terms import distinctive_terms

GAP = "<*>"
MAX_NAME_CHARS = 120
_MAX_TOKENS = 64
_MAX_MEMBERS = 50


def describe(
    labels: Labels,
    order: Indices,
    medoid: Indices,
    distance: npt.NDArray[np.float32],
    weights: npt.NDArray[np.int64],
    templates: Sequence[str],
) -> tuple[Cluster, ...]:
    """One record per label, 0 first. All but `templates` are in sorted order; `order` leads back to the input."""
    by_label = np.argsort(labels, kind="stable")[int((labels < 0).sum()) :]
    starts = np.flatnonzero(np.diff(labels[by_label], prepend=-1))
    groups = np.split(by_label, starts[1:]) if len(starts) else []
    # The medoid leads: a label's words stand in the order in which it has them.
    texts_of = []
    for label, group in enumerate(groups):
        head = medoid[label]
        texts_of.append([templates[order[row]] for row in (head, *(row for row in group if row != head))])
    words = distinctive_terms(texts_of)
    described = []
    for label, group in enumerate(groups):
        head = int(order[medoid[label]])
        described.append(
            Cluster(
                label=label,
                medoid=head,
                members=tuple(int(order[row]) for row in group),
                frequency=int(weights[group].sum()),
                radius=float(distance[group].max()),
                name=cluster_name(templates[head]),
                shared_template=shared_template(texts_of[label]),
                terms=words[label],
            )
        )
    return tuple(described)


def shared_template(templates: Sequence[str]) -> str:
    """The tokens that all templates have, in order, with GAP where they differ. The first leads: give the medoid."""
    shared = _tokens(templates[0])
    for template in templates[1:_MAX_MEMBERS]:
        shared = _common(shared, _tokens(template))
    return " ".join(shared)


def differing_tokens(shared: str, template: str) -> list[str]:
    """What `template` has where the shared one has gaps."""
    ours, theirs = shared.split(), _tokens(template)
    differing: list[str] = []
    for tag, _, _, start, end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag != "equal":
            differing += theirs[start:end]
    return differing


def cluster_name(template: str) -> str:
    """The medoid's template on one line, cut at MAX_NAME_CHARS."""
    line = " ".join(template.split())
    return line if len(line) <= MAX_NAME_CHARS else line[: MAX_NAME_CHARS - 1] + "…"


def _tokens(template: str) -> list[str]:
    return template.split(maxsplit=_MAX_TOKENS)[:_MAX_TOKENS]


def _common(ours: list[str], theirs: list[str]) -> list[str]:
    kept: list[str] = []
    for tag, start, end, _, _ in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        new = ours[start:end] if tag == "equal" else [GAP]
        kept += new[1:] if kept and new and kept[-1] == new[0] == GAP else new
    return kept
