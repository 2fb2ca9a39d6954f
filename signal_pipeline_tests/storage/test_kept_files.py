"""What one step fetched and the next one reads: within a bound, and never another content than was asked for."""

from __future__ import annotations

from pathlib import Path

from signal_pipeline.storage.kept_files import KeptFiles


def kept(folder: Path, **sizes: int) -> KeptFiles:
    files = KeptFiles(max_file_bytes=100, max_bytes=250)
    for name, size in sizes.items():
        (folder / name).write_bytes(b"x" * size)
        files.keep(f"raw/{name}", f"hash of {name}", folder / name)
    return files


def takes(files: KeptFiles, name: str, folder: Path) -> bool:
    return files.take(f"raw/{name}", f"hash of {name}", folder / "target")


def test_what_was_kept_is_taken_once(tmp_path: Path) -> None:
    files = kept(tmp_path, a=3)
    assert takes(files, "a", tmp_path)
    assert (tmp_path / "target").read_bytes() == b"xxx"
    assert not takes(files, "a", tmp_path)


def test_another_content_under_the_same_key_is_not_taken(tmp_path: Path) -> None:
    files = kept(tmp_path, a=3)
    assert not files.take("raw/a", "another hash", tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_large_files_are_not_kept_and_the_oldest_go_first(tmp_path: Path) -> None:
    files = kept(tmp_path, large=101, a=100, b=100, c=50, d=1)
    found = [name for name in ("large", "a", "b", "c", "d") if takes(files, name, tmp_path)]
    assert found == ["b", "c", "d"]


def test_a_file_kept_twice_counts_once(tmp_path: Path) -> None:
    files = kept(tmp_path, a=100)
    for _ in range(3):
        files.keep("raw/a", "hash of a", tmp_path / "a")
    (tmp_path / "b").write_bytes(b"b" * 100)
    files.keep("raw/b", "hash of b", tmp_path / "b")
    assert takes(files, "a", tmp_path) and takes(files, "b", tmp_path)
