"""Events from NATS: recorded before they are acknowledged, once under redelivery, bad ones among the dead letters."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from nats.aio.client import Client

from signal_pipeline.intake.event_messages import accept_event_messages
from signal_pipeline.messaging.connection import run
from signal_pipeline.messaging.receive import Received, Settle, receive
from signal_pipeline.messaging.stream_configs import event_stream_name
from signal_pipeline.orchestration.intake_tick import _receive_events
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.business_events import outcome_counts
from signal_pipeline.storage.dead_letters import listed
from signal_pipeline.storage.signal_lists import signal_groups

EVENTS = [
    {"specversion": "1.0", "id": f"n{number}", "source": "/shop/nats", "type": "shipment.sent",
     "time": f"2024-03-01T10:00:{number:02}Z", "data": {"order_id": f"A-{number}"}}
    for number in range(20)
]  # fmt: skip


def publish(platform: Platform, *bodies: bytes, headers: dict[str, str] | None = None) -> None:
    async def work(client: Client) -> None:
        jetstream = client.jetstream()
        for body in bodies:
            await jetstream.publish("events.shop.shipments", body, timeout=5, headers=headers)

    run(platform.settings, work, "producer")


def test_recorded_then_acknowledged(platform: Platform) -> None:
    stream = event_stream_name(platform.settings.nats_stream)
    bodies = [json.dumps(event).encode() for event in EVENTS]
    publish(platform, *bodies, b"no event", *bodies[:5])

    def fails(messages: Sequence[Received]) -> Sequence[Settle]:
        raise RuntimeError("killed between receiving and recording")

    with pytest.raises(RuntimeError):
        receive(platform.settings, limit=10, wait_seconds=2, handle=fails, stream=stream)
    seen: list[Received] = []

    def twice(messages: Sequence[Received]) -> Sequence[Settle]:
        seen.extend(messages)
        accept_event_messages(platform, messages)  # as if the process had died before the acknowledgement
        return accept_event_messages(platform, messages)

    while len(seen) < 26:
        receive(platform.settings, limit=10, wait_seconds=5, handle=twice, stream=stream)
    assert _receive_events(platform) == []
    with platform.database.transaction() as connection:
        assert outcome_counts(connection)["accepted"] == len(EVENTS)
        assert [letter.reason for letter in listed(connection)] == ["no_events"]
        (group,) = [one for one in signal_groups(connection) if one.rule == "shipped_unpaid"]
    assert group.count == len(EVENTS)


def test_the_tick_takes_them(platform: Platform) -> None:
    publish(platform, json.dumps(EVENTS).encode())
    assert _receive_events(platform) == ["1 message with events recorded"]
    with platform.database.transaction() as connection:
        assert outcome_counts(connection)["accepted"] == len(EVENTS)


def test_binary_mode(platform: Platform) -> None:
    headers = {
        "ce-id": "b1",
        "ce-source": "/shop/binary",
        "ce-type": "shipment.sent",
        "ce-time": "2024-03-01T10:00:00Z",
    }
    publish(platform, b'{"order_id": "B-1"}', headers=headers)
    seen = 0
    while not seen:
        seen = receive(
            platform.settings,
            limit=10,
            wait_seconds=5,
            handle=lambda messages: accept_event_messages(platform, messages),
            stream=event_stream_name(platform.settings.nats_stream),
        )
    with platform.database.transaction() as connection:
        found = connection.execute("select source, event_id, type, at, fields from business_events").fetchall()
    assert [(row[0], row[1], row[2], row[4]) for row in found] == [
        ("/shop/binary", "b1", "shipment.sent", {"order_id": "B-1"})
    ]
