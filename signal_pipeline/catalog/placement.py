"""Placing signatures in the catalog: each gets a problem, one that is known or a new one. Known ones stay untouched.

Called as a report's clusters are made, so that "seen before?" is answered at once, and by `signature_catalog` for what
was never placed. The work follows the newcomers and their neighbours, not the size of the catalog.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import psycopg

from signal_pipeline.catalog.reassignment import settle
from signal_pipeline.catalog.summary import summarise
from signal_pipeline.clustering.constraints import Constraints
from signal_pipeline.clustering.growth import NEWCOMER, grow
from signal_pipeline.clustering.identity import id_of
from signal_pipeline.clustering.settings import DEFAULT_RADIUS_CAP
from signal_pipeline.storage.catalog import (
    Member,
    SignatureFacts,
    facts_of,
    insert_problems,
    lock_catalog,
    members_of_cores,
    members_with,
    place_members,
    problems_without_words,
    unplaced,
)
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.neighbours import Neighbour, nearest_signatures
from signal_pipeline.storage.verdicts import constraints_of

RADIUS_CAP = DEFAULT_RADIUS_CAP
"""The catalog knows one radius, the calibrated one: ids must not depend on what somebody tries on a report."""

NEIGHBOURS = 32
MEMBERS_COMPARED = 64
"""A newcomer is compared with so many members of a problem, and with all of a smaller one."""

AT_ONCE = 500
"""Newcomers placed in one transaction: about a second under the catalog's lock, so other reports wait no longer."""


Near = dict[str, list[Neighbour]]


@dataclass(frozen=True)
class Placed:
    """What became of newcomers: how many joined a problem that was known, and how many problems are new."""

    joined: int = 0
    new_problems: int = 0
    founding: int = 0

    def __add__(self, other: Placed) -> Placed:
        return Placed(
            self.joined + other.joined, self.new_problems + other.new_problems, self.founding + other.founding
        )


def place_signatures(database: Database, hashes: Sequence[str] | None = None, near: Near | None = None) -> Placed:
    """Give a place to those of these signatures (default: all there are) that have none.

    Many reports' signatures at once, in any order, get the same ids. `near` takes in the neighbours that were found.
    """
    near = {} if near is None else near
    done = Placed()
    while True:
        with database.transaction() as connection:
            # Without the lock first: most reports bring nothing new and must not wait for those that do.
            if not unplaced(connection, hashes, 1):
                if problems_without_words(connection, hashes):
                    lock_catalog(connection)
                    summarise(connection, problems_without_words(connection, hashes), [])
                return done
            lock_catalog(connection)
            newcomers = unplaced(connection, hashes, AT_ONCE)
            if newcomers:
                done += place(connection, newcomers, near)


def place(connection: psycopg.Connection, newcomers: Sequence[str], near: Near) -> Placed:
    """The same in the caller's transaction, which holds the catalog's lock."""
    constraints = constraints_of(connection)
    near |= nearest_signatures(connection, newcomers, NEIGHBOURS)
    known, facts = _neighbourhood(connection, newcomers, near)
    problem_of = {member.core_id: member.problem_id for member in known.values()}
    cores = _grown(newcomers, known, facts, constraints)
    founders = {core: signature for signature, core in cores.items() if core == id_of(signature)}
    insert_problems(connection, founders)
    members = [Member(signature, core, problem_of.get(core, core)) for signature, core in cores.items()]
    place_members(connection, members)
    around = [fact.template for fact in facts if fact.signature_hash in known]
    summarise(connection, [member.problem_id for member in members], around)
    if decided := {member.problem_id for member in members if constraints.concerns(member.signature_hash)}:
        settle(connection, sorted(decided), constraints, reason="verdict")
    joined = sum(member.core_id in problem_of for member in members)
    return Placed(joined=joined, new_problems=len(founders), founding=len(members) - joined)


def _neighbourhood(
    connection: psycopg.Connection, newcomers: Sequence[str], near: Near
) -> tuple[dict[str, Member], list[SignatureFacts]]:
    """Members of the problems near the newcomers, and the facts of these members and of the newcomers."""
    candidates = {
        one.signature_hash
        for newcomer in newcomers
        for one in near[newcomer]
        if one.distance <= RADIUS_CAP and one.same_type
    }
    known = members_with(connection, sorted(candidates))
    cores = sorted({member.core_id for member in known.values()})
    known |= {member.signature_hash: member for member in members_of_cores(connection, cores, MEMBERS_COMPARED)}
    return known, facts_of(connection, sorted({*newcomers, *known}))


def _grown(
    newcomers: Sequence[str],
    known: Mapping[str, Member],
    facts: Sequence[SignatureFacts],
    constraints: Constraints,
) -> dict[str, UUID]:
    """Each newcomer's core: a known one, or one that is named by its smallest signature."""
    number = {core: place for place, core in enumerate(sorted({member.core_id for member in known.values()}))}
    hashes = [fact.signature_hash for fact in facts]
    labels = grow(
        np.stack([fact.vector for fact in facts]),
        known=[number[known[signature].core_id] if signature in known else NEWCOMER for signature in hashes],
        error_types=[fact.error_type for fact in facts],
        exception_classes=[fact.exception_class for fact in facts],
        templates=[fact.template for fact in facts],
        top_frames=[fact.top_frames for fact in facts],
        radius_cap=RADIUS_CAP,
        apart=constraints.rows_apart(hashes),
    ).tolist()
    own = set(newcomers)
    core_of = {place: core for core, place in number.items()}
    placed = {signature: label for signature, label in zip(hashes, labels, strict=True) if signature in own}
    for signature, label in placed.items():
        core_of.setdefault(label, id_of(signature))
    return {signature: core_of[label] for signature, label in placed.items()}
