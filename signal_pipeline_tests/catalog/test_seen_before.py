"""Known or new, since when, in how many reports, and what is near: per cluster, for the command and for readers."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from signal_pipeline.catalog.verdicts import decide
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.pipeline.cluster import cluster_reports
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.overview import report_problems
from signal_pipeline.storage.problems import ProblemRow, known_counts, seen_before
from signal_pipeline.storage.verdicts import Kind
from signal_pipeline_tests.pipeline.reports import clustered_report, embedded_report, hash_of

DISK = "disk of server alpha is full"
DISK_TOO = "disk of server beta is full"
PAYMENT = "payment was declined by the bank"


@pytest.fixture
def first(platform: Platform, tmp_path: Path) -> UUID:
    return clustered_report(platform, tmp_path, [DISK, PAYMENT])


def problems(platform: Platform, report: UUID) -> dict[str, ProblemRow]:
    return {problem.title: problem for problem in report_problems(platform.database, report).problems}


def test_the_first_report_has_only_new_problems(platform: Platform, first: UUID) -> None:
    found = report_problems(platform.database, first)
    assert [problem.is_known for problem in found.problems] == [False, False]
    assert {problem.reports for problem in found.problems} == {1}
    assert all(problem.nearest == [] for problem in found.problems), "its own problems are no news to it"
    assert found.as_json()["new"] == 2


def test_a_later_report_knows_what_came_before(platform: Platform, first: UUID, tmp_path: Path) -> None:
    second = clustered_report(platform, tmp_path, [DISK_TOO, PAYMENT, "name of user is unknown"])
    found = problems(platform, second)
    same, alike, new = found[PAYMENT], found[DISK_TOO], found["name of user is unknown"]
    assert (same.is_known, same.reports, same.first_report_id) == (True, 2, first)
    assert (alike.is_known, alike.reports, alike.first_report_id) == (True, 2, first), "by similarity, not by hash"
    assert alike.problem_id == problems(platform, first)[DISK].problem_id
    assert (new.is_known, new.reports, new.first_report_id) == (False, 1, second)
    assert new.nearest and new.nearest[0]["distance"] > 0.3 and new.nearest[0]["title"]
    assert {near["problem_id"] for near in new.nearest} == {str(same.problem_id), str(alike.problem_id)}
    # The first report is still the one where it was new, and it can tell how often it came again.
    assert [(one.is_known, one.reports) for one in report_problems(platform.database, first).problems] == [
        (False, 2)
    ] * 2


def test_two_reports_of_the_same_minute_and_one_run(platform: Platform, tmp_path: Path) -> None:
    reports = [embedded_report(platform, tmp_path, [text]) for text in (DISK, DISK_TOO)]
    cluster_reports(platform, reports[::-1], ClusterSettings(), "test")
    found = [report_problems(platform.database, report).problems[0] for report in reports]
    assert found[0].problem_id == found[1].problem_id
    assert [one.is_known for one in found] == [False, True]


def test_readers_get_the_same_from_the_view(platform: Platform, first: UUID, tmp_path: Path) -> None:
    second = clustered_report(platform, tmp_path, [DISK_TOO, "name of user is unknown"])
    with platform.database.transaction() as connection:
        rows = connection.execute(
            "select title, is_known, reports, first_report_id, problem_id is not null from report_problems"
            " where report_id = %s order by title",
            (second,),
        ).fetchall()
        counts = known_counts(connection, [first, second])
        listed = seen_before(connection, [first, second], 1)
        known = connection.execute("select title, reports, signatures from known_problems order by 1").fetchall()
    assert rows == [(DISK_TOO, True, 2, first, True), ("name of user is unknown", False, 1, second, True)]
    assert counts == {first: (0, 2), second: (1, 1)}
    assert [len(listed[report]) for report in (first, second)] == [1, 1]
    assert known == [("disk of server <*> is full", 2, 2), ("name of user is unknown", 1, 1), (PAYMENT, 1, 1)]


def test_noise_is_a_problem_of_one(platform: Platform, first: UUID, tmp_path: Path) -> None:
    plain = ClusterSettings("dbscan", 0.0001)
    second = clustered_report(platform, tmp_path, [DISK_TOO, PAYMENT], plain)
    found = problems(platform, second)
    assert {one.label for one in found.values()} == {-1}
    assert found[PAYMENT].is_known and found[PAYMENT].evidence[0]["line_number"] == 2
    assert found[DISK_TOO].is_known


def test_verdicts_are_shown_and_a_fix_that_does_not_hold_too(platform: Platform, first: UUID, tmp_path: Path) -> None:
    decide(platform, Kind.NOT_A_BUG, hash_of(PAYMENT), None, by="ann")
    decide(platform, Kind.FIXED, hash_of(DISK)[:12], None, by="ann", fixed_in="2.4")
    found = report_problems(platform.database, first).problems
    assert [(one.title, one.verdict, one.fixed_in, one.seen_after_fix) for one in found] == [
        (DISK, "fixed", "2.4", False),
        (PAYMENT, "not_a_bug", None, False),
    ], "what is no bug comes last"
    second = clustered_report(platform, tmp_path, [DISK_TOO])
    (again,) = report_problems(platform.database, second).problems
    assert (again.verdict, again.seen_after_fix) == ("fixed", True)


def test_a_verdict_is_obeyed_by_the_next_clustering(platform: Platform, tmp_path: Path) -> None:
    report = clustered_report(platform, tmp_path, [DISK, DISK_TOO, PAYMENT])
    assert len(report_problems(platform.database, report).problems) == 2
    decide(platform, Kind.NOT_SAME, hash_of(DISK), hash_of(DISK_TOO), by="ann")
    done = decide(platform, Kind.SAME, hash_of(DISK), hash_of(PAYMENT), by="ann")
    assert done.reports == 1
    for settings in (ClusterSettings(), ClusterSettings("dbscan", 0.01), ClusterSettings("agglomerative", 1.9)):
        cluster_reports(platform, [report], settings, "test")
        found = report_problems(platform.database, report).problems
        together = sorted(sorted(one.signature_hashes) for one in found)
        assert together == sorted([sorted([hash_of(DISK), hash_of(PAYMENT)]), [hash_of(DISK_TOO)]]), settings
