"""Sudden death of a part, of the supervisor, and of both; interrupted starts. Nothing stays behind, no data is lost."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from signal_pipeline.local import stack as stack_module
from signal_pipeline.local.lock import is_held
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.local.state import RunRecord, StateFolder
from signal_pipeline.processes.identity import ProcessIdentity
from signal_pipeline.processes.run_as import RunAs, _capability, _first_user
from signal_pipeline.processes.termination import processes_with_token, wait_until
from signal_pipeline_tests.local.clients import nats_answers, s3_client

pytestmark = pytest.mark.slow

# What servers of others left, whose ports may be drawn again.
OF_OTHERS = frozenset(Path("/tmp").glob("seaweedfs-*.sock"))

# Runs a stack until it is killed, or its input ends.
RUN = """
import json, sys
from pathlib import Path
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.stack import LocalStack
with LocalStack(Path(sys.argv[1]), with_dagster=False, ports=random_ports(), environment={}) as stack:
    print("ready", flush=True)
    sys.stdin.read()
print("stopped", flush=True)
"""


@pytest.fixture
def supervisor(tmp_path):
    """A stack in a process of its own, and its record."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path / "state")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    record = RunRecord.read(StateFolder(tmp_path / "state").record_file)
    assert record is not None
    yield process, record
    process.stdin.close()
    process.stdout.close()
    process.wait()
    assert wait_until(lambda: is_gone(record), 40)


def database_answers(stack: LocalStack) -> bool:
    with psycopg.connect(stack.settings().database_url) as connection:
        return connection.execute("select 1").fetchone() == (1,)


def is_gone(record: RunRecord) -> bool:
    strays = {path for port in record.ports.values() for path in Path("/tmp").glob(f"seaweedfs-*-{port}.sock")}
    return (
        strays <= OF_OTHERS
        and not any(part.is_alive() for part in record.parts.values())
        and not processes_with_token(record.token)
    )


@pytest.mark.parametrize("name", ["postgres", "nats", "s3"])
def test_a_killed_part_comes_back_with_its_data(tmp_path, name):
    with LocalStack(tmp_path, with_dagster=False, ports=random_ports(), environment={}) as stack:
        settings = stack.settings()
        s3_client(settings).put_object(Bucket=settings.s3_bucket, Key="a", Body=b"kept")
        with psycopg.connect(settings.database_url) as connection:
            connection.execute("create table kept as select 7 as seven")
        killed = stack.part(name).pid
        os.kill(killed, signal.SIGKILL)
        assert wait_until(lambda: stack.part(name).is_ready and stack.part(name).pid != killed, 60)
        assert stack.failure is None
        recorded = RunRecord.read(stack.folder.record_file).parts[name]
        assert recorded == ProcessIdentity.of(stack.part(name).pid)
        with psycopg.connect(settings.database_url) as connection:
            assert connection.execute("select seven from kept").fetchone() == (7,)
        assert nats_answers(settings.nats_url)
        assert s3_client(settings).get_object(Bucket=settings.s3_bucket, Key="a")["Body"].read() == b"kept"


def test_all_parts_killed_at_once_come_back(tmp_path):
    with LocalStack(tmp_path, with_dagster=False, ports=random_ports(), environment={}) as stack:
        killed = {name: stack.part(name).pid for name in stack.part_names()}
        for pid in killed.values():
            os.kill(pid, signal.SIGKILL)
        assert wait_until(
            lambda: all(stack.part(name).is_ready and stack.part(name).pid != pid for name, pid in killed.items()), 60
        )
        assert database_answers(stack)


def test_leaving_while_a_part_is_down_leaves_nothing(tmp_path):
    with LocalStack(tmp_path, with_dagster=False, ports=random_ports(), environment={}) as stack:
        record = RunRecord.read(stack.folder.record_file)
        os.kill(stack.part("postgres").pid, signal.SIGKILL)
    assert is_gone(record)
    assert not processes_with_token(record.token)
    assert not stack.folder.record_file.exists()


def test_a_stack_that_ends_leaves_nothing(supervisor):
    process, record = supervisor
    process.stdin.close()
    assert process.stdout.readline() == "stopped\n"
    process.wait()
    assert is_gone(record)
    assert not record.guardian.is_alive()


def test_when_the_supervisor_is_killed_its_guardian_ends_the_parts(supervisor):
    process, record = supervisor
    process.kill()
    assert wait_until(lambda: is_gone(record), 40)
    assert wait_until(lambda: not record.guardian.is_alive(), 40)


