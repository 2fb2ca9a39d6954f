"""The drop folder: bundles that have settled become reports, once, whatever happens in between."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from signal_pipeline.errors import DatabaseUnavailable, StorageUnavailable
from signal_pipeline.intake import drop_folder
from signal_pipeline.intake.drop_bundles import bundles
from signal_pipeline.intake.drop_folder import take_settled
from signal_pipeline.parsing.pcap.kind import PCAP
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.reports import report_head, signals_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "drop"
    path.mkdir()
    return path


@pytest.fixture
def platform(worked_platform: Platform) -> Iterator[Platform]:
    settings = worked_platform.settings.model_copy(update={"drop_folder_settle_seconds": 5.0})
    with Platform(settings) as opened:
        yield opened


def drop(path: Path, content: str | None = None, *, age: float = 60.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content or f"2026-03-01 10:00:00,000 ERROR [main] app - {uuid4()}\n", encoding="utf-8")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def left(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and "taken" not in p.parts)


def test_a_folder_is_a_report_and_a_file_one_of_its_own(platform: Platform, folder: Path) -> None:
    drop(folder / "Checkout fails" / "shop.log")
    drop(folder / "Checkout fails" / "more" / "browser.log")
    drop(folder / "alone.log")
    taken = {one.bundle.name: one for one in take_settled(platform, folder)}
    assert {one.what for one in taken.values()} == {"taken"} and set(taken) == {"Checkout fails", "alone.log"}
    with platform.database.transaction() as connection:
        report = taken["Checkout fails"].report_id
        assert report is not None
        head = report_head(connection, report)
        names = [signal.name for signal in signals_of(connection, report)]
        row = connection.execute("select state from intake where report_id = %s", (report,)).fetchone()
    assert head is not None and (head.title, head.source) == ("Checkout fails", "drop folder")
    assert sorted(names) == ["more/browser.log", "shop.log"] and row == ("PENDING",)
    assert left(folder) == []
    notes = [path.read_text() for path in folder.glob("taken/*/report.txt")]
    assert sorted(notes) == sorted(f"taken as report {one.report_id}\n" for one in taken.values())
    assert take_settled(platform, folder) == []


def test_what_still_grows_is_left(platform: Platform, folder: Path) -> None:
    drop(folder / "a" / "old.log")
    growing = drop(folder / "a" / "new.log", age=1.0)
    drop(folder / "b" / "big.har.part")
    drop(folder / "b" / "done.log")
    assert take_settled(platform, folder) == []
    os.utime(growing, (time.time() - 6, time.time() - 6))
    assert [one.bundle.name for one in take_settled(platform, folder)] == ["a"]


def test_a_file_that_is_written_to_meanwhile_is_left(platform: Platform, folder: Path, monkeypatch: Any) -> None:
    path = drop(folder / "a.log")
    put = platform.objects.put_file
    keys: list[str] = []

    def put_and_write(key: str, source: Path) -> None:
        put(key, source)
        keys.append(key)
        path.write_text("more\n", encoding="utf-8")

    monkeypatch.setattr(platform.objects, "put_file", put_and_write)
    (found,) = take_settled(platform, folder)
    assert found.what == "later" and left(folder) == ["a.log"]
    from signal_pipeline.errors import SignalRejected

    with pytest.raises(SignalRejected):
        platform.objects.head(keys[0])


def test_the_same_content_is_not_taken_twice(platform: Platform, folder: Path) -> None:
    text = f"same {uuid4()}\n"
    drop(folder / "one" / "a.log", text)
    (first,) = take_settled(platform, folder)
    drop(folder / "two" / "other-name.log", text)
    (second,) = take_settled(platform, folder)
    assert (second.what, second.report_id) == ("known", first.report_id)
    assert left(folder) == []


def test_a_crash_before_it_is_moved_takes_nothing_twice(platform: Platform, folder: Path, monkeypatch: Any) -> None:
    drop(folder / "a.log")
    with monkeypatch.context() as patch:
        patch.setattr(drop_folder, "_move_aside", lambda *_: None)
        (first,) = take_settled(platform, folder)
    (second,) = take_settled(platform, folder)
    assert (first.what, second.what) == ("taken", "known") and first.report_id == second.report_id


@pytest.mark.parametrize(
    "fault", [StorageUnavailable("s3 is down"), DatabaseUnavailable("postgres is down"), OSError()]
)
def test_what_cannot_be_taken_now_is_taken_later(
    platform: Platform, folder: Path, monkeypatch: Any, fault: Exception
) -> None:
    drop(folder / "a.log")

    def broken(*_: Any) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(platform.objects, "put_file", broken)
        assert [one.what for one in take_settled(platform, folder)] == ["later"]
    assert left(folder) == ["a.log"]
    assert [one.what for one in take_settled(platform, folder)] == ["taken"]


def test_too_many_files_are_refused_with_the_reason(platform: Platform, folder: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(drop_folder, "MAX_FILES", 2)
    for number in range(3):
        drop(folder / "many" / f"{number}.log")
    (found,) = take_settled(platform, folder)
    assert found.what == "refused"
    (note,) = folder.glob("refused/*/report.txt")
    assert note.read_text() == "refused: 3 files are more than a report may have (2)\n"


def test_links_and_hidden_files_are_left_alone(folder: Path, tmp_path: Path) -> None:
    secret = drop(tmp_path / "secret" / "passwords.log")
    drop(folder / ".hidden" / "a.log")
    drop(folder / ".hidden.log")
    (folder / "link.log").symlink_to(secret)
    (folder / "linked").symlink_to(secret.parent)
    drop(folder / "real" / "a.log")
    (folder / "real" / "link.log").symlink_to(secret)
    (folder / "real" / "linked").symlink_to(secret.parent)
    os.mkfifo(folder / "real" / "pipe")
    (found,) = bundles(folder)
    assert [file.name for file in found.files] == ["a.log"]


def test_an_empty_folder_and_names_that_are_no_text(platform: Platform, folder: Path) -> None:
    (folder / "empty").mkdir()
    drop(Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff\x1b[31m.log")))
    (found,) = take_settled(platform, folder)
    assert found.what == "taken" and found.report_id is not None
    with platform.database.transaction() as connection:
        (signal,) = signals_of(connection, found.report_id)
    assert signal.name == "bad?\ufffd[31m.log"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pcap", b""), ("ring.pcapng.gz", b"\x1f\x8b"), ("trace", PCAP.sample)],
    ids=["by its name", "compressed", "by its content"],
)
def test_a_capture_is_left_for_longer(platform: Platform, folder: Path, name: str, content: bytes) -> None:
    capture = folder / name
    capture.write_bytes(content)
    os.utime(capture, (time.time() - 20, time.time() - 20))
    drop(folder / "b.log", age=20)
    assert platform.settings.capture_min_age_seconds > 20
    assert [bundle.path.name for bundle in bundles(folder) if bundle.has_settled(time.time(), 5, 30)] == ["b.log"]
    assert {bundle.path.name for bundle in bundles(folder) if bundle.has_settled(time.time(), 5, 0)} == {"b.log", name}
