"""All occurrences of one rule and key, in order, in the columns that the kinds of rules ask for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from signal_pipeline.event_rules.rule import Occurrence


class Track:
    """`times`, `values` and `squares` are of `occurrences`, index by index."""

    __slots__ = ("occurrences", "squares", "times", "values")

    def __init__(self, occurrences: Iterable[Occurrence] = ()) -> None:
        self.occurrences = sorted(occurrences) if occurrences else []
        self.times = [one.at for one in self.occurrences]
        self.values = [one.value for one in self.occurrences]
        self.squares = [value * value for value in self.values]

    def __len__(self) -> int:
        return len(self.times)

    def add(self, one: Occurrence) -> int:
        """Its index."""
        if not self.occurrences or self.occurrences[-1] < one:
            index = len(self.times)
            self.occurrences.append(one)
            self.times.append(one.at)
            self.values.append(one.value)
            self.squares.append(one.value * one.value)
            return index
        index = bisect_left(self.occurrences, one)
        self.occurrences.insert(index, one)
        self.times.insert(index, one.at)
        self.values.insert(index, one.value)
        self.squares.insert(index, one.value * one.value)
        return index

    def index(self, at: int, event: str) -> int:
        """Of an occurrence that is there."""
        return bisect_left(self.occurrences, (at, event))

    def between(self, first: int, last: int) -> range:
        """The indexes of what happened from `first` to `last`, both included."""
        return range(bisect_left(self.times, first), bisect_right(self.times, last))

    def count(self, after: int, until: int) -> int:
        """How many happened later than `after`, and not later than `until`."""
        return bisect_right(self.times, until) - bisect_right(self.times, after)
