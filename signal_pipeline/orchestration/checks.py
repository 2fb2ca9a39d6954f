"""Asset checks: the specs that the UI lists, and the findings (in words, empty when all is well) behind each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
import numpy as np
import polars as pl

from signal_pipeline.frame_schema import FrameSchema
from signal_pipeline.frames import SpooledFrame
from signal_pipeline.parsing.outcome import SignalOutcome

LEAST_SHARE_UNDERSTOOD = 0.5
UNIT_TOLERANCE = 1e-3

SCHEMA = "schema"
COVERAGE = "parse_coverage"
VECTORS = "vectors_finite_and_unit"
PLACED_ONCE = "every_error_placed_once"
NO_GIANT = "no_giant_cluster"
RADIUS = "radius_within_threshold"
SINGLES = "singles_share"
CHURN = "churn"
GOLDEN_PRECISION = "golden_precision"
GOLDEN_RECALL = "golden_recall"


def check(asset: str, name: str, description: str, *, severity: str = "ERROR") -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(name, asset=asset, description=description, metadata={"severity": severity})


def schema_check(asset: str) -> dg.AssetCheckSpec:
    return check(asset, SCHEMA, "The stored frame has exactly the columns, types and non-null values of its contract.")


def schema_problems(schema: FrameSchema, frame: SpooledFrame) -> list[str]:
    """The columns are those that the file has; its nulls were counted when it was written."""
    return schema.violations(frame.scan().collect_schema(), frame.nulls)


def coverage_problems(outcomes: Mapping[Any, SignalOutcome]) -> list[str]:
    """Files that were refused, and files of which less than half was understood."""
    found = []
    for signal_id, outcome in outcomes.items():
        if outcome.status == "failed":
            found.append(f"file {signal_id} could not be read: {', '.join(outcome.reasons)}")
        elif outcome.lines and outcome.share_understood < LEAST_SHARE_UNDERSTOOD:
            found.append(
                f"file {signal_id}: {outcome.share_understood:.0%} of it matches {outcome.format or 'no known format'};"
                " the rest was read as free text"
            )
    return found


def vector_problems(frame: pl.DataFrame) -> list[str]:
    if frame.is_empty():
        return []
    vectors = frame["vector"].to_numpy()
    found = []
    if broken := int((~np.isfinite(vectors).all(axis=1)).sum()):
        found.append(f"{broken} vectors hold values that are not finite")
    if off := int((np.abs(np.linalg.norm(vectors, axis=1) - 1) > UNIT_TOLERANCE).sum()):
        found.append(f"{off} vectors are not of unit length")
    return found


def placement_problems(members: pl.DataFrame, expected_hashes: set[str]) -> list[str]:
    """`members` has one row per signature in the clustering; noise counts as a place."""
    placed = members["signature_hash"].to_list()
    found = []
    if len(placed) != len(set(placed)):
        found.append(f"{len(placed) - len(set(placed))} signatures stand in more than one cluster")
    if missing := len(expected_hashes - set(placed)):
        found.append(f"{missing} signatures stand in no cluster and are not noise")
    if extra := len(set(placed) - expected_hashes):
        found.append(f"{extra} signatures in clusters are not errors of this report")
    return found
