import socket

import pytest

from signal_pipeline.local.ports import DEFAULT_PORTS, choose_ports, is_free, random_ports
from signal_pipeline.settings import LOOPBACK


@pytest.fixture
def listener():
    sockets = []

    def listen(address: str = LOOPBACK, port: int = 0) -> int:
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        made.bind((address, port))
        made.listen()
        sockets.append(made)
        return int(made.getsockname()[1])

    yield listen
    for made in sockets:
        made.close()


def test_defaults_are_distinct_and_leave_room_for_a_grpc_port():
    assert len(set(DEFAULT_PORTS.values())) == len(DEFAULT_PORTS)
    assert max(DEFAULT_PORTS.values()) + 10_000 <= 65_535


@pytest.mark.parametrize("address", [LOOPBACK, "0.0.0.0"])
def test_a_port_with_a_listener_is_not_free(listener, address):
    assert not is_free(listener(address))


def test_a_port_that_is_taken_is_replaced_by_a_free_one(listener):
    taken = listener()
    chosen = choose_ports({"postgres": taken})
    assert chosen["postgres"] != taken
    assert is_free(chosen["postgres"])


def test_a_wanted_port_that_is_free_is_kept():
    wanted = random_ports()
    assert choose_ports(wanted) == wanted


def test_no_two_names_get_one_port():
    chosen = choose_ports({"nats": DEFAULT_PORTS["postgres"]})
    assert len(set(chosen.values())) == len(chosen)


def test_a_kept_port_stays_though_it_is_taken_and_goes_to_nobody_else(listener):
    own = listener()
    chosen = choose_ports({"nats": own, "postgres": own}, keep=["nats"])
    assert chosen["nats"] == own
    assert chosen["postgres"] != own
