"""Schedules of a person's own: what a file may say, and the sentence for everything else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.operations.schedule_file import read_schedules
from signal_pipeline.operations.toml_file import MAX_BYTES

GOOD = """
[schedules.sunday_recluster]
action = "recluster"
cron = "0 4 * * 0"
timezone = "Europe/Berlin"
days = 30
similarity_threshold = 0.25
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "schedules.toml"


def test_an_entry_has_its_times_in_its_own_zone(path: Path) -> None:
    path.write_text(GOOD)
    found = read_schedules(path)
    assert found.wrong == []
    row = found.schedules["sunday_recluster"]
    assert (row.action, row.days, row.similarity_threshold, row.enabled) == ("recluster", 30, 0.25, True)
    # The clocks of Berlin go forward on the last Sunday of March.
    times = row.next_times(datetime(2026, 3, 21, tzinfo=UTC), 2)
    assert [time.astimezone(UTC) for time in times] == [
        datetime(2026, 3, 22, 3, tzinfo=UTC),
        datetime(2026, 3, 29, 2, tzinfo=UTC),
    ]


def test_no_file_is_no_schedule() -> None:
    assert read_schedules(None).schedules == {}


WRONG = {
    "no cron": ('action = "catalog"', "cron: Field required"),
    "a cron of four fields": ('action = "catalog"\ncron = "0 4 * *"', "is not a cron expression of five fields"),
    "a cron that never comes": ('action = "catalog"\ncron = "99 4 * * *"', "is not a cron expression of five fields"),
    "an unknown action": ('action = "reboot"\ncron = "0 4 * * *"', "action: Input should be"),
    "an unknown zone": ('action = "catalog"\ncron = "0 4 * * *"\ntimezone = "Mars/Base"', "is not a time zone"),
    "a zone that climbs": ('action = "catalog"\ncron = "0 4 * * *"\ntimezone = "../../etc/passwd"', "not a time zone"),
    "deleting without an age": ('action = "retention"\ncron = "0 4 * * *"', "retention needs days"),
    "deleting all": ('action = "retention"\ncron = "0 4 * * *"\ndays = 0', "days: Input should be greater"),
    "a threshold for deleting": (
        'action = "retention"\ncron = "0 4 * * *"\ndays = 9\nsimilarity_threshold = 0.2', "not for retention"),
    "a threshold out of bounds": ('action = "recluster"\ncron = "0 4 * * *"\nsimilarity_threshold = 7', "less than"),
    "a misspelt field": ('action = "catalog"\ncron = "0 4 * * *"\ntime_zone = "UTC"', "time_zone: Extra inputs"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_entry_is_named_and_costs_no_other(path: Path, row: str, sentence: str) -> None:
    path.write_text(f"[schedules.wrong_one]\n{row}\n{GOOD}")
    found = read_schedules(path)
    assert list(found.schedules) == ["sunday_recluster"]
    (said,) = found.wrong
    assert said.startswith("schedule 'wrong_one': ")
    assert sentence in said


UNREADABLE = {
    "no TOML": (b"[schedules", "is not TOML"),
    "no text": (b"\xff\xfe\x00", "is not TOML"),
    "other tables": (b"[jobs.x]\ncron = '0 4 * * *'", "only tables [schedules.NAME] are known"),
    "a list": (b"schedules = [1, 2]", "only tables [schedules.NAME] are known"),
    "too large": (b"#" * (MAX_BYTES + 1), "more than"),
}


@pytest.mark.parametrize(("content", "sentence"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_cannot_be_read_is_refused(path: Path, content: bytes, sentence: str) -> None:
    path.write_bytes(content)
    with pytest.raises(SettingsInvalid) as refused:
        read_schedules(path)
    assert sentence in str(refused.value)


def test_a_file_that_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="No such file"):
        read_schedules(path)


@pytest.mark.parametrize("name", ["Sunday", "1st", "a-b", "x" * 62, '"a b"'])
def test_names_are_those_of_dagster(path: Path, name: str) -> None:
    path.write_text(f'[schedules.{name}]\naction = "catalog"\ncron = "0 4 * * *"\n')
    found = read_schedules(path)
    assert (found.schedules, len(found.wrong)) == ({}, 1)
