"""What an answer says of a failure, whatever its status: which reader the body, the headers or the messages are for.

Bodies of answers that went well are only looked into where cheap searches hint at a failure.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from signal_pipeline.limits import Limits
from signal_pipeline.parsing.har.body import body_text
from signal_pipeline.parsing.har.entry import NO_VALUE, Content, Entry, Response
from signal_pipeline.parsing.har.error_body import decoded, decoded_beginning, read_problem, reported_in_text
from signal_pipeline.parsing.har.error_pages import php_fault
from signal_pipeline.parsing.har.graphql import operation_name
from signal_pipeline.parsing.har.grpc import status_problem, trailer_problem
from signal_pipeline.parsing.har.headers import header
from signal_pipeline.parsing.har.problem import NOTHING, Problem, limited
from signal_pipeline.parsing.har.redirect_errors import refusal_in_redirect
from signal_pipeline.parsing.har.reported import reported_problem
from signal_pipeline.parsing.har.socket import socket_problem
from signal_pipeline.parsing.har.streams import event_stream_problem, json_lines_problem, multipart_problem
from signal_pipeline.parsing.har.xml_problem import reported_in_xml

MAX_REPORT_CHARS = 1024 * 1024
"""Of the body of an answer that went well."""
_TRANSLATIONS = re.compile(
    r"(?i)[/._-](?:(?:locales?|i18n|l10n|translations?)/|(?:langs?|languages?|messages)/[^?#]*\.json)"
)
"""The texts of an application name its errors, and report none."""
_EDGE = 800
_LONG_BODY = 256 * 1024
# Quotes are escaped in a HAR. A value that says nothing is no hint.
_ERROR_MEMBER = re.compile(
    rb'(?:rror|RROR)\w{0,20}\\{0,3}"\s{0,9}:\s{0,9}(?!null|false|\[\]|\{\}|\\{0,3}"\\{0,3}"|0[,}])'
)
_ERROR_VALUE = re.compile(rb'(?:rror|RROR|ailure|ailed|ejected|xception)\\{0,3}"(?!\s{0,9}:)')
_STATUS_MEMBER = re.compile(rb'(?i)(?:status|statuscode|code)\\{0,3}"\s{0,9}:\s{0,9}\\{0,3}"?[45][0-9]{2}\b')
_ENVELOPE = re.compile(
    rb'(?i)"(?:is_?)?(?:success|ok|succeeded|successful|status|result|state|outcome)\\{0,3}"\s{0,9}:\s{0,9}'
    rb'(?:false|\\{0,3}"(?:false|fail|error|ko|nok|exception|fault))'
    rb'|"(?:code|err\w{0,12}|exception|fault|ret|(?:err|ret|result|return|resp|res|sub|status|http)_?(?:code|no|status))\\{0,3}"\s{0,9}:\s{0,9}'
    rb'\\{0,3}"?(?!0|1\b|200\b|null|success|ok\b)[0-9A-Za-z-]'
)

_PARTIAL = re.compile(
    rb'"?timed_out\\{0,3}"\s{0,9}:\s{0,9}true|_shards\\{0,3}"\s{0,9}:\s{0,9}\{[^{}]{0,150}failed\\{0,3}"\s{0,9}:\s{0,9}[1-9]'
)


def answered_problem(entry: Entry, status: int | None, mime: str | None, flags: list[str], limits: Limits) -> Problem:
    """What the answer says; NOTHING when it says nothing. A failure under a status of success is flagged."""
    response = entry.response
    if status is not None and status >= 400:
        return _failed(entry, response, status, mime, flags, limits)
    if entry.socket_messages != NO_VALUE and (said := socket_problem(entry.socket_messages, limits.max_json_depth)):
        return _reported(said, flags)
    if status is None or status < 200 or response is None:
        return NOTHING
    is_call = mime is not None and mime.startswith(("application/grpc", "application/connect"))
    stated = _grpc(response, mime or "") if is_call else refusal_in_redirect(response) if status >= 300 else None
    if stated is not None or is_call:
        return _reported(stated, flags)
    if response.content is None or not response.content.text or _is_translations(entry):
        return NOTHING
    found = _reported(_hinted(response.content, mime, flags, limits), flags)
    return _with_operation(entry, found)


def _is_translations(entry: Entry) -> bool:
    request = entry.request
    return (
        request is not None
        and request.method in ("GET", "get")
        and isinstance(request.url, str)
        and _TRANSLATIONS.search(request.url[:2048]) is not None
    )


def _failed(
    entry: Entry, response: Response | None, status: int, mime: str | None, flags: list[str], limits: Limits
) -> Problem:
    if response is None or response.content is None or not response.content.text:
        return NOTHING
    body = body_text(response.content, limits.max_error_body_bytes)
    if body.text is None:
        flags += ["body_dropped"] if body.dropped else []
        return NOTHING
    flags += ["text_capped"] if body.capped else []
    return _with_operation(entry, read_problem(body.text, mime, status, limits.max_json_depth))


def _reported(problem: Problem | None, flags: list[str]) -> Problem:
    flags += ["reported_in_body"] if problem is not None and problem.text else []
    return problem if problem is not None and problem.text else NOTHING


def _with_operation(entry: Entry, problem: Problem) -> Problem:
    """A failed GraphQL operation by its name: the route is the same for all of them."""
    name = operation_name(entry.request) if problem.text else None
    if name is None or problem.text is None or problem.text.startswith(f"{name}:"):
        return problem
    return Problem(limited(f"{name}: {problem.text}"), problem.exception_class, problem.stack_trace)


def _grpc(response: Response, mime: str) -> Problem | None:
    found = status_problem(header(response.headers, "grpc-status"), header(response.headers, "grpc-message"))
    content = response.content
    if found is not None or content is None or not content.text:
        return found
    encoded = isinstance(content.encoding, str) and content.encoding.strip().lower() == "base64"
    text = decoded(bytes(content.text).decode("utf-8", "replace"), 4)
    if not isinstance(text, str):
        return None
    if "connect" in mime and "rror" in text:
        start = text.find('{"error"')
        value = decoded_beginning(text[start:], 64) if start >= 0 else None
        return reported_problem(value)
    return trailer_problem(text, encoded=encoded or "grpc-web-text" in mime)


def _hinted(content: Content, mime: str | None, flags: list[str], limits: Limits) -> Problem | None:
    raw = bytes(content.text)
    kind = _kind(raw, mime, encoded=isinstance(content.encoding, str) and bool(content.encoding))
    is_problem = mime is not None and "problem+" in mime
    if kind is None or not (is_problem or _hints(kind, raw)):
        return None
    body = body_text(content, MAX_REPORT_CHARS)
    if body.text is None:
        return None
    if body.capped or "long_text_cut" in flags:
        flags.append("body_capped")
    text = body.text.removeprefix(")]}'").lstrip("\ufeff, \t\r\n")
    return _READERS[kind](text, limits.max_json_depth)


def _json_answer(text: str, max_depth: int) -> Problem | None:
    value = decoded(text, max_depth)
    if value is None and len(text) > _LONG_BODY:
        value = decoded_beginning(text, max_depth)
    return reported_problem(value)


def _page(text: str, max_depth: int) -> Problem | None:
    """PHP answers with JSON and faults alike as pages."""
    if text.startswith(("{", "[")):
        return _json_answer(text, max_depth)
    said = None if text.startswith("<") else reported_in_text(text)
    return said or php_fault(text[:_LONG_BODY])


_READERS: dict[str, Callable[[str, int], Problem | None]] = {
    "events": event_stream_problem,
    "parts": multipart_problem,
    "lines": json_lines_problem,
    "xml": lambda text, _: reported_in_xml(text),
    "page": _page,
    "json": _json_answer,
}
# What a MIME type holds, and which reader its bodies are for; the first row that fits counts.
_KINDS: tuple[tuple[str, str | None], ...] = (
    ("event-stream", "events"),
    ("multipart/", "parts"),
    *((part, "lines") for part in ("ndjson", "jsonl", "json-seq", "stream+json", "json-lines")),
    ("json", "json"),
    ("graphql", "json"),
    ("html", "page"),
    ("text/plain", "page"),
    ("svg", None),
    ("xml", "xml"),
)
_UNSAID = ("application/octet-stream", "x-unknown")


def _kind(raw: bytes, mime: str | None, *, encoded: bool) -> str | None:
    """Which reader a body is for; None for what cannot report anything."""
    if mime is None or mime in _UNSAID:
        return "json" if not encoded and raw[:64].lstrip(b'" \\nrt').startswith((b"{", b"[")) else None
    return next((kind for part, kind in _KINDS if part in mime), None)


_HINTS = {
    "events": (b"rror", b"ailed", b":false", b"xception"),
    "lines": (b"rror", b"ailed", b":false", b"xception"),
    "parts": (b"HTTP/", b"errors"),
    "xml": (b"ault", b"rror", b"xception", b"RROR"),
}


def _hints(kind: str, raw: bytes) -> bool:
    """Cheap and loose: False means that nothing in the body can report a failure."""
    in_base64 = raw[:1] == b'"' and b"\\" not in raw[:4096] and raw[1:2] not in (b"<", b"{", b"[")
    if kind in _HINTS:
        return in_base64 or any(hint in raw for hint in _HINTS[kind])
    if kind == "page" and raw[:64].lstrip(b'"\\ nrt').startswith(b"<"):
        return b"error</b>: " in raw
    if kind == "page" and raw[:64].lstrip(b'"\\ nrt')[:1] not in (b"{", b"["):
        return in_base64 or any(hint in raw[:_EDGE] for hint in (b"rror", b"RROR", b"xception", b"Traceback"))
    named = (b"rror" in raw or b"RROR" in raw) and _ERROR_MEMBER.search(raw)
    named = named or _ERROR_VALUE.search(raw)
    batch = (b"esponses" in raw or raw[1:2] == b"[") and _STATUS_MEMBER.search(raw)
    return bool(
        _PARTIAL.search(raw[:_EDGE])
        or (in_base64 and kind == "json")
        or named
        or batch
        or _ENVELOPE.search(raw[:_EDGE])
        or (len(raw) > _EDGE and _ENVELOPE.search(raw[-_EDGE:]))
    )
