"""What the broker itself says: what waits, what was announced, and the consumer's patience."""

from __future__ import annotations

import json
from dataclasses import dataclass

from nats.aio.client import Client

from signal_pipeline.messaging.connection import run
from signal_pipeline.messaging.stream_configs import consumer_config
from signal_pipeline.settings import Settings


@dataclass(frozen=True)
class Broker:
    """Messages not delivered yet, delivered and not acknowledged; ids of the dead letters announced, in order."""

    pending: int
    unacknowledged: int
    announced: tuple[str, ...]


def broker_state(settings: Settings) -> Broker:
    async def work(client: Client) -> Broker:
        jetstream = client.jetstream()
        consumer = await jetstream.consumer_info(settings.nats_stream, settings.nats_consumer)
        name = f"{settings.nats_stream}_DEAD"
        state = (await jetstream.stream_info(name)).state
        letters = []
        for sequence in range(state.first_seq, state.last_seq + 1) if state.messages else ():
            message = await jetstream.get_msg(name, sequence)
            letters.append(str(json.loads(message.data or b"{}").get("dead_letter_id")))
        return Broker(consumer.num_pending or 0, consumer.num_ack_pending or 0, tuple(letters))

    return run(settings, work, "operator")


def shorten_ack_wait(settings: Settings, seconds: float) -> None:
    """A message that was taken by a process that died comes again after this long, and not after half a minute."""

    async def work(client: Client) -> None:
        config = consumer_config(settings)
        config.ack_wait = seconds
        await client.jetstream().add_consumer(settings.nats_stream, config)

    run(settings, work, "operator")
