"""Work folders: closed to others, gone with their block, and soon after a process that was killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from signal_pipeline.storage.work_folder import PREFIX, remove_abandoned, work_folder

HOLD = """
import sys
from pathlib import Path
from signal_pipeline.storage.work_folder import work_folder
with work_folder(Path(sys.argv[1])) as folder:
    (folder / "raw").write_bytes(b"not redacted")
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_it_is_private_and_goes_with_its_block(tmp_path: Path) -> None:
    parent = tmp_path / "made" / "on the way"
    with work_folder(parent) as folder:
        (folder / "raw").write_bytes(b"x")
        assert folder.stat().st_mode & 0o077 == 0
        assert list(parent.iterdir()) == [folder]
    assert list(parent.iterdir()) == []


def test_it_goes_when_its_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), work_folder(tmp_path) as folder:
        (folder / "raw").write_bytes(b"x")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_and_what_another_uses_stays(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        left = Path(other.stdout.readline().strip())
        with work_folder(tmp_path) as mine:
            assert {path.name for path in tmp_path.iterdir()} == {left.name, mine.name}
            other.kill()
            other.wait()
            assert (left / "raw").exists()
            assert remove_abandoned(tmp_path) == [left]
            assert list(tmp_path.iterdir()) == [mine]


def test_nothing_else_in_the_folder_is_touched(tmp_path: Path) -> None:
    (tmp_path / "signal_pipeline").mkdir()
    target = tmp_path / "elsewhere"
    target.mkdir()
    (target / "kept").write_bytes(b"x")
    (tmp_path / f"{PREFIX}link").symlink_to(target)
    (tmp_path / f"{PREFIX}file").write_bytes(b"x")
    assert remove_abandoned(tmp_path) == []
    assert (target / "kept").exists()
    assert len(list(tmp_path.iterdir())) == 4
