"""The fields of the upload form that say how the report is to be processed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from signal_pipeline.api.problems import Problem
from signal_pipeline.work_order import WorkOrder, parse_work_order

# As JSON schema, for the description of the API.
FIELDS: dict[str, dict[str, Any]] = {
    "kind": {"type": "string", "description": "kind of work: names a queue that can be served and limited separately"},
    "priority": {"type": "string", "enum": ["interactive", "normal", "backfill"]},
    "not_before": {"type": "string", "format": "date-time", "description": "earliest start, with a time zone"},
    "depends_on": {"type": "string", "description": "ids of reports that must be completed first, comma-separated"},
    "config": {"type": "string", "description": "config of the steps for this request, as JSON"},
}


def work_order_of(form: Mapping[str, str]) -> WorkOrder | None:
    """None when the form says nothing of it. WorkOrderInvalid or Problem 422 for what makes no sense."""
    given: dict[str, Any] = {name: value for name, value in form.items() if name in FIELDS}
    if not given:
        return None
    if "depends_on" in given:
        given["depends_on"] = [one.strip() for one in given["depends_on"].split(",") if one.strip()]
    if "config" in given:
        try:
            given["config"] = json.loads(given["config"])
        except (ValueError, RecursionError):
            raise Problem(422, "work_order_invalid", "config: is not JSON") from None
    return parse_work_order(given)
