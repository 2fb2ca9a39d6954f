"""Reading logs: lines per second of parse + redact + mask + sign, and peak memory, on one mixed file and twice of it.

Peers in the same run: Drain3 on the same lines (its own masking off), and `wc -l` as the floor of any reading.
BENCH_LINES sets the number of lines (10,000,000 by default).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.mixed_log import write_mixed_log
from benchmarks.result import Figure, write_result

LINES = int(os.environ.get("BENCH_LINES", "10000000"))
DRAIN_LINES = 200_000

OURS = """
import json, sys, time
from pathlib import Path
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.limits import Limits
from signal_pipeline.redaction.redactor import local_redactor
from benchmarks.peak import peak_mb
began = time.monotonic()
# The longer file is larger than what a report may hold.
reading = read_signal(Path(sys.argv[1]), redactor=local_redactor(), limits=Limits(max_file_bytes=1 << 33))
errors = sum(int(classify_entries(batch)["is_error"].sum()) for batch in reading)
wall, cpu = time.monotonic() - began, time.process_time()
print(json.dumps({
    "wall": wall, "cpu": cpu, "errors": errors, "peak_mb": peak_mb(),
    "lines": reading.outcome.lines, "status": reading.outcome.status, "reasons": reading.outcome.reasons,
}))
"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="signal-logs-") as folder:
        once, twice = Path(folder) / "once.log", Path(folder) / "twice.log"
        write_mixed_log(once, LINES)
        with twice.open("wb") as target:
            for _ in range(2):
                with once.open("rb") as source:
                    while chunk := source.read(1 << 24):
                        target.write(chunk)
        ours, double = _ours(once), _ours(twice)
        counted = _seconds(lambda: subprocess.run(["wc", "-l", str(once)], check=True, capture_output=True))
        drain, drain_cpu = _drain3(once)
    rate, cpu = ours["lines"] / ours["wall"], 1e6 * ours["cpu"] / ours["lines"]
    write_result(
        "logs",
        {
            "lines_per_second": Figure(rate, 20 * drain, "higher", "lines/s", "Drain3", drain),
            "times_drain3": Figure(rate / drain, 20.0, "higher", "x", "Drain3", 1.0),
            "times_wc": Figure(ours["wall"] / counted, None, "lower", "x", "wc -l", 1.0),
            "peak_memory": Figure(ours["peak_mb"], 1536.0, "lower", "MB"),
            "peak_memory_growth": Figure(double["peak_mb"] / ours["peak_mb"] - 1, 0.10, "lower", "share"),
            "cpu_per_line": Figure(cpu, None, "lower", "CPU us/line", "Drain3", drain_cpu),
            "errors_found": Figure(ours["errors"], None, "higher", "entries"),
        },
    )


def _ours(path: Path) -> dict[str, float]:
    answer = subprocess.run([sys.executable, "-c", OURS, str(path)], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout)
    if found["status"] == "failed":
        raise SystemExit(f"the file was refused: {found['reasons']}")
    return found


def _drain3(path: Path) -> tuple[float, float]:
    """Lines per second of Drain3 with its defaults, and CPU microseconds per line, on the head of the file: it slows
    down a little as it meets more templates, so the head flatters it."""
    from drain3 import TemplateMiner
    from drain3.template_miner_config import TemplateMinerConfig

    miner = TemplateMiner(config=TemplateMinerConfig())
    with path.open(encoding="utf-8") as file:
        lines = [line.rstrip("\n") for _, line in zip(range(DRAIN_LINES), file, strict=False)]
    cpu = time.process_time()
    seconds = _seconds(lambda: [miner.add_log_message(line) for line in lines])
    return len(lines) / seconds, 1e6 * (time.process_time() - cpu) / len(lines)


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


if __name__ == "__main__":
    main()
