"""Failures that a JSON body reports although the status is a success: a table of the shapes that APIs use.

Each row says what it recognises and gives an example that a test reads. An error that is *data*, such as a list of past
errors in a monitoring API or the last error of a job, is none: next to it stand members that no envelope has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from signal_pipeline.parsing.har.json_problem import first_text, json_problem, normalised, validation_message
from signal_pipeline.parsing.har.problem import Problem, limited

Members = dict[str, Any]

# What may stand beside an error in an answer that is nothing but one. Lower case, without "_" and "-".
ENVELOPE = frozenset(
    (
        "error", "errors", "iserror", "haserror", "haserrors", "errorcode", "errorcodes", "errcode", "errno",
        "err", "errmsg",
        "errormsg", "errormessage", "errormessages", "errordescription", "errordetails", "errorid", "erroruri",
        "errortype",
        "code", "msg", "message", "messages", "description", "detail", "details", "reason", "hint", "title",
        "type", "status",
        "statuscode", "statustext", "statusmessage", "success", "ok", "succeeded", "issuccess", "successful",
        "issuccessful",
        "result", "resultcode", "results", "ret", "retcode", "returncode", "respcode", "respmsg", "rescode",
        "resultmsg",
        "resultmessage", "returnmsg", "subcode", "submsg", "data", "payload", "response", "body", "meta", "extensions",
        "jsonrpc", "id", "requestid", "traceid", "correlationid", "transactionid", "tid", "rid", "reqid",
        "timestamp", "time",
        "servertime", "path", "url", "method", "instance", "version", "apiversion", "exception", "trace", "stack",
        "stacktrace", "responseheader", "took", "warnings", "documentationurl", "moreinfo", "help", "event",
        "channel", "ts",
        "ns", "hasnext", "label", "incremental", "context", "callid", "source", "target", "param", "domain", "now",
        "debug",
        "cost", "duration", "elapsed", "name", "class", "file", "line", "fieldviolations", "locale", "lang",
        "signature",
        "__type", "file", "kind", "httpstatus", "httpcode", "severity", "retryable", "retryafter", "needed", "provided",
    )
)  # fmt: skip
_GRAPHQL = frozenset(
    ("data", "errors", "extensions", "hasnext", "path", "label", "incremental", "status", "message", "code")
)
_FLAGS = ("success", "ok", "succeeded", "issuccess", "successful", "issuccessful", "status", "result")
_RAISED = ("error", "iserror", "haserror", "haserrors", "errors", "err", "fail", "failed")
_WORDS = frozenset(("error", "fail", "failed", "failure", "exception", "fault", "ko", "nok"))
_WORD_MEMBERS = ("status", "result", "state", "type", "event", "outcome")
_CODES = (
    "errcode",
    "errno",
    "errorcode",
    "errorno",
    "err",
    "retcode",
    "ret",
    "resultcode",
    "returncode",
    "respcode",
    "rescode",
)
_STATUSES = ("statuscode", "httpstatus", "httpcode", "httpstatuscode", "status")
_MESSAGES = (
    "message", "msg", "errormessage", "errormsg", "errmsg", "errordescription", "error", "errors", "detail", "details",
    "description", "reason", "respmsg", "resultmsg", "resultmessage", "returnmsg", "submsg", "exception",
    "statusmessage",
    "errormessages", "messages", "err",
)  # fmt: skip
_FINE_CODES = frozenset(
    ("", "0", "00", "000", "0000", "00000", "000000", "1", "200", "10000", "20000", "success", "ok", "none", "null")
)
_FINE_WORDS = frozenset(
    ("", "ok", "success", "successful", "succeed", "succeeded", "done", "none", "null", "no error", "0", "true", "成功",
     "操作成功",
     "请求成功", "查询成功", "获取成功")
)  # fmt: skip
_TIMES = frozenset(
    ("timestamp", "time", "date", "createdat", "lastseen", "firstseen", "occurredat", "count", "occurrences", "at")
)
MAX_ITEMS = 1_000


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


def _problem(value: Any, otherwise: str, *, head: str | None = None) -> Problem:
    found = json_problem(value, 400) if not isinstance(value, str) or value.strip() else None
    found = found if found is not None and found.text else Problem(otherwise)
    return Problem(limited(f"{head}: {found.text}"), found.exception_class, found.stack_trace) if head else found


def _is_envelope(members: Members) -> bool:
    """No member is of the data, but for what is empty. An id is that of a request, if it stands beside an error
    alone.
    """
    strange = sum(name not in ENVELOPE and item not in (None, "", [], {}, 0, False) for name, item in members.items())
    of_a_thing = "name" in members and ("id" in members or "createdat" in members)
    return not strange and not of_a_thing


def _message(members: Members) -> str | None:
    text = first_text(members, _MESSAGES)
    return text if text is not None and not is_fine(text) else None


def is_fine(word: Any) -> bool:
    """A word or code that says that nothing went wrong."""
    text = str(word).strip().lower()
    return text in _FINE_WORDS or text in _FINE_CODES or text.startswith("success")


def _graphql(members: Members, _value: dict[str, Any]) -> Problem | None:
    errors = members.get("errors")
    if not isinstance(errors, list) or not errors or not members.keys() <= _GRAPHQL:
        return None
    first = errors[0]
    if isinstance(first, str) and first.strip():
        return Problem(limited(first))
    if not isinstance(first, dict) or (
        _TIMES & normalised(first).keys() and "extensions" not in first and "path" not in first
    ):
        return None
    rest = {name: item for name, item in first.items() if name != "path"}
    return _problem(rest, "error without a message", head=_at_path(first))


def _at_path(error: dict[str, Any]) -> str | None:
    path = error.get("path")
    name = next((part for part in path if isinstance(part, str)), None) if isinstance(path, list) else None
    return name if name is not None and name.isidentifier() and len(name) <= 80 else None


def _payload_errors(members: Members, _value: dict[str, Any]) -> Problem | None:
    data = members.get("data")
    if not isinstance(data, dict) or not members.keys() <= _GRAPHQL:
        return None
    for name, payload in list(data.items())[:50]:
        for part in payload if isinstance(payload, list) else (payload,):
            found = _of_payload(part) if isinstance(part, dict) else None
            if found is not None:
                return _problem(found, "refused", head=name if name.isidentifier() else None)
    return None


def _of_payload(payload: dict[str, Any]) -> Any:
    for name, item in payload.items():
        errors = name.lower().endswith("errors") and isinstance(item, list) and bool(item)
        if errors and isinstance(item[0], dict) and isinstance(item[0].get("message"), str):
            known = name.lower().endswith("usererrors") or {"field", "path", "code"} & item[0].keys()
            if known and not _TIMES & normalised(item[0]).keys():
                return item
    kind = payload.get("__typename")
    refused = isinstance(kind, str) and kind.endswith(("Error", "Exception", "Failure"))
    return payload if refused and isinstance(payload.get("message"), str) else None


def _json_rpc(members: Members, _value: dict[str, Any]) -> Problem | None:
    error = members.get("error")
    if "jsonrpc" not in members or not isinstance(error, (dict, str)) or not error:
        return None
    return _problem(error, "JSON-RPC error")


def _error_object(members: Members, _value: dict[str, Any]) -> Problem | None:
    error = members.get("error")
    if not isinstance(error, dict) or not _is_envelope(members):
        return None
    inner = normalised(error)
    said = any(
        inner.get(name)
        for name in ("message", "msg", "code", "type", "reason", "status", "title", "errors", "json", "data")
    )
    return _problem(error, "error") if said and not (len(inner) == 1 and is_fine(next(iter(inner.values())))) else None


def _error_text(members: Members, value: dict[str, Any]) -> Problem | None:
    for name in ("error", "err", "exception", "fault"):
        error = members.get(name)
        if isinstance(error, str) and not is_fine(error) and _is_envelope(members):
            return _problem(value, error)
    return None


def _raised(members: Members, value: dict[str, Any]) -> Problem | None:
    for name in _RAISED:
        if (members.get(name) is True or str(members.get(name)).lower() == "true") and (
            _is_envelope(members) or _message(members)
        ):
            return _problem({key: item for key, item in value.items() if item is not True}, f"{name}: true")
    return None


def _not_successful(members: Members, value: dict[str, Any]) -> Problem | None:
    for name in _FLAGS:
        flag = members.get(name)
        if (flag is False or str(flag).lower() == "false") and (_is_envelope(members) or _message(members)):
            return _problem(value, f"{name}: false")
    return None


def _status_word(members: Members, value: dict[str, Any]) -> Problem | None:
    for name in _WORD_MEMBERS:
        word = members.get(name)
        if isinstance(word, str) and word.strip().lower() in _WORDS and _is_envelope(members):
            if "id" in members and not (_message(members) or isinstance(members.get("data"), (dict, str))):
                return None
            data = members.get("data")
            field = (
                next((f"{k}: {v}" for k, v in data.items() if isinstance(v, str)), None)
                if isinstance(data, dict)
                else None
            )
            message = _message(members) or validation_message(data) or field
            return _problem(value, message or f"{name}: {word}") if message else Problem(f"{name}: {word.lower()}")
    return None


def _error_code(members: Members, value: dict[str, Any]) -> Problem | None:
    for name in _CODES:
        code = members.get(name)
        if isinstance(code, (int, str)) and not isinstance(code, bool) and not is_fine(code) and _is_bare(members):
            named = name.startswith("err") or _message(members) is not None
            if named and (isinstance(code, int) or len(code) <= 80):
                return _problem(value, f"{name} {code}")
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
        _problem(value, message)
        if is_status or (empty and not 200 <= int(digits[:9] if digits.isdigit() else 0) < 400)
        else None
    )


def _is_bare(members: Members) -> bool:
    return _is_envelope(members) or not any(members.get(name) for name in ("data", "result", "items", "list", "id"))


def _status_number(members: Members, value: dict[str, Any]) -> Problem | None:
    for name in _STATUSES:
        status = members.get(name)
        if (
            isinstance(status, (int, str))
            and not isinstance(status, bool)
            and _is_failed(status)
            and _is_envelope(members)
        ):
            return _problem(value, f"HTTP {status}") if _message(members) or name != "status" else None
    return None


def _is_failed(status: Any) -> bool:
    digits = str(status).strip()[:3]
    return digits.isdigit() and 400 <= int(digits) < 600 and len(str(status).strip()) == 3


def _error_message(members: Members, value: dict[str, Any]) -> Problem | None:
    """{"status": "REQUEST_DENIED", "error_message": "…"}"""
    message = first_text(members, ("errormessage", "errmsg", "errormsg", "errordescription"))
    return _problem(value, message) if message and not is_fine(message) and _is_bare(members) else None


def _typed_error(members: Members, value: dict[str, Any]) -> Problem | None:
    """Streams and sockets: {"type": "error", "error": {…}}, {"event": "error", …}, {"op": "error"}."""
    for name in ("type", "event", "op", "kind", "action", "cmd", "t"):
        word = members.get(name)
        if isinstance(word, str) and _is_error_word(word):
            rest = {key: item for key, item in value.items() if item != word}
            return _problem(rest, word)
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


def _part_failed(members: Members, _value: dict[str, Any]) -> Problem | None:
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
        return _problem(errors[0], "failed") if errors else None
    status = next(
        (inner[n] for n in ("status", "statuscode", "httpstatuscode", "httpstatus", "code") if n in inner), None
    )
    has_body = bool({"body", "headers", "httpheaders", "result", "content"} & inner.keys())
    if has_body and isinstance(status, (int, str)) and _is_failed(status):
        body = next((inner[n] for n in ("body", "result", "content") if inner.get(n)), None)
        return _problem(_embedded(body), f"HTTP {status}", head=f"HTTP {status}")
    if (
        results
        and isinstance(inner.get("error"), (str, dict))
        and inner["error"]
        and len(inner) <= 3
        and "statementid" in inner
    ):
        return _problem(inner["error"], "failed")
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


def _batch_part(_members: Members, value: dict[str, Any]) -> Problem | None:
    return _of_part(value, bulk=False, results=False)


def _only_a_code(members: Members, value: dict[str, Any]) -> Problem | None:
    """Salesforce: [{"errorCode": "…", "message": "…"}]"""
    if isinstance(members.get("errorcode"), str) and members["errorcode"] and isinstance(members.get("message"), str):
        return _problem(value, "failed") if members.keys() <= {"errorcode", "message", "fields"} else None
    return None


REPORTS: tuple[Report, ...] = (
    Report("GraphQL errors", _graphql, '{"data":null,"errors":[{"message":"no cart","path":["cart"]}]}'),
    Report("userErrors", _payload_errors, '{"data":{"add":{"userErrors":[{"field":["id"],"message":"is gone"}]}}}'),
    Report("JSON-RPC", _json_rpc, '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}'),
    Report(
        "parts of a batch", _part_failed, '{"responses":[{"id":"1","status":404,"body":{"error":{"code":"gone"}}}]}'
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
    *(_BY_NAME[name] for name in ("GraphQL errors", "userErrors", "JSON-RPC", "error object", "type: error")),
    Report("part of a batch", _batch_part, '{"code":400,"body":"{\\"error\\":{\\"message\\":\\"bad id\\"}}"}'),
    Report("Salesforce", _only_a_code, '{"errorCode":"INVALID_FIELD","message":"No such column"}'),
    *(_BY_NAME[name] for name in ("error text", "error: true", "success: false", "error code")),
)
"""In a list an item is an answer of its own only where nothing in it is data."""


def problems_of_messages(values: Iterator[Any]) -> Problem | None:
    """The first failure among the messages of a stream or a socket."""
    return next((problem for value in values if (problem := reported_problem(value)) is not None), None)
