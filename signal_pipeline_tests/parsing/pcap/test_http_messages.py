"""Answers of HTTP/1 however they are spread over segments, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.parsing.pcap.packets import Connection, pcap

ASK = b"GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n"
HEAD = ASK.replace(b"GET", b"HEAD")
SEGMENT = 700


def answer(status: int, body: bytes = b"", head: bytes = b"") -> bytes:
    length = b"" if head else b"Content-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 %d X\r\n" % status + length + head + b"\r\n" + body


def chunked(status: int, *chunks: bytes) -> bytes:
    body = b"".join(b"%x\r\n" % len(chunk) + chunk + b"\r\n" for chunk in (*chunks, b""))
    return answer(status, body, b"Transfer-Encoding: chunked\r\n")


def talk(*parts: tuple[int, bytes]) -> Connection:
    """Side and bytes of each segment."""
    made = Connection().opened()
    for side, data in parts:
        made.send(side, data)
    return made


def cut(data: bytes, size: int = SEGMENT) -> list[tuple[int, bytes]]:
    """Segments of the server."""
    return [(1, data[at : at + size]) for at in range(0, len(data), size)]


def lost(made: Connection, size: int) -> Connection:
    """The server's next bytes are not in the capture."""
    made._next[1] += size
    return made


ANSWER = answer(404, b"no")
LONG = answer(500, b"x" * 2_000)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# name, connection, statuses
SPREAD: list[tuple[str, Connection, list[int]]] = [
    ("a first line in two segments", talk((0, ASK), (1, ANSWER[:3]), (1, ANSWER[3:])), [404]),
    ("byte by byte", talk((0, ASK), *cut(ANSWER, 1)), [404]),
    ("an empty line in front", talk((0, ASK), (1, b"\r\n" + ANSWER)), [404]),
    ("a provisional answer in the same segment", talk((0, ASK), (1, CONTINUE + answer(500))), [500]),
    ("a provisional answer before", talk((0, ASK), (1, CONTINUE), (1, answer(417))), [417]),
    ("pipelined, over segments", talk((0, ASK * 3), *cut(answer(404, b"n" * 900) + answer(503, b"b" * 900) + answer(502))), [404, 503, 502]),
    ("asked once more while the last body goes on", talk((0, ASK * 2), (1, ANSWER + answer(404, b"x" * 90)[:60]), (0, ASK), (1, answer(404, b"x" * 90)[60:] + answer(500))), [404, 404, 500]),
    ("chunks over segments", talk((0, ASK * 2), *cut(chunked(500, b"o" * 3_000) + answer(404))), [500, 404]),
    ("chunks that have the end of chunks in them", talk((0, ASK * 2), (1, chunked(500, b"a0\r\n\r\nb", b"c") + answer(404))), [500, 404]),
    ("a size of a chunk in two segments", talk((0, ASK * 2), *cut(chunked(500, b"x" * 50, b"y" * 300) + answer(404), 103)), [500, 404]),
    ("an answer without the body that it announces", talk((0, HEAD * 2), (1, answer(404)[:-2] + b"Content-Length: 9\r\n\r\n" + answer(405))), [404, 405]),
    ("a request in a request's body", talk((0, b"POST / HTTP/1.1\r\nContent-Length: 38\r\n\r\n"), (0, b"HTTP/1.1 500 x\r\n\r\n" + b"a" * 20), (1, ANSWER)), [404]),
    ("an answer in an answer's body", talk((0, ASK), (1, answer(502, b"upstream said: " + ANSWER * 9)[: -9 * len(ANSWER)]), (1, ANSWER * 9)), [502]),
    ("bytes that are lost in the body", lost(talk((0, ASK), (1, LONG[:60])), len(LONG) - 60).send(0, ASK).send(1, ANSWER), [500, 404]),
    ("bytes that are lost among chunks", lost(talk((0, ASK), (1, chunked(500, b"x" * 2_000)[:60])), 1_400).send(0, ASK).send(1, ANSWER), [500, 404]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "made", "statuses"), SPREAD, ids=[case[0] for case in SPREAD])
def test_answers_are_found(name: str, made: Connection, statuses: list[int], tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap(made.packets))
    frame = pl.concat(read_signal(path, redactor=Redactor(b"key")))
    assert frame.filter(pl.col("status").is_not_null())["status"].to_list() == statuses, name


OTHERS = [b"OPTIONS rtsp://cam.example/1 RTSP/1.0\r\nCSeq: 1\r\n\r\n", b"OPTIONS sip:ann@shop.example SIP/2.0\r\n\r\n"]


@pytest.mark.parametrize("ask", OTHERS, ids=["RTSP", "SIP"])
def test_other_protocols_with_the_same_methods_are_not_http(ask: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(pcap(Connection(server_port=9_999).opened().send(0, ask).closed().packets))
    frame = pl.concat(read_signal(path, redactor=Redactor(b"key")))
    assert frame["role"].to_list() == ["flow"]
    assert " http " not in frame["message"][0]
