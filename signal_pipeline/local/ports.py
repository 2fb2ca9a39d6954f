"""Which ports the parts listen on: the usual ones, or free ones near them when those are taken.

What belongs here: the table and the bind test. What does not: who listens.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable, Mapping

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.settings import LOOPBACK

DEFAULT_PORTS: Mapping[str, int] = {
    "postgres": 15432,
    "nats": 14222,
    "s3": 18333,
    "dagster_webserver": 3000,
    "api": 8090,
}
# Nobody types these, so they need no usual place; and two stacks that start at once never want the same one.
INTERNAL_PORTS = (
    "s3_grpc",
    "s3_master",
    "s3_master_grpc",
    "s3_volume",
    "s3_volume_grpc",
    "s3_filer",
    "s3_filer_grpc",
    "s3_admin",
    "s3_admin_grpc",
)

# Below the range from which systems hand out ports to outgoing connections (32768 and 49152 upwards), so that
# a port found free stays free until its server listens.
_SPARE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on loopback: also false while somebody listens on all addresses."""
    for address in (LOOPBACK, "0.0.0.0"):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # As servers do: a port whose last connections linger (TIME_WAIT) is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


def choose_ports(wanted: Mapping[str, int] | None = None, *, keep: Iterable[str] = ()) -> dict[str, int]:
    """A free port for every name of DEFAULT_PORTS and INTERNAL_PORTS; `wanted` ports come first, then the defaults.

    A port that was asked for by name in `wanted` and is taken is replaced like a default one, unless its name is
    in `keep`: our own server listens there.
    """
    preferred = {**DEFAULT_PORTS, **(wanted or {})}
    kept = frozenset(keep)
    taken = {preferred[name] for name in kept}
    chosen: dict[str, int] = {}
    for name in (*DEFAULT_PORTS, *INTERNAL_PORTS):
        port = preferred.get(name)
        if port is not None and (name in kept or (port not in taken and is_free(port))):
            chosen[name] = port
        else:
            chosen[name] = _spare_port(taken)
        taken.add(chosen[name])
    return chosen


def random_ports() -> dict[str, int]:
    """Free ports far from the defaults: for tests and for stacks side by side."""
    taken: set[int] = set()
    chosen: dict[str, int] = {}
    for name in (*DEFAULT_PORTS, *INTERNAL_PORTS):
        chosen[name] = _spare_port(taken)
        taken.add(chosen[name])
    return chosen


def _spare_port(taken: set[int]) -> int:
    for port in random.sample(_SPARE, 500):
        if port not in taken and is_free(port):
            return port
    raise LocalServerFailed(f"no free port between {_SPARE.start} and {_SPARE.stop}")
