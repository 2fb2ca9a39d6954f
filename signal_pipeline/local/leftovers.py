"""Ending what a recorded run left: used by `down`, by the next `up`, and by the guardian of a killed supervisor.

What belongs here: which processes belong to a run. What does not: how a process is ended (`ending.py`).
"""

from __future__ import annotations

import signal

from signal_pipeline.local.s3_server import remove_stray_sockets
from signal_pipeline.local.state import RunRecord
from signal_pipeline.processes.termination import processes_with_token, terminate_all

_GRACE_SECONDS = 10.0
# Dagster's processes first: they use the servers until the end.
_SERVERS = ("postgres", "nats", "s3")
_STOP_SIGNALS = {"postgres": signal.SIGINT}


def end_run(record: RunRecord) -> list[str]:
    """End every process of a run, with children that left their groups; the names of parts that were alive."""
    alive = [name for name, identity in record.parts.items() if identity.is_alive()]
    clients = [record.parts[name] for name in alive if name not in _SERVERS]
    terminate_all(clients, signal.SIGTERM, _GRACE_SECONDS)
    servers = {record.parts[name] for name in alive if name in _SERVERS}
    strays = [
        found for found in processes_with_token(record.token) if found not in servers and found != record.guardian
    ]
    terminate_all(strays, signal.SIGTERM, _GRACE_SECONDS)
    # Postgres first, which is quick; the others get the same patience.
    for name in (name for name in _SERVERS if name in alive):
        terminate_all([record.parts[name]], _STOP_SIGNALS.get(name, signal.SIGTERM), _GRACE_SECONDS)
    terminate_all(
        [found for found in processes_with_token(record.token) if found != record.guardian], signal.SIGKILL, 0
    )
    if "s3" in record.parts:
        remove_stray_sockets(record.ports)
    return alive
