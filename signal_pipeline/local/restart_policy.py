"""When a part that died is started again: soon, then with growing pauses, and not for ever.

What belongs here: the decision, on plain numbers. What does not: processes and clocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class RestartPolicy:
    """Seconds and counts. A part that lived for `forgive_after` starts with a clean slate.

    The defaults keep trying for six minutes: a disk that was full may have space again by then.
    """

    first_pause: float = 0.1
    growth: float = 2.0
    longest_pause: float = 15.0
    deaths_allowed: int = 30
    forgive_after: float = 60.0


@dataclass
class RestartHistory:
    """The deaths of one part."""

    policy: RestartPolicy = field(default_factory=RestartPolicy)
    deaths: int = 0

    def pause_after_death(self, lived_seconds: float) -> float | None:
        """How long to wait before the next start; None: it dies too often, give up."""
        if lived_seconds >= self.policy.forgive_after:
            self.deaths = 0
        self.deaths += 1
        if self.deaths > self.policy.deaths_allowed:
            return None
        return min(self.policy.first_pause * self.policy.growth ** (self.deaths - 1), self.policy.longest_pause)

    def forgive(self) -> None:
        """Forget the deaths so far: what comes now is a restart on purpose."""
        self.deaths = 0
