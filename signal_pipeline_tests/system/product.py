"""The running product as a test handles it: submit, wait, ask Dagster, kill a part. Waiting polls; nothing sleeps."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil

from signal_pipeline.errors import DatabaseUnavailable
from signal_pipeline.intake.submission import submit_report
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.termination import wait_until
from signal_pipeline.reports.overview import ReportStatus, report_status
from signal_pipeline.settings import Settings

# Generous: other work may share the machine. Nothing is asserted about time.
LONGEST = 240.0
_COMMAND = (sys.executable, "-c", "from signal_pipeline.cli.main import app; app()")


@dataclass(frozen=True)
class Product:
    """A stack with Dagster, and the same servers as plain objects."""

    stack: LocalStack
    platform: Platform
    folder: Path

    # Work

    def submit(self, *paths: Path, title: str | None = None) -> UUID:
        return submit_report(self.platform, paths, title=title, source="test").report_id

    def status(self, report: UUID) -> ReportStatus:
        return report_status(self.platform.database, report)

    def wait(self, report: UUID, done: Callable[[ReportStatus], bool] = lambda status: status.is_final) -> ReportStatus:
        """The status once `done` holds for it; the last one when it takes too long. Postgres may be down meanwhile."""
        deadline = time.monotonic() + LONGEST
        found: ReportStatus | None = None
        while time.monotonic() < deadline:
            try:
                found = self.status(report)
            except DatabaseUnavailable:
                pass
            else:
                if done(found):
                    return found
            time.sleep(0.1)
        assert found is not None, "Postgres never answered"
        return found

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.platform.database.transaction() as connection:
            return connection.execute(query.encode(), values).fetchall()

    # The command line, as a person uses it beside the running stack

    def command(self, *arguments: str, given: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        theirs = {name.upper() for name in Settings.model_fields}
        kept = {name: value for name, value in os.environ.items() if name.upper() not in theirs}
        place = {"SIGNAL_PIPELINE_HOME": str(self.stack.folder.root), "COLUMNS": "200"}
        return subprocess.run(
            [*_COMMAND, *arguments],
            cwd=self.folder,
            env=kept | place | (given or {}),
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
        )

    # Dagster, as its web page uses it

    def ask(self, query: str, **variables: Any) -> Any:
        request = urllib.request.Request(
            f"{self.stack.dagster_url}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"content-type": "application/json"},
        )
        body = self._answer(request)
        assert "errors" not in body, body["errors"]
        return body["data"]

    @staticmethod
    def _answer(request: urllib.request.Request) -> Any:
        """The webserver's first answer after its Postgres was killed is a 500; a person would reload the page."""
        for last in (False, False, True):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.loads(answer.read())
            except urllib.error.HTTPError as error:
                if error.code != 500 or last:
                    raise
                time.sleep(1)
        raise AssertionError("unreachable")

    def run_status(self, run_id: str) -> str:
        question = "query($run: ID!) { runOrError(runId: $run) { ... on Run { status } } }"
        return str(self.ask(question, run=run_id)["runOrError"]["status"])

    def wait_for_run(self, run_id: str) -> str:
        """The run's status once it has ended."""
        wait_until(lambda: self.run_status(run_id) in ("SUCCESS", "FAILURE", "CANCELED"), LONGEST)
        return self.run_status(run_id)

    def runs_of(self, report: UUID) -> list[str]:
        """The runs that were started for this report alone."""
        question = """query($tags: [ExecutionTag!]) { runsOrError(filter: {tags: $tags}) { ... on Runs {
            results { runId } } } }"""
        tags = [{"key": "signal_pipeline/report", "value": str(report)}]
        return [run["runId"] for run in self.ask(question, tags=tags)["runsOrError"]["results"]]

    # Faults

    def kill(self, name: str) -> None:
        """kill -9 of a part; it comes back by itself."""
        pid = self.stack.part(name).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def workers(self) -> list[psutil.Process]:
        """The processes that work a run each: the fork server's children."""
        pid = self.stack.part("fork_server").pid
        if pid is None:
            return []
        try:
            return psutil.Process(pid).children()
        except psutil.Error:
            return []

    def parts(self) -> dict[str, bool]:
        return {name: self.stack.part(name).is_ready for name in self.stack.part_names()}

    def is_whole(self) -> bool:
        return all(self.parts().values())


def in_the_middle(status: ReportStatus) -> bool:
    """The first asset is made, the second is being made."""
    return status.is_final or bool(status.request and status.request.progress >= 20)


def contribution(product: Product, report: UUID) -> dict[str, Any]:
    """All that a report contributed to the tables, without ids and times of this very submission."""
    return {
        "files": [
            (file.name, file.status, file.format, file.entries, sorted(file.reasons), file.redactions)
            for file in product.status(report).files
        ],
        "signatures": product.rows(
            "select o.signature_hash, s.name, o.count, o.severity, o.first_seen, o.last_seen, o.evidence"
            " from signature_occurrences o join signals s on s.id = o.signal_id"
            " join error_signatures e using (signature_hash) where o.report_id = %s order by 1, 2",
            report,
        ),
        "clusters": product.rows(
            "select m.signature_hash, m.label, m.is_medoid, m.frequency, m.nearest_other_hash from cluster_members m"
            " join clusterings c on c.id = m.clustering_id where c.report_id = %s and c.is_current order by 1",
            report,
        ),
    }


def miscounted(product: Product) -> list[tuple[Any, ...]]:
    """Signatures whose frequency is not the sum of their occurrences, or that one table has and the other has not."""
    return product.rows(
        "select signature_hash, s.frequency, o.total from error_signatures s full join"
        " (select signature_hash, sum(count) as total from signature_occurrences group by 1) o using (signature_hash)"
        " where s.frequency is distinct from coalesce(o.total, case when s.report_id is null then 0 end)"
    )
