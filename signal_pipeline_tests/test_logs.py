"""Log records as JSON lines, with the ids of what is processed, and without secrets or anything a terminal obeys."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from signal_pipeline.logs import bound, configure

logger = logging.getLogger("signal_pipeline.somewhere")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    written = io.StringIO()
    configure("DEBUG", key=b"k" * 32, stream=written)
    yield written
    own = logging.getLogger("signal_pipeline")
    own.handlers.clear()
    own.propagate = True


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_is_an_object_with_its_ids(stream: io.StringIO) -> None:
    with bound(run_id="run-1"), bound(report_id="report-1", nothing=None):
        logger.info("%s is done", "clusters", extra={"duration_ms": 12.5, "unknown": "left out"})
    logger.warning("after")
    first, second = lines(stream)
    assert first["time"].endswith("+00:00") and first["logger"] == "signal_pipeline.somewhere"
    told = {name: first[name] for name in ("level", "message", "run_id", "report_id", "duration_ms")}
    assert told == {
        "level": "info", "message": "clusters is done", "run_id": "run-1", "report_id": "report-1", "duration_ms": 12.5,
    }  # fmt: skip
    assert "unknown" not in first and "nothing" not in first
    assert set(second) == {"time", "level", "logger", "message"}


SECRETS = [
    ("mail to %s", "anna@example.com"),
    ("key %s", "AKIA" + "Q7RSTUVWXYZ23456"),
    ("connecting to %s", "postgresql://user:hunter2secret@db/x"),
    ("%s", "Authorization: Bearer " + "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiJhIn0.c2lnbmF0dXJlLW9mLWl0"),
]


@pytest.mark.parametrize(("message", "secret"), SECRETS)
def test_secrets_are_masked_in_messages_and_traces(stream: io.StringIO, message: str, secret: str) -> None:
    logger.error(message, secret)
    try:
        raise ValueError(secret)
    except ValueError:
        logger.exception("it broke")
    hidden = secret.rpartition(" ")[2].removeprefix("postgresql://user:").removesuffix("@db/x")
    assert hidden not in stream.getvalue()
    assert "ValueError" in lines(stream)[1]["exception"]


def test_no_record_moves_a_cursor_or_begins_a_line(stream: io.StringIO) -> None:
    logger.error("a\x1b[31mb\x07\r\nfake line")
    (record,) = lines(stream)
    assert "\x1b" not in record["message"] and "\x07" not in record["message"] and "\r" not in record["message"]


def test_a_broken_format_does_not_break_the_program(stream: io.StringIO) -> None:
    logger.error("%d", "no number")
    assert lines(stream)[0]["message"] == "%d"


def test_people_get_plain_lines() -> None:
    terminal = Terminal()
    configure("INFO", stream=terminal)
    with bound(report_id="report-1"):
        logger.info("worked")
        logger.debug("left out")
    logging.getLogger("signal_pipeline").handlers.clear()
    assert terminal.getvalue()[9:] == "info    somewhere: worked  [report_id=report-1]\n"
