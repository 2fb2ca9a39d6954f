"""A backlog: many small reports wait at once, and are processed in batches on the whole stack.

Peers in the same call, on fewer reports: one run per report by the default launcher, and one by the fork server.
BENCH_REPORTS sets the number of reports (1,000 by default), BENCH_PEER_REPORTS that of the peers.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID, uuid4

from benchmarks.result import Figure, write_result
from benchmarks.small_reports import small_reports
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.preparation import prepared_stack
from signal_pipeline.messaging.publish import publish_report
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.object_keys import signal_key
from signal_pipeline.storage.reports import insert_report, insert_signal

REPORTS = int(os.environ.get("BENCH_REPORTS", "1000"))
PEER_REPORTS = int(os.environ.get("BENCH_PEER_REPORTS", "12"))
LONGEST_SECONDS = 1800.0


def main() -> None:
    batched = _rate(REPORTS, {})
    one_by_one = _rate(PEER_REPORTS * 3, {"REPORTS_PER_RUN": "1"})
    default = _rate(PEER_REPORTS, {"REPORTS_PER_RUN": "1", "FORK_SERVER": "false"})
    peer = "one run per report, default launcher"
    write_result(
        "backlog",
        {
            "reports_per_second": Figure(batched, 15.0, "higher", "reports/s", peer, default),
            "times_one_run_per_report": Figure(batched / default, 15.0, "higher", "x", peer, 1.0),
            "times_one_forked_run_per_report": Figure(
                batched / one_by_one, None, "higher", "x", "one run per report, fork server", 1.0
            ),
        },
    )


def _rate(count: int, given: Mapping[str, str]) -> float:
    """Reports per second, from the first message to the last report's completion, on a fresh stack."""
    with tempfile.TemporaryDirectory(prefix="signal-backlog-") as folder:
        os.environ.update(given)
        try:
            with (
                prepared_stack(Path(folder) / "home", ports=random_ports(), environment=dict(given)) as stack,
                Platform(stack.settings()) as platform,
            ):
                _work(platform, _submit(platform, 1, seed=1))  # not counted: first of all
                return count / _work(platform, _submit(platform, count, seed=2))
        finally:
            for name in given:
                os.environ.pop(name)


def _work(platform: Platform, reports: Sequence[UUID]) -> float:
    """Seconds from the first message to the last completion."""
    began = time.monotonic()
    for report in reports:
        publish_report(platform.settings, report, message_id=str(report))
    _wait(platform, reports)
    return time.monotonic() - began


def _submit(platform: Platform, count: int, *, seed: int) -> list[UUID]:
    """Files and rows; the messages come later."""
    reports = []
    for log, har in small_reports(count, seed):
        report = uuid4()
        with platform.database.transaction() as connection:
            insert_report(connection, report, None, "bench")
            for name, content in (("server.log", log), ("page.har", har)):
                signal = uuid4()
                key = signal_key(report, signal)
                platform.objects.client.put_object(Bucket=platform.objects.bucket, Key=key, Body=content)
                insert_signal(
                    connection,
                    signal_id=signal,
                    report_id=report,
                    name=name,
                    object_key=key,
                    size_bytes=len(content),
                    sha256="0" * 64,
                )
        reports.append(report)
    return reports


def _wait(platform: Platform, reports: Sequence[UUID]) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while True:
        with platform.database.transaction() as connection:
            states = dict(
                connection.execute(
                    "select state, count(*) from intake where report_id = any(%s) group by 1", (list(reports),)
                ).fetchall()
            )
        if states.get("COMPLETED", 0) == len(reports):
            return
        if states.get("DEAD") or time.monotonic() > deadline:
            raise SystemExit(f"not all reports were completed: {states}")
        # Looking is work on the same cores: a thousandth of the time that so many reports take is near enough.
        time.sleep(0.05 if len(reports) < 100 else 0.2)


if __name__ == "__main__":
    main()
