"""`python -m signal_pipeline.processes.forkserver`: has its imports done and forks a child for each piece of work.

A new interpreter that imports the orchestrator and the libraries costs seconds of CPU; a fork costs milliseconds.
The server itself runs no thread, holds no connection and does no work: that makes its forks safe. Children lead process
groups of their own, so they are told apart, ended one by one, and outlive a server that is killed.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from signal_pipeline.processes.forked_children import Child, Children, end_softly, tell
from signal_pipeline.processes.forkserver_protocol import Answer, Request, decode_request, encode, read_line
from signal_pipeline.processes.forkserver_work import Work, load_work
from signal_pipeline.processes.identity import ProcessIdentity

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
REQUEST_SECONDS = 2.0
GRACE_SECONDS = 20.0


class ForkServer:
    """One thread, one loop: answer requests, reap children, kill those whose grace is over."""

    def __init__(self, address: Path, work: Work, *, records: Path, max_children: int) -> None:
        self._address = address
        self._work = work
        self._max_children = max_children
        self._children = Children(records)
        self._stopping = False
        self._reapers: set[int] = set()

    def serve(self) -> None:
        """Until SIGTERM or SIGINT; then the children are ended, softly first."""
        with _listening(self._address) as listener, selectors.DefaultSelector() as selector:
            wake_read, wake_write = socket.socketpair()
            with wake_read, wake_write:
                for end in (wake_read, wake_write):
                    end.setblocking(False)
                signal.set_wakeup_fd(wake_write.fileno())
                for number in (signal.SIGTERM, signal.SIGINT):
                    signal.signal(number, self._stop)
                signal.signal(signal.SIGCHLD, lambda *_: None)
                selector.register(listener, selectors.EVENT_READ)
                selector.register(wake_read, selectors.EVENT_READ)
                self._inherited = (listener, wake_read, wake_write)
                for child in self._children.adopt():
                    self._ended(child, None)
                while not self._stopping:
                    for key, _ in selector.select(POLL_SECONDS):
                        if key.fileobj is listener:
                            self._answer(listener)
                        else:
                            _drain(wake_read)
                    self._reap_children()
                self._address.unlink(missing_ok=True)
                self._end_all()
                signal.set_wakeup_fd(-1)

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _answer(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(REQUEST_SECONDS)
            try:
                request = decode_request(read_line(connection))
                connection.sendall(encode(self._do(request, connection)))
            except (OSError, ValueError) as error:
                logger.warning("a request was not understood: %s", type(error).__name__)

    def _do(self, request: Request, connection: socket.socket) -> Answer:
        child = self._children.running(request.job)
        if request.action == "ping":
            return Answer("ready", os.getpid(), detail=f"{len(self._children)} children")
        if request.action == "look":
            return self._state_of(request.job, child)
        if request.action == "end":
            if child is not None:
                end_softly(child, GRACE_SECONDS)
            return self._state_of(request.job, child)
        if not request.job or child is not None or self._children.has_ended(request.job):
            # A repeated question, since an answer may get lost, starts nothing twice.
            return self._state_of(request.job, child) if request.job else Answer("refused", detail="no name")
        if len(self._children) >= self._max_children:
            return Answer("full", detail=f"{len(self._children)} children")
        started = self._fork(request, connection)
        return Answer("started", started.identity.pid)

    def _state_of(self, job: str, child: Child | None) -> Answer:
        if child is not None:
            return Answer("running", child.identity.pid)
        if self._children.has_ended(job):
            return Answer("ended", exit_code=self._children.exit_code(job))
        return Answer("unknown")

    def _fork(self, request: Request, connection: socket.socket) -> Child:
        pid = os.fork()
        if pid == 0:
            _become_child(lambda: self._work.run(request.payload), (*self._inherited, connection))
        with suppress(OSError):
            os.setpgid(pid, pid)  # in both processes, so that it is done whoever comes first
        identity = ProcessIdentity.of(pid) or ProcessIdentity(pid, "gone")
        child = Child(request.job, request.payload, identity)
        self._children.add(child)
        return child

    def _reap_children(self) -> None:
        for pid, status in _reaped():
            if pid in self._reapers:
                self._reapers.discard(pid)
            elif child := self._children.by_pid(pid):
                self._ended(child, os.waitstatus_to_exitcode(status))
        for child in self._children.vanished():
            self._ended(child, None)
        for child in self._children:
            if child.kill_at is not None and time.monotonic() > child.kill_at:
                tell(child, signal.SIGKILL)

    def _ended(self, child: Child, exit_code: int | None) -> None:
        self._children.remove(child, exit_code)
        if exit_code == 0:
            return
        # Saying so needs connections, which this process must not have: a child of its own does it.
        pid = os.fork()
        if pid == 0:
            _become_child(lambda: self._work.after_death(child.payload, exit_code), self._inherited)
        self._reapers.add(pid)

    def _end_all(self) -> None:
        for child in self._children:
            end_softly(child, GRACE_SECONDS)
        while len(self._children) or self._reapers:
            self._reap_children()
            time.sleep(0.02)


def _become_child(work: Callable[[], int], inherited: tuple[socket.socket, ...]) -> None:
    """Never returns: the parent's stack, and what it would do at exit, are none of the child's business."""
    code = 1
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for one in inherited:
            one.close()
        code = work()
    except BaseException as error:  # noqa: BLE001  the outermost edge of a process: its status says the rest
        if isinstance(error, SystemExit):
            code = error.code if isinstance(error.code, int) else 1
        else:
            logger.error("a child ended with %s", type(error).__name__)
    finally:
        logging.shutdown()
        os._exit(code)


def _listening(address: Path) -> socket.socket:
    """The socket of this user alone; one that a killed server left is replaced."""
    address.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    address.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(address))
    address.chmod(0o600)
    listener.listen(64)
    listener.setblocking(False)
    return listener


def _drain(wake: socket.socket) -> None:
    try:
        while wake.recv(4096):
            pass
    except BlockingIOError:
        return


def _reaped() -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        found.append((pid, status))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--records", type=Path, required=True, help="folder in which a successor finds the children")
    parser.add_argument("--work", required=True, help="module:name of the Work that children do")
    parser.add_argument("--max-children", type=int, default=32)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    work = load_work(options.work)
    work.preload()
    # What is there now, children need not collect: looking at it would copy the memory that they share.
    gc.collect()
    gc.freeze()
    logger.info("fork_server: %s, at most %s children", options.work, options.max_children)
    ForkServer(options.socket, work, records=options.records, max_children=options.max_children).serve()


if __name__ == "__main__":
    main()
