"""Wrapped files: what comes out, what a cut or damage leaves, what is refused before it costs anything."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from signal_pipeline.errors import PartialReason, SignalRejected
from signal_pipeline.limits import Limits
from signal_pipeline.parsing import containers
from signal_pipeline.parsing.containers import BadMember, container_of, open_members

TEXT = b"".join(b"2024-01-01 10:00:00 ERROR request %d failed\n" % i for i in range(20_000))
NOISE = os.urandom(300_000)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(members: dict[str, bytes], *others: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for other in others:
            archive.addfile(other)
    return buffer.getvalue()


def streamed_zip(members: dict[str, bytes]) -> bytes:
    """A zip written to a pipe: sizes come after each member."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, piece: bytes) -> int:  # type: ignore[override]
            self.data += piece
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        for name, data in members.items():
            archive.writestr(name, data)
    return bytes(pipe.data)


def opened(
    tmp_path: Path, data: bytes, limits: Limits | None = None
) -> list[tuple[str | None, bytes | None, PartialReason | None]]:
    """(name, content, problem) of every member; the content of a bad one is None."""
    path = tmp_path / "file"
    path.write_bytes(data)
    found: list[tuple[str | None, bytes | None, PartialReason | None]] = []
    for member in open_members(path, limits or Limits()):
        if isinstance(member, BadMember):
            found.append((member.name, None, member.reason))
        else:
            content = member.stream.read()
            found.append((member.name, content, member.problem))
    return found


TWO_FRAMES = zstandard.compress(TEXT[:500]) + zstandard.compress(TEXT[500:])
WHOLE: list[tuple[str, bytes]] = [
    ("plain", TEXT),
    ("gzip", gzip.compress(TEXT)),
    ("gzip of several members", gzip.compress(TEXT[:999]) + gzip.compress(TEXT[999:])),
    ("gzip of many small members", b"".join(gzip.compress(TEXT[at : at + 99]) for at in range(0, len(TEXT), 99))),
    ("gzip with zeros after it", gzip.compress(TEXT) + bytes(512)),
    ("gzip with a flood of zeros after it", gzip.compress(TEXT) + bytes(200_000)),
    ("gzip in gzip", gzip.compress(gzip.compress(TEXT))),
    ("zstd in gzip", gzip.compress(zstandard.compress(TEXT))),
    ("zstd with a frame to skip", zstandard.compress(TEXT) + b"\x50\x2a\x4d\x18\x04\x00\x00\x00note"),
    ("zstd", zstandard.compress(TEXT)),
    ("zstd of several frames", TWO_FRAMES),
]


@pytest.mark.parametrize(("name", "data"), WHOLE, ids=[case[0] for case in WHOLE])
def test_whole_files_come_out_whole(tmp_path: Path, name: str, data: bytes) -> None:
    assert opened(tmp_path, data) == [(None, TEXT, None)]


TRAILING = [
    ("gzip", gzip.compress(TEXT) + b"\x1frubbish"),
    ("gzip, zeros between", gzip.compress(TEXT) + bytes(200_000) + b"rubbish"),
    ("zstd", zstandard.compress(TEXT) + b"rubbish"),
]


@pytest.mark.parametrize(("name", "data"), TRAILING, ids=[case[0] for case in TRAILING])
def test_what_follows_the_compressed_data_is_told(tmp_path: Path, name: str, data: bytes) -> None:
    assert opened(tmp_path, data) == [(None, TEXT, PartialReason.TRAILING_DATA)]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_of_a_zip_come_in_order(tmp_path: Path, method: int) -> None:
    data = zipped({"a/b.log": TEXT, "empty.log": b"", "c.har": NOISE}, method)
    assert opened(tmp_path, data) == [("a/b.log", TEXT, None), ("empty.log", b"", None), ("c.har", NOISE, None)]


def test_a_compression_inside_a_zip_is_opened_an_archive_is_not(tmp_path: Path) -> None:
    inner = {"a.gz": gzip.compress(TEXT), "b.zst": zstandard.compress(TEXT), "c.zip": zipped({"x": TEXT})}
    inner["d.gz"] = gzip.compress(gzip.compress(TEXT))
    assert opened(tmp_path, zipped(inner)) == [
        ("a.gz", TEXT, None),
        ("b.zst", TEXT, None),
        ("c.zip", None, PartialReason.BAD_MEMBER),
        ("d.gz", None, PartialReason.BAD_MEMBER),
    ]


