"""Problems: incidents whose roots are the same error, in the order in which a person should read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from signal_pipeline.causes.incidents import Incident
from signal_pipeline.causes.nodes import ORIGIN, Node


@dataclass(frozen=True)
class Problem:
    """The incidents of one cause. `key` is the cluster (or the signature) of the roots; `root` the row of the first.

    `explained` counts the groups of errors that follow from it, its own included.
    """

    key: str
    root: int
    incidents: tuple[Incident, ...]
    symptom_keys: tuple[str, ...]
    explained: int
    is_felt: bool
    is_background: bool
    is_known: bool


def problems_of(
    incidents: Sequence[Incident],
    nodes: Mapping[int, Node],
    cluster_of: Mapping[str, str],
    background: Set[str] = frozenset(),
    known: Set[str] = frozenset(),
) -> list[Problem]:
    """`cluster_of` names the cluster of a signature; `background` and `known` hold names of clusters.

    What has the same exception at the same place is the same cause, also where its wordings are two clusters.
    """
    groups: dict[str, list[Incident]] = {}
    same_place: dict[tuple[str | None, str], str] = {}
    for incident in incidents:
        root = nodes[incident.root]
        key = key_of(root, cluster_of)
        if root.frames and root.exception:
            key = same_place.setdefault((root.exception.rpartition(".")[2], root.frames[0]), key)
        groups.setdefault(key, []).append(incident)
    found = [_problem(key, group, nodes, cluster_of, background, known) for key, group in groups.items()]
    return sorted(found, key=lambda problem: reading_order(problem, nodes))


def key_of(node: Node, cluster_of: Mapping[str, str]) -> str:
    """The name of the cluster that an entry is in; of its signature or template where there is none."""
    own = node.signature or node.template
    return cluster_of.get(own, own)


def reading_order(problem: Problem, nodes: Mapping[int, Node]) -> tuple[bool, bool, bool, int, bool, float, int]:
    """Background last, new before known; then what the user felt, what explains most, a trace, the earliest."""
    root = nodes[problem.root]
    at = float("inf") if root.at is None else root.at
    return (
        problem.is_background,
        problem.is_known,
        not problem.is_felt,
        -problem.explained,
        root.nearness != ORIGIN,
        at,
        root.row,
    )


def _problem(
    key: str,
    incidents: Sequence[Incident],
    nodes: Mapping[int, Node],
    cluster_of: Mapping[str, str],
    background: Set[str],
    known: Set[str],
) -> Problem:
    members = [nodes[row] for incident in incidents for row in incident.rows]
    keys = dict.fromkeys(key_of(member, cluster_of) for member in members)
    own = {key_of(nodes[incident.root], cluster_of) for incident in incidents}
    return Problem(
        key=key,
        root=incidents[0].root,
        incidents=tuple(incidents),
        symptom_keys=tuple(one for one in keys if one not in own),
        explained=len(keys),
        is_felt=any(member.is_felt for member in members),
        is_background=own <= background,
        is_known=bool(own & known),
    )
