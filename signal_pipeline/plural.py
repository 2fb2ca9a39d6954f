"""A number with its noun, as people read it: `1 file`, `2 files`, `1,024 entries`."""

from __future__ import annotations

# Nouns whose plural is not the singular with an `s`.
IRREGULAR = {"entry": "entries", "try": "tries", "match": "matches", "has": "have", "is": "are"}


def plural(number: int, noun: str) -> str:
    """The noun alone, in the number that fits. Of several words the last one changes: `dead letter`."""
    if number == 1:
        return noun
    *before, last = noun.split(" ")
    return " ".join((*before, IRREGULAR.get(last, last + "s")))


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`, `1,024 entries`."""
    return f"{number:,} {plural(number, noun)}"
