"""A log that takes a while to work, so that there is a middle in which something can be killed."""

from __future__ import annotations

import random
from pathlib import Path

_ERRORS = (
    "order {n} failed: connection refused to 10.0.0.{m}:5432",
    "cart of user {n} is empty",
    "payment {n} timed out after {m} ms",
    "template page-{m}.html was not found",
    "disk /dev/sd{l} is full: {m} of {n} blocks used",
    "token of session {n} has expired",
)


def write_large_log(path: Path, lines: int, seed: int = 5) -> Path:
    """One line in fifty is an error, some with a stack trace."""
    dice = random.Random(seed)
    with path.open("w") as file:
        for number in range(lines):
            stamp = f"2026-03-01 {number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02},{number % 1000:03}"
            if number % 50:
                file.write(
                    f"{stamp} INFO  [worker-{number % 8}] shop.App - request {number} served in {number % 97} ms\n"
                )
                continue
            error = dice.choice(_ERRORS).format(n=dice.randint(1, 10**6), m=dice.randint(1, 255), l=dice.choice("abc"))
            file.write(f"{stamp} ERROR [worker-{number % 8}] shop.Orders - {error}\n")
            if number % 200 == 0:
                file.write("java.net.ConnectException: Connection refused\n\tat shop.Db.connect(Db.java:42)\n")
    return path
