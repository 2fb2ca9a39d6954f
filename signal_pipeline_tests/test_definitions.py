"""What Dagster loads: a snapshot of keys and specs, so that a change of the graph is always seen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg

from signal_pipeline.definitions import defs
from signal_pipeline.orchestration.chain import STEPS
from signal_pipeline.orchestration.intake_tick import DEAD_LETTERS_JOB, REPORT_JOB, SIGNALS_JOB
from signal_pipeline.orchestration.versions import CODE_BESIDE
from signal_pipeline.schemas import FRAMES

ROOT = Path(__file__).parents[1]
REPORT_GRAPH = {
    "raw_signals": ((), "report", {"s3", "parquet"}),
    "parsed_entries": (("raw_signals",), "report", {"polars", "parquet"}),
    "classified_errors": (("parsed_entries",), "report", {"polars", "parquet"}),
    "timeline": (("classified_errors", "parsed_entries"), "report", {"polars", "parquet"}),
    "incidents": (("classified_errors", "parsed_entries", "timeline"), "report", {"polars", "postgres", "parquet"}),
    "embeddings": (("classified_errors",), "report", {"onnx", "postgres", "parquet"}),
    "clusters": (("embeddings",), "report", {"scikitlearn", "postgres", "parquet"}),
    "problems": (("clusters", "incidents"), "report", {"postgres", "parquet"}),
}
# Made beside the steps where a report has captures.
TRAFFIC_GRAPH = {
    "flows": (("parsed_entries",), "report", {"polars", "parquet"}),
    "traffic_windows": (("flows",), "report", {"scikitlearn", "postgres", "parquet"}),
    "traffic_alerts": (("flows", "traffic_windows"), "report", {"postgres", "parquet"}),
}
GRAPH = (
    REPORT_GRAPH
    | TRAFFIC_GRAPH
    | {
        "events": ((), "events", {"nats", "postgres"}),
        "business_signals": (("events",), "events", {"postgres"}),
        "known_signals": (("business_signals",), "events", {"onnx", "postgres"}),
        "signature_catalog": (("clusters",), "report", {"postgres"}),
        "dead_letters": ((), "report", {"postgres"}),
    }
)
BY_DAY_AND_SOURCE = {"events", "business_signals"}
CHECKS = {
    "events:schemas_hold",
    "business_signals:equal_to_incremental",
    "raw_signals:schema",
    "parsed_entries:schema",
    "parsed_entries:parse_coverage",
    "classified_errors:schema",
    "embeddings:schema",
    "embeddings:vectors_finite_and_unit",
    "clusters:schema",
    "clusters:every_error_placed_once",
    "dead_letters:none_waits",
    "clusters:no_giant_cluster",
    "clusters:golden_precision",
    "clusters:golden_recall",
    "clusters:radius_within_threshold",
    "clusters:singles_share",
    "clusters:churn",
    "signature_catalog:ids_survive",
    "signature_catalog:golden_precision",
    "signature_catalog:golden_recall",
    "signature_catalog:radius_within_threshold",
    "signature_catalog:singles_share",
    "timeline:schema",
    "timeline:clocks_are_set",
    "incidents:schema",
    "incidents:every_error_explained",
    "flows:schema",
    "flows:flows_end_after_they_begin",
    "traffic_windows:schema",
    "traffic_windows:every_flow_in_a_window",
    "traffic_alerts:schema",
    "traffic_alerts:every_alert_has_evidence",
    "problems:schema",
    "problems:every_error_explained",
    "problems:every_problem_has_a_root",
    "problems:fewer_problems_than_clusters",
    "problems:problems_made",
    "problems:share_explained",
}


def specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_the_graph_is_the_assets_of_a_report_the_catalog_and_what_watches_over_them() -> None:
    found = {
        name: (tuple(sorted(dep.asset_key.to_user_string() for dep in spec.deps)), spec.group_name, spec.kinds)
        for name, spec in specs().items()
    }
    assert found == GRAPH


def test_every_asset_explains_itself() -> None:
    for name, spec in specs().items():
        assert spec.description and len(spec.description) > 40, name
        assert spec.owners == ["team:triage"], name
        assert spec.code_version, name
        if name in BY_DAY_AND_SOURCE:
            assert isinstance(spec.partitions_def, dg.MultiPartitionsDefinition), name
            assert spec.partitions_def.partition_dimension_names == ["day", "source"], name
            continue
        if name not in REPORT_GRAPH | TRAFFIC_GRAPH:
            assert spec.partitions_def is None, name
            continue
        schema = spec.metadata["dagster/column_schema"]
        assert all(column.description for column in schema.columns), name
        assert isinstance(spec.partitions_def, dg.DynamicPartitionsDefinition), name


def test_the_checks_are_these() -> None:
    found = {
        f"{key.asset_key.to_user_string()}:{key.name}"
        for asset in defs.assets or ()
        for key in asset.check_keys  # type: ignore[union-attr]
    }
    assert found == CHECKS


def test_the_steps_are_those_of_the_graph() -> None:
    assert tuple(REPORT_GRAPH) == STEPS
    assert set(FRAMES) == set(STEPS) | set(TRAFFIC_GRAPH)
    assert set(CODE_BESIDE) == set(TRAFFIC_GRAPH)


def test_jobs_sensor_and_schedule() -> None:
    job = defs.resolve_job_def(REPORT_JOB)
    assert {node.name for node in job.nodes} == set(REPORT_GRAPH)
    assert {node.name for node in defs.resolve_job_def(DEAD_LETTERS_JOB).nodes} == {"dead_letters"}
    assert [node.name for node in defs.resolve_job_def("update_catalog").nodes] == ["signature_catalog"]
    assert defs.resolve_schedule_def("nightly_catalog").default_status is dg.DefaultScheduleStatus.RUNNING
    sensor = defs.resolve_sensor_def("report_intake")
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    assert [target.job_name for target in sensor.targets] == [REPORT_JOB, DEAD_LETTERS_JOB, SIGNALS_JOB]
    assert [node.name for node in defs.resolve_job_def(SIGNALS_JOB).nodes] == ["known_signals"]
    assert [schedule.job_name for schedule in defs.schedules or ()] == [
        "update_catalog", "maintenance", "judge_event_days",
    ]  # fmt: skip


def test_clusters_config_has_descriptions_and_bounds() -> None:
    fields = dg.AssetsDefinition.op.fget(  # type: ignore[attr-defined]
        next(asset for asset in defs.assets or () if "clusters" in str(asset.keys))  # type: ignore[union-attr]
    ).config_schema.config_type.fields
    assert set(fields) == {"algorithm", "similarity_threshold", "min_samples", "hold"}
    assert all(field.description for field in fields.values())


def test_loading_the_code_location_imports_no_heavy_library() -> None:
    """Every run and every start of the code server would pay for them."""
    script = (
        "import sys, signal_pipeline.definitions; "
        "print([m for m in ('torch', 'sentence_transformers', 'transformers', 'onnxruntime', 'sklearn', 'scipy',"
        " 'matplotlib', 'onnx', 'boto3', 'umap', 'numba') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout.strip() == "[]", answer.stdout
