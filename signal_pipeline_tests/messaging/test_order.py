"""Messages in any order, again and again, long after the broker has forgotten them: the same tables at the end."""

from __future__ import annotations

import random
from uuid import UUID, uuid4

import pytest

from signal_pipeline.messaging.receive import DONE, Settle
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.dead_letters import listed
from signal_pipeline_tests.intake.test_message_acceptance import deliver, message
from signal_pipeline_tests.storage.tables import new_report, value

REPORTS = 60


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_messages_out_of_order_and_again_are_one_request_each(database: Database, seed: int) -> None:
    """Some name a report that is not there yet, some one that was deleted; each comes three times."""
    dice = random.Random(seed)
    with database.transaction() as connection:
        there = [new_report(connection) for _ in range(REPORTS)]
        gone = [new_report(connection) for _ in range(5)]
        connection.execute("delete from reports where id = any(%s)", (gone,))
    never = [uuid4() for _ in range(5)]
    deliveries = [(report, message(report, place)) for place, report in enumerate([*there, *gone, *never] * 3)]
    dice.shuffle(deliveries)
    settled: list[tuple[UUID, Settle]] = []
    for start in range(0, len(deliveries), 7):
        part = deliveries[start : start + 7]
        answers = deliver(database, *(one for _, one in part))
        settled += zip((report for report, _ in part), answers, strict=True)
    assert {report for report, answer in settled if answer == DONE} == set(there)
    assert {report for report, answer in settled if answer != DONE} == {*gone, *never}, "asked for again, for a while"
    with database.transaction() as connection:
        assert value(connection, "select count(*) from intake") == REPORTS
        assert value(connection, "select count(distinct report_id) from intake") == REPORTS
        assert listed(connection) == []


def test_a_message_of_a_report_that_was_deleted_is_a_dead_letter_in_the_end(database: Database) -> None:
    with database.transaction() as connection:
        report: UUID = new_report(connection)
        beside = new_report(connection)
        connection.execute("delete from reports where id = %s", (report,))
    assert deliver(database, message(report, 1, age_seconds=60), message(beside, 2)) == [DONE, DONE]
    with database.transaction() as connection:
        (letter,) = listed(connection)
        assert letter.reason == "unknown_report"
        assert value(connection, "select count(*) from intake where report_id = %s", beside) == 1
