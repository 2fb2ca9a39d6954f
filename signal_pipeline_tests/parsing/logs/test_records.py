"""Which lines make one record, and where in the file it lies."""

from __future__ import annotations

import io

import pytest

from signal_pipeline.parsing.logs import blocks
from signal_pipeline.schemas import PARSED
from signal_pipeline_tests.parsing.logs.reading import read, records

JAVA = """2024-03-01 10:00:00,123 ERROR [main] com.acme.Shop - Cannot open
java.io.IOException: disk full
\tat com.acme.Shop.open(Shop.java:12)
Caused by: java.lang.Error: a
\t... 1 more
2024-03-01 10:00:01,123 INFO  [main] com.acme.Shop - going on
"""
PYTHON = """2024-03-01 10:00:00,123 - shop - ERROR - cannot add
Traceback (most recent call last):
  File "a.py", line 1, in add
    raise ValueError("bad")
ValueError: bad
2024-03-01 10:00:01,123 - shop - INFO - going on
"""

# name, text, number of lines of each record
JOINED = [
    ("java", JAVA, [5, 1]),
    ("python", PYTHON, [5, 1]),
    (
        "bare python",
        'hello\nTraceback (most recent call last):\n  File "a.py", line 1, in b\n    c()\nValueError: bad\nbye\n',
        [1, 4, 1],
    ),
    (
        "two tracebacks",
        2 * 'Traceback (most recent call last):\n  File "a.py", line 1, in b\nValueError: bad\n',
        [3, 3],
    ),
    ("go panic", "panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/a/main.go:3 +0x1d\n", [5]),
    (
        "sql",
        "2024-03-01 10:00:00 UTC [1] LOG:  statement: SELECT\n\ta,\n\tb\n2024-03-01 10:00:00 UTC [1] LOG:  done\n",
        [3, 1],
    ),
    ("pretty json", '2024-03-01 10:00:00 INFO answer:\n{\n  "a": 1\n}\n2024-03-01 10:00:00 INFO done\n', [4, 1]),
    ("plain text", "one\ntwo\n\nthree\n", [1, 1, 1]),
    (
        "error after a quiet record",
        JAVA.split("\n")[-2] + '\nException in thread "main" java.lang.Error: a\n\tat a.B.c(B.java:1)\n' + JAVA,
        [1, 2, 5, 1],
    ),
    (
        "trace right below a debug record",
        "2024-03-01 10:00:00 DEBUG a.B: no access\njava.lang.IllegalAccessException: a\n\tat a.B.c(B.java:1)\n" + JAVA,
        [3, 5, 1],
    ),
    (
        "warnings of a driver inside a record",
        2 * "2024-03-01 10:00:00 INFO linking: WARNING: a\nWARNING: b\n2024-03-01 10:00:00 INFO linked\n",
        [2, 1, 2, 1],
    ),
    ("an error word alone", 2 * JAVA + "ERROR: cannot add\n", [5, 1, 5, 1, 1]),
    ("killed", JAVA + "Killed\n", [5, 1, 1]),
    (
        "killed, by a shell",
        JAVA + "run.sh: line 12:  4711 Segmentation fault      (core dumped) ./shop --all\n",
        [5, 1, 1],
    ),
    (
        "memory exhausted after a warning",
        "2024-03-01 10:00:00 WARN gc: slow\njava.lang.OutOfMemoryError: heap\nDumping heap ...\n"
        + 2 * "2024-03-01 10:00:01 INFO stopping\n",
        [1, 1, 1, 1, 1],
    ),
    (
        "frames of another thread",
        'Exception in thread "a" java.lang.Error: a\n\tat a.A.b(A.java:1)\n2024-03-01 10:00:00 INFO beat\n'
        "\tat a.A.c(A.java:2)\n\tat a.A.d(A.java:3)\n2024-03-01 10:00:01 INFO beat\n2024-03-01 10:00:01 INFO beat\n",
        [5, 1, 1, 1],
    ),
    (
        "events of a cluster below their heading",
        "Events:\n  Type     Reason    Age   From     Message\n  ----     ------    ----  ----     -------\n"
        "  Normal   Pulled    2m    kubelet  Container image present\n  Warning  BackOff   9s    kubelet  Back-off a\n",
        [1, 1],
    ),
    (
        "card of an error",
        "Logger: homeassistant.setup\nSource: setup.py:334\nFirst occurred: 9:42:08 PM\n\nSetup failed\n"
        'Traceback (most recent call last):\n  File "a.py", line 1, in b\nImportError: c\n',
        [8],
    ),
    ("json is one line", '{"level":"info","msg":"a"}\nplain\n{"level":"info","msg":"b"}\n', [1, 1, 1]),
    (
        "logcat frames",
        (
            "03-17 16:13:38.811  1  2 E AndroidRuntime: FATAL EXCEPTION: main\n03-17 16:13:38.811  1  2 E "
            "AndroidRuntime: \tat a.B.c(B.java:1)\n"
        ),
        [2],
    ),
    (
        "time alone",
        "2024-03-01T10:00:00.123456+00:00\nThread 1 opened\n2024-03-01T10:00:01.123456+00:00\nThread 2 opened\n",
        [2, 2],
    ),
    (
        "dotnet",
        "fail: Shop.Cart[0]\n      cannot add\n      System.Exception: a\ninfo: Shop.Cart[0]\n      added\n",
        [3, 2],
    ),
]


