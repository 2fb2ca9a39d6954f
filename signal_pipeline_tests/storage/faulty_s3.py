"""An object store that misbehaves, each key in its own way: the key's first word says how."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONTENT = b"2026-03-01 10:00:01 ERROR shop - cart is empty\n" * 20
DRIP_SECONDS = 0.02
PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Your session has expired.</body></html>\n"
S3_ERROR = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code><Message>Reduce</Message></Error>'
# What is sent in place of the content, with a size that fits it.
IN_PLACE = {"page": PAGE, "s3error": S3_ERROR, "replaced": CONTENT.replace(b"empty", b"taken")}


class Handler(BaseHTTPRequestHandler):
    """GET and HEAD of one bucket. `over` ends whatever hangs."""

    protocol_version = "HTTP/1.1"
    over: threading.Event
    asked: list[str]
    recovered: list[str]

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(CONTENT)

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def _answer(self, body: bytes) -> None:
        way = self.path.split("/")[2].split("?")[0].split(".")[0]
        self.asked.append(f"{self.command} {way}")
        status = {"missing": 404, "forbidden": 403, "broken": 500, "full": 507, "busy": 503}.get(way, 200)
        if way == "changing" and self.command == "GET":
            status = 412
        if way == "recovering":  # bad at first
            self.recovered.append(self.command)
            way = "short" if len(self.recovered) == 1 else "good"
        content = IN_PLACE.get(way, CONTENT)
        body = content if body else b""
        self.send_response(status)
        if way != "versionless":
            self.send_header("ETag", '"one"')
        if way == "sizeless":
            self.send_header("Connection", "close")
            self.close_connection = True
        elif status == 200:
            self.send_header("Content-Length", str(len(content)))
        else:
            self.send_header("Content-Length", "0")
            body = b""
        self.end_headers()
        if self.command == "GET":
            with contextlib.suppress(OSError):
                self._send(way, body)

    def _send(self, way: str, body: bytes) -> None:
        if way in ("short", "cut"):
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif way == "hanging":
            self.over.wait()
            self.close_connection = True
        elif way == "dripping":
            for byte in body:
                self.wfile.write(bytes([byte]))
                if self.over.wait(DRIP_SECONDS):
                    return
        else:
            self.wfile.write(body)


@contextmanager
def faulty_s3() -> Iterator[tuple[str, list[str]]]:
    """Its address, and what it was asked."""
    asked: list[str] = []
    over = threading.Event()
    handler = type("Told", (Handler,), {"over": over, "asked": asked, "recovered": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def waited_for_all(began: float) -> bool:
    """Whether somebody waited until a dripping body was through."""
    return time.monotonic() - began >= len(CONTENT) * DRIP_SECONDS
