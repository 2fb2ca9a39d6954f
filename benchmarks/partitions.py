"""Many reports in Dagster: how long a tick of the sensor and the pages of the UI take with 100,000 partitions.

The peer is the same with the number that maintenance keeps (PARTITIONS_KEPT). BENCH_PARTITIONS sets the large number.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import dagster as dg
import psycopg

from benchmarks.dagster_page import ask
from benchmarks.result import Figure, write_result
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.preparation import prepared_stack
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.orchestration.intake_tick import tick
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.overview import report_status
from signal_pipeline.storage.intake import accept
from signal_pipeline.storage.reports import insert_report

PARTITIONS = int(os.environ.get("BENCH_PARTITIONS", "100000"))
REPEATED = 5
CHUNK = 1000
PATIENCE_ANSWERS = 120
PAGES = {
    "backfill_page": "{ partitionBackfillsOrError(limit: 20) { __typename } }",
    "asset_page": """{ assetNodes(assetKeys: [{path: ["clusters"]}]) {
        partitionStats { numMaterialized numPartitions numFailed numMaterializing } } }""",
}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="signal-partitions-") as folder:
        os.environ["INTAKE_WAIT_SECONDS"] = "0"
        with (
            prepared_stack(Path(folder) / "home", ports=random_ports(), environment={}) as stack,
            Platform(stack.settings()) as platform,
        ):
            for name, value in stack.environment().items():
                os.environ[name] = value
            _complete_one(platform, Path(folder))
            stack.part("daemon").stop()  # its sensor would take the reports that are meant for the ticks below
            with dg.DagsterInstance.get() as instance:
                kept = _measure(stack, platform, instance, platform.settings.partitions_kept)
                large = _measure(stack, platform, instance, PARTITIONS)
    targets = {"tick_idle": 1.0, "tick_of_one": 1.0, "tick_of_fifty": 1.0}
    name = f"{platform.settings.partitions_kept} partitions"
    write_result(
        "partitions",
        {
            metric: Figure(value, targets.get(metric), "lower", "s", name, kept[metric])
            for metric, value in large.items()
        },
    )


def _measure(stack: LocalStack, platform: Platform, instance: dg.DagsterInstance, count: int) -> dict[str, float]:
    missing = count - len(instance.get_dynamic_partitions("reports"))
    for start in range(0, missing, CHUNK):
        keys = [str(uuid4()) for _ in range(min(CHUNK, missing - start))]
        instance.add_dynamic_partitions("reports", keys)
    _materialize_all(platform)
    figures = {
        "tick_idle": _median(lambda: None, lambda _: tick(platform, instance)),
        "tick_of_one": _median(lambda: _due(platform, 1), lambda _: tick(platform, instance)),
        "tick_of_fifty": _median(lambda: _due(platform, 50), lambda _: tick(platform, instance)),
    }
    instance.add_dynamic_partitions("reports", [str(uuid4())])
    _materialize_all(platform)
    figures["asset_page_after_a_new_report"] = _until_shown(stack, len(instance.get_dynamic_partitions("reports")))
    for page, question in PAGES.items():
        figures[page] = _median(lambda: None, lambda _, question=question: ask(stack, question))
    return figures


def _until_shown(stack: LocalStack, count: int) -> float:
    """Dagster answers from what it knew some seconds ago; the longest answer until it tells of all partitions."""
    longest = 0.0
    for _ in range(PATIENCE_ANSWERS):
        began = time.monotonic()
        (node,) = ask(stack, PAGES["asset_page"])["assetNodes"]
        longest = max(longest, time.monotonic() - began)
        if node["partitionStats"]["numPartitions"] == node["partitionStats"]["numMaterialized"] == count:
            return longest
        time.sleep(1.0)
    raise SystemExit(f"the page does not tell of {count} partitions: {node}")


def _complete_one(platform: Platform, folder: Path) -> None:
    """A report as it is, whose event of `clusters` is the pattern for all others."""
    log = folder / "server.log"
    log.write_text("2026-03-01 10:00:01 ERROR shop - cart is empty\n")
    report = submit_report(platform, [log], title=None).report_id
    while not report_status(platform.database, report).is_final:
        time.sleep(0.1)


def _materialize_all(platform: Platform) -> None:
    """Every partition of `clusters` that has no event gets one, as a run would have left it."""
    with psycopg.connect(platform.settings.dagster_database_url, autocommit=True) as connection:
        connection.execute(
            "with pattern as (select * from event_logs where dagster_event_type = 'ASSET_MATERIALIZATION'"
            " and asset_key = '[\"clusters\"]' order by id limit 1)"
            " insert into event_logs (run_id, event, dagster_event_type, timestamp, step_key, asset_key, partition)"
            " select p.run_id, replace(p.event, p.partition, d.partition), p.dagster_event_type, p.timestamp,"
            " p.step_key, p.asset_key, d.partition from pattern p, dynamic_partitions d"
            " where d.partitions_def_name = 'reports'"
            " and not exists (select from event_logs e where e.asset_key = p.asset_key and e.partition = d.partition"
            " and e.dagster_event_type = p.dagster_event_type)"
        )
        connection.execute("analyze event_logs")


def _median(before: Callable[[], Any], work: Callable[[Any], Any]) -> float:
    taken = []
    for _ in range(REPEATED):
        given = before()
        began = time.monotonic()
        work(given)
        taken.append(time.monotonic() - began)
    return statistics.median(taken)


def _due(platform: Platform, count: int) -> list[UUID]:
    """Reports that wait; those of the tick before are done with, so that slots are free."""
    reports = [uuid4() for _ in range(count)]
    with platform.database.transaction() as connection:
        connection.execute("update intake set state = 'CANCELLED' where state in ('PENDING', 'RUNNING')")
        for report in reports:
            insert_report(connection, report, None, "bench")
            accept(connection, report, "digest")
    return reports


if __name__ == "__main__":
    main()
