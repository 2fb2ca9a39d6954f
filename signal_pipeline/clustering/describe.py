"""Turns labels into described clusters: members, frequency, radius, name, shared template, terms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from signal_pipeline.clustering.clustering import Cluster
from signal_pipeline.clustering.components import Labels
from signal_pipeline.clustering.explain import cluster_name, shared_template
from signal_pipeline.clustering.similarity import Indices
from signal_pipeline.clustering.terms import distinctive_terms


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
