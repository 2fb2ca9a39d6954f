"""What people said about roots: an entry that was taken for a cause is put below what it followed from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from signal_pipeline.causes.records import IncidentRecord, SymptomRecord

Name = Callable[[str], str]
"""From a signature to the error that it is: two with one name are the same error."""


@dataclass(frozen=True)
class Correction:
    """`symptom` is caused by `cause`, both signatures. `words` say who decided it."""

    symptom: str
    cause: str
    words: str


def corrected(
    incidents: Sequence[IncidentRecord], corrections: Sequence[Correction], name: Name
) -> list[IncidentRecord]:
    """The incidents as people say they are. A correction applies where both errors occur, the latest first.

    Numbers stay; an incident that became part of another is gone.
    """
    found = list(incidents)
    if not corrections:
        return found
    latest = [replace(one, symptom=name(one.symptom), cause=name(one.cause)) for one in reversed(corrections)]
    # A chain of corrections takes a pass for each; one that leads back to itself ends with the passes.
    for _ in latest:
        changed = _pass(found, latest, name)
        if changed == found:
            break
        found = changed
    return found


def _pass(incidents: Sequence[IncidentRecord], corrections: Sequence[Correction], name: Name) -> list[IncidentRecord]:
    kept = {incident.number: incident for incident in incidents}
    for incident in incidents:
        current = kept.get(incident.number)
        if current is None:
            continue
        for correction in corrections:
            if name(current.root.signature) != correction.symptom or correction.symptom == correction.cause:
                continue
            others = [one for one in kept.values() if one.number != current.number]
            if (swapped := _swapped(current, correction, name)) is not None:
                kept[current.number] = swapped
            elif (target := _nearest(others, current, correction, name)) is not None:
                kept[target.number] = _with(target, current, correction)
                del kept[current.number]
            else:
                continue
            break
    return list(kept.values())


def _swapped(incident: IncidentRecord, correction: Correction, name: Name) -> IncidentRecord | None:
    """With the cause, which is among its symptoms, as its root."""
    cause = next((one for one in incident.symptoms if name(one.entry.signature) == correction.cause), None)
    if cause is None:
        return None
    others = tuple(one for one in incident.symptoms if one is not cause)
    return replace(
        incident,
        root=cause.entry,
        root_service=cause.entry.service,
        in_evidence=True,
        is_corrected=True,
        tries=cause.count,
        symptoms=(_as_symptom(incident, correction), *others),
    )


def _nearest(
    others: Sequence[IncidentRecord], incident: IncidentRecord, correction: Correction, name: Name
) -> IncidentRecord | None:
    """The incident that has the cause, of several the one nearest in time."""
    have = [one for one in others if any(name(entry.signature) == correction.cause for entry in one.entries)]
    return min(have, key=lambda one: (_apart(one, incident), one.number), default=None)


def _with(target: IncidentRecord, incident: IncidentRecord, correction: Correction) -> IncidentRecord:
    symptoms = (*target.symptoms, _as_symptom(incident, correction), *incident.symptoms)
    return replace(target, symptoms=symptoms, is_corrected=True)


def _as_symptom(incident: IncidentRecord, correction: Correction) -> SymptomRecord:
    return SymptomRecord(incident.root, incident.tries, correction.words, 1.0, (incident.root.evidence,))


def _apart(one: IncidentRecord, other: IncidentRecord) -> float:
    if one.root.at is None or other.root.at is None:
        return float("inf")
    return abs(one.root.at - other.root.at)
