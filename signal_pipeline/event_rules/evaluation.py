"""Which occurrences of a key are to be judged again when one is new, and the signals among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from signal_pipeline.event_rules.kinds import EVER, KIND, Kind, Reach
from signal_pipeline.event_rules.rule import Occurrence, Rule, Signal
from signal_pipeline.event_rules.track import Track


@dataclass(frozen=True)
class Judge:
    """One rule, with what its kind says of it worked out."""

    rule: Rule
    kind: Kind
    reach: Reach
    wait: int | None

    @staticmethod
    def of(rule: Rule) -> Judge:
        kind = KIND[rule.kind]
        return Judge(rule, kind, kind.reach(rule), kind.due(rule))

    @property
    def needs_all(self) -> bool:
        """Whether judging one occurrence may take all others of its key."""
        return self.reach.ahead >= EVER

    @property
    def span(self) -> int:
        """How far in time a judgement looks, microseconds."""
        rule = self.rule
        return rule.within + rule.window + (0 if self.reach.count_ahead else rule.history)

    @property
    def beside(self) -> int:
        """How many occurrences beside one a judgement looks at."""
        return self.reach.beside + self.reach.count_ahead

    def affected(self, track: Track, index: int) -> range:
        """The indexes whose judgement the occurrence at `index` may change; its own included."""
        reach = self.reach
        start, end, count = index, index + 1, len(track)
        if reach.back:
            start = track.between(track.times[index] - reach.back, track.times[index]).start
        if end < count:
            at = track.times[index]
            end = count if reach.ahead >= EVER else max(end, track.between(at, at + reach.ahead).stop)
            end = min(count, end + reach.count_ahead + reach.beside)
        return range(max(0, start - reach.beside), end)

    def signals(self, key: str, track: Track, indexes: Iterable[int], now: int) -> dict[str, Signal]:
        """The signals among `indexes`, by event."""
        found, rule = self.kind.found, self.rule
        signals = {}
        for index in indexes:
            if found(rule, track, index, now):
                one = track.occurrences[index]
                signals[one.event] = self._signal(key, one)
        return signals

    def due(self, one: Occurrence) -> int | None:
        """From when on an occurrence can be judged without another event; None where it can be at once."""
        return None if self.wait is None else one.at + self.wait + 1

    def _signal(self, key: str, one: Occurrence) -> Signal:
        rule = self.rule
        subject = f"{rule.name}: {self.kind.says(rule, one.type)}" + (f" from {key}" if rule.by_producer else "")
        at = one.at if self.wait is None or rule.kind == "order" else one.at + self.wait
        return Signal(rule.name, rule.kind, key, one.event, one.type, at, subject, rule.severity)
