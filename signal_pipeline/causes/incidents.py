"""Incidents: a root and all that follows from it. A symptom may belong to several, and joins none of them.

An entry follows from the strongest evidence among earlier entries; what follows from nothing is a root.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from signal_pipeline.causes.link import Link
from signal_pipeline.causes.node import Node

SHARED_STRENGTH = 0.8
"""Evidence at least this strong for a second cause makes an entry a symptom of both."""
SHARED_MARGIN = 0.03
MAX_CAUSES = 3


@dataclass(frozen=True)
class Symptom:
    """A member of an incident: its row, the row that it follows from directly, and why it belongs."""

    row: int
    cause: int
    strength: float
    reason: str


@dataclass(frozen=True)
class Incident:
    """One time that something went wrong: the row of its root, and its symptoms in causal order."""

    root: int
    symptoms: tuple[Symptom, ...]

    @property
    def rows(self) -> tuple[int, ...]:
        return (self.root, *(symptom.row for symptom in self.symptoms))


def incidents_of(nodes: Sequence[Node], links: Mapping[int, Sequence[Link]]) -> list[Incident]:
    """In causal order of their roots. `nodes` are in causal order, links point backwards."""
    roots: dict[int, tuple[int, ...]] = {}
    members: dict[int, list[Symptom]] = {}
    for node in nodes:
        own = links.get(node.row, ())
        if not own:
            roots[node.row] = (node.row,)
            members[node.row] = []
            continue
        reached: dict[int, Link] = {}
        for link in own:
            if link.strength < own[0].strength - SHARED_MARGIN or (reached and link.strength < SHARED_STRENGTH):
                continue
            for root in roots[link.cause]:
                reached.setdefault(root, link)
        kept = tuple(reached)[:MAX_CAUSES]
        roots[node.row] = kept
        for root in kept:
            link = reached[root]
            members[root].append(Symptom(node.row, link.cause, link.strength, link.reason))
    return [Incident(root, tuple(symptoms)) for root, symptoms in members.items()]
