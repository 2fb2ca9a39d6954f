"""The set-up step: makes the model once, knows a damaged one, says one line."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from signal_pipeline.embedding import export
from signal_pipeline.embedding.export import export_minilm
from signal_pipeline.embedding.manifest import FILES, GRAPH_NAME, is_intact, read_manifest
from signal_pipeline.embedding.packaged import packaged_minilm, weights_sha256
from signal_pipeline.errors import SettingsInvalid


@pytest.fixture
def copied(model_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_dir, tmp_path / "minilm"))


def test_an_intact_export_is_left_alone(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(source: Path, graph: Path) -> None:
        raise AssertionError("exported again")

    monkeypatch.setattr(export, "_write_graph", never)
    assert export_minilm(copied) == copied
    monkeypatch.setattr(export, "RECIPE", export.RECIPE + 1)
    with pytest.raises(AssertionError, match="exported again"):
        export_minilm(copied)


def test_a_damaged_export_is_made_again(copied: Path, model_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = copied / GRAPH_NAME
    damaged = bytearray(graph.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    graph.write_bytes(damaged)
    monkeypatch.setattr(export, "_write_graph", lambda _source, target: shutil.copy(model_dir / GRAPH_NAME, target))
    export_minilm(copied)
    assert is_intact(copied, weights_sha256=weights_sha256(packaged_minilm()), recipe=export.RECIPE)
    assert [path.name for path in copied.parent.iterdir()] == [copied.name]


def test_a_failed_export_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(source: Path, graph: Path) -> None:
        graph.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(export, "_write_graph", fails)
    with pytest.raises(OSError, match="disk full"):
        export_minilm(tmp_path / "minilm")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_noticed_at_load(copied: Path, name: str) -> None:
    (copied / name).write_bytes((copied / name).read_bytes()[:-1])
    with pytest.raises(SettingsInvalid, match="wrong size"):
        read_manifest(copied)


def test_an_unreadable_manifest_is_noticed(copied: Path) -> None:
    (copied / "manifest.json").write_text("{}")
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        read_manifest(copied)


def test_the_command_prints_one_line(model_dir: Path) -> None:
    command = [sys.executable, "-m", "signal_pipeline.embedding.export"]
    done = subprocess.run([*command, str(model_dir)], capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2


@pytest.mark.slow
def test_a_fresh_export_is_quiet_and_whole(tmp_path: Path) -> None:
    target = tmp_path / "minilm"
    command = [sys.executable, "-W", "error", "-m", "signal_pipeline.embedding.export", str(target)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""
    assert sorted(path.name for path in target.iterdir()) == sorted([*FILES, "manifest.json"])
