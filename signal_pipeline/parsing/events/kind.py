"""Business events as a kind of signal: how a stream of them is recognised by its first bytes.

A log in JSON is none: the objects must be events by the table of envelopes, which no log record is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from signal_pipeline.errors import RejectionCode
from signal_pipeline.frame_schema import EVENT
from signal_pipeline.parsing.events.decoding import decoded
from signal_pipeline.parsing.events.documents import SPACE, in_utf8, level_of_events
from signal_pipeline.parsing.events.envelopes import envelope_of
from signal_pipeline.parsing.json_depth import BracketScanner
from signal_pipeline.parsing.signal_kind import SignalKind, Source

SAMPLED = 20
MAX_DEPTH = 64
_MEMBERS_GIVEN_UP = 20
_SHARE = 0.8


def _is_json(head: bytes) -> bool:
    return in_utf8(head).lstrip(SPACE).startswith((b"{", b"["))


def _claims(head: bytes) -> bool:
    if not _is_json(head):
        return False
    text = in_utf8(head).lstrip(SPACE)
    objects = list(_objects(text))
    events = sum(envelope_of(found) is not None for found in objects)
    return bool(objects) and events >= _SHARE * len(objects)


def _objects(text: bytes) -> Iterator[Any]:
    """The first objects, whole ones; of one that the head cuts, what its first level says as far as it is there."""
    wanted = level_of_events(text)
    found = BracketScanner().scan(text)
    start: int | None = None
    opened: int | None = None
    seen = 0
    for position, opens, level in zip(
        found.positions.tolist(), found.opens.tolist(), found.levels.tolist(), strict=True
    ):
        if level == wanted + 1:
            opened = position if opens else None
        if level != wanted:
            continue
        if opens:
            start = position if text[position : position + 1] == b"{" else None
        elif start is not None:
            yield decoded(text[start : position + 1], MAX_DEPTH)
            start, seen = None, seen + 1
            if seen >= SAMPLED:
                return
    if start is not None and not seen:
        yield _first_level(text, start, opened)


def _first_level(text: bytes, start: int, opened: int | None) -> Any:
    """A cut object up to its last member that is whole; `opened` is the bracket of the member that is cut."""
    end = len(text) if opened is None else opened
    for _ in range(_MEMBERS_GIVEN_UP):
        end = text.rfind(b",", start, end)
        if end < 0:
            return None
        if (found := decoded(text[start:end] + b"}", MAX_DEPTH)) is not None:
            return found
    return None


def _read(source: Source) -> Iterator[pl.DataFrame]:
    from signal_pipeline.parsing.events.reader import read_events

    return read_events(source)


EVENTS = SignalKind(
    name="events",
    role=EVENT,
    unit="event",
    claims=_claims,
    read=_read,
    suffixes=(".events.json", ".events.ndjson", ".events.jsonl", ".cloudevents.json", ".events"),
    may_be=_is_json,
    not_one=RejectionCode.NOT_EVENTS,
    sample=(
        b'{"specversion":"1.0","id":"e1","source":"/shop/checkout","type":"order.placed","time":"2024-03-01T10:00:00Z",'
        b'"data":{"order_id":"A-17","amount":12.5}}\n'
        b'{"specversion":"1.0","id":"e2","source":"/shop/checkout","type":"payment.failed","time":"2024-03-01T10:00:02Z",'
        b'"data":{"order_id":"A-17","error":{"code":"card_declined","message":"the card was declined"}}}\n'
    ),
)
