"""`python -m signal_pipeline.steps.reading_child`: reads one file that may be deadly; asked and answering in JSON.

Only what it prints leaves it: the outcome. No text of the file, not even in an error.
"""

from __future__ import annotations

import json
import resource
import sys


def main() -> None:
    order = json.load(sys.stdin)
    memory, seconds = int(order["limits"]["max_read_memory_bytes"]), int(order["limits"]["max_read_seconds"])
    _bound(resource.RLIMIT_DATA, memory)
    # Processor time of all threads; the wall clock is the parent's business.
    _bound(resource.RLIMIT_CPU, seconds * 4)
    from signal_pipeline.steps.reading import answer_of

    print(json.dumps(answer_of(order)))


def _bound(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    main()
