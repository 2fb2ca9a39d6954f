"""How long a person waits: from the message of a small report to its clusters, on the whole stack.

The peer is the same run started by Dagster's own command line, without intake, queue and sensor: the price of a
process that imports Dagster, the code location and does the work.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

from benchmarks.result import Figure, write_result
from signal_pipeline.local.dagster_home import process_environment
from signal_pipeline.local.preparation import prepared_stack
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.steps.overview import report_problems, report_status
from signal_pipeline.steps.platform import Platform
from signal_pipeline.steps.submission import submit_report

REPORTS = int(os.environ.get("BENCH_REPORTS", "15"))
PEER_RUNS = 3
LONGEST_SECONDS = 180.0

LOG = "".join(
    f"2026-03-01 10:00:{second:02d},000 {'ERROR' if second % 20 == 0 else 'INFO'} [worker-{second % 4}] shop.Orders - "
    f"order {number}{second:02d} {'could not be saved: connection refused' if second % 20 == 0 else 'was saved'}\n"
    for number in range(4)
    for second in range(60)
)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="signal-latency-") as folder:
        log = Path(folder) / "server.log"
        log.write_text(LOG, encoding="utf-8")
        with (
            prepared_stack(Path(folder) / "home", environment={}) as stack,
            Platform(stack.settings()) as platform,
        ):
            _wait(platform, submit_report(platform, [log], title=None).report_id)  # not counted: first of all
            waits = sorted(_measure(platform, log) for _ in range(REPORTS))
            peer = statistics.median(_peer(stack, platform, log) for _ in range(PEER_RUNS))
    write_result(
        "latency",
        {
            "publish_to_clusters_p50": Figure(
                statistics.median(waits), 1.5, "lower", "s", "dagster job execute, by hand", peer
            ),
            "publish_to_clusters_p95": Figure(
                waits[min(len(waits) - 1, int(len(waits) * 0.95))],
                3.0,
                "lower",
                "s",
                "dagster job execute, by hand",
                peer,
            ),
        },
    )


def _measure(platform: Platform, log: Path) -> float:
    time.sleep(1.0)  # reports that arrive one by one, as a person's do
    report = submit_report(platform, [log], title=None).report_id
    began = time.monotonic()
    _wait(platform, report)
    return time.monotonic() - began


def _wait(platform: Platform, report: UUID) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not report_status(platform.database, report).is_final:
        if time.monotonic() > deadline:
            raise SystemExit(f"report {report} took longer than {LONGEST_SECONDS:.0f} s")
        time.sleep(0.02)
    if not report_problems(platform.database, report).problems:
        raise SystemExit("a report with errors has no clusters: nothing was measured")


def _peer(stack: LocalStack, platform: Platform, log: Path) -> float:
    """The same five assets for one report by `dagster asset materialize`, from process start to its end."""
    report = submit_report(platform, [log], title=None).report_id
    _wait(platform, report)
    environment = process_environment(os.environ, stack.environment()) | {"DAGSTER_HOME": str(stack.folder.dagster)}
    began = time.monotonic()
    subprocess.run(
        [
            *(sys.executable, "-m", "dagster", "asset", "materialize", "-m", "signal_pipeline.definitions"),
            *("--select", "*", "--partition", str(report)),
        ],
        env=environment,
        check=True,
        capture_output=True,
    )
    return time.monotonic() - began


if __name__ == "__main__":
    main()
