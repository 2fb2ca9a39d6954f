"""The message that producers send on report.signals: {"report_id": "<uuid>"}. Pure parsing, no broker.

Version 1 names the report and nothing else. Version 2 may also say how it is to be processed:
{"report_id": "<uuid>", "version": 2, "priority": "backfill", "not_before": "2026-01-31T02:00:00Z"}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from signal_pipeline.errors import MessageRejected, WorkOrderInvalid
from signal_pipeline.work_order import REPORT_ID, WorkOrder, parse_work_order

SUBJECT = "report.signals"
DEAD_SUBJECT = "report.signals.dead"
VERSIONS = (1, 2)
MAX_MESSAGE_BYTES = 16 * 1024

_FIELDS = ("report_id", "version")


@dataclass(frozen=True)
class ReportMessage:
    """`order` is None where the message does not say how the report is to be processed (version 1)."""

    report_id: UUID
    order: WorkOrder | None = None


def parse_report_message(data: bytes) -> ReportMessage:
    """The report and its order. MessageRejected with a closed code names what is wrong; it never quotes the message.

    `version` may be given and is then 1 or 2. Fields that are not known are refused, so that a producer learns of a
    misspelt one instead of having it ignored.
    """
    if len(data) > MAX_MESSAGE_BYTES:
        raise MessageRejected("too_large", f"more than {MAX_MESSAGE_BYTES} bytes")
    try:
        body = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MessageRejected("bad_message", "not JSON") from None
    if not isinstance(body, dict):
        raise MessageRejected("bad_message", "not a JSON object")
    if "report_id" not in body:
        raise MessageRejected("missing_field", "report_id")
    version = body.get("version", VERSIONS[0])
    is_known = type(version) is int and version in VERSIONS
    known = {*_FIELDS, *(WorkOrder.model_fields if is_known and version != VERSIONS[0] else ())}
    if unknown := [name for name in body if name not in known]:
        # The usual slip: an order for the work, and no version.
        hint = '; an order needs "version": 2' if set(unknown) <= set(WorkOrder.model_fields) else ""
        raise MessageRejected("unknown_field", f"{len(unknown)} besides {', '.join(sorted(known))}{hint}")
    if not is_known:
        raise MessageRejected("unknown_version", f"version is not one of {', '.join(map(str, VERSIONS))}")
    report_id = body["report_id"]
    if not isinstance(report_id, str) or not REPORT_ID.match(report_id):
        raise MessageRejected("bad_report_id", "report_id is not a UUID")
    return ReportMessage(UUID(report_id), None if version == VERSIONS[0] else _order(body))


def _order(body: dict[str, Any]) -> WorkOrder:
    try:
        return parse_work_order({name: value for name, value in body.items() if name not in _FIELDS})
    except WorkOrderInvalid as error:
        raise MessageRejected("bad_work_order", str(error)) from None


def report_message(report_id: UUID, order: WorkOrder | None = None) -> bytes:
    """Version 1 without an order, version 2 with one."""
    if order is None:
        return msgspec.json.encode({"report_id": str(report_id)})
    sent = order.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    if "priority" in sent:
        sent["priority"] = order.priority.name
    return msgspec.json.encode({"report_id": str(report_id), "version": VERSIONS[-1], **sent})
