"""Short stories: reports of a few entries that tests of causes are about."""

from __future__ import annotations

from typing import Any

import polars as pl

from signal_pipeline.causes.find import Causes, find_causes
from signal_pipeline.causes.link import Link
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.frame_schema import EXCHANGE, RECORD
from signal_pipeline.schemas import ENTRIES

TRACE = 'Traceback (most recent call last):\n  File "/app/shop/{file}.py", line 3, in {name}\n{error}'


class Story:
    """Collects the errors of a report."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []
        self._told: dict[int, list[Link]] = {}

    def error(self, at: float | None, file: str, message: str, **more: Any) -> int:
        row = {
            "signal_id": file, "ordinal": len(self._rows), "role": RECORD, "message": message, "is_error": True,
            "level": "error", "severity": "high", "template": message, "signature_hash": f"{file}:{message}",
            "line_number": len(self._rows) + 1, "seconds": at, "signal_sha256": "0", "kind": "log", "template_id": "0",
        }  # fmt: skip
        self._rows.append(row | more)
        return len(self._rows) - 1

    def raised(self, at: float | None, file: str, name: str, error: str, **more: Any) -> int:
        kind = error.partition(":")[0]
        trace = TRACE.format(file=file, name=name, error=error)
        message = more.pop("message", error)
        return self.error(
            at, file, message, stack_trace=trace, exception_class=kind, top_frames=[f"shop.{file}:{name}"], **more
        )

    def request(self, at: float, url: str, status: int, **more: Any) -> int:
        return self.error(
            at, "page.har", f"GET {url} -> {status}", role=EXCHANGE, url=url, status=status, level=None, **more
        )

    def quiet(self, at: float | None, file: str, message: str, level: str = "warning", **more: Any) -> int:
        facts = {"is_error": False, "level": level, "severity": None, "signature_hash": None}
        return self.error(at, file, message, **facts | more)

    def put_to(self, request: int, record: int) -> None:
        """As the timeline does with a server's record of a request."""
        link = Link(request, record, "timeline", 0.9, "same path, 1 ms apart")
        self._told.setdefault(request, []).append(link)

    def causes(self, **settings: Any) -> Causes:
        frame = pl.DataFrame(self._rows, schema=ENTRIES.polars | {"seconds": pl.Float64()})
        return find_causes(frame.rename({"seconds": "at"}), CauseSettings(**settings), None, self._told)


def told(found: Causes) -> list[tuple[int, set[int]]]:
    """The root and the symptoms of each incident."""
    return [(incident.root, {symptom.row for symptom in incident.symptoms}) for incident in found.incidents]
