"""Which occurrences of a key are to be judged again when some are new, and the signals among them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from signal_pipeline.event_rules.kinds import EVER, KIND
from signal_pipeline.event_rules.rule import Occurrence, Rule, Signal


def affected(rule: Rule, times: Sequence[int], at: int) -> range:
    """The indexes whose judgement an occurrence at `at`, which is among `times`, may change; its own included."""
    reach = KIND[rule.kind].reach(rule)
    start = bisect_left(times, at - reach.back)
    end = len(times) if reach.ahead >= EVER else bisect_right(times, at + reach.ahead)
    end = min(len(times), end + reach.count_ahead)
    return range(max(0, start - reach.beside), min(len(times), end + reach.beside))


def signals_of(
    rule: Rule, key: str, occurrences: Sequence[Occurrence], times: Sequence[int], indexes: Iterable[int], now: int
) -> dict[int, Signal]:
    """The signals among `indexes`. `occurrences` are in order of (at, event), and `times` are their times."""
    kind = KIND[rule.kind]
    return {
        index: signal(rule, key, occurrences[index])
        for index in indexes
        if kind.found(rule, occurrences, times, index, now)
    }


def signal(rule: Rule, key: str, one: Occurrence) -> Signal:
    kind = KIND[rule.kind]
    due = kind.due(rule)
    said = kind.says(rule, one.type)
    subject = f"{rule.name}: {said}" + (f" from {key}" if rule.by_producer else "")
    at = one.at if due is None or rule.kind == "order" else one.at + due
    return Signal(rule.name, rule.kind, key, one.event, one.type, at, subject, rule.severity)


def due_of(rule: Rule, one: Occurrence) -> int | None:
    """From when on an occurrence can be judged without another event; None where it can be at once."""
    wait = KIND[rule.kind].due(rule)
    return None if wait is None else one.at + wait + 1
