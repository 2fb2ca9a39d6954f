"""The eight invariants, on facts that were collected when all was over. Pure: each violation is a sentence.

I1  every accepted report is there and ended; every accepted bad message is a dead letter
I2  nothing is there that nobody sent
I3  nothing is there twice
I4  every report contributed what it contributes in a run without faults, and counts are the sum of that
I5  Parquet and tables say the same
I6  the broker holds nothing back; dead letters are those that were planted, with their codes, all announced
I7  no run is in progress beyond its limit
I8  every request went through legal states only, one after the other
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reliability.facts import Facts, Request
from reliability.journal import Entry

TERMINAL = frozenset({"COMPLETED", "DEAD", "CANCELLED"})


@dataclass(frozen=True)
class Violation:
    """`invariant` is I1 to I8."""

    invariant: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.what}"


@dataclass(frozen=True)
class Expected:
    """What the client did, and what must come of it.

    `journal` by item; `undisturbed` by item, of a run without faults; `poison` the bad messages by item: payload and
    reason; `dead` the reports that must end DEAD: reason by item. `run_limit_seconds` bounds a run's age.
    """

    journal: Mapping[str, Entry]
    undisturbed: Mapping[str, Mapping[str, Any]]
    poison: Mapping[str, tuple[bytes, str]]
    dead: Mapping[str, str]
    run_limit_seconds: float


def check(facts: Facts, expected: Expected) -> list[Violation]:
    """All that is wrong, in the order of the invariants."""
    return [
        *_ended(facts, expected),
        *_sent(facts, expected),
        *_once(facts),
        *_as_undisturbed(facts, expected),
        *_frames(facts),
        *_letters(facts, expected),
        *_runs(facts, expected),
        *_legal(facts),
    ]


def _ended(facts: Facts, expected: Expected) -> Iterator[Violation]:
    states: dict[str, list[Request]] = {}
    for request in facts.requests:
        states.setdefault(request.report, []).append(request)
    for item, entry in expected.journal.items():
        if entry.fate != "accepted" or entry.report is None:
            continue
        if entry.report not in facts.reports:
            yield Violation("I1", f"{item} was accepted, and its report is not there")
        elif entry.report not in states:
            yield Violation("I1", f"{item} was accepted, and nobody asked for it")
    for request in facts.requests:
        if request.state not in TERMINAL:
            yield Violation("I1", f"{facts.reports[request.report]} is still {request.state}")
        wanted = "DEAD" if facts.reports[request.report] in expected.dead else "COMPLETED"
        if request.state in TERMINAL and request.state != wanted:
            yield Violation("I1", f"{facts.reports[request.report]} ended {request.state} and not {wanted}")


def _sent(facts: Facts, expected: Expected) -> Iterator[Violation]:
    """A request that died unanswered may have left a report whose id the client never learnt."""
    for report, title in facts.reports.items():
        entry = expected.journal.get(title)
        if entry is None or entry.fate == "refused" or (entry.report or report) != report:
            yield Violation("I2", f"report {report} ({title}) is there, and nobody sent it")


def _once(facts: Facts) -> Iterator[Violation]:
    yield from (Violation("I3", double) for double in facts.doubles)
    for title, count in Counter(facts.reports.values()).items():
        if count > 1:
            yield Violation("I3", f"{title} is there {count} times")


def _as_undisturbed(facts: Facts, expected: Expected) -> Iterator[Violation]:
    yield from (Violation("I4", f"a count is not the sum of its occurrences: {found}") for found in facts.miscounted)
    for title, found in facts.contributions.items():
        wanted = expected.undisturbed.get(title)
        if wanted is None:
            yield Violation("I4", f"{title} is unknown to the run without faults")
            continue
        for part in wanted:
            if found.get(part) != wanted[part]:
                yield Violation("I4", f"{title} has other {part} than without faults")


def _frames(facts: Facts) -> Iterator[Violation]:
    yield from (Violation("I5", difference) for difference in facts.frames)


def _letters(facts: Facts, expected: Expected) -> Iterator[Violation]:
    broker = facts.broker
    if broker.pending or broker.unacknowledged:
        yield Violation("I6", f"{broker.pending} messages wait, {broker.unacknowledged} are not acknowledged")
    messages = Counter((letter.payload, letter.reason) for letter in facts.letters if letter.kind == "message")
    yield from _of_poison(messages, expected)
    reports = Counter(
        (facts.reports[letter.report], letter.reason)
        for letter in facts.letters
        if letter.kind == "report" and letter.report is not None and letter.report in facts.reports
    )
    for item, reason in expected.dead.items():
        if not reports.pop((item, reason), 0) and expected.journal[item].fate == "accepted":
            yield Violation("I6", f"{item} is no dead letter for {reason}")
    yield from (Violation("I6", f"{item} is a dead letter for {reason}") for item, reason in reports)
    letters = {letter.id for letter in facts.letters}
    if lost := letters - set(broker.announced):
        yield Violation("I6", f"{len(lost)} of {len(letters)} dead letters were not announced")
    if made_up := set(broker.announced) - letters:
        yield Violation("I6", f"{len(made_up)} announcements are of no dead letter")


def _of_poison(messages: Counter[tuple[str | None, str]], expected: Expected) -> Iterator[Violation]:
    for item, (payload, reason) in expected.poison.items():
        count = messages.pop((hashlib.sha256(payload).hexdigest(), reason), 0)
        fate = expected.journal[item].fate if item in expected.journal else "refused"
        allowed: Sequence[int] = {"accepted": (1,), "unknown": (0, 1)}.get(fate, (0,))
        if count not in allowed:
            invariant = "I1" if count < min(allowed) else "I6"
            yield Violation(invariant, f"{item} ({fate}) is {count} dead letters for {reason}")
    for (_, reason), count in messages.items():
        yield Violation("I6", f"{count} dead letters for {reason} of messages that were not planted")


def _runs(facts: Facts, expected: Expected) -> Iterator[Violation]:
    for run, age in facts.unfinished_runs.items():
        if age > expected.run_limit_seconds:
            yield Violation("I7", f"run {run} is in progress after {age:.0f} s")


def _legal(facts: Facts) -> Iterator[Violation]:
    for request in facts.requests:
        title, before = facts.reports[request.report], None
        for from_state, to_state in request.path:
            if from_state != before or (from_state is not None and (from_state, to_state) not in facts.legal):
                yield Violation("I8", f"{title} went from {from_state} to {to_state} after {before}")
            before = to_state
        if before != request.state:
            yield Violation("I8", f"{title} is {request.state}, its history ends with {before}")
