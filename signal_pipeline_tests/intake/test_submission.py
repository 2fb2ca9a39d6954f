"""Submitting: nothing is recorded that is not stored, and any file that exists can be named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from signal_pipeline.errors import DatabaseRefused, StorageUnavailable
from signal_pipeline.intake.submission import MAX_TITLE_CHARS, NotAFile, submit_report
from signal_pipeline.local.ports import random_ports
from signal_pipeline.messaging.report_message import report_message
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.intake import statuses
from signal_pipeline.storage.reports import signals_of
from signal_pipeline_tests.storage.tables import value

NAMES = {
    "plain": b"server.log",
    "bytes that are no text": b"server-\xff\xfe.log",
    "line end": b"server\n.log",
    "escape": b"server\x1b[2J.log",
    "other letters": "отчёт 報告.har".encode(),
    "longest": b"n" * 255,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_any_name_of_a_file_can_be_submitted(platform: Platform, tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(b"x")
    submitted = submit_report(platform, [path], title="title \udcff")
    with platform.database.transaction() as connection:
        (signal,) = signals_of(connection, submitted.report_id)
        assert value(connection, "select title from reports") == "title ?"
    assert signal.size_bytes == platform.objects.head(signal.object_key).size_bytes == 1


def test_names_and_titles_are_redacted(platform: Platform, tmp_path: Path) -> None:
    path = tmp_path / "anna.berg@shop.example.log"
    path.write_bytes(b"x")
    submitted = submit_report(platform, [path], title="mail to anna.berg@shop.example bounced")
    with platform.database.transaction() as connection:
        (signal,) = signals_of(connection, submitted.report_id)
        assert "anna" not in signal.name + signal.object_key + value(connection, "select title from reports")


def test_a_title_is_one_line_of_bounded_length(platform: Platform, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"x\n")
    submit_report(platform, [path], title="\x1b[31mred\nline" + " word" * 200)
    with platform.database.transaction() as connection:
        title = value(connection, "select title from reports")
    assert title.startswith("\ufffd[31mred\ufffdline word")
    assert len(title) <= MAX_TITLE_CHARS


def test_without_the_broker_the_request_is_in_the_table(platform: Platform, tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    path.write_bytes(b"x")
    nowhere = platform.settings.model_copy(
        update={"nats_url": f"nats://127.0.0.1:{random_ports()['nats']}", "nats_producer_url": None}
    )
    with Platform(nowhere) as broken:
        submitted = submit_report(broken, [path], title=None)
    assert not submitted.announced
    with platform.database.transaction() as connection:
        (status,) = statuses(connection, submitted.report_id)
    assert status.state == "PENDING"
    assert report_message(submitted.report_id)


def test_without_the_object_store_nothing_is_recorded(platform: Platform, tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    path.write_bytes(b"x")
    nowhere = platform.settings.model_copy(update={"s3_endpoint": f"http://127.0.0.1:{random_ports()['s3']}"})
    with Platform(nowhere) as broken, pytest.raises(StorageUnavailable):
        submit_report(broken, [path], title=None)
    with platform.database.transaction() as connection:
        assert value(connection, "select count(*) from reports") == 0


def test_a_folder_is_no_file(platform: Platform, tmp_path: Path) -> None:
    with pytest.raises(NotAFile):
        submit_report(platform, [tmp_path], title=None)


def test_a_source_that_postgres_refuses_is_told_without_quoting_it(platform: Platform, tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    path.write_bytes(b"x")
    with pytest.raises(DatabaseRefused) as refused:
        submit_report(platform, [path], title=None, source="secret\0")
    assert "secret" not in str(refused.value)
