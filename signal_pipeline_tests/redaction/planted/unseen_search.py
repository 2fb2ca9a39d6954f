"""What redaction leaves of the batches that no rule was written with, by family."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from signal_pipeline_tests.redaction.planted import unseen_kinds as kinds
from signal_pipeline_tests.redaction.planted import unseen_systems as systems
from signal_pipeline_tests.redaction.planted.values import password

SEEDS = (301, 302, 303)
ENCODED_PER_KIND = 4
AROUND_PER_KIND = 5

SYSTEMS = {
    "talk": systems.TALK,
    "command": systems.COMMANDS,
    "configuration": systems.CONFIGURATION,
    "literal": systems.LITERALS,
    "statement": systems.STATEMENTS,
    "protocol": systems.PROTOCOLS,
    "table": systems.TABLES,
}


@dataclass(frozen=True)
class Unseen:
    """A text, the value in it and, where it is encoded, how it is written."""

    family: str
    place: str
    value: str
    text: str
    written: str

    def is_left(self, redacted: str) -> bool:
        """Whether the value, its digits, or what it is encoded as can still be read."""
        compact = self.value.translate(_SEPARATORS)
        digits_left = len(compact) >= 8 and compact.isdigit() and compact in redacted.translate(_SEPARATORS)
        return self.value in redacted or self.written in redacted or digits_left


_SEPARATORS = str.maketrans("", "", " .-/()")


def unseen(seed: int) -> Iterator[Unseen]:
    """Every row of the batches."""
    for family, rows in SYSTEMS.items():
        for row in rows:
            yield _planted(seed, family, row, password)
    for name, make in kinds.SHAPES.items():
        for place in _some(name, kinds.AROUND, AROUND_PER_KIND):
            yield _planted(seed, "shape", place, make, name)
        for encoding in _some(name, tuple(kinds.ENCODINGS), ENCODED_PER_KIND):
            yield _encoded(seed, encoding, "§", make, name)
    for place, make in kinds.NAMED.items():
        yield _planted(seed, "named", place, make)
    for encoding in kinds.ENCODINGS:
        for pair in kinds.PAIRS:
            yield _encoded(seed, encoding, pair, password, pair)


def _some(name: str, rows: tuple[str, ...], count: int) -> list[str]:
    start = zlib.crc32(name.encode()) % len(rows)
    return [rows[(start + 7 * step) % len(rows)] for step in range(count)]


def _planted(seed: int, family: str, place: str, make: Callable[[random.Random], str], name: str = "") -> Unseen:
    value = make(random.Random(f"{seed}\0{family}\0{place}\0{name}"))
    return Unseen(family, f"{name} {place}".strip(), value, place.replace("§", value), value)


def _encoded(seed: int, encoding: str, form: str, make: Callable[[random.Random], str], name: str) -> Unseen:
    value = make(random.Random(f"{seed}\0{encoding}\0{form}\0{name}"))
    written = kinds.ENCODINGS[encoding](form.replace("§", value))
    return Unseen("encoded", f"{encoding} {name}", value, f"payload {written} was refused", written)
