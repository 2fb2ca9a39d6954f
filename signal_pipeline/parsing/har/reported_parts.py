"""Failures of a part of an answer: GraphQL operations and their payloads, and batches of requests."""

from __future__ import annotations

from typing import Any

from signal_pipeline.parsing.har.envelope import GRAPHQL, TIMES
from signal_pipeline.parsing.har.json_problem import json_problem, normalised
from signal_pipeline.parsing.har.problem import Problem, limited

Members = dict[str, Any]
MAX_ITEMS = 1_000


def said_by(value: Any, otherwise: str, *, head: str | None = None) -> Problem:
    found = json_problem(value, 400) if not isinstance(value, str) or value.strip() else None
    found = found if found is not None and found.text else Problem(otherwise)
    return Problem(limited(f"{head}: {found.text}"), found.exception_class, found.stack_trace) if head else found


def graphql_errors(members: Members, _value: dict[str, Any]) -> Problem | None:
    errors = members.get("errors")
    if not isinstance(errors, list) or not errors or not members.keys() <= GRAPHQL:
        return None
    first = errors[0]
    if isinstance(first, str) and first.strip():
        return Problem(limited(first))
    if not isinstance(first, dict) or (
        TIMES & normalised(first).keys() and "extensions" not in first and "path" not in first
    ):
        return None
    rest = {name: item for name, item in first.items() if name != "path"}
    return said_by(rest, "error without a message", head=_at_path(first))


def _at_path(error: dict[str, Any]) -> str | None:
    path = error.get("path")
    name = next((part for part in path if isinstance(part, str)), None) if isinstance(path, list) else None
    return name if name is not None and name.isidentifier() and len(name) <= 80 else None


def payload_errors(members: Members, _value: dict[str, Any]) -> Problem | None:
    data = members.get("data")
    if not isinstance(data, dict) or not members.keys() <= GRAPHQL:
        return None
    for name, payload in list(data.items())[:50]:
        for part in payload if isinstance(payload, list) else (payload,):
            found = _of_payload(part) if isinstance(part, dict) else None
            if found is not None:
                return said_by(found, "refused", head=name if name.isidentifier() else None)
    return None


def _of_payload(payload: dict[str, Any]) -> Any:
    for name, item in payload.items():
        errors = name.lower().endswith("errors") and isinstance(item, list) and bool(item)
        if errors and isinstance(item[0], dict) and isinstance(item[0].get("message"), str):
            known = name.lower().endswith("usererrors") or {"field", "path", "code"} & item[0].keys()
            if known and not TIMES & normalised(item[0]).keys():
                return item
    kind = payload.get("__typename")
    refused = isinstance(kind, str) and kind.endswith(("Error", "Exception", "Failure"))
    return payload if refused and isinstance(payload.get("message"), str) else None


def failed_part(members: Members, _value: dict[str, Any]) -> Problem | None:
    """Batches: {"responses": [{"status": 404, "body": {…}}]}, {"results": [{"error": "…"}]}, {"errors": true,
    "items": […]}.
    """
    for name in ("responses", "compositeresponse", "results", "items", "subresponses", "operations"):
        parts = members.get(name)
        for part in parts[:MAX_ITEMS] if isinstance(parts, list) else ():
            if isinstance(part, dict) and (
                problem := _of_part(part, bulk=members.get("errors") is True, results=name == "results")
            ):
                return problem
    return None


def _of_part(part: dict[str, Any], *, bulk: bool, results: bool) -> Problem | None:
    inner = normalised(part)
    if bulk:
        actions = [item for item in inner.values() if isinstance(item, dict)]
        errors = [action["error"] for action in (*actions, inner) if action.get("error")]
        return said_by(errors[0], "failed") if errors else None
    status = next(
        (inner[n] for n in ("status", "statuscode", "httpstatuscode", "httpstatus", "code") if n in inner), None
    )
    has_body = bool({"body", "headers", "httpheaders", "result", "content"} & inner.keys())
    if has_body and isinstance(status, (int, str)) and is_failed(status):
        body = next((inner[n] for n in ("body", "result", "content") if inner.get(n)), None)
        return said_by(_embedded(body), f"HTTP {status}", head=f"HTTP {status}")
    if (
        results
        and isinstance(inner.get("error"), (str, dict))
        and inner["error"]
        and len(inner) <= 3
        and "statementid" in inner
    ):
        return said_by(inner["error"], "failed")
    return None


def _embedded(body: Any) -> Any:
    """Facebook's batches have the body as text."""
    if isinstance(body, str) and body.lstrip().startswith(("{", "[")):
        import json

        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            return body
    return body


def failed_as_part(_members: Members, value: dict[str, Any]) -> Problem | None:
    return _of_part(value, bulk=False, results=False)


def is_failed(status: Any) -> bool:
    digits = str(status).strip()[:3]
    return digits.isdigit() and 400 <= int(digits) < 600 and len(str(status).strip()) == 3
