"""Under which names and versions a JSON Schema is known: by what it says of itself, else by its place in the folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

_SUFFIXES = (".schema.json", ".jsonschema", ".json", ".schema")
_SEPARATORS = re.compile(r"[$./:_\-\s#]+")
_VERSION = re.compile(r"(?:^|[./_:\-$])(?:v([0-9]+(?:[.\-][0-9]+)*)|([0-9]+(?:[.\-][0-9]+){1,3}|[0-9]{1,3}))$")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FILLERS = ("event", "jsonschema", "schema")
_SHELVES = re.compile(r"^(?:[^/]*/)*?(?:(?:json-?)?schemas?|events?|webhooks?)/(?=[^/])", re.I)
"""Folders in which schemas are kept, and what is before them; they are no part of a name."""


def plain_name(name: str) -> str:
    """One spelling of a name: `OrderPlaced`, `order_placed`, `order$placed` and `orders/placed` become dotted words."""
    words = [word for word in _SEPARATORS.split(_CAMEL.sub(".", name).lower()) if word]
    while len(words) > 1 and words[-1] in _FILLERS:
        words.pop()
    return ".".join(words)


def split_version(name: str) -> tuple[str, str | None]:
    """`order/placed/1-0-0` is version 1-0-0 of `order/placed`."""
    found = _VERSION.search(name)
    if not found or not found.start():
        return name, None
    return name[: found.start()], found[1] or found[2]


def names_of(schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str | None]]:
    """(plain name, version) of a schema at `path` below the folder, the most telling first."""
    own_version = _text(schema.get("x-event-version") or schema.get("x-version"))
    if (given := _text(schema.get("x-event-type"))) is not None:
        yield plain_name(given), own_version
    described = schema.get("self")
    if isinstance(described, Mapping) and isinstance(described.get("name"), str):
        version = _text(described.get("version"))
        yield plain_name(f"{described.get('vendor', '')}.{described['name']}"), version
        yield plain_name(described["name"]), version
    for written in (_const_of(schema, "type"), _const_of(schema, "event"), _const_of(schema, "event_type")):
        if written is not None:
            name, version = split_version(written)
            yield plain_name(name), own_version or version
    for written in (_text(schema.get("$id") or schema.get("id")), path):
        if written is None:
            continue
        name, version = split_version(_without_suffix(urlsplit(written).path.lstrip("/") or written))
        yield plain_name(_SHELVES.sub("", name)), own_version or version


def _const_of(schema: Mapping[str, Any], key: str) -> str | None:
    """The one value that the schema lets `key` have."""
    properties = schema.get("properties")
    described = properties.get(key) if isinstance(properties, Mapping) else None
    if not isinstance(described, Mapping):
        return None
    options = described.get("enum")
    if isinstance(options, list) and len(options) == 1:
        return _text(options[0])
    return _text(described.get("const"))


def _without_suffix(name: str) -> str:
    return next((name[: -len(suffix)] for suffix in _SUFFIXES if name.lower().endswith(suffix)), name)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else str(value) if type(value) is int else None
