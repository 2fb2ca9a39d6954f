import subprocess
import sys

import pytest

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.lock import StateLock, is_held

HOLD = """
import sys, time
from pathlib import Path
from signal_pipeline.local.lock import StateLock
lock = StateLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "lock")], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_nobody_holds_a_lock_that_does_not_exist(tmp_path):
    assert not is_held(tmp_path / "lock")
    assert not (tmp_path / "lock").exists()


def test_a_second_holder_is_told_what_to_do(tmp_path, holder):
    assert is_held(tmp_path / "lock")
    with pytest.raises(LocalServerFailed, match="signal-pipeline down"):
        StateLock(tmp_path / "lock").acquire()


def test_a_killed_holder_holds_nothing(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert not is_held(tmp_path / "lock")
    lock = StateLock(tmp_path / "lock")
    lock.acquire()
    lock.release()
    lock.release()


def test_looking_does_not_keep_a_holder_out(tmp_path):
    lock = StateLock(tmp_path / "lock")
    lock.acquire()
    lock.release()
    assert not is_held(tmp_path / "lock")
    lock.acquire()
    assert is_held(tmp_path / "lock")
    lock.release()
