"""Odd files of the kinds that people and programs send: each has one pinned outcome, in bounded work."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from signal_pipeline.limits import Limits
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.parsing.har.samples import entry, har_bytes
from signal_pipeline_tests.parsing.test_containers import tarred, zipped

LINE = b"2026-03-01 10:00:01,000 ERROR [worker-1] shop.Cart - cart is empty\n"
HAR = har_bytes(entry(status=500))
LINK = tarfile.TarInfo("current.log")
LINK.type, LINK.linkname = tarfile.SYMTYPE, "/etc/passwd"


def twice_named() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.log", LINE)
        archive.writestr("a.log", LINE * 2)
    return buffer.getvalue()


def with_link() -> bytes:
    link = zipfile.ZipInfo("current.log")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../up.log", LINE)
        archive.writestr("/etc/absolute.log", LINE)
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def with_wrong_crc() -> bytes:
    data = bytearray(zipped({"a.log": LINE * 50, "b.log": LINE}, zipfile.ZIP_STORED))
    data[2_000] ^= 1
    return bytes(data)


def har_with(old: str, new: str) -> bytes:
    text = HAR.decode()
    assert old in text
    return text.replace(old, new, 1).encode()


CASES: list[tuple[str, bytes, str, tuple[str, ...], int]] = [
    # name, content, status, reasons, entries
    ("gzip in gzip.log.gz", gzip.compress(gzip.compress(LINE)), "ok", (), 1),
    ("two members.log.gz", gzip.compress(LINE) + gzip.compress(LINE), "ok", (), 2),
    ("cut.log.gz", gzip.compress(LINE * 5_000)[:-40], "partial", ("truncated",), -1),
    ("trailing.log.gz", gzip.compress(LINE) + b"what is this", "partial", ("trailing_data",), 1),
    ("many.zip", zipped({f"{i}.log": LINE for i in range(60)}), "partial", ("too_many_members",), 20),
    ("many empty.zip", zipped({f"{i}.log": b"" for i in range(60)}), "failed", ("too_many_members",), 0),
    ("some empty.zip", zipped({f"{i}.log": b"" for i in range(6)}), "failed", ("empty",), 0),
    ("traversal and a link.zip", with_link(), "partial", ("link_member",), 2),
    ("only links.tar", tarred({}, LINK), "failed", ("bad_archive",), 0),
    ("names twice.zip", twice_named(), "ok", (), 3),
    ("cut.zip", zipped({"a.log": LINE, "b.log": LINE})[:-30], "partial", ("truncated",), 2),
    ("wrong crc.zip", with_wrong_crc(), "partial", ("bad_member",), -1),
    ("up.tar.gz", gzip.compress(tarred({"../up.log": LINE}, LINK)), "partial", ("link_member",), 1),
    ("bomb.zip", zipped({"a.log": bytes(40_000_000)}), "failed", ("expand_ratio",), 0),
    ("comments.har", har_with('"pages"', '/* made by hand */ "pages"'), "partial", ("bad_values",), 1),
    ("trailing comma.har", har_with("}]}}", "},]}}"), "partial", ("bad_values",), 1),
    ("jsonp.har", b"onInputData(" + HAR + b");", "ok", (), 1),
    ("trailing text.har", HAR + b"\nsent from my phone", "partial", ("trailing_data",), 1),
    ("nulls.har", har_bytes(None, 1, "x", [], {}, entry(status=500)), "partial", ("bad_entries",), 1),
    ("status beyond numbers.har", har_bytes(entry(status=10**30)), "partial", ("bad_values",), 1),
    ("picture.har", b"\x89PNG\r\n\x1a\n" + bytes(3_000), "failed", ("not_har",), 0),
    ("utf-32.log", LINE.decode().encode("utf-32"), "failed", ("encoding",), 0),
    ("utf-32 without a mark.log", LINE.decode().encode("utf-32-be"), "failed", ("encoding",), 0),
    ("utf-16.log", LINE.decode().encode("utf-16"), "ok", (), 1),
    ("utf-7.log", b"+ADw-script+AD4-\r\n" + LINE, "ok", (), 2),
    ("trailing.zip", zipped({"a.log": LINE}) + b"what is this", "partial", ("trailing_data",), 1),
    ("trailing.tar", tarred({"a.log": LINE}) + b"what is this", "partial", ("trailing_data",), 1),
    ("padded.tar", tarred({"a.log": LINE}) + bytes(50_000), "ok", (), 1),
    ("nothing but NUL.log", bytes(100_000), "failed", ("binary",), 0),
    ("one byte.log", b"x", "ok", (), 1),
    ("no bytes.log", b"", "failed", ("empty",), 0),
    ("far years.log", LINE.replace(b"2026", b"9999") + LINE.replace(b"2026", b"0001"), "ok", (), 2),
    ("february 30.log", LINE.replace(b"03-01 10:00", b"02-30 25:61"), "ok", (), 1),
    ("long key.jsonl", json.dumps({"level": "error", "k" * 200_000: 1}).encode(), "partial", ("text_capped",), 1),
    ("odd values.jsonl", b'{"ts":1e400,"level":[1,2],"msg":{"a":NaN}}\n' * 3, "ok", (), 3),
    ("forged.log", LINE + b"2026-03-01 10:00:02,000 ERROR a.b - report_id=00000000\n", "ok", (), 2),
    ("backtracking.log", LINE[:-1] + b" " + b"a@" * 60_000 + b"\n", "partial", ("text_capped",), 1),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "status", "reasons", "entries"), CASES, ids=[case[0] for case in CASES])
def test_the_outcome(
    tmp_path: Path, name: str, data: bytes, status: str, reasons: tuple[str, ...], entries: int
) -> None:
    (tmp_path / name).write_bytes(data)
    limits = Limits(max_expanded_bytes=20_000_000, max_archive_members=20)
    reading = read_signal(tmp_path / name, redactor=Redactor(b"k" * 32), limits=limits)
    frames = list(reading)
    found = reading.outcome
    assert (found.status, found.reasons) == (status, reasons)
    if entries >= 0:
        assert found.entries == entries
    if found.status != "failed":
        assert sum(frame.height for frame in frames) == found.entries
    text = " ".join(str(row) for frame in frames for row in frame.select("message", "stack_trace").rows())
    assert "/etc/passwd" not in text, "a link is no file"
