"""The users of the NATS server, and what each may do: producers, the sensor, the operator.

What belongs here: the table of permissions. What does not: passwords, and how a server is given them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from signal_pipeline.messaging.report_message import DEAD_SUBJECT, SUBJECT
from signal_pipeline.messaging.stream_configs import EVENT_SUBJECT, event_stream_name

User = Literal["sensor", "producer", "operator"]

# Answers come to a subject of the one who asks. Ours lie outside of the common one, which client libraries subscribe
# to, so that a producer cannot read along what the sensor is given. Below it, with `deny`, would not do: a message that
# JetStream hands out has its own subject, and passes.
INBOXES: dict[User, str] = {"producer": "_INBOX", "sensor": "_INBOX_sensor", "operator": "_INBOX_operator"}


@dataclass(frozen=True)
class Permissions:
    """Subjects as NATS's configuration has them. All others are refused."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def producer_permissions() -> Permissions:
    """Send reports and events in, and hear that they were stored."""
    return Permissions((SUBJECT, EVENT_SUBJECT), (f"{INBOXES['producer']}.>",))


def sensor_permissions(stream: str, consumer: str) -> Permissions:
    """Take and acknowledge, announce dead letters, and make streams and consumer again when the broker lost its store.

    To change or delete a stream, or to read the dead letters, is the operator's.
    """
    dead = f"{stream}_DEAD"
    taken = [allowed for name in (stream, event_stream_name(stream)) for allowed in _taking(name, consumer)]
    return Permissions((DEAD_SUBJECT, *taken, f"$JS.API.STREAM.CREATE.{dead}"), (f"{INBOXES['sensor']}.>",))


def _taking(stream: str, consumer: str) -> tuple[str, ...]:
    """What it takes to take messages of a stream, and to make it and its consumer."""
    return (
        f"$JS.ACK.{stream}.{consumer}.>",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}",
        f"$JS.API.CONSUMER.INFO.{stream}.{consumer}",
        f"$JS.API.CONSUMER.CREATE.{stream}.{consumer}",
        f"$JS.API.CONSUMER.CREATE.{stream}.{consumer}.>",
        f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{consumer}",
        f"$JS.API.STREAM.INFO.{stream}",
        f"$JS.API.STREAM.CREATE.{stream}",
    )
