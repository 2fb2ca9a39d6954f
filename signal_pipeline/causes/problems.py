"""Problems: incidents whose roots are the same error, in the order in which a person should read them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from signal_pipeline.causes.notices import is_notice
from signal_pipeline.causes.places import generalised
from signal_pipeline.causes.records import EntryRecord, IncidentRecord
from signal_pipeline.causes.statements import normalised
from signal_pipeline.causes.usual import without_usual_roots
from signal_pipeline.causes.value_dumps import is_value_dump
from signal_pipeline.frame_schema import FLOW

Raised = tuple[str, str, str]


@dataclass(frozen=True)
class Problem:
    """The incidents of one cause. `key` is the cluster of the first root (or its signature, where it is in none).

    `symptom_keys` are the clusters of what follows from it; `explained` counts them and its own.
    """

    key: str
    incidents: tuple[IncidentRecord, ...]
    symptom_keys: tuple[str, ...]
    explained: int
    is_felt: bool
    is_background: bool
    is_known: bool

    @property
    def first(self) -> IncidentRecord:
        return self.incidents[0]


def problems_of(
    incidents: Sequence[IncidentRecord],
    cluster_of: Mapping[str, str],
    background: Set[str] = frozenset(),
    known: Set[str] = frozenset(),
    usual: Set[str] = frozenset(),
) -> list[Problem]:
    """`cluster_of` names the cluster of a signature; `background` and `known` hold such names, `usual` hold places.

    The same exception that says the same at the same place is the same cause, also where what was logged about it makes
    two clusters; one statement of a program may fail in several ways.
    Where it is usual it is another problem than where it is news.
    """
    groups: Groups = {}
    same_place: dict[Raised, str] = {}
    for incident in without_usual_roots(incidents, usual):
        root = incident.root
        key = cluster_of.get(root.signature, root.signature)
        if root.frame and root.exception:
            key = same_place.setdefault(raised_at(root), key)
        if (said := _said_by_a_database(root) or _dumped(root)) is not None:
            key = same_place.setdefault(said, key)
        groups.setdefault((key, root.place in usual), []).append(incident)
    found = [
        _problem(key, group, cluster_of, background, known, usual)
        for (key, _), group in _either_way(groups, cluster_of).items()
    ]
    return sorted(found, key=reading_order)


def raised_at(root: EntryRecord) -> Raised:
    """Which exception was raised, in which function of the application, and what it says without names and numbers; of
    a null value where it is from, wherever it was used.
    """
    kind = (root.exception or "").replace("::", ".").rpartition(".")[2]
    if root.made_in:
        # The field of an object is that of one service.
        return kind, root.made_in if root.made_in[0] != " " else f"{root.service}{root.made_in}", ""
    return kind, root.frame or "", generalised(root.raised or root.message)


def _said_by_a_database(root: EntryRecord) -> Raised | None:
    """Whatever was asked of it by whom, what it lacks is one cause: the same words of it."""
    if root.error_type != "DatabaseError":
        return None
    found = _LACKS.search(normalised((root.raised or "").partition(": ")[2] or root.message))
    return ("", "", found.group()) if found else None


def _dumped(root: EntryRecord) -> Raised | None:
    """What one program writes about registers and flags is one problem, where nothing tells what led to it."""
    return ("", root.service, "values") if is_value_dump(root.message) else None


_LACKS = re.compile(
    r"\b(?:table|column|relation|function|view|schema|database|type|role|sequence|index)\b(?: \S+){1,6}?"
    r" (?:does not|doesn t) exist\b"
    r"|\b(?:no such (?:table|column)|unknown column|has no column)(?: \S+){1,3}"
)
Groups = dict[tuple[str, bool], list[IncidentRecord]]


def _either_way(groups: Groups, cluster_of: Mapping[str, str]) -> Groups:
    """Causes that follow from each other, now the one first and now the other, are one: the first of them."""
    found: dict[tuple[str, bool], _Side] = {}
    with_root: dict[tuple[str, bool], tuple[str, bool]] = {}
    for key, group in groups.items():
        side = _Side(key, group, _root_clusters(group, cluster_of), _symptom_clusters(group, cluster_of))
        while (same := _mutual_side(side, found, with_root)) is not None:
            side = found.pop(same).with_(side)
        found[side.key] = side
        with_root |= {(root, key[1]): side.key for root in side.roots}
    return {side.key: side.incidents for side in found.values()}


@dataclass(frozen=True)
class _Side:
    """Incidents that may be one problem with others: the clusters of their roots, and of what followed."""

    key: tuple[str, bool]
    incidents: list[IncidentRecord]
    roots: Set[str]
    followers: Set[str]

    def is_mutual(self, other: _Side) -> bool:
        same_ground = self.key[1] == other.key[1]
        return same_ground and bool(self.roots & other.followers) and bool(other.roots & self.followers)

    def with_(self, other: _Side) -> _Side:
        return _Side(
            self.key, self.incidents + other.incidents, self.roots | other.roots, self.followers | other.followers
        )


def _mutual_side(
    side: _Side, found: Mapping[tuple[str, bool], _Side], with_root: Mapping[tuple[str, bool], tuple[str, bool]]
) -> tuple[str, bool] | None:
    owners = (with_root.get((follower, side.key[1])) for follower in sorted(side.followers))
    return next((key for key in owners if key is not None and key in found and found[key].is_mutual(side)), None)


def _root_clusters(incidents: Sequence[IncidentRecord], cluster_of: Mapping[str, str]) -> Set[str]:
    return {cluster_of.get(incident.root.signature, incident.root.signature) for incident in incidents}


def _symptom_clusters(incidents: Sequence[IncidentRecord], cluster_of: Mapping[str, str]) -> Set[str]:
    symptoms = {symptom.entry.signature for incident in incidents for symptom in incident.symptoms}
    return {cluster_of.get(one, one) for one in symptoms}


def reading_order(problem: Problem) -> tuple[bool, bool, bool, bool, bool, bool, int, int, float, int]:
    """Background last, new before known; then what the user felt; what only announces comes late. Of those with a
    trace what failed a request comes before a fault of the client's own code, and the earliest is next to the cause of
    the others; what has none is next to it the more it explains, then the more often it happened. A failed connection
    has the traces of what it failed.
    """
    root = problem.first.root
    traced = root.is_origin or (
        root.evidence.get("role") == FLOW and any(symptom.entry.is_origin for symptom in problem.first.symptoms)
    )
    return (
        problem.is_background,
        problem.is_known,
        not problem.is_felt,
        is_notice(root),
        not traced,
        root.is_felt,
        0 if traced else -problem.explained,
        0 if traced else -sum(incident.tries for incident in problem.incidents),
        float("inf") if root.at is None else root.at,
        problem.first.number,
    )


def _problem(
    key: str,
    incidents: Sequence[IncidentRecord],
    cluster_of: Mapping[str, str],
    background: Set[str],
    known: Set[str],
    usual: Set[str],
) -> Problem:
    incidents = _most_of_it_first(incidents)
    own = {cluster_of.get(incident.root.signature, incident.root.signature) for incident in incidents}
    symptoms = [symptom.entry.signature for incident in incidents for symptom in incident.symptoms]
    keys = dict.fromkeys(cluster_of.get(one, one) for one in symptoms)
    others = tuple(one for one in keys if one not in own)
    return Problem(
        key=key,
        incidents=tuple(incidents),
        symptom_keys=others,
        explained=len(own) + len(others),
        is_felt=any(incident.is_felt for incident in incidents),
        is_background=own <= background or all(incident.root.place in usual for incident in incidents),
        is_known=bool(own & known),
    )


def _most_of_it_first(incidents: Sequence[IncidentRecord]) -> Sequence[IncidentRecord]:
    """An error without a trace in several services is at home where it is most often; otherwise in causal order."""
    if incidents[0].root.is_origin:
        return incidents
    often = Counter[str]()
    for incident in incidents:
        often[incident.root_service] += incident.tries
    return sorted(incidents, key=lambda incident: -often[incident.root_service])
