import os
import signal

import pytest

from signal_pipeline.local.state import RunRecord, StateFolder
from signal_pipeline.processes.termination import processes_with_token
from signal_pipeline_tests.cli.stack_process import read_until, run, start_up


@pytest.fixture
def stack(tmp_path):
    """A running stack: its process, its folder, its record."""
    folder = StateFolder(tmp_path / "state")
    process = start_up(folder.root)
    read_until(process, "Ctrl-C")
    record = RunRecord.read(folder.record_file)
    yield process, folder, record
    process.stdout.close()
    process.wait(60)
    assert not processes_with_token(record.token)


@pytest.mark.slow
def test_it_stops_a_stack_and_keeps_the_data(stack):
    process, folder, record = stack
    done = run(folder.root, "down")
    assert done.returncode == 0
    assert set(done.stdout.removeprefix("stopped: ").strip().split(", ")) == {"postgres", "nats", "s3"}
    assert process.wait(40) == 0
    assert not any(part.is_alive() for part in record.parts.values())
    assert (folder.postgres / "data" / "PG_VERSION").exists()
    assert run(folder.root, "down").stdout.startswith("nothing is running")


@pytest.mark.slow
def test_it_stops_what_a_killed_one_left(stack):
    process, folder, record = stack
    os.kill(record.guardian.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    assert all(part.is_alive() for part in record.parts.values())
    done = run(folder.root, "down")
    assert done.returncode == 0
    assert {"postgres", "nats", "s3"} == set(done.stdout.removeprefix("stopped: ").strip().split(", "))
    assert not any(part.is_alive() for part in record.parts.values())
    assert not folder.record_file.exists()


@pytest.mark.slow
def test_purge_deletes_everything_of_ours(stack):
    process, folder, _ = stack
    done = run(folder.root, "down", "--purge", "--yes")
    assert done.returncode == 0, done.stderr
    assert process.wait(40) == 0
    assert not folder.root.exists()


def test_nothing_to_do_is_fine(tmp_path):
    done = run(tmp_path / "state", "down")
    assert done.returncode == 0
    assert not (tmp_path / "state").exists()


def test_purge_asks_and_takes_silence_for_no(tmp_path):
    folder = StateFolder(tmp_path / "state")
    folder.create()
    assert run(folder.root, "down", "--purge").returncode == 1
    assert folder.is_ours()
    assert run(folder.root, "down", "--purge", given="n\n").returncode == 1
    assert folder.is_ours()
    assert run(folder.root, "down", "--purge", given="y\n").returncode == 0
    assert not folder.root.exists()


def test_purge_refuses_a_folder_that_is_not_ours(tmp_path):
    (tmp_path / "state" / "logs").mkdir(parents=True)
    done = run(tmp_path / "state", "down", "--purge", "--yes")
    assert done.returncode == 1
    assert "nothing was deleted" in done.stderr
    assert (tmp_path / "state" / "logs").is_dir()


def test_purge_leaves_files_that_are_not_ours(tmp_path):
    folder = StateFolder(tmp_path / "state")
    folder.create()
    (folder.root / "notes.txt").write_text("mine")
    assert run(folder.root, "down", "--purge", "--yes").returncode == 0
    assert [path.name for path in folder.root.iterdir()] == ["notes.txt"]


def test_a_record_of_reused_pids_ends_nobody(tmp_path):
    from signal_pipeline.processes.identity import ProcessIdentity

    folder = StateFolder(tmp_path / "state")
    folder.create()
    stranger = ProcessIdentity(os.getpid(), "another start")
    RunRecord("t", supervisor=stranger, guardian=stranger, parts={"nats": stranger}).write(folder.record_file)
    done = run(folder.root, "down")
    assert (done.returncode, done.stdout) == (0, f"nothing is running in {folder.root}\n")
