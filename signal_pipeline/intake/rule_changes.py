"""Rules that have changed: what they had found is forgotten, and the stored events are judged by them again, some at a
time, so that neither reports nor new events wait.

Signals are a function of the set of events, so that new ones may be judged while older ones still wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import psycopg

from signal_pipeline.event_rules.rule import Rule
from signal_pipeline.event_rules.versions import digest_of
from signal_pipeline.intake.event_acceptance import microseconds_now
from signal_pipeline.intake.judging import Judging
from signal_pipeline.storage import business_events as stored
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.rule_states import advance, begin_again, behind_most, rule_states

JUDGED_AT_ONCE = 2_000


def follow_rules(
    database: Database,
    rules: tuple[Rule, ...],
    *,
    seconds: float,
    now: int | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> list[str]:
    """Note which rules have changed and judge by them for about `seconds`, once at least; sentences on what was done.
    Called again it goes on where it was, also after a process was killed."""
    wanted = {rule.name: digest_of(rule) for rule in rules}
    with database.transaction() as connection:
        states = rule_states(connection)
        if states == wanted and behind_most(connection) is None:
            return []
    said: list[str] = []
    ends = clock() + seconds
    judged, is_left = 0, True
    while is_left:
        with database.transaction() as connection:
            stored.take_turn(connection)
            changed = _changed(rule_states(connection), wanted)
            if changed:
                begin_again(connection, changed, {name: digest for name, digest in wanted.items() if name in changed})
                said.append(f"rules changed: {', '.join(sorted(changed))}")
            count, is_left = _some(connection, rules, microseconds_now() if now is None else now)
        judged += count
        if clock() >= ends:
            break
    return [*said, f"{judged} stored events judged by changed rules{', more wait' if is_left else ''}"]


def _changed(states: dict[str, str], wanted: dict[str, str]) -> set[str]:
    """Names of rules that are new, gone or not the same."""
    return {name for name in states.keys() | wanted.keys() if states.get(name) != wanted.get(name)}


def _some(connection: psycopg.Connection, rules: Sequence[Rule], now: int) -> tuple[int, bool]:
    """The next events for those rules that are furthest behind; how many, and whether any rule is still behind."""
    found = behind_most(connection)
    if found is None:
        return 0, False
    number, names = found
    last, facts = stored.events_after(connection, number, JUDGED_AT_ONCE)
    Judging(connection, tuple(rule for rule in rules if rule.name in names), now).take(facts)
    advance(connection, names, None if last == number else last)
    return len(facts), behind_most(connection) is not None
