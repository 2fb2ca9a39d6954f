"""What changed between two clusterings of the same reports. Pure sets: no vectors, no storage.

A clustering is a mapping of signature hash to cluster id; noise is left out or has the id None.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

ClusterId = int | str

MAX_SAMPLES = 5


class Change(StrEnum):
    """What became of a cluster. Closed set: these words are stored and shown."""

    KEPT = "kept"
    """The same members."""
    GROWN = "grown"
    """All old members and new ones that were in no cluster before."""
    SHRUNK = "shrunk"
    """Fewer members; the lost ones are in no cluster now."""
    MERGED = "merged"
    """Members of two or more old clusters."""
    SPLIT = "split"
    """The members of one old cluster are in two or more new ones."""
    NEW = "new"
    """No member was in a cluster before."""
    VANISHED = "vanished"
    """No member is in a cluster now."""


@dataclass(frozen=True)
class ChangedCluster:
    """One change: old and new cluster ids it concerns, sorted, and the first few members' hashes."""

    change: Change
    old: tuple[ClusterId, ...]
    new: tuple[ClusterId, ...]
    members: int
    sample: tuple[str, ...]


@dataclass(frozen=True)
class ClusteringDiff:
    """All changes, in the order of Change, largest first; a new cluster that merges and splits is in both."""

    changes: tuple[ChangedCluster, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many changes of each kind; all kinds are there."""
        found = {change.value: 0 for change in Change}
        for changed in self.changes:
            found[changed.change.value] += 1
        return found

    def of(self, change: Change, limit: int | None = None) -> tuple[ChangedCluster, ...]:
        """The changes of one kind, at most `limit`."""
        return tuple(changed for changed in self.changes if changed.change is change)[:limit]

    @property
    def is_empty(self) -> bool:
        """Whether nothing but kept clusters was found."""
        return all(changed.change is Change.KEPT for changed in self.changes)


def diff_clusterings(old: Mapping[str, ClusterId | None], new: Mapping[str, ClusterId | None]) -> ClusteringDiff:
    """Compare two clusterings by their members alone: ids may be renumbered freely, order plays no part."""
    before, after = _members(old), _members(new)
    changes = [
        *(_change_of_new(cluster, members, old, before) for cluster, members in after.items()),
        *_splits(before, new),
        *(_vanished(cluster, members) for cluster, members in before.items() if not _ids(members, new)),
    ]
    known = [changed for changed in changes if changed is not None]
    place = list(Change)
    known.sort(key=lambda changed: (place.index(changed.change), -changed.members, changed.sample))
    return ClusteringDiff(tuple(known))


def _change_of_new(
    cluster: ClusterId,
    members: frozenset[str],
    old: Mapping[str, ClusterId | None],
    before: Mapping[ClusterId, frozenset[str]],
) -> ChangedCluster | None:
    """What a new cluster is, seen from the old ones; None for a mere part of one, which is told as a split."""
    sources = _ids(members, old)
    if not sources:
        return _changed(Change.NEW, (), (cluster,), members)
    if len(sources) > 1:
        return _changed(Change.MERGED, sources, (cluster,), members)
    source = before[sources[0]]
    if members == source:
        return _changed(Change.KEPT, sources, (cluster,), members)
    if members > source:
        return _changed(Change.GROWN, sources, (cluster,), members)
    return None


def _splits(before: Mapping[ClusterId, frozenset[str]], new: Mapping[str, ClusterId | None]) -> list[ChangedCluster]:
    """Old clusters that are in several new ones, or that only lost members to none."""
    found = []
    for cluster, members in before.items():
        targets = _ids(members, new)
        if len(targets) > 1:
            found.append(_changed(Change.SPLIT, (cluster,), targets, members))
        elif len(targets) == 1 and any(new.get(member) is None for member in members):
            found.append(_changed(Change.SHRUNK, (cluster,), targets, members))
    return found


def _vanished(cluster: ClusterId, members: frozenset[str]) -> ChangedCluster:
    return _changed(Change.VANISHED, (cluster,), (), members)


def _members(clustering: Mapping[str, ClusterId | None]) -> dict[ClusterId, frozenset[str]]:
    members: dict[ClusterId, set[str]] = defaultdict(set)
    for signature, cluster in clustering.items():
        if cluster is not None and cluster != -1:
            members[cluster].add(signature)
    return {cluster: frozenset(found) for cluster, found in members.items()}


def _ids(members: frozenset[str], clustering: Mapping[str, ClusterId | None]) -> tuple[ClusterId, ...]:
    found = {clustering.get(member) for member in members} - {None, -1}
    return tuple(sorted((cluster for cluster in found if cluster is not None), key=lambda c: (str(type(c)), c)))


def _changed(
    change: Change, old: tuple[ClusterId, ...], new: tuple[ClusterId, ...], members: frozenset[str]
) -> ChangedCluster:
    return ChangedCluster(change, old, new, len(members), tuple(sorted(members)[:MAX_SAMPLES]))
