"""Entries that belong together as incidents: which of them came first, and which followed from it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

CAUSE, REQUEST, FOLLOWER, CONTEXT = "cause", "request", "follower", "context"
LATE_SECONDS = 0.1
_LOUD = ("warning", "error", "critical")
# What rather is the cause of the others, the likeliest first: a server tells of the fault itself, the request shows it,
# whoever made the request only suffers from it.
_RANK_SERVER_ERROR, _RANK_SERVER_WARNING, _RANK_REQUEST, _RANK_ANSWER, _RANK_CLIENT = range(5)


class Groups:
    """Disjoint sets of rows."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self._parent[second] = first

    def root(self, row: int) -> int:
        self._parent.setdefault(row, row)
        while self._parent[row] != row:
            self._parent[row] = self._parent[self._parent[row]]
            row = self._parent[row]
        return row

    def members(self) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for row in sorted(self._parent):
            found.setdefault(self.root(row), []).append(row)
        return list(found.values())


def roles_of(entries: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """The role of each row of one incident. Columns: row, at, seconds, is_request, is_error, level, is_answer,
    is_client.
    """
    ends = [float(e["at"]) + (e["seconds"] or 0.0) for e in entries if e["is_request"] and e["at"] is not None]
    cause = min(entries, key=lambda entry: _precedence(entry, max(ends, default=math.inf)))["row"]
    roles = {}
    for entry in entries:
        quiet = not entry["is_error"] and not entry["is_answer"] and entry["level"] not in _LOUD
        role = REQUEST if entry["is_request"] else CONTEXT if quiet else FOLLOWER
        roles[entry["row"]] = CAUSE if entry["row"] == cause else role
    return roles


def _precedence(entry: Mapping[str, Any], end: float) -> tuple[int, float, int]:
    at = math.inf if entry["at"] is None else float(entry["at"])
    return _rank(entry, is_late=at > end + LATE_SECONDS), at, entry["row"]


def _rank(entry: Mapping[str, Any], *, is_late: bool) -> int:
    if entry["is_request"]:
        return _RANK_REQUEST
    if entry["is_client"]:
        return _RANK_CLIENT
    # What a server says after the request was over (that the client has gone, say) did not make it fail.
    if entry["is_answer"] or is_late:
        return _RANK_ANSWER
    if entry["is_error"] or entry["level"] in ("error", "critical"):
        return _RANK_SERVER_ERROR
    return _RANK_SERVER_WARNING if entry["level"] == "warning" else _RANK_ANSWER
