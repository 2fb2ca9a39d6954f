import os

import pytest

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.local.addresses import addresses, without_login
from signal_pipeline.local.discovery import environment_for_cli, running_stack, settings_for_cli
from signal_pipeline.local.existing import existing_servers, given_environment
from signal_pipeline.local.lock import StateLock
from signal_pipeline.local.state import RunRecord, StateFolder
from signal_pipeline.settings import Settings

STACK = {
    "DB_HOST": "127.0.0.1",
    "DB_PORT": "15432",
    "DB_PASSWORD": "of-the-stack-4711",
    "NATS_URL": "nats://u:of-the-broker-12@127.0.0.1:14222",
    "S3_ENDPOINT": "http://127.0.0.1:18333",
    "S3_ACCESS_KEY": "a",
    "S3_SECRET_KEY": "key-of-the-stack-0815",
    "REDACTION_KEY": "a-key-of-the-tests-alone",
    "FRAME_DIR": "/frames",
    "DAGSTER_HOME": "/dagster",
}


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(tmp_path, monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def folder(tmp_path):
    """A folder with the record of a stack that does not run."""
    made = StateFolder(tmp_path / "state")
    made.create()
    RunRecord("t", environment=dict(STACK), ready=True).write(made.record_file)
    return made


@pytest.fixture
def running(folder):
    lock = StateLock(folder.lock_file)
    lock.acquire()
    yield folder
    lock.release()


def test_the_running_stack_is_found(running):
    assert running_stack(running.root).environment == STACK
    settings = settings_for_cli(running.root, {})
    assert (settings.db_port, settings.db_password.get_secret_value()) == (15432, "of-the-stack-4711")


def test_a_record_without_a_stack_is_not_believed(folder):
    assert running_stack(folder.root) is None
    with pytest.raises(SettingsInvalid, match=r"(?s)DB_PASSWORD.*signal-pipeline up"):
        settings_for_cli(folder.root, {})


def test_what_a_person_sets_wins_and_a_server_is_never_half_theirs(running):
    found = environment_for_cli(running.root, {"DB_HOST": "db.example.org", "FRAME_DIR": "/mine"})
    assert found["DB_HOST"] == "db.example.org"
    assert "DB_PORT" not in found
    assert "DB_PASSWORD" not in found
    assert found["FRAME_DIR"] == "/mine"
    assert found["NATS_URL"] == STACK["NATS_URL"]
    assert found["DAGSTER_HOME"] == "/dagster"


def test_an_empty_variable_names_nothing(running):
    assert environment_for_cli(running.root, {"DB_HOST": "", "NATS_URL": ""}) == STACK


def test_a_dotenv_file_is_read_below_the_environment(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("NATS_URL=nats://dotenv:4222\nS3_BUCKET=dotenv\n")
    monkeypatch.setenv("S3_BUCKET", "process")
    given = given_environment()
    assert (given["NATS_URL"], given["S3_BUCKET"]) == ("nats://dotenv:4222", "process")
    assert given["PATH"] == os.environ["PATH"]


def test_which_servers_exist():
    assert [server.part for server in existing_servers({"S3_ACCESS_KEY": "aws"})] == []
    assert [server.part for server in existing_servers({"DB_HOST": "x", "NATS_URL": "y"})] == ["postgres", "nats"]
    assert existing_servers({"DB_PASSWORD": "alone decides nothing", "S3_BUCKET": "nor this"}) == []


def test_every_variable_of_a_server_is_a_setting():
    known = {name.upper() for name in Settings.model_fields}
    everything = {"DB_HOST": "x", "NATS_URL": "x", "S3_ENDPOINT": "x"}
    assert {name for server in existing_servers(everything) for name in server.variables} <= known


def test_pages_without_a_login_are_named():
    assert "the Dagster UI and the API and its pages ask" in without_login({}, "http://ui")
    assert "the Dagster UI asks" in without_login({"API_TOKENS_FILE": "tokens"}, "http://ui")
    assert without_login({}, None) is None


def test_addresses_show_no_password():
    assert addresses(STACK, "http://ui") == [
        ("Dagster UI", "http://ui"),
        ("Postgres", "127.0.0.1:15432/signal_pipeline"),
        ("NATS", "nats://127.0.0.1:14222"),
        ("S3", "http://127.0.0.1:18333 bucket bug-repro-artifacts"),
    ]
    assert addresses({"NATS_URL": "nats://h"}, None)[-1] == ("S3", "AWS bucket bug-repro-artifacts")
