"""What a triager sees of the sample report: each fault, of its type, alone in its cluster, and little else."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import polars as pl
import pytest

from signal_pipeline import local
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.clustering.cluster import cluster_signatures
from signal_pipeline.embedding.onnx_minilm import OnnxEmbedder
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.pipeline.embed import embedding_frame, unique_signatures
from signal_pipeline.redaction.redactor import Redactor

SAMPLE = Path(str(local.__file__)).parent / "sample_report"
HAR, CONSOLE, SERVER = "shop.har", "browser-console.log", "server.log"
CAPTURE, EVENTS = "network.pcap", "events.ndjson"
REPORT = UUID(int=1)
CLUSTERS_PER_SCENARIO = 2

# What one source cannot know, though the whole report does: (source, scenario) to the type that its evidence supports.
ONLY_SEEN = {
    (HAR, "ended-campaign"): "NetworkError",  # 500 "Something went wrong": the KeyError is in the server's log
    (HAR, "suggestions-aborted"): "NetworkError",  # net::ERR_ABORTED: the console alone says that time ran out
    (EVENTS, "order-twice"): "GenericError",  # an order placed twice: that the database refused it is in the log
}


FAILED_EVENTS = ("payment.failed",)
SECOND_EVENTS = (("order-twice", 3),)
"""The event that says again what another said: (scenario, position among its events)."""


@dataclass(frozen=True)
class Truth:
    """One entry that a scenario caused: a line number, or a HAR entry's index."""

    source: str
    place: int
    scenario: str
    failed: bool
    level: str
    error_type: str | None
    trace_id: str | None = None


def _truths() -> list[Truth]:
    found = []
    for scenario in json.loads((SAMPLE / "scenarios.json").read_text())["scenarios"]:
        name, kind = scenario["name"], scenario["error_type"]
        for seen in scenario["occurrences"]:
            found += [
                Truth(HAR, r["entry_index"], name, r["failed"], "error", kind, r["trace_id"]) for r in seen["requests"]
            ]
            found += [
                Truth(CAPTURE, flow["flow"], name, flow["refused"], "error", kind)
                for flow in seen["flows"]
                if flow["refused"]
            ]
            found += [
                Truth(EVENTS, event["line"] - 1, name, True, "error", kind)
                for position, event in enumerate(seen["events"])
                if event["type"] in FAILED_EVENTS or (name, position) in SECOND_EVENTS
            ]
            for source, rows, loud in (
                (CONSOLE, seen["console"], ("error", "warning")),
                (SERVER, seen["server_log"], ("error", "critical")),
            ):
                for row in rows:
                    level = row["level"].lower()
                    found.append(Truth(source, row["line"], name, level in loud, level, kind))
    return found


@pytest.fixture(scope="module")
def entries() -> pl.DataFrame:
    frames = []
    for number, source in enumerate((HAR, CONSOLE, SERVER, CAPTURE, EVENTS), start=2):
        reading = read_signal(
            SAMPLE / source, redactor=Redactor(b"k" * 32), report_id=str(REPORT), signal_id=str(UUID(int=number))
        )
        place = pl.coalesce("entry_index", "line_number").alias("place")
        frames += [classify_entries(frame).with_columns(pl.lit(source).alias("source"), place) for frame in reading]
        assert reading.outcome.share_understood == 1.0
    return pl.concat(frames)


@pytest.fixture(scope="module")
def labelled(entries: pl.DataFrame) -> pl.DataFrame:
    """Entries that a scenario caused."""
    truths = pl.DataFrame(_truths()).rename({"error_type": "expected", "level": "said", "trace_id": "true_trace_id"})
    # What a rule says about an event is an entry of its own, at the event's place.
    worst = entries.sort("is_error", maintain_order=True).unique(["source", "place"], keep="last", maintain_order=True)
    joined = truths.join(worst, on=["source", "place"], how="left", maintain_order="left")
    assert joined["signal_id"].null_count() == 0, "a line of the truth is no record's first line"
    return joined


