"""Parquet between assets: one object per report and asset, for one report, a range of them and a backfill.

An asset's value is a mapping from report to frame. Dagster's own path-based IO managers raise when one run writes
several partitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import dagster as dg
import polars as pl

from signal_pipeline.frames import SpooledFrame
from signal_pipeline.orchestration.partitions import report_id_of
from signal_pipeline.steps.platform import Platform
from signal_pipeline.storage.frames import FrameStore

ReportFrames = Mapping[UUID, SpooledFrame]
StoredFrames = Mapping[UUID, pl.LazyFrame]


class FrameIOManager(dg.IOManager):
    """Puts spooled frames in their place and opens stored ones lazily."""

    def __init__(self, frames: FrameStore) -> None:
        self._frames = frames

    def handle_output(self, context: dg.OutputContext, obj: ReportFrames) -> None:
        # The keys of a range come unordered here, so frames are matched by report and never by position.
        expected = {report_id_of(key) for key in context.asset_partition_keys}
        if expected != set(obj):
            raise dg.Failure(
                f"the run is for {len(expected)} reports but has frames of {len(obj)}", allow_retries=False
            )
        asset = context.asset_key.to_python_identifier()
        places = {report_id: self._frames.put(asset, report_id, frame) for report_id, frame in obj.items()}
        if len(places) == 1:
            context.add_output_metadata({"stored_at": dg.MetadataValue.path(next(iter(places.values())))})

    def load_input(self, context: dg.InputContext) -> StoredFrames:
        asset = context.asset_key.to_python_identifier()
        reports = [report_id_of(key) for key in context.asset_partition_keys]
        return {report_id: self._frames.scan(asset, report_id) for report_id in reports}


@dg.io_manager(required_resource_keys={"platform"}, description="One Parquet object per report and asset.")
def frame_io_manager(context: dg.InitResourceContext) -> FrameIOManager:
    platform: Platform = context.resources.platform
    return FrameIOManager(platform.frames)
