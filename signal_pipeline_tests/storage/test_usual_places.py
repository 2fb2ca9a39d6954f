"""What is background: places where most other reports of the same source have errors."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

import psycopg

from signal_pipeline.causes.records import EntryRecord, IncidentRecord
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.incidents import replace_incidents, usual_places
from signal_pipeline.storage.reports import insert_report


def report_with(connection: psycopg.Connection, places: Sequence[str], source: str = "shop") -> UUID:
    report = uuid4()
    insert_report(connection, report, "a title", source)
    connection.execute(
        "insert into clusterings (id, report_id, is_current, algorithm, settings, versions, signatures, clusters,"
        " noise) values (%s, %s, true, 'test', '{}', '{}', 1, 1, 0)",
        (uuid4(), report),
    )
    replace_incidents(connection, report, [incident(number, place) for number, place in enumerate(places, 1)])
    return report


def incident(number: int, place: str) -> IncidentRecord:
    root = EntryRecord(
        signature=place, service="s", message=place, error_type="GenericError", severity="high", exception=None,
        frame=None, at=1.0, is_origin=False, is_felt=False,
        evidence={"signal_id": "s", "member": None, "line_number": 1, "line_count": 1, "entry_index": None},
        place=place,
    )  # fmt: skip
    return IncidentRecord(number, root, "s", in_evidence=True)


def test_what_more_than_the_share_of_the_other_reports_of_the_source_have_is_usual(database: Database) -> None:
    with database.transaction() as connection:
        for places in (("always", "half"), ("always", "half"), ("always",), ("always",)):
            report_with(connection, places)
        report_with(connection, ("news",), source="elsewhere")
        mine = report_with(connection, ("always", "half", "news"))
        assert usual_places(connection, mine, least_reports=3, share=0.5) == {"always"}
        assert usual_places(connection, mine, least_reports=3, share=0.4) == {"always", "half"}


def test_nothing_is_usual_while_few_reports_are_known(database: Database) -> None:
    with database.transaction() as connection:
        report_with(connection, ("always",))
        mine = report_with(connection, ("always",))
        assert usual_places(connection, mine, least_reports=2, share=0.5) == set()
        assert usual_places(connection, mine, least_reports=1, share=0.5) == {"always"}


def test_a_later_run_replaces_the_places(database: Database) -> None:
    with database.transaction() as connection:
        other, mine = report_with(connection, ("one",)), report_with(connection, ("one", "two"))
        replace_incidents(connection, other, [incident(1, "two")])
        assert usual_places(connection, mine, least_reports=1, share=0.5) == {"two"}
