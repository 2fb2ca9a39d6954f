"""Events that are no longer valid: one thing changed at a time, each of which their schema forbids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from signal_pipeline.parsing.events.schemas.choice import Outline


def mutants(event: Mapping[str, Any], outline: Outline) -> Iterator[tuple[str, dict[str, Any]]]:
    """What was done, and the event: a required property gone, a value of another type, a value that is none of those
    allowed."""
    for name in sorted(outline.required & event.keys()):
        yield f"without {name}", {key: value for key, value in event.items() if key != name}
    for name in sorted(outline.properties & event.keys()):
        yield f"{name} of another type", {**event, name: {"x": 1} if isinstance(event[name], int) else 12345}
    for name in sorted(outline.constants.keys() & event.keys()):
        yield f"{name} is another word", {**event, name: "no-such-word"}
