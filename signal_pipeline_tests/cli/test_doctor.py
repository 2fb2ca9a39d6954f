import json
import socket

import pytest

from signal_pipeline.local.server_checks import check_s3
from signal_pipeline.local.state import RunRecord, StateFolder
from signal_pipeline.settings import Settings
from signal_pipeline_tests.cli.stack_process import clean_environment, read_until, run, start_up


def states(output: str) -> dict[str, str]:
    return {check["name"]: check["state"] for check in json.loads(output)["checks"]}


def test_without_servers_it_says_what_is_missing_and_what_to_do(tmp_path):
    done = run(tmp_path / "state", "doctor")
    assert done.returncode == 1
    for words in ("FAIL", "DB_PASSWORD", "signal-pipeline up"):
        assert words in done.stdout
    assert not (tmp_path / "state").exists()


def test_json_is_all_of_stdout(tmp_path):
    done = run(tmp_path / "state", "doctor", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["healthy"] is False
    assert states(done.stdout) == {"local stack": "warning", "settings": "wrong"}


def test_servers_that_do_not_answer_are_named(tmp_path):
    settings = {
        "DB_HOST": "127.0.0.1",
        "DB_PORT": "1",
        "DB_PASSWORD": "planted-secret",
        "NATS_URL": "nats://u:planted-secret@127.0.0.1:1",
        "S3_ENDPOINT": "http://127.0.0.1:1",
        "S3_ACCESS_KEY": "planted-secret",
        "S3_SECRET_KEY": "planted-secret",
        "REDACTION_KEY": "planted-secret-key",
        "MODEL_DIR": str(tmp_path),
    }
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    done = run(tmp_path / "state", "doctor", "--json")
    assert done.returncode == 1
    found = states(done.stdout)
    assert {found[name] for name in ("postgres", "nats", "s3", "model")} == {"wrong"}
    assert "planted-secret" not in done.stdout + done.stderr
    assert all(check["advice"] for check in json.loads(done.stdout)["checks"] if check["state"] == "wrong")


def test_an_object_store_that_takes_the_call_and_says_nothing_is_named_at_the_first_try():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.settimeout(0)
        endpoint = f"http://127.0.0.1:{mute.getsockname()[1]}"
        needed = dict.fromkeys(("db_password", "s3_access_key", "s3_secret_key", "redaction_key"), "planted-secret-key")
        [found] = check_s3(Settings(_env_file=None, nats_url="nats://127.0.0.1:1", s3_endpoint=endpoint, **needed))
        assert (found.name, found.state) == ("s3", "wrong")
        assert endpoint in found.detail
        mute.accept()[0].close()
        # A second attempt would have left a second call waiting.
        with pytest.raises(BlockingIOError):
            mute.accept()


@pytest.mark.slow
def test_a_healthy_stack(tmp_path):
    folder = StateFolder(tmp_path / "state")
    process = start_up(folder.root)
    read_until(process, "Ctrl-C")
    try:
        environment = RunRecord.read(folder.record_file).environment
        done = run(folder.root, "doctor", "--json")
        found = states(done.stdout)
        # The model is made for Dagster, which this stack is without.
        assert found.pop("model") == "wrong"
        assert set(found.values()) == {"ok"}, done.stdout
        assert {"postgres", "pgvector", "migrations", "nats", "stream", "nats fsync", "s3"} <= set(found)
        assert environment["DB_PASSWORD"] not in done.stdout
        assert environment["S3_SECRET_KEY"] not in done.stdout
        screen = run(folder.root, "doctor").stdout
        assert "Postgres 18" in screen
        assert environment["NATS_URL"] not in screen
    finally:
        process.terminate()
        process.wait(40)
        process.stdout.close()


def test_the_test_environment_has_no_settings(tmp_path):
    assert "DB_PASSWORD" not in clean_environment(tmp_path)
