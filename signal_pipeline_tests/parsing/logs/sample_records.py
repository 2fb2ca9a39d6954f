"""Lines of many loggers as they really write them, each with what must be read from it.

A file in samples/ holds cases: a line `@@@ name | format | level | component | time | records | message` and the
log below it. Level, component, time (UTC) and message (its beginning) are those of the first record; `-` is none.
The characters ␛ ␍ ␇ ⍽ stand for escape, carriage return, bell and the no-break space.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"
_MARK = "@@@ "
_PICTURES = str.maketrans({"␛": "\x1b", "␍": "\r", "␇": "\x07", "⍽": "\xa0"})


@dataclass(frozen=True)
class Sample:
    """One case. `expected` is (format of the file, level, component, time, number of records, message)."""

    name: str
    text: str
    expected: tuple[str, str, str, str, str, str]


def samples(file: str) -> Iterator[Sample]:
    """The cases of one file of samples/."""
    content = (SAMPLES / file).read_text(encoding="utf-8").translate(_PICTURES)
    for part in content.split(_MARK)[1:]:
        head, _, text = part.partition("\n")
        name, *fields, message = head.split(" | ", 6)
        form, level, component, time, records = fields
        yield Sample(name, text.rstrip("\n") + "\n", (form, level, component, time, records, message))
