"""Dagster's processes in a stack, with a toy code location: a run works, and each process comes back after kill -9."""

import json
import os
import signal
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest
import yaml

from signal_pipeline.local.api_process import api_answers
from signal_pipeline.local.dagster_home import dagster_postgres_url
from signal_pipeline.local.dagster_processes import code_server_address, code_server_serves, webserver_answers
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.local.state import RunRecord
from signal_pipeline.processes.termination import processes_with_token, wait_until
from signal_pipeline.settings import Settings
from signal_pipeline_tests.local.another_user import VERDICTS, put_a_secret, reachable

PROJECT = Path(__file__).parents[2]
LAUNCH = """
mutation { launchRun(executionParams: {mode: "default", selector: {
  repositoryLocationName: "signal_pipeline", repositoryName: "__repository__", pipelineName: "__ASSET_JOB"}
}) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("PYTHONPATH", str(PROJECT))
    patch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    with LocalStack(
        tmp_path_factory.mktemp("home") / "with spaces",
        ports=random_ports(),
        environment={},
        definitions="signal_pipeline_tests.local.toy_definitions",
    ) as running:
        yield running
        record = running._running.record
    patch.undo()
    assert not processes_with_token(record.token)


def ask(stack: LocalStack, query: str) -> dict:
    request = urllib.request.Request(
        f"{stack.dagster_url}/graphql", json.dumps({"query": query}).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())["data"]


@pytest.mark.slow
def test_a_run_works(stack):
    launched = ask(stack, LAUNCH)["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    question = f'{{ runOrError(runId: "{launched["run"]["runId"]}") {{ ... on Run {{ status }} }} }}'
    ended = {"SUCCESS", "FAILURE", "CANCELED"}
    assert wait_until(lambda: ask(stack, question)["runOrError"]["status"] in ended, 120)
    assert ask(stack, question)["runOrError"]["status"] == "SUCCESS"


def processes(stack: LocalStack) -> list[psutil.Process]:
    leaders = [psutil.Process(stack.part(name).pid) for name in stack.part_names()]
    return [process for leader in leaders for process in (leader, *leader.children(recursive=True))]


@pytest.mark.slow
def test_another_user_of_the_machine_gets_nothing_at_any_port(stack):
    """Without a password, a key or a certificate. A port that has no verdict fails."""
    put_a_secret(stack)
    names = {port: name for name, port in stack.ports.items()}
    open_ports = {
        connection.laddr.port
        for process in processes(stack)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert {"postgres", "nats", "s3", "s3_filer", "api"} <= {names.get(port) for port in open_ports}
    wrong = {}
    for port in open_ports:
        name = names.get(port, f"port {port}")
        verdict = VERDICTS.get(name)
        if verdict is None or (why := verdict(stack, port)):
            wrong[name] = "no verdict" if verdict is None else why
    assert not wrong


@pytest.mark.slow
def test_another_user_of_the_machine_reaches_no_socket(stack):
    found = {
        Path(process.cwd()) / connection.laddr
        for process in processes(stack)
        for connection in process.net_connections(kind="unix")
        if connection.laddr
    }
    assert len(found) >= 2
    assert [str(path) for path in found if path.exists() and reachable(path, stack.folder.root)] == []


@pytest.mark.slow
def test_the_instance_has_its_settings(stack):
    config = ask(stack, "{ instance { info runQueuingSupported } }")["instance"]
    info = yaml.safe_load(config["info"])
    assert config["runQueuingSupported"] is True
    assert info["telemetry"] == {"enabled": False}
    assert info["run_monitoring"]["max_runtime_seconds"] == 1800
    with psycopg.connect(stack.settings().dagster_database_url) as connection:
        assert connection.execute("select count(*) from daemon_heartbeats").fetchone()[0] > 0


@pytest.mark.slow
def test_processes_find_the_servers_and_compile_their_modules(stack):
    environment = Path(f"/proc/{stack.part('code_server').pid}/environ")
    if not environment.exists():
        pytest.skip("the environment of a process is read through /proc")
    seen = dict(item.partition("=")[::2] for item in environment.read_text().split("\0"))
    assert stack.environment().items() <= seen.items()
    assert "PYTHONDONTWRITEBYTECODE" not in seen


@pytest.mark.slow
@pytest.mark.parametrize("name", ["code_server", "api", "webserver", "daemon"])
def test_a_killed_process_comes_back(stack, name):
    killed = stack.part(name).pid
    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: stack.part(name).is_ready and stack.part(name).pid != killed, 120)
    assert webserver_answers(stack.ports["dagster_webserver"])
    assert code_server_serves(code_server_address(stack.folder))
    assert api_answers(stack.ports["api"])


@pytest.mark.slow
def test_the_record_says_where_it_is(stack):
    record = RunRecord.read(stack.folder.record_file)
    assert (record.ready, record.dagster_url) == (True, stack.dagster_url)
    assert {"fork_server", "code_server", "webserver", "daemon", "api"} < set(record.parts)


def test_the_file_in_the_project_is_the_one_in_the_package():
    """Two files, for a wheel carries only the one; a link would be a text file on some systems."""
    assert (PROJECT / "dagster.yaml").read_bytes() == (
        PROJECT / "signal_pipeline" / "local" / "dagster.yaml"
    ).read_bytes()


def test_both_workspaces_have_one_location_name():
    from signal_pipeline.local.dagster_home import LOCATION_NAME

    location = yaml.safe_load((PROJECT / "workspace.yaml").read_text())["load_from"][0]["python_module"]
    assert location == {"module_name": "signal_pipeline.definitions", "location_name": LOCATION_NAME}


def test_a_password_with_any_character_fits_the_url():
    from sqlalchemy import make_url

    settings = Settings(
        db_host="h",
        db_port=1,
        db_password="p@ss/w:rd%?#",
        nats_url="nats://h",
        s3_access_key="a",
        s3_secret_key="s",
        redaction_key="a-key-of-the-tests-alone",
    )
    url = make_url(dagster_postgres_url(settings))
    assert (url.password, url.host, url.database) == ("p@ss/w:rd%?#", "h", "dagster")
    assert url.drivername == "postgresql+psycopg2"
