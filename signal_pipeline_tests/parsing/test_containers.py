"""Wrapped files: what comes out, what a cut or damage leaves, what is refused before it costs anything."""

from __future__ import annotations

import gzip
import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
import zstandard

from signal_pipeline.errors import PartialReason, SignalRejected
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.containers import BadMember, container_of, open_members

TEXT = b"".join(b"2024-01-01 10:00:00 ERROR request %d failed\n" % i for i in range(20_000))
NOISE = os.urandom(300_000)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
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
    ("gzip with rubbish after it", gzip.compress(TEXT) + b"\x1frubbish"),
    ("zstd", zstandard.compress(TEXT)),
    ("zstd of several frames", TWO_FRAMES),
]


@pytest.mark.parametrize(("name", "data"), WHOLE, ids=[case[0] for case in WHOLE])
def test_whole_files_come_out_whole(tmp_path: Path, name: str, data: bytes) -> None:
    assert opened(tmp_path, data) == [(None, TEXT, None)]


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


def test_members_beyond_the_count_are_bad(tmp_path: Path) -> None:
    data = zipped({f"{i}.log": b"x" for i in range(5)})
    found = opened(tmp_path, data, Limits(max_archive_members=3))
    assert [content for _, content, _ in found] == [b"x", b"x", b"x", None, None]


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
