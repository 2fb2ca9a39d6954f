"""Failures that a JSON body reports although the status is a success: a table of the shapes that APIs use.

Each row says what it recognises and gives an example that a test reads. An error that is *data*, such as a list of past
errors in a monitoring API or the last error of a job, is none: next to it stand members that no envelope has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from signal_pipeline.parsing.har.envelope import (
    CODES,
    ENVELOPE,
    FLAGS,
    MESSAGES,
    RAISED,
    STATUSES,
    WORD_MEMBERS,
    WORDS,
    is_fine,
)
from signal_pipeline.parsing.har.json_problem import first_text, normalised, validation_message
from signal_pipeline.parsing.har.problem import Problem
from signal_pipeline.parsing.har.reported_parts import (
    MAX_ITEMS,
    Members,
    failed_as_part,
    failed_part,
    graphql_errors,
    is_failed,
    payload_errors,
    said_by,
)


@dataclass(frozen=True)
class Report:
    """`says` gives what an object reports, or None; `example` is a body that it recognises."""

    name: str
    says: Callable[[Members, dict[str, Any]], Problem | None]
    example: str


def reported_problem(value: Any) -> Problem | None:
    """The first failure that a decoded body reports; of a list, that of any item that is an answer of its own."""
    if isinstance(value, list):
        items = (item for item in value[:MAX_ITEMS] if isinstance(item, dict))
        return next((p for item in items if (p := _first(IN_A_BATCH, item)) is not None), None)
    return _first(REPORTS, value) if isinstance(value, dict) else None


def _first(rows: tuple[Report, ...], value: dict[str, Any]) -> Problem | None:
    members = normalised(value)
    return next((problem for row in rows if (problem := row.says(members, value)) is not None), None)


def _is_envelope(members: Members) -> bool:
    """No member is of the data, but for what is empty. An id is that of a request, if it stands beside an error
    alone.
    """
    strange = sum(name not in ENVELOPE and item not in (None, "", [], {}, 0, False) for name, item in members.items())
    of_a_thing = "name" in members and ("id" in members or "createdat" in members)
    return not strange and not of_a_thing


def _message(members: Members) -> str | None:
    text = first_text(members, MESSAGES)
    return text if text is not None and not is_fine(text) else None


def _json_rpc(members: Members, _value: dict[str, Any]) -> Problem | None:
    error = members.get("error")
    if "jsonrpc" not in members or not isinstance(error, (dict, str)) or not error:
        return None
    return said_by(error, "JSON-RPC error")


def _error_object(members: Members, _value: dict[str, Any]) -> Problem | None:
    error = members.get("error")
    if not isinstance(error, dict) or not _is_envelope(members):
        return None
    inner = normalised(error)
    said = any(
        inner.get(name)
        for name in ("message", "msg", "code", "type", "reason", "status", "title", "errors", "json", "data")
    )
    return said_by(error, "error") if said and not (len(inner) == 1 and is_fine(next(iter(inner.values())))) else None


def _error_text(members: Members, value: dict[str, Any]) -> Problem | None:
    for name in ("error", "err", "exception", "fault"):
        error = members.get(name)
        if isinstance(error, str) and not is_fine(error) and _is_envelope(members):
            return said_by(value, error)
    return None


def _raised(members: Members, value: dict[str, Any]) -> Problem | None:
    for name in RAISED:
        if (members.get(name) is True or str(members.get(name)).lower() == "true") and (
            _is_envelope(members) or _message(members)
        ):
            return said_by({key: item for key, item in value.items() if item is not True}, f"{name}: true")
    return None


def _not_successful(members: Members, value: dict[str, Any]) -> Problem | None:
    for name in FLAGS:
        flag = members.get(name)
        if (flag is False or str(flag).lower() == "false") and (_is_envelope(members) or _message(members)):
            data = members.get("data")
            if _message(members) is None and isinstance(data, str) and not is_fine(data):
                return said_by(data, f"{name}: false")
            return said_by(value, f"{name}: false")
    return None


def _status_word(members: Members, value: dict[str, Any]) -> Problem | None:
    for name in WORD_MEMBERS:
        word = members.get(name)
        if isinstance(word, str) and word.strip().lower() in WORDS and _is_envelope(members):
            if "id" in members and not (_message(members) or isinstance(members.get("data"), (dict, str))):
                return None
            data = members.get("data")
            field = (
                next((f"{k}: {v}" for k, v in data.items() if isinstance(v, str)), None)
                if isinstance(data, dict)
                else None
            )
            message = _message(members) or validation_message(data) or field
            return said_by(value, message or f"{name}: {word}") if message else Problem(f"{name}: {word.lower()}")
    return None


def _error_code(members: Members, value: dict[str, Any]) -> Problem | None:
    for name in CODES:
        code = members.get(name)
        if isinstance(code, (int, str)) and not isinstance(code, bool) and not is_fine(code) and _is_bare(members):
            named = name.startswith("err") or _message(members) is not None
            if named and (isinstance(code, int) or len(code) <= 80):
                return said_by(value, f"{name} {code}")
    return None


def _plain_code(members: Members, value: dict[str, Any]) -> Problem | None:
    """{"code": 500, "msg": "…", "data": null}: a status of its own, or a code beside a message and no data."""
    code, message = members.get("code"), _message(members)
    if (
        message is None
        or isinstance(code, bool)
        or not isinstance(code, (int, str))
        or is_fine(code)
        or not _is_envelope(members)
    ):
        return None
    digits = str(code).lstrip("-")
    if not digits.isdigit() and not (isinstance(code, str) and len(code) <= 60 and "msg" in members):
        return None
    empty = not (members.get("data") or members.get("result") or members.get("payload"))
    is_status = digits.isdigit() and 400 <= int(digits[:9]) < 600
    return (
        said_by(value, message)
        if is_status or (empty and not 200 <= int(digits[:9] if digits.isdigit() else 0) < 400)
        else None
    )


def _is_bare(members: Members) -> bool:
    return _is_envelope(members) or not any(members.get(name) for name in ("data", "result", "items", "list", "id"))


def _status_number(members: Members, value: dict[str, Any]) -> Problem | None:
    for name in STATUSES:
        status = members.get(name)
        if (
            isinstance(status, (int, str))
            and not isinstance(status, bool)
            and is_failed(status)
            and _is_envelope(members)
        ):
            return said_by(value, f"HTTP {status}") if _message(members) or name != "status" else None
    return None


def _error_message(members: Members, value: dict[str, Any]) -> Problem | None:
    """{"status": "REQUEST_DENIED", "error_message": "…"}"""
    message = first_text(members, ("errormessage", "errmsg", "errormsg", "errordescription"))
    return said_by(value, message) if message and not is_fine(message) and _is_bare(members) else None


def _typed_error(members: Members, value: dict[str, Any]) -> Problem | None:
    """Streams and sockets: {"type": "error", "error": {…}}, {"event": "error", …}, {"op": "error"}."""
    for name in ("type", "event", "op", "kind", "action", "cmd", "t"):
        word = members.get(name)
        if isinstance(word, str) and _is_error_word(word):
            rest = {key: item for key, item in value.items() if item != word}
            return said_by(rest, word)
    return None


def _is_error_word(word: str) -> bool:
    lowered = word.lower().replace("-", "_")
    return lowered in (
        "error",
        "exception",
        "connection_error",
        "reject_subscription",
        "unauthorized",
        "forbidden",
    ) or (lowered.endswith(("_error", ":error", ".error", "/error", ".failed", "_rejected")))


def _partial_search(members: Members, _value: dict[str, Any]) -> Problem | None:
    """Elasticsearch, also inside what Kibana passes on: a search that gave up, or whose shards failed."""
    found = next((inner for name in ("rawresponse", "result") if isinstance(inner := members.get(name), dict)), None)
    if found is not None and (problem := _partial_search(normalised(found), found)) is not None:
        return problem
    shards = members.get("shards")
    shards = normalised(shards) if isinstance(shards, dict) else None
    if shards is None or "total" not in shards:
        return None
    failed = shards.get("failed")
    if isinstance(failed, int) and not isinstance(failed, bool) and failed > 0:
        failures = shards.get("failures")
        first = failures[0] if isinstance(failures, list) and failures else None
        reason = first.get("reason") if isinstance(first, dict) else None
        return said_by(reason, "shards failed", head="shards failed") if reason else Problem("shards failed")
    return Problem("search timed out") if members.get("timedout") is True else None


def _only_a_code(members: Members, value: dict[str, Any]) -> Problem | None:
    """Salesforce: [{"errorCode": "…", "message": "…"}]"""
    if isinstance(members.get("errorcode"), str) and members["errorcode"] and isinstance(members.get("message"), str):
        return said_by(value, "failed") if members.keys() <= {"errorcode", "message", "fields"} else None
    return None


REPORTS: tuple[Report, ...] = (
    Report("GraphQL errors", graphql_errors, '{"data":null,"errors":[{"message":"no cart","path":["cart"]}]}'),
    Report("userErrors", payload_errors, '{"data":{"add":{"userErrors":[{"field":["id"],"message":"is gone"}]}}}'),
    Report("JSON-RPC", _json_rpc, '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}'),
    Report("parts of a batch", failed_part, '{"responses":[{"id":"1","status":404,"body":{"error":{"code":"gone"}}}]}'),
    Report(
        "partial search",
        _partial_search,
        '{"took":9,"timed_out":true,"_shards":{"total":5,"successful":5,"failed":0},"hits":{"hits":[]}}',
    ),
    Report("type: error", _typed_error, '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'),
    Report("error object", _error_object, '{"error":{"code":"E1","message":"no cart"},"requestId":"r"}'),
    Report("error text", _error_text, '{"error":"no cart"}'),
    Report("error: true", _raised, '{"error":true,"message":"quota exceeded"}'),
    Report("success: false", _not_successful, '{"Success":false,"ErrorMessage":"payment timed out"}'),
    Report("status: fail", _status_word, '{"status":"fail","data":{"title":"A title is required"}}'),
    Report("status number", _status_number, '{"statusCode":503,"message":"no seats"}'),
    Report("error code", _error_code, '{"errcode":40001,"errmsg":"invalid credential"}'),
    Report("code", _plain_code, '{"code":500,"msg":"no cart","data":null}'),
    Report(
        "error message", _error_message, '{"status":"REQUEST_DENIED","error_message":"The key is invalid","results":[]}'
    ),
)
_BY_NAME = {row.name: row for row in REPORTS}
IN_A_BATCH: tuple[Report, ...] = (
    *(
        _BY_NAME[name]
        for name in ("GraphQL errors", "userErrors", "JSON-RPC", "partial search", "error object", "type: error")
    ),
    Report("part of a batch", failed_as_part, '{"code":400,"body":"{\\"error\\":{\\"message\\":\\"bad id\\"}}"}'),
    Report("Salesforce", _only_a_code, '{"errorCode":"INVALID_FIELD","message":"No such column"}'),
    *(_BY_NAME[name] for name in ("error text", "error: true", "success: false", "error code")),
)
"""In a list an item is an answer of its own only where nothing in it is data."""


def problems_of_messages(values: Iterator[Any]) -> Problem | None:
    """The first failure among the messages of a stream or a socket."""
    return next((problem for value in values if (problem := reported_problem(value)) is not None), None)