def test_when_guardian_and_supervisor_are_killed_the_next_start_tidies_up(supervisor, tmp_path):
    process, record = supervisor
    os.kill(record.guardian.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    assert all(part.is_alive() for part in record.parts.values())
    with LocalStack(tmp_path / "state", with_dagster=False, ports=random_ports(), environment={}) as stack:
        assert is_gone(record)
        assert nats_answers(stack.settings().nats_url)


def test_a_pid_file_that_names_a_living_stranger_does_not_keep_postgres_down(tmp_path):
    with LocalStack(tmp_path, with_dagster=False, ports=random_ports(), environment={}) as stack:
        data = stack.folder.postgres / "data"
    user = data.stat()
    stranger = subprocess.Popen(
        ["sleep", "60"], **({"user": user.st_uid, "group": user.st_gid} if os.geteuid() == 0 else {})
    )
    try:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n1700000000\n5432\n\n127.0.0.1\n1 1\nready   \n")
        with LocalStack(tmp_path, with_dagster=False, ports=random_ports(), environment={}) as stack:
            assert database_answers(stack)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_half_made_database_is_made_again(tmp_path):
    folder = StateFolder(tmp_path)
    folder.create()
    (folder.postgres / "data.new").mkdir()
    (folder.postgres / "data.new" / "PG_VERSION").write_text("18")
    (folder.postgres / "data").mkdir()
    with LocalStack(tmp_path, with_dagster=False, ports=random_ports(), environment={}) as stack:
        assert database_answers(stack)


def test_an_error_between_servers_and_dagster_stops_the_servers(tmp_path):
    seen = []

    def fail(_settings):
        seen.append(RunRecord.read(StateFolder(tmp_path).record_file))
        raise RuntimeError("on purpose")

    with (
        pytest.raises(RuntimeError, match="on purpose"),
        LocalStack(tmp_path, ports=random_ports(), environment={}, before_dagster=fail),
    ):
        pass
    assert len(seen[0].parts) == 3
    assert is_gone(seen[0])
    assert not is_held(StateFolder(tmp_path).lock_file)


def test_a_part_that_cannot_start_stops_the_others_and_says_why(tmp_path):
    with LocalStack(tmp_path, with_dagster=False, ports=random_ports(), environment={}) as stack:
        control = stack.folder.postgres / "data" / "global" / "pg_control"
    control.rename(control.with_name("elsewhere"))
    before = {process.pid for process in psutil.process_iter()}
    with (
        pytest.raises(Exception, match="postgres ended with") as failed,
        LocalStack(tmp_path, with_dagster=False, ports=random_ports(), environment={}),
    ):
        pass
    assert "postgres.log" in str(failed.value)
    names = {p.name() for p in psutil.process_iter() if p.pid not in before and str(tmp_path) in _folder(p)}
    assert names == set()


def _folder(process: psutil.Process) -> str:
    try:
        return process.cwd()
    except psutil.Error:
        return ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user; elsewhere all tests run as one")
def test_it_runs_as_an_ordinary_user(tmp_path_factory):
    """The capability lets the user reach a Python that may lie in a closed folder; it is not root for all that."""
    uid, gid = _first_user()
    home = tmp_path_factory.mktemp("ordinary")
    os.chown(home, uid, gid)
    user = RunAs(uid, gid, _capability())
    result = subprocess.run(
        [sys.executable, "-c", RUN, str(home / "state")],
        check=False,
        preexec_fn=user.become,
        cwd=home,
        env={**os.environ, "HOME": str(home)},
        input="",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.stdout == "ready\nstopped\n", result.stderr
    owners = {path.stat().st_uid for path in (home / "state").rglob("*")}
    assert owners == {uid}


def test_secrets_stay_the_same_over_restarts(tmp_path):
    passwords = []
    for _ in range(2):
        with LocalStack(tmp_path, with_dagster=False, ports=random_ports(), environment={}) as stack:
            passwords.append(stack.environment()["DB_PASSWORD"])
    assert passwords[0] == passwords[1]
    assert passwords[0] == json.loads(stack.folder.secrets_file.read_text())["postgres"]


@pytest.mark.parametrize("name", ["postgres", "nats", "s3", "s3_filer"])
def test_a_port_taken_between_look_and_start_is_replaced(tmp_path, monkeypatch, name):
    plain, looks = stack_module.choose_ports, []

    def choose(wanted, **keep):
        looks.append(plain(wanted, **keep))
        return {**looks[-1], name: taken} if len(looks) == 1 else looks[-1]

    with socket.create_server(("127.0.0.1", 0)) as thief:
        taken = thief.getsockname()[1]
        monkeypatch.setattr(stack_module, "choose_ports", choose)
        with LocalStack(tmp_path, with_dagster=False, ports=random_ports(), environment={}) as stack:
            # SeaweedFS finds another port for its inner gRPC by itself.
            assert stack.ports[name] != taken or name.endswith("_grpc")
            assert database_answers(stack)
            assert nats_answers(stack.settings().nats_url)


def test_settings_of_a_person_reach_the_processes_as_they_meant_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    environment = {"INTAKE_BATCH": "7", "FRAME_DIR": "my/frames", "DB_PORT": "1", "LOG_LEVEL": ""}
    with LocalStack(tmp_path / "state", with_dagster=False, ports=random_ports(), environment=environment) as stack:
        seen = stack.environment()
        assert seen["INTAKE_BATCH"] == "7"
        assert seen["FRAME_DIR"] == str(tmp_path / "my" / "frames")
        assert seen["DB_PORT"] == str(stack.ports["postgres"])
        assert "LOG_LEVEL" not in seen
