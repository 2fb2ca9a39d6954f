"""Ids of problems that survive: an id belongs to the signature that founded it, and follows it wherever it goes.

Pure: groups of signatures in, ids and redirects out. What groups them is in growth.py and constraints.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

# The same founder gives the same id on every machine, so a catalog that is made again has the ids of the old one.
CATALOG_NAMESPACE = UUID("5f5e3f0a-6f63-4a4e-9a4c-6a1f0b7f2c0d")


def id_of(founder_hash: str) -> UUID:
    return uuid5(CATALOG_NAMESPACE, founder_hash)


@dataclass(frozen=True)
class Issued:
    """An id that exists, whether it is merged now or not."""

    id: UUID
    founder_hash: str
    created_at: datetime | None
    """None for one that is issued just now: younger than all others."""

    @property
    def age(self) -> tuple[bool, datetime, str]:
        """Smaller is older; the founder's hash decides between ids of one batch."""
        return self.created_at is None, self.created_at or datetime.min, self.founder_hash


@dataclass(frozen=True)
class Identities:
    """`core` and `problem` by signature; `merged_into` by id, None for one that stands; `new` ids with founders."""

    core: dict[str, UUID]
    problem: dict[str, UUID]
    merged_into: dict[UUID, UUID | None]
    new: dict[UUID, str]


def identify(cores: Mapping[str, int], problems: Mapping[str, int], issued: Iterable[Issued]) -> Identities:
    """Ids for groups of signatures: `cores` and `problems` map each signature to the number of its group.

    A core that lies in two problems is two cores. A group takes the oldest id whose founder is in it; one without a
    founder gets the id of its smallest signature. Every other id whose founder is in a problem leads to that problem.
    """
    of_founder = {one.founder_hash: one for one in issued}
    core: dict[str, UUID] = {}
    new: dict[UUID, str] = {}
    for members in _groups({signature: (problems[signature], cores[signature]) for signature in cores}):
        oldest = _oldest(members, of_founder)
        if oldest is None:
            oldest = Issued(id_of(members[0]), members[0], None)
            of_founder[oldest.founder_hash] = oldest
            new[oldest.id] = oldest.founder_hash
        core.update(dict.fromkeys(members, oldest.id))
    problem: dict[str, UUID] = {}
    merged_into: dict[UUID, UUID | None] = {}
    for members in _groups(problems):
        oldest = _oldest(members, of_founder)
        assert oldest is not None, "every core has an id whose founder is in it"
        problem.update(dict.fromkeys(members, oldest.id))
        for signature in members:
            if signature in of_founder:
                own = of_founder[signature].id
                merged_into[own] = None if own == oldest.id else oldest.id
    return Identities(core, problem, merged_into, new)


def _groups(labels: Mapping[str, object]) -> list[list[str]]:
    groups: dict[object, list[str]] = defaultdict(list)
    for signature in sorted(labels):
        groups[labels[signature]].append(signature)
    return list(groups.values())


def _oldest(members: Iterable[str], of_founder: Mapping[str, Issued]) -> Issued | None:
    return min((of_founder[s] for s in members if s in of_founder), key=lambda one: one.age, default=None)