def test_what_file_managers_add_is_left_out(tmp_path: Path) -> None:
    names = ["__MACOSX/._a.log", ".DS_Store", "logs/.DS_Store", "logs/", "a.log", "logs/._b.log"]
    assert [name for name, *_ in opened(tmp_path, zipped(dict.fromkeys(names, b"x")))] == ["a.log"]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_cut_leaves_what_came_before(tmp_path: Path, pack: object, share: float) -> None:
    text = b"".join(struct.pack(">I", i * 2654435761 % 2**32).hex().encode() + b"\n" for i in range(200_000))
    data = gzip.compress(text) if pack is gzip.compress else zstandard.compress(text)
    [(_, content, problem)] = opened(tmp_path, data[: int(len(data) * share)])
    assert problem is PartialReason.TRUNCATED
    assert content is not None
    assert text.startswith(content)
    assert len(content) > len(text) * (share - 0.15)


@pytest.mark.parametrize("make", [zipped, streamed_zip], ids=["sizes first", "sizes after"])
def test_a_zip_without_its_end_gives_its_members_one_by_one(tmp_path: Path, make: object) -> None:
    members = {"a.log": TEXT, "dir/b.log": NOISE, "c.log": TEXT}
    data = zipped(members) if make is zipped else streamed_zip(members)
    cut = data[: data.rindex(b"c.log", 0, data.index(b"PK\x01\x02")) + 2_000]
    a, b, c, end = opened(tmp_path, cut)
    assert (a, b) == (("a.log", TEXT, None), ("dir/b.log", NOISE, None))
    assert c[0] == "c.log"
    assert c[2] is PartialReason.TRUNCATED
    assert TEXT.startswith(c[1] or b"no")
    assert end == (None, None, PartialReason.TRUNCATED)


