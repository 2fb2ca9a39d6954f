"""Problems of all reports, one problem, and the page on which people decide about a report's problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from signal_pipeline.catalog.causes import ListedProblem, ProblemPart
from signal_pipeline.catalog.search import Found
from signal_pipeline.pages.environment import own_text, render
from signal_pipeline.pages.index import page_policy
from signal_pipeline.reports.cause_words import decided_in_words
from signal_pipeline.reports.causes import ReportCauses
from signal_pipeline.storage.known_problem import KnownProblem, ReportWithProblem
from signal_pipeline.storage.live_signals import LiveSignals
from signal_pipeline.storage.verdicts import Verdict

MAX_CHOICES = 100


@dataclass(frozen=True)
class Asked:
    """What somebody searched for, and what was found."""

    text: str
    found: Sequence[Found]


def problems_html(problems: Sequence[ListedProblem], *, older: str | None, asked: Asked | None) -> str:
    return render(
        "problems.html.jinja",
        problems=problems,
        older=older,
        asked=asked,
        policy=page_policy(),
        style=own_text("report.css"),
    )


def problem_html(
    problem: KnownProblem,
    part: ProblemPart,
    reports: Sequence[ReportWithProblem],
    signals: LiveSignals | None,
    *,
    older: str | None,
) -> str:
    """`signals` of business events that say it; None where there are none."""
    return render(
        "problem.html.jinja",
        problem=problem,
        part=part,
        reports=reports,
        signals=signals,
        older=older,
        policy=page_policy(),
        style=own_text("report.css"),
    )


def decide_html(
    found: ReportCauses,
    verdicts: Sequence[Verdict],
    *,
    form_key: str | None,
    confirmation: str | None = None,
    refused: str | None = None,
) -> str:
    """`verdicts` are those about this report's errors; `form_key` is None for somebody who may not decide."""
    return render(
        "decide.html.jinja",
        found=found,
        problems=[_problem(number, one) for number, one in enumerate(found.problems, 1)],
        choices=_choices(found)[:MAX_CHOICES],
        verdicts=verdicts,
        form_key=form_key,
        confirmation=confirmation,
        refused=refused,
        policy=page_policy(),
        style=own_text("report.css"),
    )


def _problem(number: int, problem: Any) -> dict[str, Any]:
    return {
        "number": number,
        "id": problem.problem_id,
        "title": problem.title,
        "service": problem.found.first.root_service,
        "is_background": problem.is_background,
        "is_error": problem.root.error_type is not None,
        "decided": decided_in_words(problem),
    }


def _choices(found: ReportCauses) -> list[tuple[str, str]]:
    """What may be the cause of a problem: every root and symptom of the report, by id."""
    known: dict[str, str] = {}
    for problem in found.problems:
        known.setdefault(problem.problem_id, f"{problem.title} ({problem.found.first.root_service})")
        for symptom in problem.symptoms:
            known.setdefault(symptom.cluster_id, f"{symptom.title} ({symptom.service})")
    return list(known.items())
