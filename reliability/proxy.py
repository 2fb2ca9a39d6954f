"""A door between two parts of the system that can be slow, or shut in somebody's face.

Two threads for each connection: what is wanted is a fault, not speed.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType

from signal_pipeline.settings import LOOPBACK

BLOCK = 64 * 1024


class SlowDoor:
    """Listens on `port` and passes on to `target`, each block `delay_seconds` later, until it is left."""

    def __init__(self, target: int, delay_seconds: float = 0.0) -> None:
        self._target, self.delay_seconds = target, delay_seconds
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self.passed = 0
        """Connections that were let in."""
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._serving: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def __enter__(self) -> SlowDoor:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        # A thread that waits in accept() is not woken by close().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        self.cut()
        for thread in self._serving:
            thread.join()

    def cut(self) -> int:
        """End all connections in the middle of whatever they are at; how many there were."""
        with self._lock:
            for end in self._open:
                _shut(end)
            return len(self._open) // 2

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(near,))
            self._serving.append(thread)
            thread.start()
            del near

    def _serve(self, near: socket.socket) -> None:
        with near:
            try:
                far = socket.create_connection((LOOPBACK, self._target))
            except OSError:
                return
            with far:
                with self._lock:
                    self._open |= {near, far}
                    self.passed += 1
                back = threading.Thread(target=self._pass_on, args=(far, near))
                back.start()
                self._pass_on(near, far)
                back.join()
                with self._lock:
                    self._open -= {near, far}

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(BLOCK):
                time.sleep(self.delay_seconds)
                sink.sendall(block)
        _shut(source)
        _shut(sink)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
