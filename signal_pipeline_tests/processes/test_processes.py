"""Identity, spawning and ending, with small real processes."""

import os
import signal
import subprocess
import sys
import time

import pytest

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.processes.identity import ProcessIdentity
from signal_pipeline.processes.spawn import Command, plain_environment, rotate, run_to_end, spawn
from signal_pipeline.processes.termination import is_group_alive, processes_with_token, terminate_all, wait_until

# One token for all: each test ends whatever carries it, so none may run beside another.
pytestmark = pytest.mark.xdist_group("processes")

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x', flush=True); time.sleep(60)"
PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("x", flush=True)
time.sleep(60)
"""
HIDING = PARENT.replace('60)"])', '60)"], start_new_session=True)')


@pytest.fixture
def start(tmp_path):
    started = []

    def run(code: str, token: str = "token-of-this-test") -> ProcessIdentity:
        log = tmp_path / f"{len(started)}.log"
        command = Command([sys.executable, "-c", code], tmp_path, plain_environment())
        process = spawn(command, log, token)
        started.append(process)
        if "print" in code:
            assert wait_until(lambda: log.read_text() != "", 20)
        identity = ProcessIdentity.of(process.pid)
        assert identity is not None
        return identity

    yield run
    for process in started:
        terminate_all(processes_with_token("token-of-this-test"), signal.SIGKILL, 1)
        process.wait()


def test_a_process_is_itself_and_no_other(start):
    one = start("import time; time.sleep(60)")
    assert one.is_alive()
    assert not ProcessIdentity(one.pid, "another start").is_alive()
    assert ProcessIdentity.of(os.getpid()) == ProcessIdentity.of(os.getpid())


def test_a_zombie_is_dead():
    process = subprocess.Popen([sys.executable, "-c", ""])
    assert wait_until(lambda: ProcessIdentity.of(process.pid) is None, 20)
    process.wait()


def test_ending_a_reused_pid_touches_nobody(start):
    one = start("import time; time.sleep(60)")
    terminate_all([ProcessIdentity(one.pid, "another start")], signal.SIGKILL, 0)
    time.sleep(0.1)
    assert one.is_alive()


def test_who_does_not_listen_is_killed(start):
    one = start(STUBBORN)
    terminate_all([one], signal.SIGTERM, 0.2)
    assert not one.is_alive()


def test_the_group_goes_with_its_leader(start):
    leader = start(PARENT)
    terminate_all([leader], signal.SIGTERM, 5)
    assert wait_until(lambda: not is_group_alive(leader.pid), 5)


def test_a_group_may_outlive_its_leader(start):
    leader = start(PARENT)
    terminate_all([leader], signal.SIGKILL, 5, groups=False)
    assert is_group_alive(leader.pid)


def test_the_token_finds_children_that_hide(start):
    leader = start(HIDING)
    found = processes_with_token("token-of-this-test")
    assert leader in found
    assert len(found) == 2
    assert processes_with_token("another token") == []


def test_signals_that_a_shell_ignored_work_again(tmp_path):
    code = (
        "import signal, sys; from pathlib import Path; from signal_pipeline.processes.spawn import *;"
        "signal.signal(signal.SIGINT, signal.SIG_IGN);"
        "show = 'import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)';"
        "run_to_end(Command([sys.executable, '-c', show], Path('.'), {}), Path('log'), 't')"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert (tmp_path / "log").read_text() == "True\n"


def test_a_server_inherits_only_what_it_is_given(tmp_path, monkeypatch):
    monkeypatch.setenv("S3_BUCKET", "not meant for it")
    command = Command([sys.executable, "-c", "import os; print(sorted(os.environ))"], tmp_path, plain_environment())
    run_to_end(command, tmp_path / "log", "t")
    assert "SIGNAL_PIPELINE_STACK" in (tmp_path / "log").read_text()
    assert "S3_BUCKET" not in (tmp_path / "log").read_text()


def test_a_command_that_fails_says_where_its_log_is(tmp_path):
    command = Command([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, {})
    with pytest.raises(LocalServerFailed, match=r"ended with 3; its log is .*log"):
        run_to_end(command, tmp_path / "log", "t")


def test_a_command_that_does_not_exist_is_one_of_our_errors(tmp_path):
    with pytest.raises(LocalServerFailed, match="cannot be started"):
        spawn(Command(["/does/not/exist"], tmp_path, {}), tmp_path / "log", "t")


def test_grown_logs_move_aside_and_the_oldest_goes(tmp_path):
    log = tmp_path / "x.log"
    for generation in range(6):
        log.write_text(f"{generation}" * 2_000_000)
        rotate(log)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.log.1", "x.log.2", "x.log.3"]
    assert [(tmp_path / f"x.log.{number}").read_text()[0] for number in (1, 2, 3)] == ["5", "4", "3"]


def test_small_logs_stay(tmp_path):
    (tmp_path / "x.log").write_text("x")
    rotate(tmp_path / "x.log")
    rotate(tmp_path / "missing.log")
    assert (tmp_path / "x.log").read_text() == "x"
