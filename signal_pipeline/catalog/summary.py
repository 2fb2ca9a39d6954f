"""How problems of the catalog are shown: medoid, title, label, radius, from some of their members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import numpy as np
import psycopg

from signal_pipeline.clustering.describe import shared_template
from signal_pipeline.clustering.medoid import distances_to_medoid, medoids
from signal_pipeline.clustering.terms import distinctive_terms, label_of
from signal_pipeline.storage.catalog import Summary, facts_of, members_of_problems, write_summaries

MEMBERS_READ = 500
"""Of a larger problem so many members say how it is shown; their distances alone are kept up to date."""
_AT_ONCE = 500


def summarise(connection: psycopg.Connection, problems: Sequence[UUID], around: Sequence[str]) -> None:
    """Write the summaries of these. `around` are templates of other problems: a label marks off from those near by."""
    ordered = sorted(set(problems))
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        write_summaries(connection, _summaries(connection, some, around))


def _summaries(connection: psycopg.Connection, problems: Sequence[UUID], around: Sequence[str]) -> list[Summary]:
    problem_of = {
        member.signature_hash: member.problem_id for member in members_of_problems(connection, problems, MEMBERS_READ)
    }
    facts = facts_of(connection, sorted(problem_of))
    if not facts:
        return []
    numbers = {problem: number for number, problem in enumerate(sorted({problem_of[f.signature_hash] for f in facts}))}
    labels = np.array([numbers[problem_of[f.signature_hash]] for f in facts], dtype=np.int32)
    vectors = np.stack([f.vector for f in facts])
    medoid = medoids(vectors, labels, np.array([f.frequency for f in facts], dtype=np.int64))
    distance = distances_to_medoid(vectors, labels, medoid)
    rows: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(labels.tolist()):
        rows[label].append(row)
    texts = [
        [facts[row].template for row in (medoid[label], *(other for other in rows[label] if other != medoid[label]))]
        for label in range(len(numbers))
    ]
    terms = distinctive_terms([*texts, *([text] for text in sorted(set(around)))])
    return [
        Summary(
            problem_id=problem,
            medoid_hash=facts[medoid[label]].signature_hash,
            title=shared_template(texts[label]),
            label=label_of(terms[label]),
            error_type=facts[medoid[label]].error_type,
            radius=float(distance[rows[label]].max()),
            distances={facts[row].signature_hash: float(distance[row]) for row in rows[label]},
        )
        for problem, label in numbers.items()
    ]
