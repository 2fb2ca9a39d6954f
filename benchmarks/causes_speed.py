"""How long the search takes in large reports: entries that tie to many others, and entries that tie to none."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import polars as pl

from benchmarks.result import Figure
from signal_pipeline.causes.find import find_causes
from signal_pipeline.causes.problems import problems_of
from signal_pipeline.causes.records import records_of
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.frame_schema import EXCHANGE, RECORD
from signal_pipeline.schemas import ENTRIES

NODES = 20_000
MOST_SECONDS = 10.0
TRACE = 'Traceback (most recent call last):\n  File "/app/shop/api.py", line 3, in pay\nValueError: {said}'


def figures() -> dict[str, Figure]:
    found = {}
    for name, row in REPORTS.items():
        rows = [_BASE | {"ordinal": n, "line_number": n + 1, "at": n * 0.05} | row(n) for n in range(NODES)]
        entries = pl.DataFrame(rows, schema=ENTRIES.polars | {"at": pl.Float64()})
        began = time.process_time()
        problems_of(records_of(find_causes(entries, CauseSettings())), {})
        seconds = round(time.process_time() - began, 2)
        found[f"speed_{name}"] = Figure(seconds, MOST_SECONDS, "lower", "CPU seconds", "entries", NODES)
    return found


def _one_error(number: int) -> dict[str, Any]:
    return {"message": f"could not reach the ledger: connection refused, try {number}", "signature_hash": "a"}


def _traces_of_requests(number: int) -> dict[str, Any]:
    said = f"amount of position {number % 50} must be positive"
    return {
        "message": said, "stack_trace": TRACE.format(said=said), "exception_class": "ValueError",
        "top_frames": [f"shop.api:pay_{number % 50}"], "request_id": f"r-{number // 4:06}",
        "signature_hash": str(number % 50),
    }  # fmt: skip


def _all_different(number: int) -> dict[str, Any]:
    said = f"cannot find article x{number}y in the shelf"
    file = f"service-{number % 40}"
    return {
        "message": said,
        "signal_id": file,
        "signature_hash": str(number),
        "request_id": f"r-{number // 5:06}",
    }


def _calls_of_services(number: int) -> dict[str, Any]:
    said = f"call to http://service-{number * 7 % 400}:80/x failed"
    return {
        "message": said, "signal_id": f"service-{number % 400}", "signature_hash": str(number % 99),
        "trace_id": f"{number // 5:016x}",
    }  # fmt: skip


def _requests(number: int) -> dict[str, Any]:
    url = f"https://shop.example/{number % 40}"
    return {
        "message": f"GET {url} -> 503", "role": EXCHANGE, "url": url, "status": 503, "signature_hash": str(number % 40),
    }  # fmt: skip


REPORTS: dict[str, Callable[[int], dict[str, Any]]] = {
    "one_error": _one_error,
    "traces_of_requests": _traces_of_requests,
    "all_different": _all_different,
    "calls_of_services": _calls_of_services,
    "requests": _requests,
}
_BASE = {
    "signal_id": "api", "signal_sha256": "0", "kind": "log", "role": RECORD, "level": "error", "is_error": True,
    "severity": "high", "error_type": "GenericError", "template": "x", "template_id": "0",
}  # fmt: skip
