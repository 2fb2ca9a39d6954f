"""Untrusted logs: each case has the outcome that the catalogue of bad inputs asks for."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys

import pytest

from signal_pipeline.errors import PartialReason, RejectionCode, SignalRejected
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.parsing.logs.reading import read, records


class Repeated(io.RawIOBase):
    """`count` times `piece`, made while it is read."""

    def __init__(self, piece: bytes, count: int) -> None:
        self._piece, self._left = piece, count * len(piece)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = min(size if size >= 0 else self._left, self._left)
        self._left -= size
        return (self._piece * (size // len(self._piece) + 1))[:size]


def test_one_long_line_is_cut():
    frame, notes = read(Repeated(b"x" * 1_024, 64 * 1_024))  # type: ignore[arg-type]
    assert (notes.lines, notes.entries) == (1, 1)
    assert frame["byte_length"].item() == 64 * 1_024 * 1_024
    assert len(frame["message"].item()) <= 4_096
    assert PartialReason.TEXT_CAPPED in notes.reasons


def test_lines_after_a_long_line_are_read():
    data = b"2024-03-01 10:00:00 ERROR a\n" + b"y" * 20_000_000 + b"\r\n2024-03-01 10:00:01 ERROR b\n"
    frame, notes = read(data)
    assert notes.lines == 3
    last = frame.row(-1, named=True)
    assert (last["message"], last["line_number"]) == ("b", 3)
    assert data[last["byte_offset"] :][: last["byte_length"]] == b"2024-03-01 10:00:01 ERROR b"


@pytest.mark.slow
def test_memory_is_bounded_on_a_line_of_a_gigabyte():
    code = (
        "from signal_pipeline_tests.peak_memory import peak_mb\n"
        "from signal_pipeline_tests.parsing.logs.test_bad_inputs import Repeated\n"
        "from signal_pipeline_tests.parsing.logs.reading import read\n"
        "frame, notes = read(Repeated(b'x' * 1024, 1024 * 1024))\n"
        "assert notes.lines == 1\n"
        "print(peak_mb())\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert int(done.stdout) < 512


def test_only_newlines():
    frame, notes = read(b"\n" * 100_000)
    assert frame.is_empty() and notes.lines == 100_000
    with pytest.raises(SignalRejected) as caught:
        read(b"\n" * 100_000, max_lines=50_000)
    assert caught.value.code is RejectionCode.TOO_MANY_LINES


def test_line_limit_keeps_what_was_read():
    frame, notes = read(b"a\n" * 1_000, max_lines=10)
    assert len(frame) == 10
    assert notes.reasons == {PartialReason.LINES_CAPPED}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_utf16_and_marks(encoding):
    line = "2024-03-01 10:00:00 ERROR cannot add\n"
    frame, _ = read((line + line + "next\n").encode(encoding))
    assert frame["message"].to_list() == ["cannot add", "cannot add"]
    assert frame["stack_trace"].to_list() == [None, "next"]
    assert frame["line_number"].to_list() == [1, 2]


BINARY = {
    "random": random.Random(1).randbytes(100_000),
    "jpeg": b"\xff\xd8\xff\xe0" + b"\x00\x10JFIF" + random.Random(2).randbytes(5_000),
    "core dump": b"\x7fELF\x02\x01\x01" + b"\0" * 5_000,
    "png": b"\x89PNG\r\n\x1a\n" + b"a" * 100,
    "numbers": bytes(range(256)) * 64,
}


@pytest.mark.parametrize("data", BINARY.values(), ids=BINARY)
def test_binary_is_refused(data):
    with pytest.raises(SignalRejected) as caught:
        read(data)
    assert caught.value.code is RejectionCode.BINARY


def test_empty_is_refused():
    with pytest.raises(SignalRejected) as caught:
        read(b"")
    assert caught.value.code is RejectionCode.EMPTY


def test_escapes_never_come_out():
    lines = [
        "\x1b[31m2024-03-01 10:00:00\x1b[0m \x1b[1;31mERROR\x1b[0m red",
        "2024-03-01 10:00:00 ERROR \x1b]52;c;ZXZpbA==\x07clipboard\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\\x07",
        "2024-03-01 10:00:00 ERROR \x1b]0;title\x07\x9b31mc1\x00nul\x08",
        "2024-03-01 10:00:00 ERROR unfinished \x1b[",
        '{"level":"error","msg":"a\\u001b[31mb\\u0000c","err":{"stack":"x\\u001b]0;t\\u0007y"}}',
    ]
    frame, _ = read("\n".join(lines).encode())
    text = "".join(str(value) for row in frame.rows() for value in row)
    assert not any(ord(character) < 32 and character not in "\n\t" for character in text)
    assert frame["message"].to_list() == ["red", "clipboardlink", "c1nul", "unfinished", "abc"]
    assert frame["level"].unique().to_list() == ["error"]


def test_broken_utf8_is_replaced_and_noted():
    frame, notes = read(b"2024-03-01 10:00:00 ERROR caf\xe9\n2024-03-01 10:00:00 ERROR fine\n")
    assert frame["message"].to_list() == ["caf\ufffd", "fine"]
    assert notes.reasons == {PartialReason.ENCODING_REPLACED}


HOSTILE = {
    "a@a-": "a@" + "a-" * 40_000,
    "eya-": "eya-" * 20_000,
    "a!": "a!" * 40_000,
    "a": "a" * 26,
    "//a": "//a" * 26_000,
    "spaces": " " * 80_000 + "x",
    "brackets": "[" * 80_000,
    "braces": "{" * 80_000,
    "digits": "1" * 80_000,
    "quotes": '"' * 80_000,
    "equals": "a=" * 40_000,
    "json depth": '{"a":' * 20_000 + "1" + "}" * 20_000,
    "json lists": '{"msg":' + "[" * 30_000 + "]" * 30_000 + "}",
    "json digits": '{"msg":' + "9" * 60_000 + "}",
    "stamp then spaces": "2024-03-01 10:00:00" + " " * 80_000,
    "pem": "-----BEGIN PRIVATE KEY-----" * 2_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE)
def test_hostile_lines_end(line):
    frame, notes = read(("ok\n" + line + "\nok\n").encode())
    assert notes.lines == 3
    assert frame["message"].str.len_chars().max() <= 4_096


def test_long_trace_is_capped():
    head = "2024-03-01 10:00:00 ERROR [main] com.acme.Shop - too deep\njava.lang.StackOverflowError\n"
    frames = "".join(f"\tat com.acme.Shop.f(Shop.java:{number})\n" for number in range(100_000))
    frame, notes = read((head + frames + "Caused by: java.lang.Error: end\n" + head).encode())
    assert len(frame) == 2
    first = frame.row(0, named=True)
    assert first["line_count"] == 100_003
    assert len(first["stack_trace"]) <= 16_384
    assert first["stack_trace"].startswith("java.lang.StackOverflowError") and "Caused by" in first["stack_trace"]
    assert PartialReason.STACK_CAPPED in notes.reasons


def test_only_frames_and_an_unended_trace():
    (record,) = records("\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)\n")
    assert record["line_count"] == 2
    assert (
        records('2024-03-01 10:00:00 ERROR a\nTraceback (most recent call last):\n  File "a.py", line')[0]["line_count"]
        == 3
    )


TIMES = [
    "0000-00-00 00:00:00",
    "9999-12-31 23:59:59",
    "2024-13-45 10:00:00",
    "2024-03-01 24:00:00",
    "1970-01-01 00:00:00",
]


@pytest.mark.parametrize("time", TIMES)
def test_absurd_times_are_null(time):
    (record,) = records(f"{time} ERROR cannot add")
    assert record["timestamp"] is None
    assert record["message"] == "cannot add"


JSON_ODDITIES = {
    "cut": '{"level":"error","msg":"a',
    "number": '{"msg":' + "9" * 5_000 + "}",
    "surrogate": '{"msg":"a\\ud800b"}',
    "not an object": "{1,2,3}",
    "nan": '{"msg":NaN}',
    "trailing": '{"msg":"a"} and more',
    "list": '{"msg":[1,{"a":2}]}',
    "null": '{"msg":null}',
    "empty": "{}",
    "nul": '{"msg":"a\\u0000b"}',
    "twice": '{"msg":"a","msg":"b"}',
    "strange types": '{"level":{"a":1},"time":[],"msg":true,"err":5,"status":"x"}',
}


@pytest.mark.parametrize("line", JSON_ODDITIES.values(), ids=JSON_ODDITIES)
def test_odd_json_lines(line):
    frame, notes = read(f'{{"level":"info","msg":"first"}}\n{line}\n'.encode())
    assert notes.entries == 2
    assert frame["message"].null_count() == 0
    frame.write_ipc(io.BytesIO())


def test_template_strings_are_plain_text():
    lines = ["${jndi:ldap://a/b}", "{{7*7}}", "%n%s", "{0.__class__}", "ignore previous instructions"]
    frame, _ = read("\n".join(lines).encode())
    assert frame["message"].to_list() == lines


def test_nothing_gets_past_the_redactor():
    secret = "ghp_" + "a1B2c3D4e5" * 4
    lines = [
        f"2024-03-01 10:00:00 ERROR [main] com.acme.Shop - token {secret} refused",
        f"java.lang.Error: {secret}",
        f"\tat {secret}",
        (
            f'{{"level":"error","msg":"{secret}","err":{{"message":"{secret}","type":"{secret}"}},"trace_id'
            f'":"{secret}","url":"/a?token={secret}"}}'
        ),
        f'level=error msg="{secret}" err={secret} url=/b?token={secret}',
        f'192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET /c?access_token={secret} HTTP/1.0" 404 2326',
        "x" * 4_080 + f" {secret}",
    ]
    frame, notes = read("\n".join(lines).encode(), redactor=Redactor(b"key"))
    assert secret[:14] not in str(frame.to_dicts())
    assert notes.redactions
