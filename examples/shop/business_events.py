"""The shop's business events: CloudEvents, one a line, each with the request and trace that caused it.

An event is out once it is written, whatever becomes of the transaction around it.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shop.trace_log import REQUEST_ID, TRACEPARENT

_WRITING = threading.Lock()


class BusinessEvents:
    """Appends to `path`; without one, events go nowhere."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def emit(self, name: str, order: int, data: Mapping[str, Any]) -> None:
        """`name` is the type, such as `order.placed`; the payload gets the number of the order as `order_id`."""
        if self._path is None:
            return
        event = {
            "specversion": "1.0",
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name} {order} {REQUEST_ID.get()}")),
            "source": "/shop/orders",
            "type": name,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "subject": f"W-{order}",
            "traceparent": TRACEPARENT.get(),
            "requestid": REQUEST_ID.get(),
            "data": {"order_id": f"W-{order}", **data},
        }
        line = json.dumps({key: value for key, value in event.items() if value != "-"}, separators=(",", ":"))
        with _WRITING, self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
