"""`signal-pipeline watch` as a process: it takes what is put there, and ends when it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from signal_pipeline.processes.termination import wait_until


def variables(settings: Any) -> dict[str, str]:
    secrets = ("db_password", "s3_access_key", "s3_secret_key", "redaction_key")
    plain = (
        "db_host",
        "db_port",
        "db_name",
        "db_username",
        "nats_url",
        "nats_producer_url",
        "s3_endpoint",
        "s3_bucket",
        "temp_dir",
    )
    found = {name.upper(): str(getattr(settings, name)) for name in plain}
    return found | {name.upper(): getattr(settings, name).get_secret_value() for name in secrets}


def test_it_takes_what_is_put_there_until_it_is_told_to_end(worked_platform: Any, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    own = variables(worked_platform.settings) | {
        "DROP_FOLDER_SETTLE_SECONDS": "0.2",
        "SIGNAL_PIPELINE_HOME": str(tmp_path / "home"),
    }
    command = [sys.executable, "-m", "signal_pipeline", "watch", str(folder), "--every", "0.1"]
    process = subprocess.Popen(
        [*command, "--ready-file", str(tmp_path / "ready")], env=os.environ | own, stderr=subprocess.PIPE, text=True
    )
    try:
        assert wait_until((tmp_path / "ready").exists, 60)
        (folder / "bug").mkdir()
        (folder / "bug" / "a.log").write_text("2026-03-01 10:00:00,000 ERROR [main] app - watched\n", encoding="utf-8")
        assert process.stderr is not None
        told = next(line for line in process.stderr if line.startswith("bug: report "))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    (note,) = folder.glob("taken/*/report.txt")
    report = note.read_text().split()[-1]
    assert told.split()[-1] == report
    with worked_platform.database.transaction() as connection:
        assert connection.execute("select 1 from intake where report_id = %s", (report,)).fetchone()
