"""Small reports as they come in: some 20 KB of log and a HAR each, no two alike.

Lines of real logs where the labelled data is present, written ones elsewhere; ids, times and numbers differ in each.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

REAL_LOGS = (
    Path(os.environ.get("SIGNAL_PIPELINE_REAL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    / "logs"
    / "loghub"
)
LOG_BYTES = 20_000
REQUESTS = 12
PATHS = ("/api/cart", "/api/orders/{}", "/api/products/{}", "/login", "/static/app.{}.js", "/api/pay/{}")


def small_reports(count: int, seed: int = 20260301) -> Iterator[tuple[bytes, bytes]]:
    """Log and HAR of each report."""
    rng = random.Random(seed)
    lines = _lines()
    for number in range(count):
        yield _log(rng, lines, number), _har(rng, number)


def _lines() -> list[str]:
    if REAL_LOGS.is_dir():
        found = [
            line
            for path in sorted(REAL_LOGS.rglob("*.log"))
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
            if line.strip()
        ]
        if found:
            return found
    return [
        f"2026-03-01 10:00:{second:02d},{second:03d} {level} [worker-{second % 7}] shop.{part} - {text} {second * 17}"
        for second in range(60)
        for level, part, text in (
            ("INFO", "Orders", "order was saved in ms:"),
            ("ERROR", "Orders", "connection refused to 10.0.0.5:5432 for order"),
            ("WARN", "Cart", "slow answer for cart"),
        )
    ]


def _log(rng: random.Random, lines: list[str], number: int) -> bytes:
    """A stretch of one log, as a report has it, and an error of its own."""
    start = rng.randrange(len(lines))
    stretch: list[str] = []
    size = 0
    while size < LOG_BYTES:
        stretch.append(lines[(start + len(stretch)) % len(lines)])
        size += len(stretch[-1]) + 1
    stretch.insert(
        len(stretch) // 2,
        f"2026-03-01 10:00:00,000 ERROR [main] shop.Pay - payment {rng.randrange(10**6)} of report {number} failed",
    )
    return ("\n".join(stretch) + "\n").encode()


def _har(rng: random.Random, number: int) -> bytes:
    entries = [
        {
            "startedDateTime": f"2026-03-01T10:00:{index:02d}.{rng.randrange(1000):03d}Z",
            "time": rng.uniform(5, 900),
            "request": {
                "method": rng.choice(("GET", "GET", "POST")),
                "url": "https://shop.test" + rng.choice(PATHS).format(rng.randrange(10**6)),
                "httpVersion": "HTTP/1.1",
                "headers": [
                    {"name": "accept", "value": "*/*"},
                    {"name": "cookie", "value": f"sid={rng.getrandbits(64):x}"},
                ],
                "queryString": [],
                "cookies": [],
                "headersSize": -1,
                "bodySize": 0,
            },
            "response": {
                "status": rng.choice((200, 200, 200, 304, 404, 500, 502)),
                "statusText": "",
                "httpVersion": "HTTP/1.1",
                "headers": [{"name": "content-type", "value": "application/json"}],
                "cookies": [],
                "content": {"size": 40, "mimeType": "application/json", "text": f'{{"error": "number {number}"}}'},
                "redirectURL": "",
                "headersSize": -1,
                "bodySize": 40,
            },
            "cache": {},
            "timings": {"send": 1, "wait": 10, "receive": 2},
        }
        for index in range(REQUESTS)
    ]
    log = {"version": "1.2", "creator": {"name": "bench", "version": "1"}, "entries": entries}
    return json.dumps({"log": log}).encode()
