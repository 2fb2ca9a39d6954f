"""Publishing: a report that is ready, and the announcement of a dead letter."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from nats.aio.client import Client

from signal_pipeline.messaging.connection import run
from signal_pipeline.messaging.report_message import DEAD_SUBJECT, SUBJECT, report_message
from signal_pipeline.settings import Settings
from signal_pipeline.storage.dead_letters import DeadLetter


def publish_report(settings: Settings, report_id: UUID, message_id: str | None = None) -> None:
    """Tell the pipeline of a report; returns once the broker has stored the message.

    `message_id` lets the broker drop a repetition within its window; the intake table does so for ever.
    """

    async def work(client: Client) -> None:
        headers = {"Nats-Msg-Id": message_id} if message_id else None
        await client.jetstream().publish(SUBJECT, report_message(report_id), timeout=5, headers=headers)

    run(settings, work, "producer")


def publish_raw(settings: Settings, payload: bytes) -> None:
    """Send a message again as it was."""

    async def work(client: Client) -> None:
        await client.jetstream().publish(SUBJECT, payload, timeout=5)

    run(settings, work, "producer")


def announce_dead(settings: Settings, letters: Sequence[DeadLetter]) -> None:
    """One message on report.signals.dead for each letter; the letter's id makes a repetition recognisable."""

    async def work(client: Client) -> None:
        jetstream = client.jetstream()
        for letter in letters:
            body = {
                "dead_letter_id": str(letter.id),
                "kind": letter.kind,
                "reason": letter.reason,
                "report_id": str(letter.report_id) if letter.report_id else None,
            }
            headers = {"Nats-Msg-Id": str(letter.id)}
            await jetstream.publish(DEAD_SUBJECT, msgspec.json.encode(body), timeout=5, headers=headers)

    run(settings, work)
