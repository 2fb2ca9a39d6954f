"""Every place that data of a report can reach on a local stack, as (name, bytes), and a fast search over them.

The raw files in the object store are the one allowed place and are left out.
"""

from __future__ import annotations

import io
import json
import subprocess
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

import polars as pl

from signal_pipeline.local.postgres_server import binary
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.settings import Settings
from signal_pipeline_tests.redaction.canaries import Canary
from signal_pipeline_tests.redaction.leak_search import find_leaks, forms, shared_ends

Sink = tuple[str, bytes]

EVENTS_QUERY = """
query ($run: ID!) { logsForRun(runId: $run) { ... on EventConnection { events {
  __typename
  ... on MessageEvent { message level stepKey }
  ... on MaterializationEvent { label description metadataEntries {
    label description ... on TextMetadataEntry { text } ... on MarkdownMetadataEntry { mdStr }
    ... on JsonMetadataEntry { jsonString } ... on TableMetadataEntry { table { records } }
    ... on PathMetadataEntry { path } } }
  ... on ExecutionStepFailureEvent { error { message stack } }
} } } }
"""
RUNS_QUERY = "{ runsOrError { ... on Runs { results { runId tags { key value } runConfigYaml } } } }"


def databases(settings: Settings) -> Iterator[Sink]:
    """Both databases as pg_dump writes them: large values are stored compressed, so their files prove nothing."""
    own = (settings.db_username, settings.db_password.get_secret_value())
    for name, (user, password) in ((settings.db_name, own), (settings.dagster_db_name, settings.dagster_login)):
        dumped = subprocess.run(
            [
                *(str(binary("pg_dump")), "--host", settings.db_host, "--port", str(settings.db_port)),
                *("--username", user, "--inserts", name),
            ],
            env={"PGPASSWORD": password},
            check=True,
            capture_output=True,
        )
        yield f"database {name}", dumped.stdout


def files_below(folder: Path, *, without: set[str]) -> Iterator[Sink]:
    """All files, and Parquet also decoded: its pages are compressed."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.relative_to(folder).parts[0] in without:
            continue
        yield str(path.relative_to(folder)), path.read_bytes()
        if path.suffix == ".parquet":
            frame = pl.read_parquet(io.BytesIO(path.read_bytes()))
            yield f"{path.relative_to(folder)} decoded", json.dumps(frame.to_dicts(), default=str).encode()


def dagster_answers(stack: LocalStack) -> Iterator[Sink]:
    """What the UI is told of each run."""
    runs = _ask(stack, RUNS_QUERY, {})
    yield "runs", runs
    for run in json.loads(runs)["data"]["runsOrError"]["results"]:
        yield f"events of {run['runId']}", _ask(stack, EVENTS_QUERY, {"run": run["runId"]})


def api_answers(stack: LocalStack, report: UUID) -> Iterator[Sink]:
    """What a reader of the API and of the pages sees."""
    place = f"/v1/reports/{report}"
    for path in (
        *("/v1/reports", place, f"{place}/result", f"{place}/clusters?limit=200", f"{place}/timeline?limit=200"),
        *(f"/reports/{report}", "/", "/admin", "/metrics", "/health", "/v1/dead-letters", "/problems", "/v1/problems"),
        *("/signals", "/v1/signals", "/v1/signals/list", "/?q=refused", "/v1/reports?q=refused", "/problems?q=refused"),
    ):
        with urllib.request.urlopen(stack.api_url + path, timeout=60) as answer:
            yield path, answer.read()


def leaks_in(sinks: Iterable[Sink], manifest: list[Canary]) -> list[str]:
    """What was found and where, without the values."""
    shared = shared_ends(manifest)
    needles = sorted(
        {
            needle.decode("latin-1")
            for canary in manifest
            for needle in (*forms(canary.value).values(), canary.planted.encode())
            # What many canaries share, or eight digits, is everywhere; find_leaks passes over it as well.
            if len(needle) >= 8 and needle not in shared and not (len(needle) == 8 and needle.isdigit())
        }
    )
    named = list(sinks)
    # One call for all: the automaton of so many needles takes seconds to build. Only a hit is looked at closely.
    hit = pl.Series([data.decode("latin-1") for _, data in named], dtype=pl.String).str.contains_any(needles)
    return [
        f"{name}: {leak}"
        for (name, data), found in zip(named, hit, strict=True)
        if found
        for leak in find_leaks(data, manifest)
    ]


def _ask(stack: LocalStack, query: str, variables: dict[str, str]) -> bytes:
    request = urllib.request.Request(
        f"{stack.dagster_url}/graphql",
        data=json.dumps({"query": query, "variables": variables}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
    assert "errors" not in json.loads(body), body[:2000]
    return body
