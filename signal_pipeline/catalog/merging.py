"""Known problems that now match are merged: new values open a position, or a bridge between two has come.

Only problems that changed since the last look are compared with their neighbours, so the work follows what is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import numpy as np
import psycopg

from signal_pipeline.catalog.reassignment import Settled, settle
from signal_pipeline.clustering.constraints import Constraints
from signal_pipeline.clustering.growth import grow
from signal_pipeline.clustering.settings import DEFAULT_RADIUS_CAP
from signal_pipeline.storage.catalog import facts_of, members_of_cores, members_with
from signal_pipeline.storage.neighbours import nearest_signatures

NEIGHBOURS = 32
MEMBERS_COMPARED = 64


def meet(connection: psycopg.Connection, medoids: Sequence[str], constraints: Constraints) -> Settled:
    """Let the problems of these medoids meet their neighbours where the guards say so.

    The caller holds the catalog's lock.
    """
    done = Settled()
    for problems in _that_meet(connection, medoids, constraints):
        done += settle(connection, problems, constraints, reason="grown alike")
    return done


def _that_meet(connection: psycopg.Connection, medoids: Sequence[str], constraints: Constraints) -> list[list[UUID]]:
    """Groups of problems whose cores become one, in order; found on some members of each."""
    near = nearest_signatures(connection, medoids, NEIGHBOURS)
    candidates = {
        one.signature_hash
        for others in near.values()
        for one in others
        if one.distance <= DEFAULT_RADIUS_CAP and one.same_type
    }
    known = members_with(connection, sorted({*medoids, *candidates}))
    cores = sorted({member.core_id for member in known.values()})
    known |= {member.signature_hash: member for member in members_of_cores(connection, cores, MEMBERS_COMPARED)}
    facts = facts_of(connection, sorted(known))
    if not facts:
        return []
    number = {core: place for place, core in enumerate(cores)}
    hashes = [fact.signature_hash for fact in facts]
    labels = grow(
        np.stack([fact.vector for fact in facts]),
        known=[number[known[signature].core_id] for signature in hashes],
        error_types=[fact.error_type for fact in facts],
        exception_classes=[fact.exception_class for fact in facts],
        templates=[fact.template for fact in facts],
        top_frames=[fact.top_frames for fact in facts],
        radius_cap=DEFAULT_RADIUS_CAP,
        apart=constraints.rows_apart(hashes),
        merge_known=True,
    )
    together: dict[int, set[UUID]] = defaultdict(set)
    merged: dict[int, set[UUID]] = defaultdict(set)
    for signature, label in zip(hashes, labels.tolist(), strict=True):
        together[label].add(known[signature].problem_id)
        merged[label].add(known[signature].core_id)
    return [sorted(together[label]) for label in sorted(merged) if len(merged[label]) > 1]
