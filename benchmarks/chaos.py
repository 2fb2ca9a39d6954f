"""Chaos: what is lost, doubled or different after kill -9 of every part, over and over, while reports come in.

BENCH_SUBMISSIONS is the number of reports of a round (500 by default), BENCH_SEEDS the seeds of the rounds ("1"),
BENCH_POISON the bad messages among them (33). Figures are over all rounds; the long form is `make chaos`.
"""

from __future__ import annotations

import os

from benchmarks.result import Figure, write_result
from reliability.chaos import SETTLING_SECONDS, Outcome, disturbed, undisturbed

SUBMISSIONS = int(os.environ.get("BENCH_SUBMISSIONS", "500"))
SEEDS = tuple(int(word) for word in os.environ.get("BENCH_SEEDS", "1").split(","))
POISON = int(os.environ.get("BENCH_POISON", "33"))


def main() -> None:
    quiet = undisturbed(SUBMISSIONS, _say)
    rounds = []
    for seed in SEEDS:
        _say(f"seed {seed}")
        rounds.append(disturbed(seed, SUBMISSIONS, POISON, quiet, _say))
        for violation in rounds[-1].violations[:20]:
            _say(str(violation))
    write_result("chaos", _figures(rounds))


def _figures(rounds: list[Outcome]) -> dict[str, Figure]:
    def none_of(*invariants: str) -> Figure:
        return Figure(sum(one.count(*invariants) for one in rounds), 0, "lower", "findings")

    wanted = SUBMISSIONS * len(rounds)
    return {
        "submissions": Figure(wanted, None, "higher", "reports"),
        "kills": Figure(sum(sum(one.kills.values()) for one in rounds), None, "higher", "kill -9"),
        "completed": Figure(sum(one.completed for one in rounds), wanted, "higher", "reports"),
        "lost": none_of("I1"),
        "doubled_or_unsent": none_of("I2", "I3"),
        "different_from_undisturbed": none_of("I4", "I5"),
        "dead_letters_wrong": none_of("I6"),
        "bad_messages": Figure(POISON * len(rounds), None, "higher", "messages"),
        "runs_beyond_limit_or_illegal_states": none_of("I7", "I8"),
        "seconds_to_quiet": Figure(max(one.settled_seconds for one in rounds), SETTLING_SECONDS, "lower", "s"),
        "seconds": Figure(sum(one.seconds for one in rounds), None, "lower", "s"),
    }


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
