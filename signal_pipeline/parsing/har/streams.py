"""Answers that are many in one: events, lines of JSON, parts of a batch. The first that reports a failure counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import re2

from signal_pipeline.parsing.har.error_body import decoded, read_problem
from signal_pipeline.parsing.har.problem import Problem, limited
from signal_pipeline.parsing.har.reported import problems_of_messages, reported_problem

_ERROR_EVENTS = frozenset(
    ("error", "exception", "failure", "server_error", "fatal", "response.error", "response.failed")
)
_PART = re2.compile(r"(?m)^HTTP/[0-9.]+ ([0-9]{3})([^\r\n]*)\r?\n((?:[^\r\n]+\r?\n)*)\r?\n?")
_BATCH_END = re2.compile(r"(?m)^--(?:batch|changeset|[\w'()+,./:=?-]{4,})")
_MAX_EVENTS = 20_000


def event_stream_problem(text: str, max_depth: int) -> Problem | None:
    """An event named error, or one whose data reports a failure."""
    name = ""
    data: list[str] = []
    for number, line in enumerate((text + "\n\n").splitlines()):
        if number > _MAX_EVENTS:
            return None
        if line.startswith("event:"):
            name = line[6:].strip().lower()
        elif line.startswith("data:"):
            data.append(line[5:].strip())
        elif not line and (name or data):
            problem = _event(name, "\n".join(data), max_depth)
            if problem is not None:
                return problem
            name, data = "", []
    return None


def _event(name: str, data: str, max_depth: int) -> Problem | None:
    named = name in _ERROR_EVENTS
    if not named and ("rror" not in data and "ailed" not in data and "alse" not in data):
        return None
    value: Any = decoded(data, max_depth) if data.startswith(("{", "[", '"')) else None
    if value is not None:
        failed = value.get("type") == "response.failed" if isinstance(value, dict) else False
        problem = reported_problem(value.get("response") if isinstance(value, dict) and failed else value)
        if problem is not None:
            return problem
    if not named:
        return None
    found = read_problem(data, "application/json" if value is not None else "text/plain", 0, max_depth)
    return found if found.text else Problem(f"event: {name}")


def json_lines_problem(text: str, max_depth: int) -> Problem | None:
    """Newline-delimited JSON; lines that are not JSON, such as one that was cut off, are none of it."""
    return problems_of_messages(_values(text, max_depth))


def _values(text: str, max_depth: int) -> Iterator[Any]:
    for line in text.splitlines()[:_MAX_EVENTS]:
        stripped = line.strip().removeprefix("\x1e")
        if stripped.startswith(("{", "[")) and ("rror" in stripped or "alse" in stripped or "ail" in stripped):
            yield decoded(stripped, max_depth)


def _payloads(text: str, max_depth: int) -> Iterator[Any]:
    for value in _values(text, max_depth):
        yield value
        incremental = value.get("incremental") if isinstance(value, dict) else None
        yield from incremental[:_MAX_EVENTS] if isinstance(incremental, list) else ()


def multipart_problem(text: str, max_depth: int) -> Problem | None:
    """OData and Google batches: the first part that is an answer with a status of 400 and more. GraphQL's parts are
    payloads in JSON.
    """
    if '"hasNext"' in text:
        return problems_of_messages(_payloads(text, max_depth))
    parts = list(_PART.finditer(text))
    for found, following in zip(parts, [*parts[1:], None], strict=True):
        status = int(found[1])
        if status < 400:
            continue
        body = text[found.end() : following.start() if following else len(text)]
        end = _BATCH_END.search(body)
        body = (body[: end.start()] if end else body).strip()
        head = f"HTTP {status}{found[2].rstrip()}"
        said = read_problem(body, None, status, max_depth)
        return Problem(limited(f"{head}: {said.text}") if said.text else head, said.exception_class, said.stack_trace)
    return None
