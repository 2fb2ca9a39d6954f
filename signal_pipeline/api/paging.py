"""Pages of lists that go by time and id, newest first: a page never shifts when something comes in front of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from signal_pipeline.api.cursors import Cursors

T = TypeVar("T")
Place = tuple[datetime, UUID]


def place_in(cursors: Cursors, kind: str, cursor: str | None) -> Place | None:
    """What the page comes after; Problem 422 for a cursor of another list."""
    if cursor is None:
        return None
    position = cursors.read(kind, cursor)
    return datetime.fromisoformat(position["t"]), UUID(position["i"])


def cursor_behind(
    cursors: Cursors, kind: str, found: Sequence[T], limit: int, place: Callable[[T], Place]
) -> str | None:
    """The cursor of the next page, where more than `limit` were found."""
    if len(found) <= limit:
        return None
    at, id_ = place(found[limit - 1])
    return cursors.make(kind, {"t": at.isoformat(), "i": str(id_)})
