"""What each user of a NATS server may do, asked of the server itself, over its text protocol."""

from __future__ import annotations

import json
import socket
from urllib.parse import urlsplit

# what it is, verb, subject, and who may
ACTIONS: tuple[tuple[str, str, str, frozenset[str]], ...] = (
    ("send a report in", "PUB", "report.signals", frozenset({"producer", "operator"})),
    ("announce a dead letter", "PUB", "report.signals.dead", frozenset({"sensor", "operator"})),
    ("send something else", "PUB", "report.other", frozenset({"operator"})),
    ("read messages along", "SUB", "report.signals", frozenset({"operator"})),
    ("read dead letters along", "SUB", "report.signals.dead", frozenset({"operator"})),
    ("read everything along", "SUB", ">", frozenset({"operator"})),
    ("hear its own answers", "SUB", "_INBOX.mine.1", frozenset({"producer", "operator"})),
    ("read the sensor's answers", "SUB", "_INBOX_sensor.>", frozenset({"sensor", "operator"})),
    ("read the operator's answers", "SUB", "_INBOX_operator.>", frozenset({"operator"})),
    ("answer in the sensor's place", "PUB", "_INBOX_sensor.1", frozenset({"operator"})),
    (
        "take a message",
        "PUB",
        "$JS.API.CONSUMER.MSG.NEXT.SIGNALS.signal_pipeline",
        frozenset({"sensor", "operator"}),
    ),
    ("acknowledge one", "PUB", "$JS.ACK.SIGNALS.signal_pipeline.1.1.1.1.0", frozenset({"sensor", "operator"})),
    ("make the stream again", "PUB", "$JS.API.STREAM.CREATE.SIGNALS", frozenset({"sensor", "operator"})),
    ("make another stream", "PUB", "$JS.API.STREAM.CREATE.MINE", frozenset({"operator"})),
    ("change the stream", "PUB", "$JS.API.STREAM.UPDATE.SIGNALS", frozenset({"operator"})),
    ("empty the stream", "PUB", "$JS.API.STREAM.PURGE.SIGNALS", frozenset({"operator"})),
    ("delete the stream", "PUB", "$JS.API.STREAM.DELETE.SIGNALS", frozenset({"operator"})),
    ("read a stored message", "PUB", "$JS.API.STREAM.MSG.GET.SIGNALS", frozenset({"operator"})),
    ("delete a stored message", "PUB", "$JS.API.STREAM.MSG.DELETE.SIGNALS", frozenset({"operator"})),
    ("read a dead letter", "PUB", "$JS.API.STREAM.MSG.GET.SIGNALS_DEAD", frozenset({"operator"})),
    ("make another consumer", "PUB", "$JS.API.CONSUMER.CREATE.SIGNALS.mine", frozenset({"operator"})),
    ("delete the consumer", "PUB", "$JS.API.CONSUMER.DELETE.SIGNALS.signal_pipeline", frozenset({"operator"})),
)


def refused(url: str, verb: str, subject: str) -> bool:
    """Whether the server refuses it. The payload means nothing, so that nothing comes of what is allowed."""
    place = urlsplit(url)
    login = json.dumps({"user": place.username, "pass": place.password, "verbose": False, "pedantic": False})
    asked = f"SUB {subject} 1\r\n" if verb == "SUB" else f"PUB {subject} 4\r\nnone\r\n"
    with (
        socket.create_connection((place.hostname, place.port), timeout=5) as connection,
        connection.makefile("rb") as answers,
    ):
        connection.sendall(f"CONNECT {login}\r\n{asked}PING\r\n".encode())
        while line := answers.readline():
            if line.startswith(b"-ERR"):
                assert b"Permissions Violation" in line, line
                return True
            if line.startswith(b"PONG"):
                return False
    raise AssertionError("the server hung up")
