"""Settling problems of the catalog again: verdicts join and part them, and known ones that now match are merged.

The one place where a signature that has a problem may get another. Ids follow their founders (clustering/identity.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import psycopg

from signal_pipeline.catalog.summary import summarise
from signal_pipeline.clustering.components import Labels
from signal_pipeline.clustering.constraints import Constraints, obey
from signal_pipeline.clustering.growth import grow
from signal_pipeline.clustering.identity import Issued, identify
from signal_pipeline.clustering.settings import DEFAULT_RADIUS_CAP
from signal_pipeline.schemas import EMBEDDING_DIMENSION
from signal_pipeline.storage.catalog import (
    Member,
    SignatureFacts,
    empty_out,
    facts_of,
    ids_in,
    insert_problems,
    members_of_problems,
    members_with,
    place_members,
    redirect,
    tell_parted,
)

ALL_MEMBERS = 100_000


@dataclass(frozen=True)
class Settled:
    """How many signatures were looked at, and how many of them have another problem now."""

    examined: int = 0
    moved: int = 0
    redirects: int = 0

    def __add__(self, other: Settled) -> Settled:
        return Settled(self.examined + other.examined, self.moved + other.moved, self.redirects + other.redirects)


def settle(
    connection: psycopg.Connection,
    problems: Sequence[UUID],
    constraints: Constraints,
    *,
    reason: str,
) -> Settled:
    """Bring these problems, and those that verdicts tie to them, to what verdicts and guards say now.

    The caller holds the catalog's lock. `reason` is a word for the history.
    """
    members = _tied(connection, problems, constraints)
    if not members:
        return Settled()
    issued = ids_in(connection, sorted({m.problem_id for m in members} | {m.core_id for m in members}))
    facts = {fact.signature_hash: fact for fact in facts_of(connection, [m.signature_hash for m in members])}
    cores = _cores(members, issued, facts, constraints)
    joined = _problems(members, cores, facts, constraints)
    hashes = [member.signature_hash for member in members]
    found = identify(
        dict(zip(hashes, cores.tolist(), strict=True)), dict(zip(hashes, joined.tolist(), strict=True)), issued
    )
    insert_problems(connection, found.new)
    before = {member.signature_hash: member.problem_id for member in members}
    tell_parted(connection, {new: before[founder] for new, founder in found.new.items()}, reason)
    after = [Member(signature, found.core[signature], found.problem[signature]) for signature in hashes]
    place_members(connection, [new for old, new in zip(members, after, strict=True) if old != new])
    redirects = redirect(connection, found.merged_into, reason)
    changed = {m.problem_id for old, new in zip(members, after, strict=True) if old != new for m in (old, new)}
    around = [fact.template for fact in facts.values()]
    summarise(connection, sorted(changed), [] if len(changed) > 1 else around)
    empty_out(connection, [one.id for one in issued])
    moved = sum(old.problem_id != new.problem_id for old, new in zip(members, after, strict=True))
    return Settled(len(members), moved, redirects)


def _tied(connection: psycopg.Connection, problems: Sequence[UUID], constraints: Constraints) -> list[Member]:
    """All members of the problems, of those that "same" ties to them, and so on; in order of their hashes."""
    found: dict[str, Member] = {}
    wanted = set(problems)
    done: set[UUID] = set()
    while wanted - done:
        new = members_of_problems(connection, sorted(wanted - done), ALL_MEMBERS)
        done |= wanted
        found |= {member.signature_hash: member for member in new}
        groups = {constraints.groups[m.signature_hash] for m in new if m.signature_hash in constraints.groups}
        mates = [signature for signature, group in constraints.groups.items() if group in groups]
        wanted |= {member.problem_id for member in members_with(connection, sorted(set(mates) - found.keys())).values()}
    return [found[signature] for signature in sorted(found)]


def _cores(
    members: Sequence[Member], issued: Sequence[Issued], facts: dict[str, SignatureFacts], constraints: Constraints
) -> Labels:
    """A number per member: cores as they are, and those together that the guards let meet now."""
    age = {one.id: one.age for one in issued}
    by_age = sorted({member.core_id for member in members}, key=lambda core: age[core])
    number = {core: place for place, core in enumerate(by_age)}
    own = np.array([number[member.core_id] for member in members], dtype=np.int32)
    live = [place for place, member in enumerate(members) if member.signature_hash in facts]
    if len({int(own[place]) for place in live}) < 2:
        return own
    rows = [facts[members[place].signature_hash] for place in live]
    grown = grow(
        np.stack([row.vector for row in rows]),
        known=[int(own[place]) for place in live],
        error_types=[row.error_type for row in rows],
        exception_classes=[row.exception_class for row in rows],
        templates=[row.template for row in rows],
        top_frames=[row.top_frames for row in rows],
        radius_cap=DEFAULT_RADIUS_CAP,
        apart=constraints.rows_apart([row.signature_hash for row in rows]),
        merge_known=True,
    )
    # A member that no report has just now goes with its core.
    target = {int(own[place]): int(label) for place, label in zip(live, grown.tolist(), strict=True)}
    return np.array([target.get(int(label), int(label)) for label in own], dtype=np.int32)


def _problems(
    members: Sequence[Member], cores: Labels, facts: dict[str, SignatureFacts], constraints: Constraints
) -> Labels:
    vectors = np.zeros((len(members), EMBEDDING_DIMENSION), dtype=np.float32)
    for place, member in enumerate(members):
        if member.signature_hash in facts:
            vectors[place] = facts[member.signature_hash].vector
    return obey(cores, vectors, [member.signature_hash for member in members], constraints, noise=False)
