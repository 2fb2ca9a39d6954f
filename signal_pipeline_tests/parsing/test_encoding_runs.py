"""Files that hold several encodings: every record is read, and evidence finds it."""

from __future__ import annotations

import io
import itertools

import pytest

from signal_pipeline.parsing.encoding_runs import encoding_runs
from signal_pipeline.parsing.kinds import sniff
from signal_pipeline_tests.parsing.logs.reading import read

ASCII = "".join(f"2024-03-01 10:00:{at:02} ERROR cannot add {at}\n" for at in range(20))
ODD = "2024-03-01 10:00:00 ERROR odd\n"  # 30 bytes; with one more the next encoding begins at an odd offset
OTHER = "".join(f"2024-03-01 10:00:{at:02} ERROR не могу добавить {at} 中文\n" for at in range(20))
MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-8": b"\xef\xbb\xbf"}

# name, (text, encoding, with mark) of each part
PARTS = [
    ("UTF-16 behind UTF-8", [(ASCII, "utf-8", False), (ASCII, "utf-16-le", False)]),
    ("UTF-16 behind UTF-8, odd offset", [(ODD[:-1] + "d\n", "utf-8", False), (ASCII, "utf-16-le", False)]),
    ("with its mark", [(ASCII, "utf-8", False), (ASCII, "utf-16-le", True)]),
    ("big endian", [(ASCII, "utf-8", False), (ASCII, "utf-16-be", True)]),
    ("big endian without mark", [(ASCII, "utf-8", False), (ASCII, "utf-16-be", False)]),
    ("UTF-8 behind UTF-16", [(ASCII, "utf-16-le", True), (ASCII, "utf-8", False)]),
    ("three", [(ASCII, "utf-8", True), (ASCII, "utf-16-le", True), (ASCII, "utf-8", False)]),
    ("two files of UTF-8 with marks", [(ASCII, "utf-8", True), (ASCII, "utf-8", True)]),
    ("two files of UTF-16 with marks", [(ASCII, "utf-16-le", True), (ASCII, "utf-16-le", True)]),
    ("other scripts", [(ASCII, "utf-8", False), (OTHER, "utf-16-le", True)]),
]


def _bytes(parts):
    return b"".join((MARKS[encoding] if mark else b"") + text.encode(encoding) for text, encoding, mark in parts)


@pytest.mark.parametrize("parts", [case[1] for case in PARTS], ids=[case[0] for case in PARTS])
def test_no_record_is_lost(parts):
    data = _bytes(parts)
    assert sniff(data[: 64 * 1024]).name == "log"
    frame, _ = read(data)
    wanted = [line.split("ERROR ")[1] for text, _, _ in parts for line in text.splitlines()]
    assert frame["message"].to_list() == wanted
    assert set(frame["level"]) == {"error"}
    assert frame["line_number"].to_list() == list(range(1, len(wanted) + 1))


def test_evidence_lies_in_its_part():
    data = _bytes([(ASCII, "utf-8", False), (ASCII, "utf-16-le", True)])
    row = read(io.BytesIO(data))[0].row(-1, named=True)
    piece = data[row["byte_offset"] : row["byte_offset"] + row["byte_length"]]
    assert piece.decode("utf-16-le") == "2024-03-01 10:00:19 ERROR cannot add 19"


@pytest.mark.parametrize(
    "data", [b"", b"a\n" * 99, b"\x00" * 500 + ASCII.encode(), b"a\x00b\n" * 9, bytes(range(256)) * 9]
)
def test_runs_cover_all_bytes(data):
    runs = encoding_runs(data)
    assert runs[0].start == 0 and runs[-1].stop == len(data)
    assert all(before.stop == after.start for before, after in itertools.pairwise(runs))
