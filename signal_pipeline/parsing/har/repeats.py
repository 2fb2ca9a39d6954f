"""The same failure recorded with and without its body, as browsers do for a request that is repeated."""

from __future__ import annotations

from collections.abc import Sequence

from signal_pipeline.parsing.har.facts import Facts
from signal_pipeline.parsing.har.problem import NOTHING, Problem


def note_repeats(exchanges: Sequence[Facts]) -> None:
    """A failure without a text gets that of its repeats, where they all have the same one, and the flag
    `body_of_repeat`.
    """
    said: dict[tuple[str | None, str, int], Problem | None] = {}
    for one in exchanges:
        if (one.status or 0) >= 400 and one.problem.text:
            known = said.setdefault(_key(one), one.problem)
            if known is not None and known.text != one.problem.text:
                said[_key(one)] = None
    for one in exchanges if said else ():
        problem = said.get(_key(one)) if one.problem == NOTHING and (one.status or 0) >= 400 else None
        if problem is not None:
            one.problem = problem
            one.flags.append("body_of_repeat")


def _key(one: Facts) -> tuple[str | None, str, int]:
    return one.method, (one.url or "").partition("?")[0], one.status or 0
