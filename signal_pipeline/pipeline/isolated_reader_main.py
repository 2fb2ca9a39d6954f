"""`python -m signal_pipeline.pipeline.isolated_reader_main`: reads files that may be deadly; JSON in, JSON out.

It prints outcomes and nothing else: no text of a file, not even in an error. It ends when its caller closes the pipe.
"""

from __future__ import annotations

import json
import resource
import sys
import time


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        memory, seconds = int(order["limits"]["max_read_memory_bytes"]), int(order["limits"]["max_read_seconds"])
        _bound(resource.RLIMIT_DATA, memory)
        # Processor time of all threads, from here on; the wall clock is the parent's business.
        _bound(resource.RLIMIT_CPU, int(time.process_time()) + seconds * 4)
        from signal_pipeline.pipeline.isolated_reader import answer_of

        print(json.dumps(answer_of(order)), flush=True)


def _bound(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    main()
