"""The kinds of rules: whether an occurrence is a signal, given all occurrences of its key in order of time.

Each is a function of the set of events and of the time that it is; the order in which events arrive plays no part, so
that a batch that is delivered again, or late, ends in the same signals.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from signal_pipeline.event_rules.rule import Occurrence, Rule, is_among, spelled

EVER = 2**62
Times = Sequence[int]
Occurrences = Sequence[Occurrence]


@dataclass(frozen=True)
class Reach:
    """Which occurrences a new one may change: those up to `back` before and `ahead` after it, and `beside` of each."""

    back: int = 0
    ahead: int = 0
    beside: int = 0
    count_ahead: int = 0


@dataclass(frozen=True)
class Kind:
    """`found(rule, occurrences, times, index, now)`; `due` is how long after an occurrence it can be decided, None for
    at once. `says` words a signal. `needs` are the fields of a row of the table, and `example` is one."""

    name: str
    exception_class: str
    needs: tuple[str, ...]
    found: Callable[[Rule, Occurrences, Times, int, int], bool]
    reach: Callable[[Rule], Reach]
    due: Callable[[Rule], int | None]
    says: Callable[[Rule, str], str]


def _stalled(rule: Rule, all_: Occurrences, times: Times, index: int, now: int) -> bool:
    one = all_[index]
    if is_among(one.type, rule.final):
        return False
    end = one.at + rule.within
    return times[index + 1] > end if index + 1 < len(all_) else now > end


def _no_follow_up(rule: Rule, all_: Occurrences, times: Times, index: int, now: int) -> bool:
    one = all_[index]
    end = one.at + rule.within
    if not is_among(one.type, rule.types) or now <= end:
        return False
    between = range(bisect_left(times, one.at), bisect_right(times, end))
    return not any(is_among(all_[at].type, rule.then) for at in between if at != index)


def _impossible(rule: Rule, all_: Occurrences, times: Times, index: int, now: int) -> bool:
    one = all_[index]
    if not is_among(one.type, rule.types) or now <= one.at + rule.within:
        return False
    return not any(is_among(all_[at].type, rule.then) for at in range(bisect_right(times, one.at)) if at != index)


def _duplicate(rule: Rule, all_: Occurrences, times: Times, index: int, now: int) -> bool:  # noqa: ARG001
    one = all_[index]
    before = range(bisect_left(times, one.at - rule.within), index)
    return any(all_[at].type == one.type and all_[at].mark == one.mark for at in before)


def _out_of_range(rule: Rule, all_: Occurrences, times: Times, index: int, now: int) -> bool:  # noqa: ARG001
    value = all_[index].value
    if value is None:
        return False
    return (rule.low is not None and value < rule.low) or (rule.high is not None and value > rule.high)


def _unusual(rule: Rule, all_: Occurrences, times: Times, index: int, now: int) -> bool:  # noqa: ARG001
    """Further from the mean of the values before it than `factor` standard deviations, and than a tenth of the mean."""
    value = all_[index].value
    if value is None:
        return False
    before = [one.value for one in all_[max(0, index - rule.history) : index] if one.value is not None]
    count = len(before)
    if count < rule.least:
        return False
    total, squares = sum(before), sum(one * one for one in before)
    distance = (value * count - total) ** 2  # of the mean, times the count, squared: whole numbers, so exact
    return distance * 1_000_000 > rule.factor**2 * (count * squares - total**2) and distance * 100 > total**2


def _silent(rule: Rule, all_: Occurrences, times: Times, index: int, now: int) -> bool:
    end = times[index] + rule.within
    ended = times[index + 1] > end if index + 1 < len(all_) else now > end
    return ended and _count(times, times[index] - rule.window, times[index]) >= rule.least


def _burst(rule: Rule, all_: Occurrences, times: Times, index: int, now: int) -> bool:  # noqa: ARG001
    return _is_many(rule, times, times[index]) and not (index and _is_many(rule, times, times[index - 1]))


def _is_many(rule: Rule, times: Times, at: int) -> bool:
    count = _count(times, at - rule.window, at)
    if rule.most is not None:
        return count > rule.most
    before = _count(times, at - rule.window - rule.history, at - rule.window)
    return before >= rule.least <= count and count * rule.history * 1000 > rule.factor * before * rule.window


def _count(times: Times, after: int, until: int) -> int:
    return bisect_right(times, until) - bisect_right(times, after)


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
