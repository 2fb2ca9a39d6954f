"""Which lines begin a record: logs of games with their entries, and of services that stamp each line of a trace."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.labelled import DATA
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import local_redactor

GAMES = DATA / "logs" / "minecraft"
SERVICES = DATA / "incidents" / "openstack"
_STAMPED = re.compile(
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+ (?P<source>[0-9]+ (?:ERROR|TRACE|CRITICAL|WARNING|INFO|DEBUG) [^ ]+)"
    r"(?: \[[^\]]*\])?(?: (?P<text>.*))?$"
)
_CHAIN = ("During handling of", "The above exception", "Traceback (most recent")


@dataclass(frozen=True)
class Share:
    """How many of `total` are right."""

    right: int
    total: int

    def __add__(self, other: Share) -> Share:
        return Share(self.right + other.right, self.total + other.total)

    @property
    def value(self) -> float:
        return self.right / self.total if self.total else 1.0


def held_out(name: str) -> bool:
    """Whether a file is of the third that rules are not shaped by."""
    return zlib.crc32(name.encode()) % 3 == 0


def heads_of(path: Path) -> set[int]:
    """The numbers of the lines that begin a record."""
    return {
        number
        for frame in read_signal(path, redactor=local_redactor())
        for number in frame["line_number"].to_list()
        if number is not None
    }


def game_entries() -> Iterator[tuple[str, str, Share]]:
    """Producer, file and its entries of more than one line: those whose first line alone begins a record."""
    for truth in sorted(GAMES.rglob("*.json")):
        log = truth.with_suffix(".log")
        if not log.is_file():
            continue
        entries = [
            [line["number"] for line in entry["lines"] if line["content"].strip()]
            for entry in json.loads(truth.read_text(encoding="utf-8"))["entries"]
        ]
        entries = [lines for lines in entries if lines]
        heads = heads_of(log)
        after = [lines[0] for lines in entries[1:]] + [None]
        several = [(lines, next_one) for lines, next_one in zip(entries, after, strict=True) if len(lines) > 1]
        right = sum(
            lines[0] in heads and heads.isdisjoint(lines[1:]) and (next_one is None or next_one in heads)
            for lines, next_one in several
        )
        yield truth.parent.name, log.name, Share(right, len(several))


def torn_records() -> Iterator[tuple[str, str, int]]:
    """Report, service and how many records of its log begin inside a trace."""
    for log in sorted(SERVICES.glob("*/*.log.gz")):
        text = gzip.decompress(log.read_bytes()).decode("utf-8", "replace")
        if inside := _inside_traces(text.split("\n")):
            yield log.parent.name, log.name.partition("__")[0], len(inside & heads_of(log))


def _inside_traces(lines: list[str]) -> set[int]:
    """The lines of traces that are stamped line by line, without the first of each."""
    inside: set[int] = set()
    in_frames: dict[str, bool] = {}
    last: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        found = _STAMPED.match(line)
        if found is None:
            continue
        source, text = found["source"], found["text"] or ""
        if text.startswith(_CHAIN):
            if last.get(source) == number - 1 or source in in_frames:
                inside.add(number)
            in_frames[source] = False
        elif source in in_frames:
            if text[:1].isspace() or not text:
                inside.add(number)
                in_frames[source] = bool(text)
            elif in_frames[source]:
                inside.add(number)
                in_frames[source] = False
            else:
                del in_frames[source]
        last[source] = number
    return inside
