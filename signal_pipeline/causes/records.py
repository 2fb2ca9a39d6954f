"""Incidents as they are stored and handed on: no frames, no texts beyond what is shown, repetitions counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from signal_pipeline.causes.find import Causes
from signal_pipeline.causes.incidents import Incident, Symptom
from signal_pipeline.causes.node import ANSWERED, ORIGIN, Node
from signal_pipeline.causes.places import place_of
from signal_pipeline.causes.services import blamed_service

MAX_PLACES = 5
MAX_MESSAGE_CHARS = 300
TEMPLATE = "template:"
"""Begins the key of an entry that is not an error, and so has no signature."""


@dataclass(frozen=True)
class EntryRecord:
    """An entry of an incident. `signature` is its hash, or TEMPLATE and its template; `at` is in seconds, UTC.

    `evidence` has signal_id, member, line_number, line_count, entry_index and role. `frame` is the application's
    innermost.
    `place` is where the error is at home (`places.place_of`); empty in records of earlier versions.
    `raised` is the innermost exception as its trace writes it; `made_in` the function and the name of a null value
    that it tells of, where the trace shows that (`null_values.made_in`). `stated` is what a field of the record, or the
    lines below its head, say of the cause.
    """

    signature: str
    service: str
    message: str
    error_type: str | None
    severity: str | None
    exception: str | None
    frame: str | None
    at: float | None
    is_origin: bool
    is_felt: bool
    evidence: Mapping[str, Any]
    place: str = ""
    raised: str | None = None
    made_in: str | None = None
    stated: str | None = None


@dataclass(frozen=True)
class SymptomRecord:
    """All symptoms of one signature and service in an incident: the first, how many, some places, why they belong."""

    entry: EntryRecord
    count: int
    reason: str
    strength: float
    places: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class IncidentRecord:
    """`tries` counts entries of the root's own signature and service. `in_evidence` is false where only symptoms of
    the root are there; `root_service` is then the service that they name, if they name one. `is_corrected`: a person
    said what follows from what.
    """

    number: int
    root: EntryRecord
    root_service: str
    in_evidence: bool
    symptoms: Sequence[SymptomRecord] = field(default_factory=tuple)
    tries: int = 1
    is_corrected: bool = False

    @property
    def is_felt(self) -> bool:
        return any(entry.is_felt for entry in self.entries)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def of_json(stored: Mapping[str, Any]) -> IncidentRecord:
        symptoms = tuple(
            SymptomRecord(**symptom | {"entry": EntryRecord(**symptom["entry"]), "places": tuple(symptom["places"])})
            for symptom in stored["symptoms"]
        )
        return IncidentRecord(**{**stored, "root": EntryRecord(**stored["root"]), "symptoms": symptoms})

    @property
    def entries(self) -> tuple[EntryRecord, ...]:
        """The root, then what follows from it."""
        return (self.root, *(symptom.entry for symptom in self.symptoms))


def records_of(found: Causes) -> list[IncidentRecord]:
    """In causal order, numbered from 1."""
    failing = frozenset(node.service for node in found.nodes.values())
    return [_record(number, one, found.nodes, failing) for number, one in enumerate(found.incidents, 1)]


def _record(number: int, incident: Incident, nodes: Mapping[int, Node], failing: frozenset[str]) -> IncidentRecord:
    root = nodes[incident.root]
    groups: dict[tuple[str, str], list[Symptom]] = {}
    for symptom in incident.symptoms:
        groups.setdefault(_kind(nodes[symptom.row]), []).append(symptom)
    own = groups.pop(_kind(root), [])
    named = blamed_service(root.hosts, root.service, failing) if root.error_type in _BY_ANOTHER else None
    return IncidentRecord(
        number=number,
        root=_entry(root),
        root_service=named or root.service,
        in_evidence=named is None and _is_cause(root, incident, nodes),
        symptoms=tuple(_symptom(group, nodes) for group in groups.values()),
        tries=1 + len(own),
    )


def _is_cause(root: Node, incident: Incident, nodes: Mapping[int, Node]) -> bool:
    """Whether the root tells why. What a failed request's server warned of does; any other warning only hints. What
    says that something else was not there, or shows what only something else leads to, is no cause if that is not told.
    """
    if root.nearness <= ANSWERED or root.is_leftover or root.blames_peer or root.is_effect:
        return False
    failed = root.is_error or root.exception is not None
    return failed or any(nodes[symptom.row].is_felt for symptom in incident.symptoms)


def _kind(node: Node) -> tuple[str, str]:
    """One error in two services is two symptoms."""
    return signature_of(node), node.service


# Failures whose cause is at the other end of a connection.
_BY_ANOTHER = ("NetworkError", "TimeoutError")


def _symptom(group: Sequence[Symptom], nodes: Mapping[int, Node]) -> SymptomRecord:
    first = group[0]
    return SymptomRecord(
        entry=_entry(nodes[first.row]),
        count=len(group),
        reason=first.reason,
        strength=first.strength,
        places=tuple(_evidence(nodes[symptom.row]) for symptom in group[:MAX_PLACES]),
    )


def _entry(node: Node) -> EntryRecord:
    return EntryRecord(
        signature=signature_of(node),
        service=node.service,
        message=node.message[:MAX_MESSAGE_CHARS],
        error_type=node.error_type,
        severity=node.severity,
        exception=node.exception,
        raised=node.raised[:MAX_MESSAGE_CHARS] if node.raised else None,
        frame=node.frame,
        at=node.at,
        is_origin=node.nearness == ORIGIN,
        is_felt=node.is_felt,
        evidence=_evidence(node),
        place=place_of(node),
        made_in=node.made_in,
        stated=node.stated[:MAX_MESSAGE_CHARS] if node.stated else None,
    )


def _evidence(node: Node) -> dict[str, Any]:
    return {
        "signal_id": node.file[0],
        "member": node.file[1],
        "line_number": node.line_number,
        "line_count": node.line_count,
        "entry_index": node.entry_index,
        "role": node.counted_role,
    }


def signature_of(node: Node) -> str:
    return node.signature or f"{TEMPLATE}{node.template}"
