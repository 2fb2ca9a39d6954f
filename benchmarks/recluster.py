"""Re-clustering historical reports with other settings: by a backfill of `clusters`, as Dagster's page sends it, and by
the command line's own function. And the step `embeddings` of a finished report, made once more.

The history is written to the database alone: the files that its rows name are nowhere, so whatever fetched an object
would fail, and loads of the model are counted. BENCH_REPORTS sets the number of reports (1,000).

    python -m benchmarks.recluster
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import dagster as dg
import numpy as np

from benchmarks.catalog_data import MODEL, families_of, insert_file, signature
from benchmarks.dagster_page import ask
from benchmarks.embedding import messages
from benchmarks.result import Figure, write_result
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.preparation import prepared_stack
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.pipeline.recluster import recluster
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.overview import report_status
from signal_pipeline.storage.embeddings import store_vectors, text_hash
from signal_pipeline.storage.signatures import Contribution, OccurrenceRow, replace_signatures

REPORTS = int(os.environ.get("BENCH_REPORTS", "1000"))
PER_REPORT = 30
AT_ONCE = 50
FAMILIES, MEMBERS = 200, 40
LONGEST_SECONDS = 1800.0
LAUNCH = """
mutation($backfillParams: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $backfillParams) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }
"""
EMBED = """
mutation($executionParams: ExecutionParams!) { launchPipelineExecution(executionParams: $executionParams) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
STEPS = """
query($id: ID!) { runOrError(runId: $id) { ... on Run { status stepStats { stepKey startTime endTime } } } }
"""
STATUS = """
query($id: String!) { partitionBackfillOrError(backfillId: $id) { __typename ... on PartitionBackfill { status } } }
"""


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="signal-recluster-") as folder,
        prepared_stack(Path(folder) / "home", ports=random_ports(), environment={}) as stack,
        Platform(stack.settings()) as platform,
    ):
        reports = _history(platform)
        began = time.monotonic()
        _by_command(platform, reports, ClusterSettings())
        print(f"first clusterings in {time.monotonic() - began:.0f} s", flush=True)
        os.environ.update(stack.environment())
        with dg.DagsterInstance.get() as instance:
            for start in range(0, len(reports), 1000):
                instance.add_dynamic_partitions("reports", [str(one) for one in reports[start : start + 1000]])
        counted = _counts(platform)
        by_backfill = _by_backfill(stack, platform, reports)
        by_command = statistics.median(
            _by_command(platform, reports, ClusterSettings("dbscan", threshold)) for threshold in (0.2, 0.25, 0.35)
        )
        changed = sum(before != after for before, after in zip(counted, _counts(platform), strict=True))
        rerun, embedded = _made_again(stack, platform, Path(folder))
    peer = "recluster --all"
    write_result(
        "recluster",
        {
            "reports": Figure(len(reports), None, "higher", f"reports of {PER_REPORT} signatures"),
            "backfill": Figure(round(by_backfill, 1), 180.0, "lower", "s", peer, round(by_command, 1)),
            "reports_per_second": Figure(
                len(reports) / by_backfill, None, "higher", "reports/s", peer, len(reports) / by_command
            ),
            "embeddings_made_again": Figure(round(rerun, 3), 0.5, "lower", "s in the step"),
            "texts_embedded_again": Figure(embedded, 0, "lower", "texts"),
            "counts_changed": Figure(changed, 0, "lower", "of frequencies, occurrences, models loaded"),
        },
    )


def _history(platform: Platform) -> list[UUID]:
    """Reports whose signatures come from a pool of families, some of them in many reports."""
    families = families_of(FAMILIES, MEMBERS)
    pool = [(f"{text} in stage m{place}", vector) for family, text in enumerate(families.texts)
            for place, vector in enumerate(families.slice_of(family))]  # fmt: skip
    rng = np.random.default_rng(11)
    reports = [UUID(int=(9 << 96) | number, version=4) for number in range(REPORTS)]
    with platform.database.transaction() as connection:
        store_vectors(connection, MODEL, {text_hash(text): vector for text, vector in pool})
    for start in range(0, len(reports), AT_ONCE):
        with platform.database.transaction() as connection:
            contributions = []
            for report in reports[start : start + AT_ONCE]:
                chosen = [pool[n][0] for n in _of_few_families(rng)]
                signal = UUID(int=report.int ^ (1 << 100))
                insert_file(connection, report, signal)
                rows = [signature(sha256(text.encode()).hexdigest(), text, "UnknownError") for text in chosen]
                occurrences = [OccurrenceRow(row.signature_hash, signal, 1, "high", None, None, []) for row in rows]
                contributions.append(Contribution(report, rows, occurrences))
            replace_signatures(connection, contributions)
    return reports


