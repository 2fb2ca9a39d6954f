"""A small real HTTP server with `/v1/embeddings`, which can be told to misbehave."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zlib import crc32

import numpy as np


@dataclass
class EmbeddingServer:
    """`faults` are answered first, one per request: a status, or the exact bytes of a body."""

    size: int = 384
    can_shorten: bool = False
    faults: list[int | bytes] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    url: str = ""

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        size = body.get("dimensions", self.size) if self.can_shorten else self.size
        rows = [{"index": i, "embedding": numbers(text, size)} for i, text in enumerate(body["input"])]
        return {"object": "list", "data": rows[::-1], "model": body["model"]}


def numbers(text: str, size: int) -> list[float]:
    """Not of unit length: servers differ in that."""
    return [3 * float(n) for n in np.random.default_rng(crc32(text.encode())).normal(size=size)]


@contextmanager
def embedding_server(**options: Any) -> Iterator[EmbeddingServer]:
    server = EmbeddingServer(**options)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            server.asked.append(body | {"path": self.path})
            server.keys.append(self.headers.get("authorization"))
            fault = server.faults.pop(0) if server.faults else None
            content = json.dumps(server.answer(body)).encode() if fault is None else b"key sk-1 refused"
            self.send_response(fault if isinstance(fault, int) else 200)
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(fault if isinstance(fault, bytes) else content)

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
