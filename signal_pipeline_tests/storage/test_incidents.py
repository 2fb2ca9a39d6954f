"""Incidents as rows: replaced, deleted with their report, and what is known of causes over several reports."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest

from signal_pipeline.causes.records import TEMPLATE, EntryRecord, IncidentRecord, SymptomRecord
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.incidents import (
    incidents_of,
    replace_incidents,
    seen_before,
    usual_places,
)
from signal_pipeline.storage.known_causes import known_causes
from signal_pipeline.storage.reports import insert_report
from signal_pipeline_tests.storage.tables import add_file

PLACE = {"signal_id": "s", "member": None, "line_number": 3, "line_count": 1, "entry_index": None}


def entry(signature: str, at: float | None = 10.0) -> EntryRecord:
    return EntryRecord(
        signature, "shop", f"{signature} broke", "GenericError", "high", None, None, at,
        is_origin=True, is_felt=False, evidence=PLACE, place=f"{signature} in shop",
    )  # fmt: skip


def incident(root: str, *symptoms: str, number: int = 1, at: float | None = 10.0) -> IncidentRecord:
    followers = tuple(SymptomRecord(entry(one), 2, "same id", 0.9, (PLACE,)) for one in symptoms)
    return IncidentRecord(number, entry(root, at), "shop", in_evidence=True, symptoms=followers, tries=3)


class Reports:
    """Reports with incidents; each signature is a problem of its own, named by `problem`."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.problems: dict[str, UUID] = {}

    def problem(self, name: str) -> UUID:
        if name not in self.problems:
            self.problems[name] = made = uuid4()
            self.connection.execute(
                "insert into catalog_problems (id, founder_hash, medoid_hash, title, label, error_type, size, radius)"
                " values (%s, %s, %s, %s, '', 'GenericError', 1, 0)",
                (made, name, name, f"{name} broke"),
            )
            self.connection.execute(
                "insert into catalog_members (signature_hash, core_id, problem_id, distance_to_medoid)"
                " values (%s, %s, %s, 0)",
                (name, made, made),
            )
        return self.problems[name]

    def add(self, *found: IncidentRecord, source: str = "test") -> UUID:
        report_id = uuid4()
        insert_report(self.connection, report_id, "a title", source)
        signal_id = add_file(self.connection, report_id)
        names = {one.root.signature for one in found} | {s.entry.signature for one in found for s in one.symptoms}
        for name in sorted(name for name in names if not name.startswith(TEMPLATE)):
            self.problem(name)
            self.connection.execute(
                "insert into signature_occurrences (report_id, signature_hash, signal_id, count, severity, evidence)"
                " values (%s, %s, %s, 1, 'high', '[]')",
                (report_id, name, signal_id),
            )
        self.connection.execute(
            "insert into clusterings (id, report_id, is_current, algorithm, settings, versions, signatures, clusters,"
            " noise) values (%s, %s, true, 'test', '{}', '{}', 1, 1, 0)",
            (uuid4(), report_id),
        )
        replace_incidents(self.connection, report_id, found)
        return report_id


@pytest.fixture
def reports(database: Database) -> Iterator[Reports]:
    with database.transaction() as connection:
        yield Reports(connection)


def pairs(connection: psycopg.Connection, report: UUID) -> list[tuple[str, str, int]]:
    return connection.execute(
        "select root_signature, symptom_signature, incidents from incident_symptoms where report_id = %s order by 1, 2",
        (report,),
    ).fetchall()


def test_what_is_stored_comes_back_and_a_re_run_replaces_it(reports: Reports) -> None:
    first, second = incident("disk", "page"), incident("disk", "page", "mail", number=2, at=None)
    report = reports.add(first, second)
    assert incidents_of(reports.connection, report) == [first, second]
    assert pairs(reports.connection, report) == [("disk", "mail", 1), ("disk", "page", 2)]
    replace_incidents(reports.connection, report, [second])
    assert incidents_of(reports.connection, report) == [second]
    assert pairs(reports.connection, report) == [("disk", "mail", 1), ("disk", "page", 1)]
    replace_incidents(reports.connection, report, [])
    assert (incidents_of(reports.connection, report), pairs(reports.connection, report)) == ([], [])


def test_a_warning_may_be_a_root_and_is_no_known_cause(reports: Reports) -> None:
    warned = incident(TEMPLATE + "x" * 9_000, "page")
    report = reports.add(warned)
    assert incidents_of(reports.connection, report) == [warned]
    assert pairs(reports.connection, report) == []


def test_incidents_go_with_their_report(reports: Reports) -> None:
    report = reports.add(incident("disk", "page"))
    reports.connection.execute("delete from reports where id = %s", (report,))
    assert (incidents_of(reports.connection, report), pairs(reports.connection, report)) == ([], [])


def test_seen_before_counts_earlier_reports_as_cause_and_at_all(reports: Reports) -> None:
    reports.add(incident("disk", "page"))
    reports.add(incident("lock", "page"), incident("lock", "page", number=2))
    own = reports.add(incident("page"), incident("disk", number=2))
    reports.connection.execute("update reports set created_at = now() + interval '1 hour' where id = %s", (own,))
    later = reports.add(incident("page"), incident("disk", number=2))
    reports.connection.execute("update reports set created_at = now() + interval '2 hours' where id = %s", (later,))
    found = {one.problem_id: (one.as_cause, one.at_all) for one in seen_before(reports.connection, own)}
    assert found == {reports.problem("page"): (0, 2), reports.problem("disk"): (1, 1)}


def test_known_causes_are_counted_by_report_and_not_by_incident(reports: Reports) -> None:
    for _ in range(3):
        reports.add(incident("unique", "page"), incident("unique", "page", number=2))
    reports.add(incident("lock", "page"))
    own = reports.add(incident("page"))
    found = known_causes(reports.connection, own, reports.problem("page"))
    assert [(one.title, one.reports, one.seen, one.share) for one in found] == [
        ("unique broke", 3, 4, 0.75),
        ("lock broke", 1, 4, 0.25),
    ]
    assert known_causes(reports.connection, own, reports.problem("unique")) == []


def test_a_reports_own_incidents_are_no_experience(reports: Reports) -> None:
    own = reports.add(incident("lock", "page"))
    assert known_causes(reports.connection, own, reports.problem("page")) == []


def test_a_cause_that_became_part_of_another_problem_is_told_as_that(reports: Reports) -> None:
    reports.add(incident("lock", "page"))
    reports.add(incident("locked", "page"))
    own = reports.add(incident("page"))
    lock = reports.problem("lock")
    reports.connection.execute("update catalog_problems set merged_into = %s where founder_hash = 'locked'", (lock,))
    found = known_causes(reports.connection, own, reports.problem("page"))
    assert [(one.problem_id, one.reports, one.seen) for one in found] == [(lock, 2, 2)]


def test_what_is_usual_in_a_source_is_known_by_place(reports: Reports) -> None:
    for _ in range(3):
        reports.add(incident("noise"))
    reports.add(incident("disk"))
    reports.add(incident("disk"), source="elsewhere")
    own = reports.add(incident("noise"), incident("disk", number=2))
    noise = entry("noise").place
    assert usual_places(reports.connection, own, 4, 0.5) == {noise}
    assert usual_places(reports.connection, own, 4, 0.75) == set(), "more than the share, not as many"
    assert usual_places(reports.connection, own, 5, 0.5) == set(), "too few others are known"
