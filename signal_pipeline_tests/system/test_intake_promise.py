"""What is promised of messages, on the running product: one effect per content, nothing lost, nothing in the way."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest

from signal_pipeline.messaging.publish import publish_raw, publish_report
from signal_pipeline.processes.termination import wait_until
from signal_pipeline.storage.dead_letters import DeadLetter, listed
from signal_pipeline_tests.messaging.broker import dead_announcements
from signal_pipeline_tests.system.product import LONGEST, Product, miscounted

pytestmark = pytest.mark.slow

LOG = """\
2026-03-01 10:00:00,123 INFO  [main] shop.App - started in 812 ms
2026-03-01 10:00:01,000 ERROR [worker-1] shop.Orders - order 1001 failed: connection refused to 10.0.0.5:5432
2026-03-01 10:00:02,000 ERROR [worker-2] shop.Orders - order 1002 failed: connection refused to 10.0.0.6:5432
2026-03-01 10:00:03,000 ERROR [worker-1] shop.Cart - cart of user anna is empty
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "server.log"
    path.write_text(LOG)
    return path


def letters(product: Product) -> list[DeadLetter]:
    with product.platform.database.transaction() as connection:
        return listed(connection)


def test_the_same_message_twenty_times_is_processed_once(product: Product, log: Path) -> None:
    report = product.submit(log)
    for _ in range(20):
        publish_report(product.platform.settings, report)
    status = product.wait(report)
    assert (status.state, status.request.attempt if status.request else 0) == ("COMPLETED", 1)
    # The last of the twenty has been taken as well before we look.
    after = product.submit(log)
    assert product.wait(after).state == "COMPLETED"
    assert product.rows("select count(*) from intake where report_id = %s", report) == [(1,)]
    runs = product.ask(
        "query($tags: [ExecutionTag!]) { runsOrError(filter: {tags: $tags}) { ... on Runs { results { status } } } }",
        tags=[{"key": "signal_pipeline/report", "value": str(report)}],
    )
    assert runs["runsOrError"]["results"] == [{"status": "SUCCESS"}]
    assert product.rows("select sum(count)::int from signature_occurrences where report_id = %s", report) == [(3,)]
    assert miscounted(product) == []


def test_bad_messages_become_dead_letters_and_the_good_one_between_them_is_processed(
    product: Product, log: Path
) -> None:
    unknown = uuid4()
    before = {letter.id for letter in letters(product)}
    publish_raw(product.platform.settings, b"not json")
    publish_report(product.platform.settings, unknown)
    publish_raw(product.platform.settings, rb'{"report_id": "\u0000"}')
    report = product.submit(log)
    assert product.wait(report).state == "COMPLETED"

    def new() -> list[DeadLetter]:
        return [letter for letter in letters(product) if letter.id not in before]

    assert wait_until(lambda: len(new()) == 3 and all(letter.announced_at for letter in new()), LONGEST)
    assert sorted(letter.reason for letter in new()) == ["bad_message", "bad_report_id", "unknown_report"]
    announced = [json.loads(data)["dead_letter_id"] for data in dead_announcements(product.platform.settings)]
    assert [announced.count(str(letter.id)) for letter in new()] == [1, 1, 1]
    assert product.rows("select count(*) from intake where report_id = %s", unknown) == [(0,)]


def test_a_file_that_cannot_be_read_does_not_stop_the_others(product: Product, log: Path, tmp_path: Path) -> None:
    picture = tmp_path / "screen.har"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    report = product.submit(log, picture)
    status = product.wait(report)
    assert (status.state, status.request.reason if status.request else "") == (
        "COMPLETED",
        "1 of 2 files not readable",
    )
    assert {file.name: (file.status, file.reasons) for file in status.files} == {
        "server.log": ("ok", []),
        "screen.har": ("failed", ["not_har"]),
    }


def test_a_file_that_is_not_in_the_store_is_an_outcome(product: Product) -> None:
    missing = uuid4()
    with product.platform.database.transaction() as connection:
        connection.execute("insert into reports (id, source) values (%s, 'test')", (missing,))
        connection.execute(
            "insert into signals (report_id, name, object_key) values (%s, 'gone.log', 'reports/gone/gone.log')",
            (missing,),
        )
    publish_report(product.platform.settings, missing)
    status = product.wait(missing)
    assert (status.state, status.request.reason if status.request else "") == ("COMPLETED", "no_file_readable")
    assert [(file.name, file.status, file.reasons) for file in status.files] == [("gone.log", "failed", ["not_found"])]


def test_a_message_ahead_of_its_report_is_processed_once_the_report_is_there(product: Product) -> None:
    report = uuid4()
    publish_report(product.platform.settings, report)
    with product.platform.database.transaction() as connection:
        connection.execute("insert into reports (id, source) values (%s, 'test')", (report,))
    status = product.wait(report)
    assert (status.state, status.request.reason if status.request else "") == ("COMPLETED", "no_files")
