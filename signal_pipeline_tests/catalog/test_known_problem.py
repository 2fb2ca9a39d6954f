"""A known problem and the reports that have it: counts of all, pages, ids that became part of another."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from signal_pipeline.catalog.verdicts import decide
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.overview import report_problems
from signal_pipeline.storage.known_problem import KnownProblem, known_problem, reports_with
from signal_pipeline.storage.verdicts import Kind
from signal_pipeline_tests.pipeline.reports import clustered_report

DISK = "disk of server alpha is full"
PAYMENT = "payment was declined by the bank"


@pytest.fixture
def reports(platform: Platform, tmp_path: Path) -> list[UUID]:
    return [clustered_report(platform, tmp_path, [PAYMENT, *([DISK] if number else [])]) for number in range(3)]


def _id_of(platform: Platform, report: UUID, title: str) -> UUID:
    (found,) = [one for one in report_problems(platform.database, report).problems if one.title == title]
    assert found.problem_id is not None
    return found.problem_id


def _known(platform: Platform, problem: UUID) -> KnownProblem | None:
    with platform.database.transaction() as connection:
        return known_problem(connection, problem)


def test_it_counts_all_reports_and_lists_them_newest_first(platform: Platform, reports: list[UUID]) -> None:
    problem = _id_of(platform, reports[0], PAYMENT)
    found = _known(platform, problem)
    assert found is not None
    assert (found.id, found.title, found.reports, found.signatures) == (problem, PAYMENT, 3, 1)
    with platform.database.transaction() as connection:
        listed = reports_with(connection, problem, limit=10)
        first = reports_with(connection, problem, limit=2)
        rest = reports_with(connection, problem, limit=2, after=(first[-1].created_at, first[-1].report_id))
    assert [one.report_id for one in listed] == reports[::-1]
    assert [*first, *rest] == listed
    assert found.frequency == sum(one.frequency for one in listed) > 0


def test_an_error_without_a_date_was_seen_when_its_report_was_made(platform: Platform, reports: list[UUID]) -> None:
    problem = _id_of(platform, reports[0], PAYMENT)
    with platform.database.transaction() as connection:
        connection.execute("update signature_occurrences set first_seen = null, last_seen = null")
        made = connection.execute("select min(created_at), max(created_at) from reports").fetchone()
    found = _known(platform, problem)
    assert found is not None
    assert (found.first_seen, found.last_seen) == made


def test_an_id_that_became_part_of_another_leads_there(platform: Platform, reports: list[UUID]) -> None:
    ids = [_id_of(platform, reports[1], title) for title in (PAYMENT, DISK)]
    medoids = [one.medoid_hash for id in ids if (one := _known(platform, id))]
    decide(platform, Kind.SAME, *medoids, by="anna")
    found = [_known(platform, one) for one in ids]
    assert found[0] == found[1] is not None and found[0].id in ids and found[0].signatures == 2


def test_what_was_decided_is_told(platform: Platform, reports: list[UUID]) -> None:
    problem = _id_of(platform, reports[0], PAYMENT)
    before = _known(platform, problem)
    assert before is not None and before.verdict is None
    decide(platform, Kind.FIXED, before.medoid_hash, None, by="anna", fixed_in="2.1")
    after = _known(platform, problem)
    assert after is not None and (after.verdict, after.fixed_in) == ("fixed", "2.1")


def test_an_id_that_is_none(platform: Platform) -> None:
    assert _known(platform, uuid4()) is None
