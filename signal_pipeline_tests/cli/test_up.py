import random
import signal
import threading
import time

import pytest

from signal_pipeline.local.lock import is_held
from signal_pipeline.local.state import RunRecord, StateFolder
from signal_pipeline.processes.termination import processes_with_token, wait_until
from signal_pipeline_tests.cli.stack_process import read_until, run, start_up

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path):
    folder = StateFolder(tmp_path / "state")
    yield folder.root
    record = RunRecord.read(folder.record_file)
    assert record is None or wait_until(lambda: not processes_with_token(record.token), 40)
    assert not is_held(folder.lock_file)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_starts_says_where_and_stops(home, number):
    process = start_up(home)
    said = read_until(process, "Ctrl-C")
    assert "Postgres" in said
    assert "bug-repro-artifacts" in said
    record = RunRecord.read(StateFolder(home).record_file)
    assert record.ready
    assert not any(
        secret in said for secret in (record.environment["DB_PASSWORD"], record.environment["S3_SECRET_KEY"])
    )
    process.send_signal(number)
    assert "the data is kept" in read_until(process, "kept")
    assert process.wait(40) == 0
    process.stdout.close()
    assert not any(part.is_alive() for part in record.parts.values())
    assert not processes_with_token(record.token)
    assert RunRecord.read(StateFolder(home).record_file) is None


@pytest.mark.parametrize("seed", range(2))
def test_a_signal_in_the_middle_of_a_start_leaves_nothing(home, seed):
    process = start_up(home)
    assert wait_until(lambda: is_held(StateFolder(home).lock_file), 40)
    time.sleep(random.Random(seed).random() * 1.5)
    record = RunRecord.read(StateFolder(home).record_file)
    process.send_signal(signal.SIGTERM)
    # Impatience changes nothing.
    threading.Timer(0.1, process.send_signal, [signal.SIGTERM]).start()
    read_until(process, "no such words")
    assert process.wait(40) in (0, 1)
    process.stdout.close()
    assert record is None or not processes_with_token(record.token)
    assert not is_held(StateFolder(home).lock_file)


def test_a_second_one_is_refused_with_exit_code_1(home):
    process = start_up(home)
    read_until(process, "Ctrl-C")
    second = run(home, "up", "--servers-only")
    assert second.returncode == 1
    assert "already runs" in second.stderr
    assert "Traceback" not in second.stderr
    process.terminate()
    process.wait(40)
    process.stdout.close()


def test_a_folder_that_is_not_ours_is_refused(tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "thesis.tex").write_text("")
    refused = run(tmp_path / "state", "up")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "contains other files" in refused.stderr
