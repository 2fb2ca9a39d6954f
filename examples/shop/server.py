"""The shop's HTTP server: reads requests, asks the routes, turns faults into answers and log records.

python -m shop.server --port 0 --database shop.db --log server.log --payment-url http://127.0.0.1:4001 --events e.ndjson
"""

from __future__ import annotations

import argparse
import itertools
import json
import logging
import sqlite3
import sys
import time
import uuid
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from shop import routes, store
from shop.business_events import BusinessEvents
from shop.orders import Checkout
from shop.pictures import picture
from shop.problems import PaymentUnavailable, Problem, SearchTooSlow
from shop.trace_log import REQUEST_ID, TRACE_ID, TRACEPARENT, trace_id_of, write_log_to

STATIC = Path(__file__).parent / "static"
MIME_TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}

access_log = logging.getLogger("shop.access")
log = logging.getLogger("shop.server")


@dataclass(frozen=True)
class Fault:
    """What the log and the page are told about an exception."""

    raised: type[Exception]
    status: int
    title: str
    record: str
    detail: str


SERVER_ERROR = "Internal Server Error"

# Exceptions that are not here, such as UnicodeEncodeError, drop the connection.
FAULTS = (
    Fault(PaymentUnavailable, 502, "Bad Gateway", "Payment service at {error.url} is not reachable", "{error}"),
    Fault(SearchTooSlow, 504, "Gateway Timeout", "Request took too long: {error}", "{error}"),
    Fault(sqlite3.Error, 500, SERVER_ERROR, "Database error while handling {method} {path}", "Database error: {error}"),
    Fault(KeyError, 500, SERVER_ERROR, "Unhandled exception in {method} {path}", "Something went wrong"),
)  # fmt: skip


@dataclass
class Shop:
    """What all requests share."""

    database: Path
    checkout: Checkout
    counter: itertools.count[int] = field(default_factory=lambda: itertools.count(1))


def problem(status: int, title: str, detail: str) -> routes.Answer:
    text = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
    return routes.Answer(text, status, {"Content-Type": "application/problem+json"})


class ShopHandler(BaseHTTPRequestHandler):
    """One connection of a browser."""

    protocol_version = "HTTP/1.1"
    server_version = "Shop/1.0"
    sys_version = ""
    server: ShopServer

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _handle(self) -> None:
        started = time.monotonic()
        number = next(self.server.shop.counter)
        TRACEPARENT.set(self.headers.get("traceparent", "-"))
        TRACE_ID.set(trace_id_of(TRACEPARENT.get()))
        REQUEST_ID.set(self.headers.get("x-request-id") or str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.path} {number}")))
        path = urlsplit(self.path).path
        status = self._answer_api(path) if path.startswith("/api/") else self._answer_file(path)
        took = (time.monotonic() - started) * 1000
        level = logging.WARNING if status >= 400 else logging.INFO
        access_log.log(level, "%s %s %d %.0f ms", self.command, self.path, status, took)

    def _answer_api(self, path: str) -> int:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = routes.find(self.command, path)
        if found is None:
            return self._send(problem(404, "Not Found", f"Nothing at {path}"))
        try:
            with store.connect(self.server.shop.database) as connection:
                answer = found[0](self._call(connection, path, found[1], body))
        except Problem as error:
            answer = problem(error.status, error.title, error.detail)
        except tuple(fault.raised for fault in FAULTS) as error:
            answer = self._answer_fault(error, path)
        return self._send(answer)

    def _answer_fault(self, error: BaseException, path: str) -> routes.Answer:
        fault = next(fault for fault in FAULTS if isinstance(error, fault.raised))
        log.exception(fault.record.format(error=error, method=self.command, path=path))
        return problem(fault.status, fault.title, fault.detail.format(error=error))

    def _call(self, connection: sqlite3.Connection, path: str, numbers: tuple[int, ...], body: bytes) -> routes.Call:
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("shop_session")
        query = dict(parse_qsl(urlsplit(self.path).query))
        read: dict[str, Any] = json.loads(body) if body else {}
        session = cookie.value if cookie else ""
        return routes.Call(connection, self.server.shop.checkout, path, numbers, query, read, session)

    def _send(self, answer: routes.Answer) -> int:
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store", **answer.headers}
        return self._send_bytes(answer.status, answer.text.encode(), headers)

    def _answer_file(self, path: str) -> int:
        if path.startswith("/images/"):
            image = picture(path.removeprefix("/images/"))
            if image is None:
                log.warning("Image file %s is missing", path)
                return self._send_bytes(404, b"Not Found", {"Content-Type": "text/plain"})
            return self._send_bytes(200, image, {"Content-Type": "image/png", "Cache-Control": "no-store"})
        file = STATIC / ("index.html" if path == "/" else Path(path).name)
        if not file.is_file():
            return self._send_bytes(404, b"Not Found", {"Content-Type": "text/plain"})
        headers = {"Content-Type": MIME_TYPES[file.suffix], "Cache-Control": "no-store"}
        return self._send_bytes(200, file.read_bytes(), headers)

    def _send_bytes(self, status: int, body: bytes, headers: dict[str, str]) -> int:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Request-Id", REQUEST_ID.get())
        self.end_headers()
        self.wfile.write(body)
        return status

    def log_message(self, format: str, *args: object) -> None:
        """The shop writes its own access log."""


class ShopServer(ThreadingHTTPServer):
    """Serves one shop on loopback."""

    daemon_threads = True

    def __init__(self, port: int, shop: Shop) -> None:
        self.shop = shop
        super().__init__(("127.0.0.1", port), ShopHandler)

    def handle_error(self, *_: object) -> None:
        """What no handler caught: the browser gets no answer, the log gets the traceback."""
        error = sys.exception()
        if isinstance(error, ConnectionError):
            log.warning("Client went away: %s", error)
        else:
            log.critical("Connection dropped without an answer", exc_info=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--payment-url", required=True)
    parser.add_argument("--events", type=Path, help="file for business events; none are written without it")
    arguments = parser.parse_args()
    write_log_to(arguments.log)
    store.create(arguments.database)
    checkout = Checkout(arguments.payment_url, BusinessEvents(arguments.events))
    server = ShopServer(arguments.port, Shop(arguments.database, checkout))
    log.info("Shop is open with %d products", len(store.NAMES))
    print(f"ready {server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
