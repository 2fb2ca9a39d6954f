"""The scalars of a payload that rules and people look at: a bounded number, by their path."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from signal_pipeline.event_rules.occurrences import Scalar
from signal_pipeline.parsing.events.envelope import value_at
from signal_pipeline.parsing.events.event import Event
from signal_pipeline.redaction.table_cells import names_a_secret

MAX_FIELDS = 12
MAX_TEXT_CHARS = 100
_DEPTH = 2
_USELESS = ("url", "href", "avatar", "html", "description", "body", "password", "secret", "token")


def fields_of(event: Event, asked: Iterable[str] = ()) -> dict[str, Scalar]:
    """`asked` are paths that are always among them where they lead to a scalar: in the payload, else in the event."""
    found: dict[str, Scalar] = {}
    for path in asked:
        for place in (event.data, event.whole):
            value = value_at(place, path)
            if _is_scalar(value):
                found[path] = _bounded(value)
                break
    if isinstance(event.data, dict):
        _collect(event.data, "", _DEPTH, found)
    return found


def _collect(value: Mapping[str, Any], prefix: str, depth: int, found: dict[str, Scalar]) -> None:
    inner = []
    for key, item in value.items():
        if len(found) >= MAX_FIELDS:
            return
        path = f"{prefix}{key}"[:MAX_TEXT_CHARS]
        if isinstance(item, dict):
            inner.append((path, item))
        elif path not in found and _is_telling(path, item):
            found[path] = _bounded(item)
    if depth > 1:
        for path, item in inner:
            _collect(item, f"{path}.", depth - 1, found)


def _is_telling(path: str, value: Any) -> bool:
    if not _is_scalar(value) or (isinstance(value, str) and len(value) > MAX_TEXT_CHARS):
        return False
    return _is_telling_path(path)


@lru_cache(maxsize=4_096)
def _is_telling_path(path: str) -> bool:
    lowered = path.lower()
    return not any(word in lowered for word in _USELESS) and not names_a_secret(name_in(path))


def name_in(path: str) -> str:
    """The last name of a path of a field."""
    return path.rpartition(".")[2]


def _is_scalar(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str | bool) or (isinstance(value, int) and abs(value) < 2**63)


def _bounded(value: Any) -> Scalar:
    return value[:MAX_TEXT_CHARS] if isinstance(value, str) else value
