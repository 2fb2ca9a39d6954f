"""`python -m benchmarks [NAME …]`: run these benchmarks, or all. Each prints its table and writes its JSON."""

from __future__ import annotations

import subprocess
import sys

# In a process each, so that none inherits another's memory and warm caches.
NAMES = (
    *(
        "har",
        "logs",
        "field",
        "captures",
        "events",
        "redaction",
        "signatures",
        "embedding",
        "dbscan",
        "grouping",
        "grouping_statements",
        "seen_again",
    ),
    *("catalog", "recluster"),
    *("latency", "backlog", "chaos", "partitions", "timeline", "causes", "causes_systems"),
    *("causes_perturbed", "api", "dependencies"),
)


def main(wanted: list[str]) -> int:
    if unknown := [name for name in wanted if name not in NAMES]:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    failed = [
        name
        for name in wanted or NAMES
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
    ]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
