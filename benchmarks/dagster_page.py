"""Asking Dagster as its web page does."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from signal_pipeline.local.stack import LocalStack

PATIENCE_SECONDS = 300


def ask(stack: LocalStack, query: str, **variables: Any) -> dict[str, Any]:
    """The data of the answer; ends the benchmark when Dagster refuses."""
    request = urllib.request.Request(
        f"{stack.dagster_url}/graphql",
        json.dumps({"query": query, "variables": variables}).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        body = json.loads(answer.read())
    if "errors" in body:
        raise SystemExit(f"Dagster refused: {body['errors']}")
    data: dict[str, Any] = body["data"]
    return data
