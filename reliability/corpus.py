"""What is sent: small reports of every kind there is, and messages that mean nothing. The same for the same number.

Reports share problems with one another and have some of their own, so that lost and doubled counts show in both.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

SEED = 20260301
LINES = 40
_PROBLEMS = (
    "order {n} failed: connection refused to 10.0.0.{m}:5432",
    "cart of user {n} is empty",
    "payment {n} timed out after {m} ms",
    "template page-{m}.html was not found",
    "token of session {n} has expired",
    "disk /dev/sd{l} is full: {m} of {n} blocks used",
)
_TRACE = "java.net.ConnectException: Connection refused\n\tat shop.{name}.connect({name}.java:{m})\n"


@dataclass(frozen=True)
class Item:
    """One report. A file whose content is None is announced and never stored."""

    name: str
    files: dict[str, bytes | None]


def item(number: int) -> Item:
    """Most are a log; some have a HAR, a copy, a file that is none, one that is missing, or nothing at all."""
    dice = random.Random(SEED * 1_000_003 + number)
    files: dict[str, bytes | None] = {"server.log": _log(dice, number)}
    if number % 5 == 1:
        files["page.har"] = _har(dice, number)
    if number % 10 == 3:
        files["copy.log"] = files["server.log"]
    if number % 20 == 7:
        files["screen.har"] = b"\x89PNG\r\n\x1a\n" + bytes(200)
    if number % 50 == 11:
        files["gone.log"] = None
    if number % 50 == 29:
        files = {}
    return Item(f"item {number}", files)


def _log(dice: random.Random, number: int) -> bytes:
    lines = []
    for line in range(LINES):
        stamp = f"2026-03-01 10:{number % 60:02}:{line:02},{dice.randrange(1000):03}"
        if dice.random() > 0.2:
            lines.append(f"{stamp} INFO  [worker-{line % 8}] shop.App - request {line} served in {line % 97} ms\n")
            continue
        text = dice.choice(_PROBLEMS).format(n=dice.randint(1, 10**6), m=dice.randint(1, 255), l=dice.choice("abc"))
        lines.append(f"{stamp} ERROR [worker-{line % 8}] shop.Orders - {text}\n")
        if dice.random() < 0.2:
            lines.append(_TRACE.format(name=dice.choice(("Db", "Cache", "Queue")), m=dice.randint(1, 400)))
    own = f"2026-03-01 11:00:00,000 ERROR [main] shop.{_word(number)} - {_word(number)} is out of {_word(number + 1)}\n"
    return "".join([*lines, own]).encode()


def _har(dice: random.Random, number: int) -> bytes:
    entries = [
        {
            "startedDateTime": f"2026-03-01T10:00:{second:02}.000Z",
            "time": 12,
            "request": {"method": "GET", "url": f"https://shop.test/api/{_word(number)}/{dice.randint(1, 9999)}"},
            "response": {"status": dice.choice((200, 200, 500, 503, 404)), "statusText": "", "content": {"size": 0}},
        }
        for second in range(6)
    ]
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "shop"}, "entries": entries}}).encode()


def _word(number: int) -> str:
    """Letters only, since numbers are masked: about 300 different ones."""
    return "".join("aeioubdfgklmnprst"[(number * 7 + place * 11 + number // 17) % 17] for place in range(6)).title()


def _unknown_report(number: int) -> bytes:
    return json.dumps({"report_id": str(UUID(int=(0xBAD << 64) + number, version=4))}).encode()


# Each with the reason that its dead letter must have. The number makes every payload its own.
_POISON: tuple[tuple[str, Callable[[int], bytes]], ...] = (
    ("bad_message", lambda number: f"not json {number}".encode()),
    ("bad_message", lambda number: b"null" + b" " * (number % 900)),
    ("bad_message", lambda number: f'["{number}"]'.encode()),
    ("bad_message", lambda number: b"\xff\xfe" + str(number).encode()),
    ("missing_field", lambda number: json.dumps({"id": str(number)}).encode()),
    ("unknown_field", lambda number: json.dumps({"report_id": str(UUID(int=number)), "files": number}).encode()),
    (
        "unknown_version",
        lambda number: json.dumps({"report_id": str(UUID(int=number)), "version": number + 2}).encode(),
    ),
    ("bad_report_id", lambda number: json.dumps({"report_id": f"report {number}"}).encode()),
    ("bad_report_id", lambda number: b'{"report_id": "\\u0000%d"}' % number),
    ("too_large", lambda number: json.dumps({"report_id": str(number) * 20_000}).encode()),
    ("unknown_report", _unknown_report),
)


def poison(number: int) -> tuple[bytes, str]:
    """A message that means nothing, and why."""
    reason, make = _POISON[number % len(_POISON)]
    return make(number), reason
