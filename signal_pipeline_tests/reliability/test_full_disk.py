"""A full disk for a while, for every part of the stack at once: what was accepted is processed afterwards.

Takes minutes and a file system of its own, so it runs with CRASH_CASES=all, as `make chaos` does, and as root.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from signal_pipeline.errors import SignalPipelineError
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.preparation import prepared_stack
from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.termination import wait_until
from signal_pipeline.reports.overview import report_status

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.environ.get("CRASH_CASES") != "all", reason="takes minutes; `make chaos` runs it"),
]

DISK = "1500m"
FULL_SECONDS = 60.0
PATIENCE = {"LEASE_SECONDS": "12", "RETRY_DELAY_SECONDS": "1", "INTAKE_WAIT_SECONDS": "4"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=777", "tmpfs", str(place)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a file system can be mounted by root only")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(ballast: Path) -> None:
    """Until not a byte is left; what others have given back since the last time goes too."""
    for size in (1_000_000, 512):
        try:
            with ballast.open("ab", buffering=0) as file:
                while file.write(b"x" * size) == size:
                    pass
        except OSError:
            continue


def test_what_was_accepted_is_processed_once_there_is_space(
    disk: Path, model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (disk / "temp").mkdir(mode=0o777)
    for name, value in {**PATIENCE, "TEMP_DIR": str(disk / "temp")}.items():
        monkeypatch.setenv(name, value)
    log = tmp_path / "server.log"
    log.write_text("".join(f"2026-03-01 10:00:01 ERROR shop - cart {n} is empty\n" for n in range(2000)))
    environment = {"MODEL_DIR": str(model_dir)}
    with (
        prepared_stack(disk / "home", ports=random_ports(), environment=environment) as stack,
        Platform(stack.settings()) as platform,
    ):
        # Some are in work, and some wait, as the disk fills up.
        accepted = [submit_report(platform, [log], title=None).report_id for _ in range(8)]
        refused = 0
        ends = time.monotonic() + FULL_SECONDS
        while time.monotonic() < ends:
            fill(disk / "ballast")
            try:
                accepted.append(submit_report(platform, [log], title=None).report_id)
            except SignalPipelineError:
                refused += 1
            time.sleep(1)
        assert refused, "the disk was not full"
        (disk / "ballast").unlink()
        assert wait_until(lambda: all(is_final(platform, report) for report in accepted), 400)
        states = [report_status(platform.database, report).state for report in accepted]
        assert states == ["COMPLETED"] * len(accepted)
        assert stack.failure is None
        # Counted once: each has the one signature of its lines.
        with platform.database.transaction() as connection:
            [(reports, total, frequency)] = connection.execute(
                "select count(distinct o.report_id), sum(o.count), (select sum(frequency) from error_signatures)"
                " from signature_occurrences o where o.report_id = any(%s)",
                (accepted,),
            ).fetchall()
        assert (reports, total, frequency) == (len(accepted), 2000 * len(accepted), 2000 * len(accepted))


def is_final(platform: Platform, report: UUID) -> bool:
    try:
        return report_status(platform.database, report).is_final
    except SignalPipelineError:
        return False
