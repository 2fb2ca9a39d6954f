"""The one message that producers send: {"report_id": "<uuid>"} on report.signals. Pure parsing, no broker."""

from __future__ import annotations

import re
from uuid import UUID

import msgspec

from signal_pipeline.errors import MessageRejected

SUBJECT = "report.signals"
DEAD_SUBJECT = "report.signals.dead"
SCHEMA_VERSION = 1
MAX_MESSAGE_BYTES = 16 * 1024

# The canonical form only: other spellings that uuid.UUID takes (braces, urn:) would be other partition keys.
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_FIELDS = ("report_id", "version")


def parse_report_message(data: bytes) -> UUID:
    """The report's id. MessageRejected with a closed code names what is wrong; it never quotes the message.

    `version` may be given and must then be 1. Fields that are not known are refused, so that a producer learns of a
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
    if unknown := [name for name in body if name not in _FIELDS]:
        raise MessageRejected("unknown_field", f"{len(unknown)} besides report_id and version")
    version = body.get("version", SCHEMA_VERSION)
    if type(version) is not int or version != SCHEMA_VERSION:
        raise MessageRejected("unknown_version", f"version is not {SCHEMA_VERSION}")
    report_id = body["report_id"]
    if not isinstance(report_id, str) or not _UUID.match(report_id):
        raise MessageRejected("bad_report_id", "report_id is not a UUID")
    return UUID(report_id)


def report_message(report_id: UUID) -> bytes:
    return msgspec.json.encode({"report_id": str(report_id)})
