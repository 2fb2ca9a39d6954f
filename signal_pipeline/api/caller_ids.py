"""Ids that a caller sends, checked before anything is done with them: they end up in logs and in answers.

A header that is called an id may hold anything, a token or a whole record too. Taken is what has the form of an id that
is made by a machine and means nothing; everything else is as if it had not been sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.ASCII)
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?", re.ASCII)
IDEMPOTENCY_KEY = r"^[!-~]([ -~]*[!-~])?$"
"""Printable ASCII: what every HTTP library can send. The key itself is kept nowhere; its hash is."""
MAX_CHARS = 256


@dataclass(frozen=True)
class CallerId:
    """`field` is its name in our log; `of` gives the id, or None for anything else."""

    header: str
    field: str
    of: Callable[[str], str | None]
    example: str


def _request_id(value: str) -> str | None:
    return value if _UUID.fullmatch(value) or _ULID.fullmatch(value) else None


def _trace_id(value: str) -> str | None:
    """As W3C Trace Context has it: neither id is all zeros."""
    match = _TRACEPARENT.fullmatch(value)
    return match[1] if match and match[1].strip("0") and match[2].strip("0") else None


CALLER_IDS = (
    CallerId("x-request-id", "caller_request_id", _request_id, "0b9f6a0e-4a52-4f0f-8f5e-3d4e86f0c1aa"),
    CallerId("traceparent", "trace_id", _trace_id, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
)


def caller_ids(headers: Mapping[str, str]) -> dict[str, str]:
    """By the log's names, those that were sent and are ids."""
    found = {}
    for one in CALLER_IDS:
        value = headers.get(one.header, "")
        if value and len(value) <= MAX_CHARS and (id_ := one.of(value)) is not None:
            found[one.field] = id_
    return found


def report_id_in(path_params: Mapping[str, object]) -> str | None:
    """Of a route's parameters, before they were checked: a path may hold anything where an id should be."""
    found = str(path_params.get("report_id"))
    return found if _UUID.fullmatch(found) else None
