"""Polars works on one thread for small files, in a process that is a run's own, and on all cores otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from signal_pipeline.intake.submission import submit_report
from signal_pipeline.orchestration.polars_threads import LARGE_BYTES
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.object_keys import signal_key
from signal_pipeline.storage.reports import has_file_over, insert_report, insert_signal

# A forked child in small: a process that has its imports done and no frame made.
RUN = """
import os, sys
from uuid import UUID
import polars as pl
from signal_pipeline.orchestration.polars_threads import choose_in_this_process, fit_to
from signal_pipeline.settings import load_settings
from signal_pipeline.platform.platform import Platform
if sys.argv[1] == "own":
    choose_in_this_process()
with Platform(load_settings()) as platform:
    fit_to(platform, [UUID(one) for one in sys.argv[2:]])
print(pl.thread_pool_size())
"""


def _threads(platform: Platform, *arguments: object, **variables: str) -> int:
    settings = platform.settings
    own = {
        "DB_HOST": settings.db_host, "DB_PORT": str(settings.db_port), "DB_NAME": settings.db_name,
        "DB_USERNAME": settings.db_username, "DB_PASSWORD": settings.db_password.get_secret_value(),
        "NATS_URL": settings.nats_url, "S3_ACCESS_KEY": "none", "S3_SECRET_KEY": "none",
        "REDACTION_KEY": "a-key-of-the-tests",
    }  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if name != "POLARS_MAX_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, arguments)],
        env=environment | own | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout)


@pytest.fixture
def small(platform: Platform, tmp_path: Path) -> UUID:
    log = tmp_path / "a.log"
    log.write_text("fine\n", encoding="utf-8")
    return submit_report(platform, [log], title=None, source="test").report_id


def test_small_files_take_one_thread_in_a_process_of_their_own(platform: Platform, small: UUID) -> None:
    assert _threads(platform, "own", small) == 1
    assert _threads(platform, "shared", small) == (os.cpu_count() or 1)


def test_whoever_says_a_number_gets_it(platform: Platform, small: UUID) -> None:
    assert _threads(platform, "own", small, POLARS_MAX_THREADS="3") == 3


@pytest.mark.parametrize("size", [LARGE_BYTES + 1, None])
def test_a_file_that_is_or_may_be_large_takes_all_cores(platform: Platform, small: UUID, size: int | None) -> None:
    report = uuid4()
    with platform.database.transaction() as connection:
        insert_report(connection, report, None, "test")
        signal = uuid4()
        insert_signal(
            connection, signal_id=signal, report_id=report, name="b.log", object_key=signal_key(report, signal),
            size_bytes=LARGE_BYTES, sha256=None,
        )  # fmt: skip
        assert not has_file_over(connection, [report, small], LARGE_BYTES)
        connection.execute("update signals set size_bytes = %s where report_id = %s", (size, report))
        assert has_file_over(connection, [report, small], LARGE_BYTES)
    assert _threads(platform, "own", small, report) == (os.cpu_count() or 1)
