"""Problems of the catalog as causes: which were one, what follows from them, and what a symptom follows from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from signal_pipeline.plural import counted
from signal_pipeline.storage.known_causes import (
    CatalogProblem,
    KnownCause,
    KnownSymptom,
    are_causes,
    catalog_problems,
    causes_of_many,
    known_causes,
    known_symptoms,
)


@dataclass(frozen=True)
class ListedProblem:
    """A problem that was a cause, with what follows from it."""

    problem: CatalogProblem
    symptoms: Sequence[KnownSymptom]

    def as_json(self) -> dict[str, Any]:
        return vars(self.problem) | {"symptoms": [symptom_json(symptom) for symptom in self.symptoms]}


@dataclass(frozen=True)
class ProblemPart:
    """What part an error plays: whether it is a cause in some report, what follows from it, what it follows from."""

    is_cause: bool
    symptoms: Sequence[KnownSymptom]
    causes: Sequence[KnownCause]

    def in_words(self) -> str:
        if self.is_cause and self.causes:
            return "a cause, and in other reports a symptom"
        if self.is_cause:
            return "a cause"
        if self.causes:
            return f"only ever a symptom, of {counted(len(self.causes), 'problem')}"
        return ""

    def as_json(self) -> dict[str, Any]:
        return {
            "is_cause": self.is_cause,
            "symptoms": [symptom_json(symptom) for symptom in self.symptoms],
            "causes": [cause_json(cause) for cause in self.causes],
        }


def listed_problems(
    connection: psycopg.Connection,
    *,
    limit: int,
    after: tuple[int, UUID] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[ListedProblem]:
    """Those that are in the most reports first. What is only ever a symptom or background is not a problem."""
    found = catalog_problems(connection, limit=limit, after=after, since=since, until=until)
    symptoms = known_symptoms(connection, [one.id for one in found])
    return [ListedProblem(one, symptoms[one.id]) for one in found]


def part_of(connection: psycopg.Connection, problem_id: UUID) -> ProblemPart:
    return ProblemPart(
        bool(are_causes(connection, [problem_id])),
        known_symptoms(connection, [problem_id])[problem_id],
        known_causes(connection, None, problem_id),
    )


def causes_of_symptoms(connection: psycopg.Connection, problems: Sequence[UUID]) -> dict[UUID, list[KnownCause]]:
    """For those that are only ever symptoms: the problems that they are symptoms of."""
    symptoms = sorted(set(problems) - are_causes(connection, problems))
    return {problem: causes for problem, causes in causes_of_many(connection, symptoms).items() if causes}


def symptom_json(symptom: KnownSymptom) -> dict[str, Any]:
    return {
        "problem_id": str(symptom.problem_id),
        "title": symptom.title,
        "reports": symptom.reports,
        "incidents": symptom.incidents,
    }


def cause_json(cause: KnownCause) -> dict[str, Any]:
    return {
        "problem_id": str(cause.problem_id),
        "title": cause.title,
        "reports": cause.reports,
        "seen": cause.seen,
        "confidence": round(cause.share, 3),
        "decided": cause.decided or None,
    }
