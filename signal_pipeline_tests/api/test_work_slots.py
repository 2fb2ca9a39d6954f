"""Who may use the work slots: whoever is known, whatever strangers do; and no one client all of them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from signal_pipeline.api.identity import Scope
from signal_pipeline.api.problems import Problem
from signal_pipeline.api.work_slots import Client as SlotClient
from signal_pipeline.api.work_slots import WorkSlots
from signal_pipeline.processes.termination import wait_until
from signal_pipeline_tests.api.conftest import TOKENS, Client

ANN, BOB, ANYBODY = SlotClient("token ann"), SlotClient("token bob"), SlotClient(None)
STRANGER, OTHER, THIRD = (SlotClient(f"address 192.0.2.{n}", is_known=False) for n in (1, 2, 3))

# Of 16 slots: who takes how many at most, one after the other.
SHARES: list[tuple[list[tuple[SlotClient, int]], int]] = [
    ([(ANYBODY, 16)], 16),
    ([(ANN, 8)], 16),
    ([(ANN, 8), (BOB, 8)], 16),
    ([(STRANGER, 1)], 16),
    ([(STRANGER, 1), (OTHER, 1), (THIRD, 0), (ANN, 8), (BOB, 8)], 16),
    ([(ANN, 8), (BOB, 8), (STRANGER, 1)], 16),
    ([(ANN, 1), (BOB, 0), (STRANGER, 1)], 1),
]


@pytest.mark.parametrize(("shares", "in_flight"), SHARES)
def test_shares(shares: list[tuple[SlotClient, int]], in_flight: int) -> None:
    slots = WorkSlots()
    with ExitStack() as held:
        for client, most in shares:
            for _ in range(most):
                held.enter_context(slots.taken(client, in_flight))
            with pytest.raises(Problem) as refused, slots.taken(client, in_flight):
                pass
            assert (refused.value.status, refused.value.code) == (429, "too_busy")
    # All are given back, also after an error.
    for client, _ in shares:
        with pytest.raises(ZeroDivisionError), slots.taken(client, in_flight):
            raise ZeroDivisionError
        with slots.taken(client, in_flight):
            pass


@contextmanager
def slow_bodies(port: int, count: int, path: str, **headers: str) -> Iterator[list[socket.socket]]:
    """So many requests whose bodies never come to their end."""
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 1000\r\n{told}\r\n"
    with ExitStack() as opened:
        connections = [
            opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20)) for _ in range(count)
        ]
        for connection in connections:
            connection.sendall(head.encode() + b"token=")
        yield connections


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
PLACES = [
    ("/login", FORM),
    ("/v1/verdicts", JSON),
    ("/v1/reports", JSON),
    ("/admin/settings", FORM),
    ("/nowhere", JSON),
]


@pytest.mark.parametrize(("path", "headers"), PLACES, ids=[path for path, _ in PLACES])
def test_slow_bodies_of_strangers_take_no_slot_of_the_known(
    closed_port: int, path: str, headers: dict[str, str]
) -> None:
    """More of them than there are slots: whoever is known is answered, and a stranger is not kept waiting."""
    with slow_bodies(closed_port, 80, path, **headers) as connections:
        firsts = [connection.recv(12) for connection in connections[-70:]]
        assert set(firsts) <= {b"HTTP/1.1 401", b"HTTP/1.1 429"}
        for scope in (Scope.READ, Scope.ADMIN):
            assert Client(closed_port, TOKENS[scope]).get("/v1/reports?limit=1").status == 200


def test_a_forged_token_is_a_stranger(closed_port: int) -> None:
    forged = {"Authorization": "Bearer " + "A" * 40, **JSON}
    with slow_bodies(closed_port, 70, "/v1/verdicts", **forged) as connections:
        assert {connection.recv(12) for connection in connections} == {b"HTTP/1.1 401"}


def test_one_client_leaves_slots_to_the_others(api_settings: Any, worked_platform: Any, closed_port: int) -> None:
    mine = {"Authorization": f"Bearer {TOKENS[Scope.ADMIN]}", **JSON}
    with slow_bodies(closed_port, 64, "/v1/verdicts", **mine) as connections:
        assert {connection.recv(12) for connection in connections[40:]} == {b"HTTP/1.1 429"}
        assert Client(closed_port, TOKENS[Scope.ADMIN]).get("/v1/reports?limit=1").status == 429
        assert Client(closed_port, TOKENS[Scope.READ]).get("/v1/reports?limit=1").status == 200
    client = Client(closed_port, TOKENS[Scope.ADMIN])
    assert wait_until(lambda: client.get("/v1/reports?limit=1").status == 200, 30), "given back when they had gone"


def test_signing_in_reads_little_and_waits_shortly(closed_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal_pipeline.api.guard.UNKNOWN_SECONDS", 0.3)
    with slow_bodies(closed_port, 1, "/login", **FORM) as (connection,):
        assert connection.recv(12) == b"HTTP/1.1 408"
    assert Client(closed_port).ask("POST", "/login", b"token=" + b"x" * 10_000, FORM).status == 413
    assert Client(closed_port).ask("POST", "/v1/reports", b"x" * 10_000, JSON).status == 401
