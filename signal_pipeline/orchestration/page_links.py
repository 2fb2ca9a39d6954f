"""From a materialization in Dagster to the page of its report: the way back is on the page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import dagster as dg

from signal_pipeline.settings import Settings


def page_links(settings: Settings, report_id: UUID) -> dict[str, Any]:
    """Metadata; empty where API_URL is not set."""
    if settings.api_url is None:
        return {}
    return {"report_page": dg.MetadataValue.url(f"{settings.api_url.rstrip('/')}/reports/{report_id}")}
