"""The clients in examples/ work against the API as it is run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from signal_pipeline.api.identity import Scope
from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.termination import wait_until
from signal_pipeline_tests.api.conftest import TOKENS, Client
from signal_pipeline_tests.worked_report import work

CLIENTS = Path(__file__).parents[2] / "examples" / "clients"
pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is absent")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    names = ['a "quoted" name.log', "größe.log"]
    for name in names:
        (tmp_path / name).write_text(f"2026-03-01T10:00:00Z ERROR app: it broke in {len(name)} ways\n")
    return [str(tmp_path / name) for name in names]


def run(port: int, *command: str, token: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SIGNALS_URL": f"http://127.0.0.1:{port}"} | more
    if token is not None:
        environment["SIGNALS_TOKEN"] = token
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def newest(platform: Platform, title: str) -> Any:
    with platform.database.transaction() as connection:
        return connection.execute("select id from reports where title = %s", (title,)).fetchall()


def test_python(api: Client, files: list[str], worked_platform: Platform) -> None:
    told: list[subprocess.CompletedProcess[str]] = []
    command = (sys.executable, str(CLIENTS / "submit.py"), "--title", "By Python", *files)
    client = threading.Thread(target=lambda: told.append(run(api.port, *command)))
    client.start()
    assert wait_until(lambda: len(newest(worked_platform, "By Python")) == 1, 60)
    ((report,),) = newest(worked_platform, "By Python")
    work(worked_platform, report)
    client.join(60)
    (answer,) = told
    assert answer.returncode == 0, answer.stderr
    assert "problem" in answer.stdout and "it broke in <NUM> ways" in answer.stdout and str(report) in answer.stderr
    names = {file["name"] for file in api.get(f"/v1/reports/{report}").json["files"]}
    assert names == {"a %22quoted%22 name.log", "größe.log"}
    # Sent again it is the same report.
    assert run(api.port, *command).returncode == 0 and len(newest(worked_platform, "By Python")) == 1


def test_python_tells_what_is_wrong(closed_port: int, files: list[str]) -> None:
    answer = run(closed_port, sys.executable, str(CLIENTS / "submit.py"), *files)
    assert answer.returncode == 1 and "401 unauthorized: show a token" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_curl(closed_port: int, files: list[str], worked_platform: Platform) -> None:
    command = ("sh", str(CLIENTS / "submit.sh"), "By curl; @it=is", *files)
    answers = [run(closed_port, *command, token=TOKENS[Scope.SUBMIT]) for _ in range(2)]
    assert [answer.returncode for answer in answers] == [0, 0], answers[0].stderr + answers[0].stdout
    assert len(newest(worked_platform, "By curl; @it=is")) == 1
    refused = run(closed_port, *command, token="wrong")
    assert refused.returncode != 0 and "unauthorized" in refused.stdout


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is absent")
def test_without_the_api(api: Client, files: list[str], worked_platform: Platform, tmp_path: Path) -> None:
    """`nats` is rarely there: what it is called with is kept instead, and the message is looked at."""
    settings = worked_platform.settings
    (tmp_path / "bin").mkdir()
    nats = tmp_path / "bin" / "nats"
    nats.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/said"\n')
    nats.chmod(0o755)
    named = {
        "PATH": f"{nats.parent}:{os.environ['PATH']}", "DB_HOST": settings.db_host, "DB_PORT": str(settings.db_port),
        "DB_NAME": settings.db_name, "DB_USERNAME": settings.db_username,
        "DB_PASSWORD": settings.db_password.get_secret_value(), "S3_ENDPOINT": str(settings.s3_endpoint),
        "S3_ACCESS_KEY": settings.s3_access_key.get_secret_value(), "S3_BUCKET": settings.s3_bucket,
        "S3_SECRET_KEY": settings.s3_secret_key.get_secret_value(), "NATS_URL": settings.nats_url,
    }  # fmt: skip
    plain = tmp_path / "it's.log"
    plain.write_text("2026-03-01T10:00:00Z ERROR app: it broke\n")
    answer = run(api.port, "sh", str(CLIENTS / "announce.sh"), "It's one", str(plain), **named)
    assert answer.returncode == 0, answer.stderr
    report = answer.stdout.strip()
    assert (tmp_path / "said").read_text().splitlines()[-2:] == ["report.signals", f'{{"report_id": "{report}"}}']
    with worked_platform.database.transaction() as connection:
        row = connection.execute(
            "select r.title, s.name, s.size_bytes from reports r join signals s on s.report_id = r.id where r.id = %s",
            (report,),
        ).fetchone()
    assert row == ("It's one", "it's.log", plain.stat().st_size)
    work(worked_platform, UUID(report))
    assert api.get(f"/v1/reports/{report}").json["files"][0]["outcome"] == "ok"
