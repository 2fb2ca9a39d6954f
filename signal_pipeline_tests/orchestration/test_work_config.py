"""What a request may set for its run, beside what the Dagster launchpad offers."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pytest
from pydantic import BaseModel

from signal_pipeline.orchestration.cause_config import CauseConfig
from signal_pipeline.orchestration.cluster_config import ClusterConfig
from signal_pipeline.work_order import CauseSteering, ClusterSteering

STEERED = [(ClusterSteering, ClusterConfig), (CauseSteering, CauseConfig)]


@pytest.mark.parametrize(("steering", "config"), STEERED)
def test_what_a_request_may_set_has_the_bounds_of_the_launchpad(
    steering: type[BaseModel], config: type[dg.Config]
) -> None:
    for name, asked in steering.model_json_schema()["properties"].items():
        assert bounds(asked) == bounds(config.model_json_schema()["properties"][name]), name


def bounds(schema: dict[str, Any]) -> dict[str, Any]:
    """Of a number that may be left out."""
    (kind,) = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    return {name: kind[name] for name in ("minimum", "exclusiveMinimum", "maximum") if name in kind}