@pytest.fixture(scope="module")
def clusters(entries: pl.DataFrame, model_dir: Path) -> dict[str, int]:
    """Signature hash to cluster, as the product groups them."""
    unique = unique_signatures({REPORT: entries.filter("is_error").lazy()}, 10_000)[REPORT]
    frame = embedding_frame(unique, OnnxEmbedder(model_dir).embed(unique.texts), "test")
    clustering = cluster_signatures(
        frame["vector"].to_numpy(),
        frequencies=frame["frequency"].to_list(),
        error_types=frame["error_type"].to_list(),
        exception_classes=frame["exception_class"].to_list(),
        templates=frame["template"].to_list(),
        hashes=frame["signature_hash"].to_list(),
    )
    return dict(zip(frame["signature_hash"].to_list(), clustering.labels.tolist(), strict=True))


def _is_bare_request() -> pl.Expr:
    """A console line with method, route and status only: three of the faults print the very same one."""
    return (pl.col("source") == CONSOLE) & pl.col("status").is_not_null() & pl.col("method").is_not_null()


def test_every_failing_entry_is_an_error_of_the_expected_type(labelled):
    failing = labelled.filter("failed")
    missed = failing.filter(~pl.col("is_error")).select("source", "scenario", "place").rows()
    assert missed == []
    wrong = {
        (row["source"], row["scenario"], row["error_type"])
        for row in failing.filter(~_is_bare_request()).iter_rows(named=True)
        if row["error_type"] != ONLY_SEEN.get((row["source"], row["scenario"]), row["expected"])
    }
    assert wrong == set()


def test_every_scenario_with_a_fault_is_found(labelled):
    faulty = set(labelled.filter(pl.col("expected").is_not_null())["scenario"])
    assert faulty == set(labelled.filter("is_error")["scenario"])
    assert len(faulty) > 10


def test_nothing_that_went_well_is_an_error(entries, labelled):
    calm = labelled.filter(~pl.col("failed") & (pl.col("said") != "warning"))
    assert calm.filter("is_error").select("source", "scenario", "place").rows() == []
    info = entries.filter((pl.col("source") == SERVER) & (pl.col("level") == "info"))
    assert info.height > 50
    assert not info["is_error"].any()
    failing = labelled.filter("failed").select("source", "place")
    unknown = entries.filter("is_error").join(failing, on=["source", "place"], how="anti")
    assert unknown.select("source", "place", "template").rows() == []


def test_no_two_faults_of_a_source_share_a_cluster_and_none_falls_apart(labelled, clusters):
    errors = labelled.filter("is_error")
    of_scenario: dict[tuple[str, str], set[int]] = defaultdict(set)
    in_cluster: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in errors.iter_rows(named=True):
        label = clusters[row["signature_hash"]]
        of_scenario[row["source"], row["scenario"]].add(label)
    for row in errors.filter(~_is_bare_request()).iter_rows(named=True):
        in_cluster[row["source"], clusters[row["signature_hash"]]].add(row["scenario"])
    shared = {key: names for key, names in in_cluster.items() if len(names) > 1}
    assert shared == {}
    figures = {"/".join(key): len(labels) for key, labels in sorted(of_scenario.items())}
    total = sum(figures.values())
    assert total <= CLUSTERS_PER_SCENARIO * len(figures), f"{total} clusters of {len(figures)}: {figures}"
    assert len(set(clusters.values())) <= CLUSTERS_PER_SCENARIO * len(figures), figures


def test_people_who_meet_one_fault_are_in_one_cluster(labelled, clusters):
    occurrences = labelled.filter("is_error").sort("source", "scenario", "place")
    for (source, scenario), rows in occurrences.group_by("source", "scenario"):
        often: dict[int, int] = defaultdict(int)
        for signature in rows["signature_hash"]:
            often[clusters[signature]] += 1
        assert all(count >= 3 for count in often.values()), (source, scenario, dict(often))


def test_trace_ids_survive_in_all_files(entries, labelled):
    known = labelled.filter((pl.col("source") == HAR) & pl.col("true_trace_id").is_not_null())
    assert known.filter(pl.col("trace_id") != pl.col("true_trace_id")).height == 0
    failed = set(known.filter("failed")["true_trace_id"])
    server = set(entries.filter(pl.col("source") == SERVER)["trace_id"].drop_nulls())
    console = set(entries.filter(pl.col("source") == CONSOLE)["trace_id"].drop_nulls())
    assert failed <= server
    told = set(labelled.filter((pl.col("source") == EVENTS) & pl.col("failed"))["trace_id"])
    assert told and told <= failed
    assert console
    assert console <= failed
