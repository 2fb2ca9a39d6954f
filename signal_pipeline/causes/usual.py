"""What is always there explains nothing that is not: incidents told apart from what usually happens at these places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from signal_pipeline.causes.records import IncidentRecord


def without_usual_roots(incidents: Sequence[IncidentRecord], usual: Set[str]) -> list[IncidentRecord]:
    """Incidents whose root is at a usual place, in two where something unusual follows from it: that is the new root.

    Numbers stay: both parts are the incident as stored.
    """
    return [part for incident in incidents for part in _parts(incident, usual)] if usual else list(incidents)


def _parts(incident: IncidentRecord, usual: Set[str]) -> Iterator[IncidentRecord]:
    if incident.root.place not in usual:
        yield incident
        return
    unusual = [symptom for symptom in incident.symptoms if symptom.entry.place not in usual]
    yield replace(incident, symptoms=tuple(one for one in incident.symptoms if one.entry.place in usual))
    if not unusual:
        return
    # An error before a warning: the first that is one.
    first = next((one for one in unusual if one.entry.error_type is not None), unusual[0])
    yield replace(
        incident,
        root=first.entry,
        root_service=first.entry.service,
        in_evidence=not first.entry.is_felt,
        symptoms=tuple(one for one in unusual if one is not first),
        tries=first.count,
    )
