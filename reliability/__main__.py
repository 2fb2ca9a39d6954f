"""`python -m reliability`: rounds of faults on the whole stack, one for each seed; 1 when anything is wrong."""

from __future__ import annotations

import argparse
import sys

from reliability.chaos import SETTLING_SECONDS, disturbed, undisturbed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m reliability", description=__doc__)
    parser.add_argument("--submissions", type=int, default=500, help="reports of a round (500)")
    parser.add_argument("--seeds", default="1,2,3", help="seeds of the rounds, comma-separated (1,2,3)")
    parser.add_argument("--poison", type=int, default=20, help="bad messages among them (20)")
    given = parser.parse_args(arguments)
    failed = []
    quiet = undisturbed(given.submissions, lambda line: print(line, flush=True))
    for seed in (int(word) for word in given.seeds.split(",")):
        print(f"seed {seed}: {given.submissions} submissions, {given.poison} bad messages", flush=True)
        outcome = disturbed(seed, given.submissions, given.poison, quiet, lambda line: print(line, flush=True))
        for violation in outcome.violations[:50]:
            print(violation)
        print(
            f"seed {seed}: {outcome.completed} of {given.submissions} completed,"
            f" {outcome.dead_messages} bad messages dead, {len(outcome.violations)} violations,"
            f" quiet {outcome.settled_seconds:.0f} s after the last of {sum(outcome.kills.values())} kills"
            f" {dict(sorted(outcome.kills.items()))}; {outcome.seconds:.0f} s in all",
            flush=True,
        )
        if outcome.open_at_last:
            print(f"still open: {outcome.open_at_last}")
        if outcome.violations or outcome.settled_seconds > SETTLING_SECONDS:
            failed.append(seed)
    if failed:
        print(f"failed: seeds {failed}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