def test_damage_in_one_member_leaves_the_others(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.log": NOISE, "b.log": TEXT}, zipfile.ZIP_STORED))
    data[1_000] ^= 0xFF
    (name, _, problem), good = opened(tmp_path, bytes(data))
    assert (name, problem) == ("a.log", PartialReason.BAD_MEMBER)
    assert good == ("b.log", TEXT, None)


def test_an_encrypted_member_is_bad(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.log": TEXT}))
    data[6] |= 1
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert opened(tmp_path, bytes(data)) == [("a.log", None, PartialReason.BAD_MEMBER)]


@pytest.mark.parametrize("kind", ["zip", "zip without its end", "tar", "tar.gz"])
def test_members_beyond_the_count_are_one_reason(tmp_path: Path, kind: str) -> None:
    names = {f"{i}.log": b"x" for i in range(500)}
    data = zipped(names) if kind.startswith("zip") else tarred(names)
    data = data[: data.index(b"PK\x01\x02")] if kind == "zip without its end" else data
    data = gzip.compress(data) if kind == "tar.gz" else data
    *found, (name, content, reason) = opened(tmp_path, data, Limits(max_archive_members=3))
    assert [content for _, content, _ in found] == [b"x", b"x", b"x"]
    assert (name, content, reason) == (None, None, PartialReason.TOO_MANY_MEMBERS)


def test_a_directory_too_large_for_memory_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({f"{i}.log": b"x" for i in range(50)})
    monkeypatch.setattr(containers, "_MAX_DIRECTORY_BYTES", 1_000)
    monkeypatch.setattr(containers.zipfile, "ZipFile", None)
    found = opened(tmp_path, data, Limits(max_archive_members=3))
    assert [content for _, content, _ in found] == [b"x", b"x", b"x", None]


def test_links_are_no_files(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("current.log")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.log", TEXT)
        archive.writestr(link, "/etc/passwd")
    entry = tarfile.TarInfo("current.log")
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
    hard = tarfile.TarInfo("hard.log")
    hard.type, hard.linkname = tarfile.LNKTYPE, "a.log"
    expected = [("a.log", TEXT, None), ("current.log", None, PartialReason.LINK_MEMBER)]
    assert opened(tmp_path, buffer.getvalue()) == expected
    assert opened(tmp_path, tarred({"a.log": TEXT}, entry, hard)) == [
        *expected,
        ("hard.log", None, PartialReason.LINK_MEMBER),
    ]


def test_a_name_that_stands_twice_is_told_apart(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.log", b"one")
        archive.writestr("a.log", b"two")
    assert opened(tmp_path, buffer.getvalue()) == [("a.log", b"one", None), ("a.log (2)", b"two", None)]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress], ids=["plain", "gzip", "zstd"])
def test_members_of_a_tar(tmp_path: Path, form: int, pack: Callable[[bytes], bytes]) -> None:
    long_name = "/".join(["logs" * 10] * 4) + "/app.log"
    members = {"../a.log": TEXT, long_name: NOISE, "empty.log": b"", "b.log.gz": gzip.compress(TEXT)}
    folder = tarfile.TarInfo("folder")
    folder.type = tarfile.DIRTYPE
    found = opened(tmp_path, pack(tarred(members, folder, form=form)))
    assert found == [
        ("../a.log", TEXT, None),
        (long_name, NOISE, None),
        ("empty.log", b"", None),
        ("b.log.gz", TEXT, None),
    ]


def test_a_tar_that_is_cut_or_damaged_gives_what_comes_before(tmp_path: Path) -> None:
    data = tarred({"a.log": TEXT, "b.log": TEXT})
    (name, content, _), (_, half, problem), end = opened(tmp_path, data[: len(TEXT) + 4_000])
    assert (name, content) == ("a.log", TEXT)
    assert TEXT.startswith(half or b"no")
    assert problem is PartialReason.TRUNCATED
    assert end == (None, None, PartialReason.TRUNCATED)
    second = data.index(b"b.log")
    torn = data[:second] + b"?" + data[second + 1 :]
    assert opened(tmp_path, torn) == [("a.log", TEXT, None), (None, None, PartialReason.TRUNCATED)]


SMALL = Limits(max_expanded_bytes=1_000_000, max_expand_ratio=100)
REFUSED: list[tuple[str, bytes, Limits, str]] = [
    ("gzip bomb", gzip.compress(bytes(5_000_000)), SMALL, "expand_ratio"),
    ("zstd bomb", zstandard.compress(bytes(5_000_000)), SMALL, "expand_ratio"),
    ("zip bomb", zipped({"a": bytes(5_000_000)}), SMALL, "expand_ratio"),
    ("many small bombs", zipped({f"{i}": bytes(400_000) for i in range(9)}), SMALL, "expand_ratio"),
    ("bomb in a member", zipped({"a": gzip.compress(bytes(50_000_000))}), SMALL, "expand_ratio"),
    ("plain, too large", TEXT, Limits(max_file_bytes=1_000), "too_large"),
    ("gzip, too large", gzip.compress(TEXT), Limits(max_file_bytes=100_000), "too_large"),
    ("archive in a compression", gzip.compress(zipped({"a": TEXT})), Limits(), "bad_archive"),
    ("bzip2", b"BZh91AY&SY", Limits(), "unsupported_kind"),
    ("7z", b"7z\xbc\xaf\x27\x1c", Limits(), "unsupported_kind"),
]


@pytest.mark.parametrize(("name", "data", "limits", "code"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused(tmp_path: Path, name: str, data: bytes, limits: Limits, code: str) -> None:
    with pytest.raises(SignalRejected) as caught:
        opened(tmp_path, data, limits)
    assert caught.value.code == code


def test_a_small_file_may_expand_far_within_the_fixed_bound(tmp_path: Path) -> None:
    [(_, content, _)] = opened(tmp_path, gzip.compress(bytes(900_000)), SMALL)
    assert content == bytes(900_000)


def test_containers_are_told_by_their_first_bytes() -> None:
    heads = [TEXT, gzip.compress(b""), zstandard.compress(b""), zipped({}), zipped({"a": b""})]
    assert [container_of(head) for head in heads] == ["plain", "gzip", "zstd", "zip", "zip"]
