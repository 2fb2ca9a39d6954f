"""What the report assets have in common: partitions, backfill policy, storage, schema, checks, versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import dagster as dg

from signal_pipeline.frame_schema import FrameSchema
from signal_pipeline.orchestration.asset_metadata import column_schema
from signal_pipeline.orchestration.partitions import REPORTS, REPORTS_PER_RUN

OWNER = "team:triage"
# One group, so that the lineage page opens with the whole chain drawn instead of folded boxes.
GROUP = "report"


def report_asset(
    schema: FrameSchema,
    *,
    kinds: set[str],
    checks: Sequence[dg.AssetCheckSpec],
    code_version: str,
    deps: Sequence[str] = (),
    priority: int = 0,
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """An asset with one partition per report whose frames have the columns of `schema`. Of assets that could run next
    the one with the higher `priority` does.
    """
    decorate = dg.asset(
        partitions_def=REPORTS,
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=REPORTS_PER_RUN),
        io_manager_key="frames",
        group_name=GROUP,
        kinds=kinds,
        owners=[OWNER],
        code_version=code_version,
        check_specs=checks,
        deps=list(deps),
        op_tags={"dagster/priority": str(priority)} if priority else None,
        metadata={"dagster/column_schema": column_schema(schema)},
    )

    def declare(body: Callable[..., Any]) -> dg.AssetsDefinition:
        # With checks an asset has several outputs, and Dagster then takes the annotation MaterializeResult for
        # "returns nothing" and would not call the IO manager.
        body.__annotations__.pop("return", None)
        return decorate(body)

    return declare
