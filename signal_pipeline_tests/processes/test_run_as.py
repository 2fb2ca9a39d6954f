import os
import subprocess
import sys

import pytest

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.processes import run_as
from signal_pipeline.processes.run_as import RunAs, unprivileged_user

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")


@pytest.mark.skipif(os.geteuid() == 0, reason="for ordinary users")
def test_an_ordinary_user_stays_who_they_are(tmp_path):
    assert unprivileged_user([tmp_path]) is None


def test_an_ordinary_user_needs_nobody_else(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert unprivileged_user([tmp_path]) is None


@needs_root
def test_open_folders_need_no_capability():
    assert unprivileged_user([run_as.Path("/usr/bin")]).capability is None


@needs_root
def test_a_closed_folder_is_entered_and_not_opened_to_others(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "open").mkdir()
    user = unprivileged_user([closed / "open"])
    assert user.uid != 0
    code = f"import os; print(os.getuid(), os.getgroups(), os.path.isdir({str(closed / 'open')!r}))"
    answer = subprocess.run(
        [sys.executable, "-c", code], preexec_fn=user.become, capture_output=True, text=True, check=True
    )
    assert answer.stdout == f"{user.uid} [] True\n"
    assert closed.stat().st_mode & 0o777 == 0o700


@needs_root
def test_without_the_capability_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(run_as, "_capability", lambda: None)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(LocalServerFailed, match="SIGNAL_PIPELINE_HOME"):
        unprivileged_user([closed / "x"])


@needs_root
def test_a_machine_without_the_usual_users_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(run_as, "_CANDIDATES", ("no-such-user",))
    with pytest.raises(LocalServerFailed, match="ordinary user"):
        unprivileged_user([tmp_path])


@needs_root
def test_other_capabilities_are_gone():
    user = RunAs(*run_as._first_user(), run_as._capability())
    answer = subprocess.run(
        ["cat", "/proc/self/status"], preexec_fn=user.become, capture_output=True, text=True, check=True
    )
    held = int(answer.stdout.partition("CapEff:")[2].split()[0], 16)
    assert held == 1 << user.capability
