"""The kinds of rules: whether an occurrence is a signal, given all occurrences of its key in order of time.

Each is a function of the set of events and of the time that it is; the order in which events arrive plays no part, so
that a batch that is delivered again, or late, ends in the same signals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from signal_pipeline.event_rules.rule import BESIDE, FINAL, JUDGED, Rule, spelled
from signal_pipeline.event_rules.track import Track

KINDS_VERSION = "1"
"""Goes up when a kind finds other signals in the same events."""
EVER = 2**62


@dataclass(frozen=True)
class Reach:
    """Which occurrences a new one may change: those up to `back` before and `ahead` after it, `beside` of each of
    these, and `count_ahead` after."""

    back: int = 0
    ahead: int = 0
    beside: int = 0
    count_ahead: int = 0


@dataclass(frozen=True)
class Kind:
    """`found(rule, track, index, now)`; `due` is how long after an occurrence it can be decided, None for at once.
    `says` words a signal. `needs` are the fields of a row of the table."""

    name: str
    exception_class: str
    needs: tuple[str, ...]
    found: Callable[[Rule, Track, int, int], bool]
    reach: Callable[[Rule], Reach]
    due: Callable[[Rule], int | None]
    says: Callable[[Rule, str], str]


def _stalled(rule: Rule, track: Track, index: int, now: int) -> bool:
    if track.occurrences[index].part & FINAL:
        return False
    end = track.times[index] + rule.within
    return track.times[index + 1] > end if index + 1 < len(track.times) else now > end


def _no_follow_up(rule: Rule, track: Track, index: int, now: int) -> bool:
    start = track.times[index]
    end = start + rule.within
    if now <= end or not track.occurrences[index].part & JUDGED:
        return False
    all_ = track.occurrences
    return not any(all_[other].part & BESIDE for other in track.between(start, end) if other != index)


def _impossible(rule: Rule, track: Track, index: int, now: int) -> bool:
    at = track.times[index]
    if now <= at + rule.within or not track.occurrences[index].part & JUDGED:
        return False
    all_ = track.occurrences
    return not any(all_[other].part & BESIDE for other in track.between(0, at) if other != index)


def _duplicate(rule: Rule, track: Track, index: int, now: int) -> bool:  # noqa: ARG001
    all_ = track.occurrences
    one = all_[index]
    first = track.between(one.at - rule.within, one.at).start
    return any(all_[other].type == one.type and all_[other].mark == one.mark for other in range(first, index))


def _out_of_range(rule: Rule, track: Track, index: int, now: int) -> bool:  # noqa: ARG001
    value = track.values[index]
    return (rule.low is not None and value < rule.low) or (rule.high is not None and value > rule.high)


def _unusual(rule: Rule, track: Track, index: int, now: int) -> bool:  # noqa: ARG001
    """Further from the mean of the values before it than `factor` standard deviations, and than a tenth of the mean."""
    first = max(0, index - rule.history)
    count = index - first
    if count < rule.least:
        return False
    total, squares = sum(track.values[first:index]), sum(track.squares[first:index])
    distance = (track.values[index] * count - total) ** 2  # times the count, squared: whole numbers, so exact
    return distance * 100 > total * total and distance * 1_000_000 > rule.factor**2 * (count * squares - total * total)


def _silent(rule: Rule, track: Track, index: int, now: int) -> bool:
    at = track.times[index]
    end = at + rule.within
    ended = track.times[index + 1] > end if index + 1 < len(track.times) else now > end
    return ended and track.count(at - rule.window, at) >= rule.least


def _burst(rule: Rule, track: Track, index: int, now: int) -> bool:  # noqa: ARG001
    return _is_many(rule, track, index) and not (index and _is_many(rule, track, index - 1))


def _is_many(rule: Rule, track: Track, index: int) -> bool:
    at = track.times[index]
    end = index + 1
    while end < len(track.times) and track.times[end] == at:
        end += 1
    asked = rule.least if rule.most is None else rule.most + 1
    if end < asked or (asked and track.times[end - asked] <= at - rule.window):
        return False  # what is nearly always so needs no search
    if rule.most is not None:
        return True
    count = track.count(at - rule.window, at)
    before = track.count(at - rule.window - rule.history, at - rule.window)
    return before >= rule.least and count * rule.history * 1000 > rule.factor * before * rule.window


def _value_name(rule: Rule) -> str:
    return rule.value.rpartition(".")[2]


KINDS: tuple[Kind, ...] = (
    Kind(
        "stalled",
        "ProcessStalled",
        ("types", "final", "within"),
        _stalled,
        lambda rule: Reach(beside=1),  # noqa: ARG005
        lambda rule: rule.within,
        lambda rule, type_: f"nothing follows {type_} within {spelled(rule.within)}",
    ),
    Kind(
        "follow_up",
        "FollowUpMissing",
        ("types", "then", "within"),
        _no_follow_up,
        lambda rule: Reach(back=rule.within),
        lambda rule: rule.within,
        lambda rule, type_: f"no {' or '.join(rule.then)} within {spelled(rule.within)} after {type_}",
    ),
    Kind(
        "order",
        "OrderImpossible",
        ("types", "then"),
        _impossible,
        lambda rule: Reach(ahead=EVER),  # noqa: ARG005
        lambda rule: rule.within,
        lambda rule, type_: f"{type_} without {' or '.join(rule.then)} before it",
    ),
    Kind(
        "duplicate",
        "DuplicateEvent",
        ("types", "within"),
        _duplicate,
        lambda rule: Reach(ahead=rule.within),
        lambda rule: None,  # noqa: ARG005
        lambda rule, type_: f"{type_} again within {spelled(rule.within)}",
    ),
    Kind(
        "range",
        "ValueOutOfRange",
        ("types", "value"),
        _out_of_range,
        lambda rule: Reach(),  # noqa: ARG005
        lambda rule: None,  # noqa: ARG005
        lambda rule, type_: f"{_value_name(rule)} of {type_} is out of range",
    ),
    Kind(
        "history",
        "ValueUnusual",
        ("types", "value", "history", "least", "deviations"),
        _unusual,
        lambda rule: Reach(count_ahead=rule.history),
        lambda rule: None,  # noqa: ARG005
        lambda rule, type_: f"{_value_name(rule)} of {type_} is far from its history",
    ),
    Kind(
        "silence",
        "ProducerSilent",
        ("types", "within", "window", "least"),
        _silent,
        lambda rule: Reach(ahead=rule.window, beside=1),
        lambda rule: rule.within,
        lambda rule, type_: f"nothing for {spelled(rule.within)} after {type_}",
    ),
    Kind(
        "burst",
        "ProducerBurst",
        ("types", "window"),
        _burst,
        lambda rule: Reach(ahead=rule.window + rule.history, beside=1),
        lambda rule: None,  # noqa: ARG005
        lambda rule, type_: f"burst of {type_} within {spelled(rule.window)}",
    ),
)
KIND = {kind.name: kind for kind in KINDS}
