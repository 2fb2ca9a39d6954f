"""A re-run never puts less in the place of more because a raw file is gone, or is another one, meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.outcomes import FileOutcome, outcomes_of
from signal_pipeline.storage.problems import problems_of
from signal_pipeline.storage.reports import signals_of

LOG = "2026-03-01 10:00:01,000 ERROR [worker-1] shop.Cart - cart {} is empty\n"
OTHER = "2026-03-01 10:00:02,000 ERROR [worker-1] shop.Stable - the horse is loose\n"


def files(platform: Platform, report: UUID) -> dict[str, FileOutcome]:
    with platform.database.transaction() as connection:
        return {file.name: file for file in outcomes_of(connection, report)}


def titles(platform: Platform, report: UUID) -> list[str]:
    with platform.database.transaction() as connection:
        return sorted(problem.title for problem in problems_of(connection, report))


def key_of(platform: Platform, report: UUID, name: str) -> str:
    with platform.database.transaction() as connection:
        return next(signal.object_key for signal in signals_of(connection, report) if signal.name == name)


@pytest.mark.parametrize("gone", ["deleted", "overwritten", "both deleted"])
def test_what_was_read_is_kept_and_says_so(
    runner: Any, platform: Platform, submit: Any, tmp_path: Path, gone: str
) -> None:
    report = submit(server_log=LOG.format(1), stable_log=OTHER)
    assert runner.run([report]).success
    before, was = titles(platform, report), files(platform, report)
    assert len(before) == 2
    for name in ("stable.log", "server.log") if gone == "both deleted" else ("stable.log",):
        key = key_of(platform, report, name)
        if gone == "overwritten":
            (tmp_path / "page").write_bytes(b"<html>" + b" " * (len(OTHER) - 6))
            platform.objects.put_file(key, tmp_path / "page")
        else:
            platform.objects.delete(key)
    for _ in range(2):
        assert runner.run([report]).success
        assert titles(platform, report) == before
        now = files(platform, report)["stable.log"]
        assert (now.status, now.reasons) == ("partial", ["raw_file_gone"])
        assert (now.entries, now.lines, now.format) == (1, 1, was["stable.log"].format)
    entries = platform.frames.scan("parsed_entries", report).collect()
    assert entries.height == 2


def test_a_file_that_was_never_read_is_simply_not_there(runner: Any, platform: Platform, submit: Any) -> None:
    report = submit(server_log=LOG.format(1), stable_log=OTHER)
    platform.objects.delete(key_of(platform, report, "stable.log"))
    assert runner.run([report]).success
    found = files(platform, report)["stable.log"]
    assert (found.status, found.reasons) == ("failed", ["not_found"])


@pytest.mark.parametrize("lost", ["original", "copy", "both"])
def test_copies_are_not_counted_twice(runner: Any, platform: Platform, submit: Any, lost: str) -> None:
    report = submit(one_log=OTHER, two_log=OTHER)
    assert runner.run([report]).success
    before = titles(platform, report)
    for name in {"original": ["one.log"], "copy": ["two.log"], "both": ["one.log", "two.log"]}[lost]:
        platform.objects.delete(key_of(platform, report, name))
    assert runner.run([report]).success
    assert titles(platform, report) == before
    assert platform.frames.scan("parsed_entries", report).collect().height == 1


def test_without_the_entries_of_then_the_result_stays_as_it_is(runner: Any, platform: Platform, submit: Any) -> None:
    report = submit(server_log=LOG.format(1), stable_log=OTHER)
    assert runner.run([report]).success
    before, was = titles(platform, report), files(platform, report)
    platform.objects.delete(key_of(platform, report, "stable.log"))
    platform.frames.delete("parsed_entries", report)
    result = runner.run([report])
    assert not result.success
    told = [event.step_failure_data.user_failure_data for event in result.all_events if event.is_step_failure]
    assert "the earlier result is kept as it is" in str(told)
    assert titles(platform, report) == before
    assert files(platform, report) == was
