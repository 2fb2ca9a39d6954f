"""Planted secrets go through the whole product, well and badly, and must be found nowhere but in the raw files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from signal_pipeline.cli.waiting import wait_for_report
from signal_pipeline.frames import hold
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.local.preparation import prepared_stack
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.messaging.publish import publish_raw
from signal_pipeline.pipeline.parse import ParsingTools, parse_report
from signal_pipeline.pipeline.reading import RawFile, read_here
from signal_pipeline.platform.platform import Platform
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.storage.dead_letters import listed
from signal_pipeline_tests.leaks.sinks import Sink, api_answers, dagster_answers, databases, files_below, leaks_in
from signal_pipeline_tests.redaction.canaries import Canary, planted_json_log, planted_text_log
from signal_pipeline_tests.redaction.planted_har import planted_har
from signal_pipeline_tests.redaction.planted_signals import planted_capture, planted_events

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

# Raw files lie in s3; pg holds compressed values and is dumped instead; secrets.json is the stack's own; the broker
# keeps what a producer wrote into a message, which is the producer's, until it is taken.
NOT_SEARCHED = {"s3", "pg", "nats", "models"}


@dataclass
class Planted:
    """The stack after the reports with canaries are finished, and what the command line said of them."""

    stack: LocalStack
    report: UUID
    manifest: list[Canary]
    raw: list[bytes]
    printed: list[tuple[str, bytes]]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory, model_dir: Path) -> Iterator[Planted]:
    folder = tmp_path_factory.mktemp("planted")
    har, in_har = planted_har(11)
    records, in_records = planted_json_log(12)
    text, in_text = planted_text_log(13)
    broken, in_broken = planted_har(14)
    title, in_title = planted_text_log(15)
    message, in_message = planted_text_log(16)
    events, in_events = planted_events(17)
    capture, in_capture = planted_capture(18)
    name_canary = (
        next(c for c in in_title if c.secret == "jwt" and c.encoding == "plain") if _has_jwt(in_title) else None
    )
    contents = {
        "shop.har": har,
        "records.log": records,
        "server.log": text,
        # Ends inside an entry, in the middle of a string: the parser fails right behind a secret.
        "broken.har": broken[: len(broken) // 2],
        "orders.jsonl": events,
        "traffic.pcap": capture,
        "picture.har": b"\x89PNG\r\n\x1a\n" + text,
    }
    if name_canary is not None:
        contents[f"log-{name_canary.value}.txt"[:250]] = text[:2000]
    paths = []
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        paths.append(folder / name)
    manifest = [*in_har, *in_records, *in_text, *in_broken, *in_title, *in_message, *in_events, *in_capture]
    with (
        prepared_stack(folder / "home", environment={"MODEL_DIR": str(model_dir)}) as stack,
        Platform(stack.settings()) as platform,
    ):
        from rich.console import Console

        report = submit_report(platform, paths, title=title.decode().splitlines()[0]).report_id
        for line in message.decode().splitlines()[:40]:
            publish_raw(stack.settings(), line.encode())
        status = wait_for_report(platform.database, report, Console(quiet=True), timeout_seconds=240)
        assert status.state == "COMPLETED", status
        _wait_for_letters(platform, 40)
        printed = [
            (command, _run_cli(stack, command, *arguments))
            for command, arguments in (
                ("clusters", [str(report), "--json"]),
                ("status", [str(report), "--json"]),
                ("status", [str(report)]),
                ("clusters", [str(report)]),
                ("dead-letters", ["list", "--json"]),
            )
        ]
        printed.append(("parse", _run_cli(stack, "parse", str(folder / "server.log"), "--json")))
        yield Planted(stack, report, manifest, list(contents.values()), printed)


@pytest.fixture(scope="module")
def leaks(planted: Planted) -> dict[str, tuple[int, list[str]]]:
    """By kind of place: how many there were, and what was found. One search over all, for its preparation is long."""
    stack = planted.stack
    left = stack.settings().temp_dir.glob("signal-*")
    places: dict[str, list[Sink]] = {
        "databases": list(databases(stack.settings())),
        # Frames, Dagster's home with its compute logs, the logs of every process.
        "files": list(files_below(stack.folder.root, without=NOT_SEARCHED)),
        "dagster": list(dagster_answers(stack)),
        "commands": planted.printed,
        "api": list(api_answers(stack, planted.report)),
        "temporary files": [(str(f), f.read_bytes()) for path in left for f in path.rglob("*") if f.is_file()],
    }
    found = leaks_in(
        [(f"{kind}|{name}", data) for kind, sinks in places.items() for name, data in sinks], planted.manifest
    )
    return {
        kind: (len(sinks), [leak.partition("|")[2] for leak in found if leak.startswith(f"{kind}|")])
        for kind, sinks in places.items()
    }


@pytest.mark.parametrize(
    ("place", "least"), [("databases", 2), ("files", 20), ("dagster", 2), ("commands", 6), ("api", 11)]
)
def test_no_place_holds_a_secret(leaks: dict[str, tuple[int, list[str]]], place: str, least: int) -> None:
    checked, found = leaks[place]
    assert checked >= least
    assert found == []


def test_nothing_is_left_in_the_temporary_folder(leaks: dict[str, tuple[int, list[str]]]) -> None:
    assert leaks["temporary files"][1] == []


def test_parquet_was_looked_into(planted: Planted) -> None:
    names = [name for name, _ in files_below(planted.stack.folder.root / "frames", without=set())]
    assert any(name.endswith("decoded") for name in names)


def test_the_search_is_not_blind(planted: Planted) -> None:
    """The same search over the raw files finds what was planted in them. One in ten, for each is looked at closely."""
    some = planted.manifest[::10]
    found = leaks_in([(f"raw {number}", data) for number, data in enumerate(planted.raw)], some)
    assert len(found) >= 0.95 * 0.6 * len(some)


def test_with_the_gate_off_the_frames_hold_the_secrets(planted: Planted, tmp_path: Path) -> None:
    """The gate is what keeps them out: without it, the same reader writes them into Parquet."""

    class Open(Redactor):
        def text(self, value: str) -> str:
            return value

        def column(self, values):  # type: ignore[no-untyped-def]
            return values

    _, in_text = planted_text_log(13)
    with Platform(planted.stack.settings()) as platform:
        (tmp_path / "server.log").write_bytes(planted_text_log(13)[0])
        report = submit_report(platform, [tmp_path / "server.log"], title=None).report_id
        from signal_pipeline.pipeline.manifest import FetchingTools, collect_manifest, report_signals

        signals = report_signals(platform.database, report)
        rows = collect_manifest(report, signals, FetchingTools.of(platform))

        def read_open(raw: RawFile, target: Path) -> Any:
            return read_here(raw, target, Open(b"a key for tests"), platform.limits, hold)

        tools = ParsingTools(platform.objects, platform.kept, read_open, tmp_path)
        parsed = parse_report(rows, {s.id: s.object_key for s in signals}, tools, tmp_path / "open.parquet")
    found = leaks_in(files_below(parsed.entries.path.parent, without={"server.log"}), in_text)
    # The others stand in values of queries, which no reader keeps.
    assert len(found) >= 0.8 * len(in_text)


def _has_jwt(manifest: list[Canary]) -> bool:
    return any(canary.secret == "jwt" and canary.encoding == "plain" for canary in manifest)


def _run_cli(stack: LocalStack, *arguments: str) -> bytes:
    answer = subprocess.run(
        [sys.executable, "-m", "signal_pipeline", *arguments],
        env={"SIGNAL_PIPELINE_HOME": str(stack.folder.root), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        check=False,
        cwd=stack.folder.root,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    return b"".join(chain((answer.stdout, answer.stderr)))


def _wait_for_letters(platform: Platform, count: int) -> None:
    import time

    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with platform.database.transaction() as connection:
            if len(listed(connection)) >= count:
                return
        time.sleep(0.5)
    raise AssertionError("the bad messages did not become dead letters")