def _of_few_families(rng: np.random.Generator) -> list[int]:
    """Places in the pool: some families with several members each, as one fault has several texts."""
    few = rng.choice(FAMILIES, size=8, replace=False) * MEMBERS
    return sorted(set((rng.choice(few, size=PER_REPORT * 2) + rng.integers(MEMBERS, size=PER_REPORT * 2)).tolist()))[
        :PER_REPORT
    ]


def _by_command(platform: Platform, reports: Sequence[UUID], settings: ClusterSettings) -> float:
    began = time.monotonic()
    found = dict(recluster(platform, reports, settings, run_id="benchmark"))
    if failed := [one for one in found.values() if isinstance(one, Exception)]:
        raise SystemExit(f"{len(failed)} reports failed, such as {failed[0]}")
    return time.monotonic() - began


def _by_backfill(stack: LocalStack, platform: Platform, reports: Sequence[UUID]) -> float:
    """Seconds from the click to the end of the backfill, when every report has a clustering of the new kind."""
    config = {"algorithm": "dbscan", "similarity_threshold": 0.3, "min_samples": 2}
    parameters = {
        "assetSelection": [{"path": ["clusters"]}],
        "partitionNames": [str(report) for report in reports],
        "fromFailure": False,
        "tags": [],
        "runConfigData": {"ops": {"clusters": {"config": config}}},
    }
    began = time.monotonic()
    answer = ask(stack, LAUNCH, backfillParams=parameters)["launchPartitionBackfill"]
    if answer["__typename"] != "LaunchBackfillSuccess":
        raise SystemExit(f"the backfill was refused: {answer}")
    while time.monotonic() - began < LONGEST_SECONDS:
        status = ask(stack, STATUS, id=answer["backfillId"])["partitionBackfillOrError"]["status"]
        if status.startswith("COMPLETED"):
            break
        time.sleep(0.5)
    taken = time.monotonic() - began
    with platform.database.transaction() as connection:
        [(done,)] = connection.execute(
            "select count(distinct report_id) from clusterings where algorithm = 'dbscan'"
        ).fetchall()
    if status != "COMPLETED_SUCCESS" or done != len(reports):
        raise SystemExit(f"the backfill ended as {status} with {done} reports re-clustered")
    return taken


def _made_again(stack: LocalStack, platform: Platform, folder: Path) -> tuple[float, int]:
    """A report is processed, then only its `embeddings`: seconds of that step, and texts that the model embedded."""
    log = folder / "server.log"
    log.write_text("".join(f"2026-03-01 10:00:01 ERROR shop - {text}\n" for text in messages(200)))
    report = submit_report(platform, [log], title=None).report_id
    while not report_status(platform.database, report).is_final:
        time.sleep(0.2)
    before = _misses(platform)
    parameters = {
        "mode": "default",
        "executionMetadata": {"tags": [{"key": "dagster/partition", "value": str(report)}]},
        "runConfigData": "{}",
        "selector": {
            "repositoryLocationName": "signal_pipeline",
            "repositoryName": "__repository__",
            "pipelineName": "__ASSET_JOB",
            "assetSelection": [{"path": ["embeddings"]}],
            # The page names the checks of what it selects.
            "assetCheckSelection": [
                {"name": name, "assetKey": {"path": ["embeddings"]}} for name in ("schema", "vectors_finite_and_unit")
            ],
        },
    }
    answer = ask(stack, EMBED, executionParams=parameters)["launchPipelineExecution"]
    if answer["__typename"] != "LaunchRunSuccess":
        raise SystemExit(f"the run was refused: {answer}")
    run = answer["run"]["runId"]
    while (found := ask(stack, STEPS, id=run)["runOrError"])["status"] not in ("SUCCESS", "FAILURE", "CANCELED"):
        time.sleep(0.2)
    if found["status"] != "SUCCESS":
        raise SystemExit(f"embeddings could not be made again: {found}")
    [step] = found["stepStats"]
    return step["endTime"] - step["startTime"], _misses(platform) - before


def _misses(platform: Platform) -> int:
    with platform.database.transaction() as connection:
        rows = connection.execute("select value from event_counts where name = 'cache_misses'").fetchall()
    return int(sum(row[0] for row in rows))


def _counts(platform: Platform) -> list[int]:
    """What no re-clustering may change: frequencies, occurrences, loads of the model."""
    with platform.database.transaction() as connection:
        [row] = connection.execute(
            "select (select coalesce(sum(frequency), 0) from error_signatures), (select count(*) from"
            " signature_occurrences), (select coalesce(sum(value), 0) from event_counts where name = 'model_loads')"
        ).fetchall()
    return [int(one) for one in row]


if __name__ == "__main__":
    main()
