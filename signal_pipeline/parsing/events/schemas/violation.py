"""What a schema found wrong with an event: which schema, which field, which keyword. Never the value."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_POINTER_CHARS = 300
_INDEX = re.compile(r"/(?:[0-9]+|[^/]*[0-9]{3,}[^/]*|[0-9a-fA-F\-]{16,})(?=/|$)")


@dataclass(frozen=True, slots=True)
class Violation:
    """`field` is a JSON pointer into the event, and `keyword` the word of JSON Schema that refused what is there."""

    schema: str
    version: str | None
    field: str
    keyword: str
    expected: str | None = None
    """What the schema asks for, from the schema alone: `integer`, `date-time`, `<= 100`."""

    @property
    def subject(self) -> str:
        """The same for every event of a broken producer: indexes and keys made of ids are a star."""
        version = f" {self.version}" if self.version else ""
        return f"schema {self.schema}{version}: {general(self.field)} {self.keyword}"

    def sentence(self) -> str:
        """`/amount is not what schema order.placed 2 asks for: type (number)`"""
        version = f" {self.version}" if self.version else ""
        asked = f" ({self.expected})" if self.expected else ""
        return f"{self.field or '/'} is not what schema {self.schema}{version} asks for: {self.keyword}{asked}"


def general(pointer: str) -> str:
    """`/lines/3/price` is `/lines/*/price`."""
    return _INDEX.sub("/*", pointer) or "/"


def pointer_of(path: list[str | int]) -> str:
    """A path into a value as a JSON pointer (RFC 6901), bounded."""
    parts = (str(part)[:100].replace("~", "~0").replace("/", "~1") for part in path)
    return "".join(f"/{part}" for part in parts)[:MAX_POINTER_CHARS]
