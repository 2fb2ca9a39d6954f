"""The same failure recorded with and without its body, as browsers do for a request that is repeated."""

from __future__ import annotations

import re
from collections.abc import Sequence

from signal_pipeline.parsing.har.facts import Facts
from signal_pipeline.parsing.har.problem import NOTHING

_ID = re.compile(r"(?<=/)(?:[0-9]+|[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]{7,}|[0-9A-Za-z_-]{8,}[0-9][0-9A-Za-z_-]*)(?=/|$)")
"""A segment of a path that names one thing of many, so that the same failure of two things is a repeat."""
_NUMBERED = re.compile(r"[0-9]")
"""Such a text may name the thing, and is not said of another one."""


def note_repeats(exchanges: Sequence[Facts]) -> None:
    """A failure without a text gets that of its repeats, where they all have the same one, and the flag
    `body_of_repeat`.
    """
    said: dict[tuple[str | None, str, int], Facts | None] = {}
    for one in exchanges:
        if (one.status or 0) >= 400 and one.problem.text:
            known = said.setdefault(_key(one), one)
            if known is not None and known.problem.text != one.problem.text:
                said[_key(one)] = None
    for one in exchanges if said else ():
        known = said.get(_key(one)) if one.problem == NOTHING and (one.status or 0) >= 400 else None
        if known is not None and (_path(known) == _path(one) or not _NUMBERED.search(known.problem.text or "")):
            one.problem = known.problem
            one.flags.append("body_of_repeat")


def _key(one: Facts) -> tuple[str | None, str, int]:
    return one.method, _ID.sub("{id}", _path(one)), one.status or 0


def _path(one: Facts) -> str:
    return (one.url or "").partition("?")[0].partition("#")[0]
