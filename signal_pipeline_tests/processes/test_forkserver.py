"""The fork server: forks, watches, ends and reports on its children, also those of a predecessor that was killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from signal_pipeline.processes.forkserver_protocol import Answer, ForkServerUnavailable, Request, ask
from signal_pipeline.processes.termination import wait_until

LONGEST = 30.0


class Server:
    """A fork server of its own for a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = folder / "fork_server.sock"
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "signal_pipeline.processes.forkserver", "--socket", str(self.address)]
        command += ["--records", str(self.folder / "children"), "--max-children", "3"]
        command += ["--work", "signal_pipeline_tests.processes.toy_work:WORK"]
        process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
        assert wait_until(self.answers, LONGEST)
        return process

    def answers(self) -> bool:
        try:
            return ask(self.address, Request("ping")).state == "ready"
        except ForkServerUnavailable:
            return False

    def order(self, name: str, do: str = "end") -> Answer:
        payload = json.dumps({"folder": str(self.folder), "name": name, "do": do})
        return ask(self.address, Request("start", name, payload))

    def status(self, name: str) -> Answer:
        return ask(self.address, Request("look", name))

    def has(self, trace: str) -> bool:
        return wait_until((self.folder / trace).exists, LONGEST)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    yield made
    if made.process.poll() is None:
        made.process.terminate()
        assert made.process.wait(LONGEST) == 0
    assert not made.address.exists()
    assert list((tmp_path / "children").iterdir()) == []


def test_a_child_works_with_what_was_preloaded(server: Server) -> None:
    answer = server.order("one")
    assert answer.state == "started"
    assert server.has("one.done")
    started = json.loads((server.folder / "one.started").read_text())
    assert started == {"pid": answer.pid, "preloaded": [server.process.pid]}
    assert wait_until(lambda: server.status("one") == Answer("ended", exit_code=0), LONGEST)
    assert not (server.folder / "one.reaped").exists()


def test_the_same_order_twice_is_one_child(server: Server) -> None:
    first = server.order("one", "wait")
    assert server.order("one", "wait") == Answer("running", first.pid)
    (server.folder / "one.go").touch()
    assert wait_until(lambda: server.status("one").state == "ended", LONGEST)
    assert server.order("one").state == "ended"


@pytest.mark.parametrize(("do", "code"), [("raise", 1), ("exit", 5)])
def test_a_child_that_goes_wrong_is_reported_with_its_exit_code(server: Server, do: str, code: int) -> None:
    server.order("one", do)
    assert server.has("one.reaped")
    assert (server.folder / "one.reaped").read_text() == str(code)
    assert server.status("one") == Answer("ended", exit_code=code)


def test_a_killed_child_is_reported_and_its_neighbours_live(server: Server) -> None:
    killed, neighbour = server.order("killed", "wait"), server.order("neighbour", "wait")
    assert killed.pid and server.has("killed.started") and server.has("neighbour.started")
    os.kill(killed.pid, signal.SIGKILL)
    assert server.has("killed.reaped")
    assert server.status("killed") == Answer("ended", exit_code=-signal.SIGKILL)
    assert server.status("neighbour") == Answer("running", neighbour.pid)


def test_ending_a_child_leaves_the_others(server: Server) -> None:
    server.order("one", "wait")
    server.order("two", "wait")
    assert server.has("one.started")
    assert ask(server.address, Request("end", "one")).state == "running"
    assert wait_until(lambda: server.status("one").state == "ended", LONGEST)
    assert server.status("two").state == "running"
    assert ask(server.address, Request("end", "never was")).state == "unknown"


def test_there_are_never_more_children_than_allowed(server: Server) -> None:
    for name in ("one", "two", "three"):
        assert server.order(name, "wait").state == "started"
    assert server.order("four").state == "full"
    (server.folder / "one.go").touch()
    assert wait_until(lambda: server.order("four").state in ("started", "running", "ended"), LONGEST)


def test_children_outlive_a_killed_server_and_its_successor_knows_them(server: Server) -> None:
    survivor = server.order("survivor", "wait")
    lost = server.order("lost", "wait")
    assert lost.pid and server.has("survivor.started") and server.has("lost.started")
    server.kill()
    os.kill(lost.pid, signal.SIGKILL)
    with pytest.raises(ForkServerUnavailable):
        server.status("survivor")
    server.process = server.start()
    assert server.status("survivor") == Answer("running", survivor.pid)
    assert server.has("lost.reaped")
    assert (server.folder / "lost.reaped").read_text() == "None"
    assert server.order("survivor").state == "running"
    (server.folder / "survivor.go").touch()
    assert server.has("survivor.done")
    assert wait_until(lambda: server.status("survivor").state == "ended", LONGEST)


def test_a_stopped_server_leaves_no_child(server: Server) -> None:
    pids = [server.order(name, "wait").pid for name in ("one", "two")]
    assert server.has("one.started") and server.has("two.started")
    server.process.terminate()
    assert server.process.wait(LONGEST) == 0
    assert not any(pid and Path(f"/proc/{pid}").exists() for pid in pids)
    assert server.has("one.reaped") and server.has("two.reaped")


@pytest.mark.parametrize(
    "sent", [b"", b"\n", b"not json\n", b"[]\n", b'{"action": "dance"}\n', b'{"action": "start"}\n']
)
def test_what_is_no_request_does_no_harm(server: Server, sent: bytes) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(str(server.address))
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(LONGEST)
        assert b"started" not in connection.recv(4096)
    assert server.answers()


def test_only_this_user_may_ask(server: Server) -> None:
    assert server.address.stat().st_mode & 0o077 == 0