@pytest.mark.parametrize(("text", "counts"), [case[1:] for case in JOINED], ids=[case[0] for case in JOINED])
def test_lines_of_records(text, counts):
    assert [record["line_count"] for record in records(text)] == counts


def test_python_trace_tells_by_its_last_line():
    _, trace, _ = records(JOINED[2][1])
    assert trace["message"] == "ValueError: bad"
    assert trace["stack_trace"].startswith("Traceback (most recent call last):")
    logged = records(PYTHON)[0]
    assert logged["message"] == "cannot add"
    assert logged["stack_trace"].endswith("ValueError: bad")


def test_head_without_message_takes_the_next_line():
    first, second = records(JOINED[-1][1])
    assert (first["message"], first["component"], first["level"]) == ("cannot add", "Shop.Cart", "error")
    assert (second["message"], second["level"]) == ("added", "info")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_evidence_finds_the_record(end, encoding):
    text = JAVA.replace("disk full", "диск 🙂").replace("\n", end)
    data = text.encode(encoding)
    frame, notes = read(data)
    assert notes.lines == 6
    for record in frame.to_dicts():
        piece = data[record["byte_offset"] : record["byte_offset"] + record["byte_length"]].decode(encoding)
        assert piece.count(end) + 1 == record["line_count"]
        assert piece.startswith("2024-03-01") and not piece.endswith(end)
        assert text.split(end)[record["line_number"] - 1].startswith("2024-03-01")


def test_line_ends_may_be_mixed():
    data = b"one\rtwo\r\nthree\n\rfour\n"
    frame, notes = read(data)
    assert frame["message"].to_list() == ["one", "two", "three", "four"]
    assert frame["line_number"].to_list() == [1, 2, 3, 5]
    assert frame["byte_offset"].to_list() == [0, 4, 9, 16]
    assert notes.lines == 5


@pytest.mark.parametrize("size", [64, 200, 1_000, 5_000])
def test_blocks_change_nothing(size, monkeypatch):
    text = (JAVA + PYTHON) * 20
    whole, _ = read(text.encode())
    monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
    monkeypatch.setattr(blocks.read_blocks, "__kwdefaults__", {"block_bytes": size})
    parts, notes = read(text.encode())
    assert parts.drop("ordinal").equals(whole.drop("ordinal"))
    assert parts["ordinal"].to_list() == list(range(len(whole)))
    assert notes.entries == 80


def test_stream_may_hand_out_few_bytes():
    class Slow(io.BytesIO):
        def read(self, size: int = -1) -> bytes:
            return super().read(min(7, size) if size > 0 else size)

    assert read(Slow(JAVA.encode()))[0].equals(read(JAVA.encode())[0])


def test_columns_are_those_of_the_contract():
    frame, _ = read(JAVA.encode())
    caller = {"report_id", "signal_id", "signal_sha256", "member", "role"}
    expected = {name: dtype for name, dtype in PARSED.polars.items() if name not in caller}
    assert dict(frame.schema) == expected
    assert all(frame[c.name].null_count() == 0 for c in PARSED.columns if not c.nullable and c.name not in caller)


def test_year_goes_up_at_new_year_and_follows_the_file():
    rows = records(
        "Dec 31 23:59:59 host app[1]: since 2021-12-30\nJan  1 00:00:01 host app[1]: b\nDec 31 "
        "23:59:58 host app[1]: late\n"
    )
    assert [row["timestamp"].year for row in rows] == [2021, 2022, 2021]
    assert rows[0]["timestamp_zone"] == "assumed-utc,assumed-year"


def test_notes_say_what_was_understood():
    _, notes = read((JAVA + "free words\n" * 0 + '{"level":"info","msg":"a"}\n').encode())
    assert (notes.format, notes.runner_up) == ("log4j-level-thread", "json")
    assert (notes.understood, notes.units, notes.entries, notes.lines) == (7, 7, 3, 7)
    assert notes.finish().status == "ok"


def test_wrapped_lines_are_read_by_what_is_inside():
    lines = "".join(
        f"2024-03-01T10:00:0{at}.123456789Z stderr F {line}\n" for at, line in enumerate(PYTHON.strip().split("\n"))
    )
    first, second = records(lines)
    assert (first["format"], first["level"], first["line_count"]) == ("python-dashes", "error", 5)
    assert second["message"] == "going on"
