"""Problems and incidents as the report page's templates take them: each cause, and its symptoms by file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from signal_pipeline.causes.records import EntryRecord, IncidentRecord
from signal_pipeline.causes.wording import described
from signal_pipeline.evidence import Place
from signal_pipeline.pages.evidence_view import evidence
from signal_pipeline.pages.marking import marked, repeated
from signal_pipeline.reports.cause_words import decided_in_words, seen_in_words, times_in_words
from signal_pipeline.reports.causes import Symptom
from signal_pipeline.reports.known_cause_words import known_causes_in_words
from signal_pipeline.reports.page_data import CauseView, ReportPage
from signal_pipeline.schemas import SEVERITIES

MAX_PROBLEMS = 200
MAX_INCIDENTS = 200
MAX_SYMPTOMS = 60
MAX_TIMES = 50


def problem_views(page: ReportPage, groups: Mapping[str, int]) -> list[dict[str, Any]]:
    """`groups` are the numbers of error groups by signature."""
    shown = page.problems[:MAX_PROBLEMS]
    titles = [view.problem.title for view in shown]
    return [
        _problem(number, view, page.file_names, groups) | {"title_parts": parts, "is_repeated": is_repeated}
        for number, (view, parts, is_repeated) in enumerate(
            zip(shown, marked(titles), repeated(titles), strict=True), 1
        )
    ]


def incident_views(page: ReportPage) -> list[dict[str, Any]]:
    """In causal order, each with the number and id of the problem that it is an instance of."""
    problems = {
        incident.number: (number, view.problem.problem_id)
        for number, view in enumerate(page.problems, 1)
        for incident in view.problem.found.incidents
    }
    return [_incident(one, problems.get(one.number), page.file_names) for one in page.causes.incidents[:MAX_INCIDENTS]]


def _problem(number: int, view: CauseView, names: Mapping[str, str], groups: Mapping[str, int]) -> dict[str, Any]:
    problem = view.problem
    incidents = problem.found.incidents
    return {
        "number": number,
        "id": problem.problem_id,
        "former_ids": problem.former_ids,
        "in_catalog": any(cluster.problem_id for cluster in problem.clusters),
        "is_background": problem.is_background,
        "title": problem.title,
        "severity": problem.severity,
        "type": problem.root.error_type or "warning",
        "service": problem.found.first.root_service,
        "in_evidence": problem.found.first.in_evidence,
        "count": sum(incident.tries for incident in incidents),
        "times": times_in_words(problem),
        "seen": seen_in_words(problem),
        "is_known": problem.found.is_known,
        "decided": decided_in_words(problem),
        "at": _moment(problem.root.at),
        "group": groups.get(problem.root.signature),
        "root": evidence({**problem.root.evidence, "file": _file(problem.root.evidence, names)}, view.root),
        "files": _by_file(problem.symptoms[:MAX_SYMPTOMS], names, groups),
        "symptoms": len(problem.symptoms),
        "unlisted": max(len(problem.symptoms) - MAX_SYMPTOMS, 0),
        "repeats": [_time(incident, names) for incident in incidents[:MAX_TIMES]],
        "unlisted_repeats": max(len(incidents) - MAX_TIMES, 0),
        "known_causes": known_causes_in_words(problem.known_causes),
        "confidence": problem.known_causes[0].share if problem.known_causes else None,
    }


def _by_file(symptoms: Sequence[Symptom], names: Mapping[str, str], groups: Mapping[str, int]) -> list[dict[str, Any]]:
    """In causal order of their first symptom; what the user saw comes last."""
    files: dict[str, list[Symptom]] = {}
    for symptom in symptoms:
        files.setdefault(_name(symptom.places[0], names) if symptom.places else symptom.service, []).append(symptom)
    ordered = sorted(files.items(), key=lambda item: any(symptom.is_felt for symptom in item[1]))
    return [{"name": name, "symptoms": [_symptom(one, names, groups) for one in found]} for name, found in ordered]


def _symptom(symptom: Symptom, names: Mapping[str, str], groups: Mapping[str, int]) -> dict[str, Any]:
    return {
        "title": symptom.title,
        "count": symptom.count,
        "reason": symptom.reason,
        "is_felt": symptom.is_felt,
        "where": _label(symptom.places[0], names) if symptom.places else symptom.service,
        "group": groups.get(symptom.signature),
    }


def _time(incident: IncidentRecord, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": incident.number,
        "at": _moment(incident.root.at),
        "where": _label(incident.root.evidence, names),
        "tries": incident.tries,
        "symptoms": sum(symptom.count for symptom in incident.symptoms),
    }


def _incident(incident: IncidentRecord, problem: tuple[int, str] | None, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": incident.number,
        "problem": problem,
        "root": _entry(incident.root, names) | {"level": _worst(incident)},
        "service": incident.root_service,
        "tries": incident.tries,
        "symptoms": sum(symptom.count for symptom in incident.symptoms),
        "followers": [
            _entry(one.entry, names) | {"count": one.count, "reason": one.reason}
            for one in incident.symptoms[:MAX_SYMPTOMS]
        ],
        "unlisted": max(len(incident.symptoms) - MAX_SYMPTOMS, 0),
    }


def _worst(incident: IncidentRecord) -> str:
    """The severity that its problem shows: of the root and of what follows from it."""
    known = [entry.severity for entry in incident.entries if entry.severity]
    return min(known, key=SEVERITIES.index, default="warning")


def _entry(entry: EntryRecord, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "at": _moment(entry.at),
        "level": entry.severity or "warning",
        "title": described(entry),
        "where": _label(entry.evidence, names),
    }


def _moment(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


def _file(place: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return names.get(str(place["signal_id"]), str(place["signal_id"]))


def _name(place: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return Place.of(place, _file(place, names)).name


def _label(place: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return Place.of(place, _file(place, names)).label()
