"""The users of the local stack's NATS server: each may do its own work, and nothing of another's."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import nats
import pytest

from signal_pipeline.messaging.connection import url_of
from signal_pipeline.messaging.monitoring import ask_server
from signal_pipeline.messaging.publish import publish_report
from signal_pipeline.messaging.receive import DONE, receive
from signal_pipeline.messaging.users import User
from signal_pipeline.settings import Settings
from signal_pipeline_tests.messaging.broker import delete_streams, pending
from signal_pipeline_tests.messaging.nats_permissions import ACTIONS, refused


@pytest.mark.parametrize("user", ["producer", "sensor", "operator"])
@pytest.mark.parametrize(("verb", "subject", "allowed"), [row[1:] for row in ACTIONS], ids=[row[0] for row in ACTIONS])
def test_who_may_do_what(settings: Settings, user: User, verb: str, subject: str, allowed: frozenset[str]) -> None:
    delete_streams(settings)  # what is allowed then reaches nothing
    assert refused(url_of(settings, user), verb, subject) is (user not in allowed)


def test_a_producer_does_not_see_what_the_sensor_is_given(settings: Settings) -> None:
    """With the widest subscription that it is allowed, which its client library may make."""
    secret = uuid4()

    async def listen() -> list[Any]:
        seen: list[Any] = []

        async def keep(message: Any) -> None:
            seen.append(message.data)

        client = await nats.connect(url_of(settings, "producer"))
        await client.subscribe("_INBOX.>", cb=keep)
        await client.flush()
        await asyncio.to_thread(publish_report, settings, secret)
        taken = await asyncio.to_thread(
            receive, settings, limit=10, wait_seconds=2.0, handle=lambda messages: [DONE] * len(messages)
        )
        assert taken == 1
        await client.flush()
        await client.close()
        return seen

    seen = asyncio.run(listen())
    assert not [data for data in seen if str(secret).encode() in data]
    assert pending(settings) == (0, 0)


def test_the_server_is_watched_by_the_system_user_alone(settings: Settings) -> None:
    assert settings.nats_monitor_url is not None
    status, seen = ask_server(settings.nats_monitor_url, "varz")
    assert (status, seen["jetstream"]["config"]["sync_always"]) == (200, True)
    assert ask_server(settings.nats_monitor_url, "healthz")[0] == 200
    for user in ("producer", "sensor", "operator"):
        status, seen = ask_server(url_of(settings, user), "varz")  # type: ignore[arg-type]
        assert status != 200 and not seen
    password = settings.nats_monitor_url.rpartition("@")[0].rpartition(":")[2]
    assert ask_server(settings.nats_monitor_url.replace(password, "wrong"), "varz") == (401, {})
