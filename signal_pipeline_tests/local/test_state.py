import json
import stat
from pathlib import Path

import pytest

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.secrets import InstallationSecrets, load_or_create
from signal_pipeline.local.state import RunRecord, StateFolder, state_home, write_private
from signal_pipeline.processes.identity import ProcessIdentity


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_home_is_the_variable_or_a_folder_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert state_home({}) == tmp_path / ".signal_pipeline"
    assert state_home({"SIGNAL_PIPELINE_HOME": "elsewhere"}) == tmp_path / "elsewhere"
    assert state_home({"SIGNAL_PIPELINE_HOME": ""}) == tmp_path / ".signal_pipeline"


def test_folders_are_closed_to_others(tmp_path):
    folder = StateFolder(tmp_path / "new" / "state")
    folder.create()
    assert folder.is_ours()
    assert {mode(path) for path in (folder.root, folder.logs, folder.nats, folder.frames)} == {0o700}


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(LocalServerFailed, match="contains other files"):
        StateFolder(tmp_path).create()
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_frames_and_models_made_before_are_not_strangers(tmp_path):
    (tmp_path / "frames").mkdir()
    (tmp_path / "models").mkdir()
    StateFolder(tmp_path).create()
    StateFolder(tmp_path).create()


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LocalServerFailed, match="SIGNAL_PIPELINE_HOME"):
        StateFolder(tmp_path / "file" / "state").create()


def test_private_files_are_private_and_whole(tmp_path):
    path = tmp_path / "secret"
    write_private(path, "one")
    write_private(path, "two")
    assert (path.read_text(), mode(path), len(list(tmp_path.iterdir()))) == ("two", 0o600, 1)


def test_record_survives_writing(tmp_path):
    record = RunRecord("token", supervisor=ProcessIdentity(1, "a"), parts={"nats": ProcessIdentity(2, "b")})
    record.ports, record.environment = {"nats": 3}, {"DB_HOST": "h"}
    record.write(tmp_path / "stack.json")
    assert RunRecord.read(tmp_path / "stack.json") == record
    assert mode(tmp_path / "stack.json") == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"token": "x"}', '{"token": "x", "parts": 3}'])
def test_a_torn_record_is_no_record(tmp_path, text):
    (tmp_path / "stack.json").write_text(text)
    assert RunRecord.read(tmp_path / "stack.json") is None


def test_a_missing_record_is_no_record(tmp_path):
    assert RunRecord.read(tmp_path / "stack.json") is None


def test_secrets_are_random_kept_and_private(tmp_path):
    first = load_or_create(tmp_path / "a.json")
    assert load_or_create(tmp_path / "a.json") == first
    assert mode(tmp_path / "a.json") == 0o600
    other = load_or_create(tmp_path / "b.json")
    values = list(json.loads((tmp_path / "a.json").read_text()).values())
    assert len(set(values)) == len(values)
    assert not set(values) & set(json.loads((tmp_path / "b.json").read_text()).values())
    assert other.postgres not in repr(other)


def test_damaged_secrets_are_not_replaced_in_silence(tmp_path):
    (tmp_path / "secrets.json").write_text("{}")
    with pytest.raises(LocalServerFailed, match="damaged"):
        load_or_create(tmp_path / "secrets.json")


def test_no_secret_is_in_a_repr():
    made = InstallationSecrets()
    assert repr(made) == "InstallationSecrets()"
