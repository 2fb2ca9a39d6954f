"""The shop's processes: starting them on free loopback ports, taking them away and giving them back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent
STOP_SECONDS = 10


class ShopProcesses:
    """A shop and its payment service in `folder`. Use as a context manager; every process ends with it."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "shop.db"
        self.log = folder / "server.log"
        self.events = folder / "events.ndjson"
        self._payment: subprocess.Popen[str] | None = None
        self._server: subprocess.Popen[str] | None = None
        self.payment_port = 0
        self.port = 0

    def __enter__(self) -> ShopProcesses:
        self._start_payment()
        payment_url = f"http://127.0.0.1:{self.payment_port}"
        self._server, ready = _start(
            "shop.server", "--database", self.database, "--log", self.log, "--payment-url", payment_url,
            "--events", self.events,
        )  # fmt: skip
        self.port = int(ready)
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self._server, self._payment):
            if process is not None:
                _stop(process)

    @contextmanager
    def payment_down(self) -> Iterator[None]:
        """While this lasts nothing listens on the payment service's port."""
        if self._payment is not None:
            _stop(self._payment)
            self._payment = None
        try:
            yield
        finally:
            self._start_payment()

    @contextmanager
    def stock_import(self) -> Iterator[None]:
        """While this lasts another process holds the database's write lock."""
        process, _ = _start("shop.stock_import", "--database", self.database)
        try:
            yield
        finally:
            process.communicate(timeout=STOP_SECONDS)

    def forget_sessions(self) -> None:
        process, _ = _start("shop.session_cleanup", "--database", self.database)
        process.communicate(timeout=STOP_SECONDS)

    def _start_payment(self) -> None:
        self._payment, ready = _start("shop.payment_service", "--port", self.payment_port)
        self.payment_port = int(ready)


def _start(module: str, *arguments: object) -> tuple[subprocess.Popen[str], str]:
    """The running process and what it wrote after 'ready'. Raises RuntimeError when it did not come up."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(EXAMPLES), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert process.stdout is not None
    word, _, rest = process.stdout.readline().strip().partition(" ")
    if word != "ready":
        _stop(process)
        raise RuntimeError(f"{module} did not start; exit code {process.returncode}")
    return process, rest


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.communicate(timeout=STOP_SECONDS)
