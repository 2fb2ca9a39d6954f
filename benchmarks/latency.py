"""How long a person waits: from the message of a small report to its clusters, on the whole stack.

With runs forked from the fork server, and by Dagster's default launcher. The peer is the same run started by Dagster's
own command line, without intake, queue and sensor: the price of a process that imports Dagster and does the work.
BENCH_REPORTS sets the number of reports (30 by default).
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

from benchmarks.result import Figure, write_result
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.local.dagster_home import process_environment
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.preparation import prepared_stack
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.overview import report_problems, report_status

REPORTS = int(os.environ.get("BENCH_REPORTS", "30"))
PEER_RUNS = 3
LONGEST_SECONDS = 180.0

LOG = "".join(
    f"2026-03-01 10:00:{second:02d},000 {'ERROR' if second % 20 == 0 else 'INFO'} [worker-{second % 4}] shop.Orders - "
    f"order {number}{second:02d} {'could not be saved: connection refused' if second % 20 == 0 else 'was saved'}\n"
    for number in range(4)
    for second in range(60)
)


def main() -> None:
    forked, by_hand = _waits(REPORTS, fork_server=True, with_peer=True)
    default, _ = _waits(max(5, REPORTS // 3), fork_server=False, with_peer=False)
    peer = ("the default launcher", statistics.median(default))
    write_result(
        "latency",
        {
            "publish_to_clusters_p50": Figure(statistics.median(forked), 1.5, "lower", "s", *peer),
            "publish_to_clusters_p95": Figure(_p95(forked), 3.0, "lower", "s", "the default launcher", _p95(default)),
            "dagster_asset_materialize_by_hand": Figure(by_hand, None, "lower", "s"),
        },
    )


def _p95(values: list[float]) -> float:
    return values[min(len(values) - 1, int(len(values) * 0.95))]


def _waits(count: int, *, fork_server: bool, with_peer: bool) -> tuple[list[float], float]:
    """The waits for reports that come one by one, sorted, and the peer's median if it is asked for."""
    given = {"FORK_SERVER": str(fork_server).lower()}
    with tempfile.TemporaryDirectory(prefix="signal-latency-") as folder:
        log = Path(folder) / "server.log"
        log.write_text(LOG, encoding="utf-8")
        os.environ.update(given)
        try:
            with (
                prepared_stack(Path(folder) / "home", ports=random_ports(), environment=given) as stack,
                Platform(stack.settings()) as platform,
            ):
                _wait(platform, submit_report(platform, [log], title=None).report_id)  # not counted: first of all
                pauses = random.Random(count)
                waits = sorted(_measure(platform, log, pauses.uniform(2.0, 8.0)) for _ in range(count))
                by_hand = [_by_hand(stack, platform, log) for _ in range(PEER_RUNS if with_peer else 0)]
        finally:
            for name in given:
                os.environ.pop(name)
    return waits, statistics.median(by_hand) if by_hand else 0.0


def _measure(platform: Platform, log: Path, pause_seconds: float) -> float:
    time.sleep(pause_seconds)  # as people send them: one, and some time later another
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


def _by_hand(stack: LocalStack, platform: Platform, log: Path) -> float:
    """The same five assets for one report by `dagster asset materialize`, from process start to its end."""
    report = submit_report(platform, [log], title=None).report_id
    _wait(platform, report)
    environment = process_environment(os.environ, stack.environment()) | {"DAGSTER_HOME": str(stack.folder.dagster)}
    began = time.monotonic()
    subprocess.run(
        [
            *(sys.executable, "-m", "dagster", "asset", "materialize", "-m", "signal_pipeline.definitions"),
            *("--select", "group:report", "--partition", str(report)),
        ],
        env=environment,
        check=True,
        capture_output=True,
    )
    return time.monotonic() - began


if __name__ == "__main__":
    main()
