"""Where an entry came from, and the one wording of it: for the terminal, the pages, the API and JSON alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from signal_pipeline.frame_schema import EVENT, FLOW

ENTRY, LINE = "entry", "line"
_UNITS = {FLOW: FLOW, EVENT: EVENT}
"""What is counted, by the role of the entry, where it is not an entry or a line."""
COUNTED_ROLES = frozenset(_UNITS)
"""Roles that evidence tells of with each place."""


@dataclass(frozen=True)
class Place:
    """A place in a file of a report. Lines count from 1; entries of a HAR, and what else is counted, from 0.

    `member` is the file inside an archive. `first` is None where only the file is known; `count` is in `unit`s.
    """

    file: str
    member: str | None = None
    unit: str = LINE
    first: int | None = None
    count: int = 1

    @staticmethod
    def of(item: Mapping[str, Any], file: str | None = None, unit: str | None = None) -> Place:
        """The place that a row or an item of evidence names in `line_number`, `line_count` and `entry_index`.

        `file` where the item itself names none; `unit` is what its `entry_index` counts (as its `role` says).
        """
        name, member = str(item.get("file", "") if file is None else file), item.get("member") or None
        if item.get("entry_index") is not None:
            counted = unit or _UNITS.get(str(item.get("role")), ENTRY)
            return Place(name, member, counted, int(item["entry_index"]))
        if item.get("line_number") is None:
            return Place(name, member)
        return Place(name, member, LINE, int(item["line_number"]), int(item.get("line_count") or 1))

    @property
    def name(self) -> str:
        """`app.log`, or `logs.zip/app.log` for a file inside an archive."""
        return f"{self.file}/{self.member}" if self.member else self.file

    @property
    def position(self) -> str:
        """`line 17`, `lines 17-20`, `entry 3`; empty where only the file is known."""
        if self.first is None:
            return ""
        if self.count == 1:
            return f"{self.unit} {self.first}"
        plural = "entries" if self.unit == ENTRY else f"{self.unit}s"
        return f"{plural} {self.first}-{self.first + self.count - 1}"

    def label(self) -> str:
        """`app.log:17`, `app.log:17-20`, `logs.zip/app.log:17`, `page.har entry 3`."""
        if self.first is None:
            return self.name
        if self.unit != LINE:
            return f"{self.name} {self.position}"
        return (
            f"{self.name}:{self.first}"
            if self.count == 1
            else f"{self.name}:{self.first}-{self.first + self.count - 1}"
        )
