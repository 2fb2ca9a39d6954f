"""What the client knows: which requests were accepted, which may have been, which were refused.

Every line is on disk before the client goes on, so that the client may die as well. What does not belong here: sending.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

Fate = Literal["trying", "accepted", "unknown", "refused"]


@dataclass(frozen=True)
class Entry:
    """`item` names what was sent, the same in every run; `report` the id it was given, None for a bad message."""

    item: str
    fate: Fate
    report: str | None = None


class Journal:
    """Append-only. What was only ever tried counts as unknown: its answer never came."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()

    def note(self, item: str, fate: Fate, report: UUID | None = None) -> None:
        line = json.dumps(asdict(Entry(item, fate, None if report is None else str(report))))
        with self._writing, self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def entries(self) -> dict[str, Entry]:
        """The last word on each item."""
        if not self._path.exists():
            return {}
        found: dict[str, Entry] = {}
        for line in self._path.read_text(encoding="utf-8").splitlines():
            entry = Entry(**json.loads(line))
            report = entry.report or (found[entry.item].report if entry.item in found else None)
            found[entry.item] = Entry(entry.item, "unknown" if entry.fate == "trying" else entry.fate, report)
        return found
