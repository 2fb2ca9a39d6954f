"""Deliveries on a real broker: nothing is acknowledged before the handler's effects are durable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import JetStreamContext

from signal_pipeline.errors import BrokerUnavailable, DatabaseUnavailable
from signal_pipeline.local.ports import random_ports
from signal_pipeline.messaging.publish import publish_raw, publish_report
from signal_pipeline.messaging.receive import DONE, Received, Settle, receive
from signal_pipeline.messaging.report_message import report_message
from signal_pipeline.settings import Settings
from signal_pipeline_tests.messaging.broker import delete_streams, pending, shorten_ack_wait


class Handler:
    """Keeps what it was given, and settles it as told."""

    def __init__(self, decision: Settle = DONE, failure: Exception | None = None) -> None:
        self.seen: list[Received] = []
        self.decision, self.failure = decision, failure

    def __call__(self, messages: Sequence[Received]) -> list[Settle]:
        self.seen += messages
        if self.failure is not None:
            raise self.failure
        return [self.decision] * len(messages)


def take(settings: Settings, handler: Handler, wait_seconds: float = 1.0, limit: int = 100) -> int:
    return receive(settings, limit=limit, wait_seconds=wait_seconds, handle=handler)


def test_a_message_is_taken_once(settings: Settings) -> None:
    report = uuid4()
    publish_report(settings, report)
    handler = Handler()
    assert take(settings, handler) == 1
    assert [message.data for message in handler.seen] == [report_message(report)]
    assert take(settings, handler, wait_seconds=0) == 0
    assert pending(settings) == (0, 0)


def test_an_idle_broker_gives_nothing_and_the_handler_is_not_called(settings: Settings) -> None:
    handler = Handler(failure=AssertionError("nothing to handle"))
    assert take(settings, handler, wait_seconds=0) == 0


def test_no_more_than_asked_for_is_taken(settings: Settings) -> None:
    for _ in range(5):
        publish_report(settings, uuid4())
    assert take(settings, Handler(), limit=3) == 3
    assert take(settings, Handler(), limit=3) == 2


@pytest.mark.parametrize("failure", [DatabaseUnavailable("down"), RuntimeError("a bug")])
def test_nothing_is_acknowledged_when_the_handler_fails(settings: Settings, failure: Exception) -> None:
    shorten_ack_wait(settings, 1.0)
    report = uuid4()
    publish_report(settings, report)
    with pytest.raises(type(failure)):
        take(settings, Handler(failure=failure))
    assert pending(settings)[1] == 1
    handler = Handler()
    assert take(settings, handler, wait_seconds=20) == 1
    assert handler.seen[0].data == report_message(report)
    assert pending(settings) == (0, 0)


def test_nothing_is_acknowledged_while_the_handler_works(settings: Settings) -> None:
    publish_report(settings, uuid4())
    seen: list[tuple[int, int]] = []

    def settle(messages: Sequence[Received]) -> list[Settle]:
        seen.append(pending(settings))
        return [DONE] * len(messages)

    receive(settings, limit=10, wait_seconds=1, handle=settle)
    assert seen == [(0, 1)]
    assert pending(settings) == (0, 0)


def test_a_message_that_is_put_off_comes_again(settings: Settings) -> None:
    publish_report(settings, uuid4())
    handler = Handler(Settle(retry_seconds=0.2))
    assert take(settings, handler) == 1
    handler.decision = DONE
    assert take(settings, handler, wait_seconds=20) == 1
    first, second = handler.seen
    assert first.stream_sequence == second.stream_sequence
    # The grace of an unknown report is counted from the first storing and not from this delivery.
    assert first.published_at == second.published_at


def test_a_broker_that_lost_its_store_gets_a_new_stream(settings: Settings) -> None:
    delete_streams(settings)
    assert take(settings, Handler(), wait_seconds=0) == 0
    publish_report(settings, uuid4())
    assert take(settings, Handler()) == 1


def test_a_repeated_message_id_is_stored_once(settings: Settings) -> None:
    report = uuid4()
    for _ in range(3):
        publish_report(settings, report, message_id=str(report))
    assert pending(settings) == (1, 0)


def test_a_message_that_is_too_large_for_the_stream_is_refused_to_its_sender(settings: Settings) -> None:
    with pytest.raises(BrokerUnavailable):
        publish_raw(settings, b"x" * 1_100_000)
    assert pending(settings) == (0, 0)


def test_a_broker_that_does_not_answer_is_named_without_its_password(settings: Settings) -> None:
    secret = f"pass{UUID(int=7).hex}"
    nowhere = settings.model_copy(update={"nats_url": f"nats://user:{secret}@127.0.0.1:{random_ports()['nats']}"})
    with pytest.raises(BrokerUnavailable) as caught:
        take(nowhere, Handler())
    assert secret not in str(caught.value)


@pytest.mark.parametrize("ending", [TimeoutError(), []], ids=["time is over", "nothing more"])
def test_what_was_fetched_is_handled_however_the_rest_ends(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, ending: TimeoutError | list[Msg]
) -> None:
    """On a busy machine nats-py ends a fetch with Python's own TimeoutError, which is not a subclass of its."""
    fetch = JetStreamContext.PullSubscription.fetch

    async def first_only(self: JetStreamContext.PullSubscription, batch: int = 1, **options: Any) -> list[Msg]:
        if batch == 1:
            return await fetch(self, batch, **options)
        if isinstance(ending, TimeoutError):
            raise ending
        return ending

    publish_report(settings, uuid4())
    monkeypatch.setattr(JetStreamContext.PullSubscription, "fetch", first_only)
    handler = Handler()
    assert take(settings, handler) == 1
    assert len(handler.seen) == 1


def test_the_handler_may_outlast_a_settling_that_gets_lost(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The effects are durable then, so a second delivery is recognised and nothing is wrong."""

    async def lost(_self: Msg, timeout: float = 1.0) -> Msg:
        raise NatsTimeoutError

    publish_report(settings, uuid4())
    with monkeypatch.context() as patch:
        patch.setattr(Msg, "ack_sync", lost)
        assert take(settings, Handler()) == 1
    assert pending(settings)[1] == 1
