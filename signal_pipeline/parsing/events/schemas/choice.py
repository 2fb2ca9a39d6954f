"""Which schema an event without a name was made for: the one whose properties it has, all but one at the most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

MAX_DIFFERENCES = 1
MIN_REQUIRED = 2
_DATA_KEYS = frozenset({"data", "payload", "detail", "object", "body", "properties", "attributes"})


@dataclass(frozen=True)
class Outline:
    """What the top of a schema says: properties, those required, and those that can have one value only."""

    properties: frozenset[str]
    required: frozenset[str]
    constants: Mapping[str, tuple[Any, ...]]

    @staticmethod
    def of(schema: Mapping[str, Any]) -> Outline:
        properties = _mapping(schema.get("properties"))
        required = schema.get("required")
        names = {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
        constants = {}
        for name, described in properties.items():
            options = [described["const"]] if "const" in _mapping(described) else _mapping(described).get("enum")
            if isinstance(options, list) and options:
                constants[name] = tuple(options)
        every = set(properties)
        for word in ("oneOf", "anyOf"):
            branches = schema.get(word)
            outlines = (
                [Outline.of(one) for one in branches if isinstance(one, Mapping)] if isinstance(branches, list) else []
            )
            if outlines:
                every = every.union(*(one.properties for one in outlines))
                names |= frozenset.intersection(*(one.required for one in outlines))
                shared = {name for name in outlines[0].constants if all(name in one.constants for one in outlines)}
                constants |= {name: tuple(v for one in outlines for v in one.constants[name]) for name in shared}
        return Outline(frozenset(every), frozenset(names), constants)

    def is_of_whole(self, has_no_payload: bool) -> bool:
        """Whether it describes the event with its envelope, and not the payload alone."""
        return has_no_payload or not _DATA_KEYS.isdisjoint(self.properties)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


class Outlined(Protocol):
    outline: Outline


S = TypeVar("S", bound=Outlined)


def closest(schemas: Iterable[S], event: Mapping[str, Any], *, unknown: bool) -> S | None:
    """The schema from whose properties the event's differ least, if in one at most; None where there is none.
    `unknown`: the one may be a property that the schema does not have."""
    best: list[tuple[int, int, S]] = []
    for schema in schemas:
        outline = schema.outline
        if len(outline.required) < MIN_REQUIRED:
            continue
        if any(event[name] not in options for name, options in outline.constants.items() if name in event):
            continue
        more = len(event.keys() - outline.properties)
        differences = len(outline.required - event.keys()) + more
        if differences <= MAX_DIFFERENCES and (not more or unknown):
            best.append((differences, -len(outline.required), schema))
    return min(best, key=lambda one: one[:2])[2] if best else None
