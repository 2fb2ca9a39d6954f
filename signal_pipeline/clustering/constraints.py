"""What people have decided about pairs of signatures, and how every clustering is made to obey it.

Pairs only: who decided, and when, lives with the verdicts in storage. "Same" is transitive: a with b and b with c puts
a with c, whether or not b is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from signal_pipeline.clustering.components import Labels
from signal_pipeline.clustering.similarity import Indices, Vectors

Pair = tuple[str, str]


@dataclass(frozen=True)
class Constraints:
    """`groups`: signature hash to the smallest hash that it is the same as. `apart`: pairs of such smallest hashes."""

    groups: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[Pair] = frozenset()

    @staticmethod
    def of(same: Iterable[Pair], different: Iterable[Pair]) -> Constraints:
        """Raises ValueError when they contradict each other; storage refuses such a verdict before it is kept."""
        groups = joined(same)
        apart = {_ordered(groups.get(a, a), groups.get(b, b)) for a, b in different}
        if wrong := sorted(pair for pair in apart if pair[0] == pair[1]):
            raise ValueError(f"{wrong[0][0]} is the same as and not the same as one signature")
        return Constraints(groups, frozenset(apart))

    def group(self, signature: str) -> str:
        return self.groups.get(signature, signature)

    def parts(self, one: str, other: str) -> bool:
        """Whether these two must not meet."""
        return _ordered(self.group(one), self.group(other)) in self.apart

    def concerns(self, signature: str) -> bool:
        """Whether any of them is about this signature, or about one that it is the same as."""
        return signature in self.groups or signature in self._apart_groups

    @cached_property
    def _apart_groups(self) -> frozenset[str]:
        return frozenset(group for pair in self.apart for group in pair)

    def rows_apart(self, hashes: Sequence[str]) -> Indices:
        """Pairs of rows (n, 2), i < j, that must not meet."""
        if not self.apart:
            return np.empty((0, 2), dtype=np.int64)
        rows: dict[str, list[int]] = defaultdict(list)
        for row, signature in enumerate(hashes):
            rows[self.group(signature)].append(row)
        found = {
            (min(i, j), max(i, j)) for a, b in self.apart if a in rows and b in rows for i in rows[a] for j in rows[b]
        }
        return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)


NO_CONSTRAINTS = Constraints()


def joined(same: Iterable[Pair]) -> dict[str, str]:
    """Each signature that is in a pair, with the smallest of its connected ones."""
    parent: dict[str, str] = {}

    def root(signature: str) -> str:
        parent.setdefault(signature, signature)
        while parent[signature] != signature:
            parent[signature] = parent[parent[signature]]
            signature = parent[signature]
        return signature

    for a, b in same:
        low, high = _ordered(root(a), root(b))
        parent[high] = low
    return {signature: root(signature) for signature in parent}


def obey(labels: Labels, vectors: Vectors, hashes: Sequence[str], constraints: Constraints, *, noise: bool) -> Labels:
    """`labels` with clusters joined and parted as the constraints say; numbers are arbitrary, -1 is noise.

    With `noise` a signature that is parted from all others becomes noise, as its algorithm would have it. The result
    does not depend on the order of rows when `hashes` are sorted.
    """
    if not constraints.groups and not constraints.apart:
        return labels
    found = labels.copy()
    atoms = [constraints.group(signature) for signature in hashes]
    _join(found, atoms, constraints)
    for label in sorted({int(found[i]) for i, j in constraints.rows_apart(hashes) if _meet(found, i, j)}):
        _part(found, np.flatnonzero(found == label), atoms, vectors, constraints)
    if noise:
        sizes = np.bincount(found[found >= 0], minlength=1)
        alone = (found >= 0) & (sizes[np.maximum(found, 0)] == 1) & (labels != found)
        found[alone] = -1
    return found


def _meet(labels: Labels, one: int, other: int) -> bool:
    return bool(labels[one] >= 0 and labels[one] == labels[other])


def _join(labels: Labels, atoms: Sequence[str], constraints: Constraints) -> None:
    """Clusters whose members are the same become one; `labels` is changed."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, atom in enumerate(atoms):
        if atom in constraints.groups:
            rows[atom].append(row)
    for members in rows.values():
        if len(members) < 2:
            continue
        mine = sorted({int(labels[row]) for row in members} - {-1})
        target = mine[0] if mine else int(labels.max(initial=-1)) + 1
        labels[np.isin(labels, mine[1:])] = target
        labels[members] = target


def _part(labels: Labels, members: Indices, atoms: Sequence[str], vectors: Vectors, constraints: Constraints) -> None:
    """Split one cluster so that nothing in it must be apart. What is free goes with the part that it is nearest to."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row in members:
        rows[atoms[row]].append(int(row))
    quarrels = {atom: {other for other in rows if _ordered(atom, other) in constraints.apart} for atom in rows}
    parts: list[list[str]] = []
    centres: list[Vectors] = []
    by_quarrel = sorted(rows, key=lambda atom: (not quarrels[atom], rows[atom][0]))
    for atom in by_quarrel:
        allowed = [number for number, part in enumerate(parts) if not quarrels[atom] & set(part)]
        centre = vectors[rows[atom]].sum(axis=0)
        if not allowed:
            parts.append([atom])
            centres.append(centre)
            continue
        near = [_cosine(centre, centres[number]) for number in allowed]
        chosen = allowed[int(np.argmax(np.round(near, 6)))]
        parts[chosen].append(atom)
        if quarrels[atom]:
            centres[chosen] = centres[chosen] + centre
    for part in parts[1:]:
        label = int(labels.max()) + 1
        for atom in part:
            labels[rows[atom]] = label


def _cosine(one: Vectors, other: Vectors) -> float:
    return float(one @ other / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-12))


def _ordered(one: str, other: str) -> Pair:
    return (one, other) if one <= other else (other, one)


def contradicted(same: Collection[Pair], different: Iterable[Pair]) -> tuple[Pair, list[Pair]] | None:
    """The first pair that must be apart and is together, with the chain of pairs that puts it together; else None."""
    groups = joined(same)
    for a, b in different:
        if a == b or (a in groups and groups.get(a) == groups.get(b)):
            return (a, b), _chain(same, a, b)
    return None


def _chain(same: Iterable[Pair], start: str, end: str) -> list[Pair]:
    neighbours: dict[str, list[str]] = defaultdict(list)
    for a, b in same:
        neighbours[a].append(b)
        neighbours[b].append(a)
    came: dict[str, str] = {start: start}
    queue = [start]
    for place in queue:
        for other in sorted(neighbours[place]):
            if other not in came:
                came[other] = place
                queue.append(other)
    chain = []
    while end != start:
        chain.append(_ordered(came[end], end))
        end = came[end]
    return chain[::-1]
