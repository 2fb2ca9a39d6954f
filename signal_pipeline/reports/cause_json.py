"""A report's problems and incidents as JSON: the contract of `problems --json` and of the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from signal_pipeline.catalog.causes import cause_json
from signal_pipeline.causes.records import IncidentRecord
from signal_pipeline.causes.wording import described
from signal_pipeline.evidence import Place
from signal_pipeline.reports.causes import ReportCauses, ReportProblem, Symptom

MAX_ROOT_PLACES = 5


def report_json(found: ReportCauses) -> dict[str, Any]:
    names = _names(found)
    return {
        "report_id": str(found.status.report_id),
        "state": found.status.state,
        "headline": found.headline,
        "healthy": None if found.healthy is None else {"by": found.healthy.by, "at": found.healthy.at.isoformat()},
        "problems": [_problem_json(problem, names) for problem in found.causes],
        "background": [_problem_json(problem, names) for problem in found.background],
        "unread": [
            {"file": file.name, "outcome": file.status, "reasons": file.reasons}
            for file in found.status.files
            if file.status != "ok"
        ],
    }


def incidents_json(found: ReportCauses) -> list[dict[str, Any]]:
    names = _names(found)
    problems = {one.number: problem.problem_id for problem in found.problems for one in problem.found.incidents}
    return [_incident_json(incident, problems.get(incident.number), names) for incident in found.incidents]


def _names(found: ReportCauses) -> dict[str, str]:
    return {str(file.signal_id): file.name for file in found.status.files}


def _problem_json(problem: ReportProblem, names: Mapping[str, str]) -> dict[str, Any]:
    first = problem.found.first
    return {
        "problem_id": problem.problem_id,
        "title": problem.title,
        "root_evidence": [
            _place_json(incident.root.evidence, names) for incident in problem.found.incidents[:MAX_ROOT_PLACES]
        ],
        "root_service": first.root_service,
        "root_in_evidence": first.in_evidence,
        "error_type": problem.root.error_type,
        "severity": problem.severity,
        "seen_before": problem.seen.as_cause if problem.seen else 0,
        "symptom_seen_before": problem.seen.at_all if problem.seen else 0,
        "incidents": len(problem.found.incidents),
        "symptoms": [_symptom_json(symptom, names) for symptom in problem.symptoms],
        "known_causes": [cause_json(cause) for cause in problem.known_causes],
    }


def _symptom_json(symptom: Symptom, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "cluster_id": symptom.cluster_id,
        "title": symptom.title,
        "service": symptom.service,
        "count": symptom.count,
        "reason": symptom.reason,
        "evidence": [_place_json(place, names) for place in symptom.places],
    }


def _incident_json(incident: IncidentRecord, problem_id: str | None, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": incident.number,
        "problem_id": problem_id,
        "at": None if incident.root.at is None else datetime.fromtimestamp(incident.root.at, UTC).isoformat(),
        "root": {"title": described(incident.root), "evidence": _place_json(incident.root.evidence, names)},
        "root_service": incident.root_service,
        "root_in_evidence": incident.in_evidence,
        "tries": incident.tries,
        "symptoms": [
            {
                "title": described(symptom.entry),
                "count": symptom.count,
                "reason": symptom.reason,
                "strength": symptom.strength,
                "evidence": [_place_json(place, names) for place in symptom.places],
            }
            for symptom in incident.symptoms
        ],
    }


def _place_json(place: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    file = Place.of(place, names.get(str(place["signal_id"]), str(place["signal_id"])))
    return {
        "file": file.name,
        "line_number": place["line_number"],
        "line_count": place["line_count"],
        "entry_index": place["entry_index"],
        "unit": file.unit,
        "label": file.label(),
    }
