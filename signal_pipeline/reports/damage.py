"""Which stored frames of a report are damaged: shown to readers, since a re-run makes them again."""

from __future__ import annotations

from uuid import UUID

import polars as pl

from signal_pipeline.platform.platform import Platform
from signal_pipeline.schemas import FRAMES
from signal_pipeline.storage.frames import FrameBroken, FrameMissing


def damaged_frames(platform: Platform, report_id: UUID) -> list[str]:
    """Assets by name. In a bucket only the timeline is looked at: the store keeps checksums of its own, and each look
    would fetch the frame."""
    examined = ("timeline",) if platform.settings.frame_store == "s3" else FRAMES
    return [asset for asset in examined if _is_damaged(platform, asset, report_id)]


def _is_damaged(platform: Platform, asset: str, report_id: UUID) -> bool:
    try:
        platform.frames.scan(asset, report_id)
    except FrameBroken:
        return True
    except FrameMissing:
        pass
    return False


def damage_in_words(asset: str) -> str:
    return f"The stored {asset} of this report is damaged. Materialize {asset} for it, or retry it, to make it again."


def stored_frame(platform: Platform, asset: str, report_id: UUID) -> pl.DataFrame | None:
    """The whole frame; None where there is none that can be read."""
    try:
        return platform.frames.scan(asset, report_id).collect()
    except (FrameMissing, FrameBroken, pl.exceptions.PolarsError):
        return None
