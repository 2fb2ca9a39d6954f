"""What is known of one business event, whatever envelope it came in. What envelopes there are: envelopes.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MAX_NAME_CHARS = 200


@dataclass(frozen=True, slots=True)
class Event:
    """One event, not redacted.

    `type` is its name without the version, `source` who produced it, `at` when it happened (UTC) and `zone` the zone as
    read. `schema` is the schema that it names itself. `data` is the payload, which may be `whole`, and `action` the
    second part of a type that the envelope gives in two. `is_failure`: its envelope says that it reports a failure.
    """

    envelope: str
    type: str
    data: Any
    whole: Mapping[str, Any]
    id: str | None = None
    source: str | None = None
    version: str | None = None
    at: datetime | None = None
    zone: str | None = None
    subject: str | None = None
    schema: str | None = None
    action: str | None = None
    is_failure: bool = False
    correlation: Mapping[str, str] = field(default_factory=dict)
    """Ids by which it joins requests and log records: `trace_id`, `request_id`."""

    @property
    def name(self) -> str:
        """`order.placed`, `issues.closed`; `event` for one without a name."""
        return ".".join(part for part in (self.type, self.action) if part) or "event"
