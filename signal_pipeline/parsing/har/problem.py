"""What an error body says: code, message, exception class, stack trace. Reads JSON, HTML, XML, forms and text.

Tables of the names that APIs use for these things; nothing here knows about HTTP requests or redaction.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import re2

from signal_pipeline.parsing.json_depth import exceeds_depth

# Names are compared in lower case without "_" and "-". The first one present wins.
MESSAGES = (
    "message", "errormessage", "errordescription", "detail", "msg", "errormsg", "description", "reason",
    "faultstring", "exceptionmessage", "userMessage", "hint", "text",
)  # fmt: skip
HEADS = ("title", "error", "code", "errorcode", "errno", "faultcode", "status", "type")
NESTED = ("error", "errors", "fault", "exception", "detail", "details", "response", "data", "result", "body", "meta")
CLASSES = ("exception", "exceptionclass", "exceptiontype", "errortype", "__type", "type", "name", "class")
STACKS = ("trace", "stacktrace", "stack", "backtrace", "traceback", "exceptionstack")
_CLASS = re.compile(r"(?:[A-Za-z_$][\w$]{0,100}[.\\:#]{1,2}){0,12}[A-Za-z_$][\w$]{0,100}")
_CLASS_END = ("error", "exception", "fault", "failure")
_MAX_NESTING = 4
_MAX_TEXT = 2_000
_MAX_STACK = 64 * 1024
_CUT_JSON = re2.compile(r'"(?:message|error_description|detail|title|error|msg)"\s*:\s*("(?:[^"\\]|\\.){1,500}")')
_XML_TAGS = ("message", "faultstring", "title", "detail", "description", "h1")


@dataclass(frozen=True)
class Problem:
    """Not redacted. `text` reads "head: message" as far as there is one."""

    text: str | None = None
    exception_class: str | None = None
    stack_trace: str | None = None


_NOTHING = Problem()


def read_problem(body: str, mime_type: str | None, status: int, max_depth: int) -> Problem:
    """What the body of a failed request says; an empty Problem when it says nothing."""
    text = body.removeprefix(")]}'").lstrip("\ufeff, \t\r\n")
    if text.startswith(("{", "[", '"')):
        value = _json(text, max_depth)
        if value is not None:
            return _json_problem(value, status, 0) or _NOTHING
        cut = _CUT_JSON.search(text)
        if cut:
            return Problem(_limited(_string(cut[1])))
        if mime_type is None or "json" in mime_type or not text.startswith("[") or not text[1:2].isalpha():
            return _NOTHING
    if text.startswith("<"):
        return Problem(_markup(text))
    if mime_type == "application/x-www-form-urlencoded" and "error" in text:
        fields = parse_qs(text[:_MAX_TEXT], max_num_fields=50, errors="replace") if text.count("&") < 50 else {}
        return _json_problem({name: values[0] for name, values in fields.items()}, status, 0) or _NOTHING
    return Problem(_limited(next((line for line in text[:_MAX_TEXT].splitlines() if line.strip()), "")))


def reported_problem(body: str, max_depth: int) -> Problem | None:
    """The problem that a body reports although the status is a success: GraphQL, JSON-RPC, `"ok": false`."""
    value = _json(body.lstrip("\ufeff \t\r\n"), max_depth)
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, dict):
        return None
    error = value.get("error")
    failed = value.get("ok") is False or value.get("success") is False or value.get("status") == "error"
    if isinstance(value.get("errors"), list) and value["errors"] and isinstance(value["errors"][0], (dict, str)):
        return _json_problem(value["errors"], 0, 0)
    if isinstance(error, dict) and any(error.get(name) for name in ("message", "code", "type")):
        return _json_problem(error, 0, 0)
    if failed or (isinstance(error, str) and error.strip()):
        return _json_problem(value, 0, 0)
    return None


def _json(text: str, max_depth: int) -> Any:
    if exceeds_depth(text.encode("utf-8", "replace"), max_depth):
        return None
    try:
        return json.loads(text, strict=False, parse_int=lambda digits: int(digits[:18]))
    except ValueError:
        return None


def _string(quoted: str) -> str:
    """The text of a JSON string; as it is written where its escapes are none: servers print paths with backslashes."""
    try:
        return str(json.loads(quoted, strict=False))
    except ValueError:
        return quoted[1:-1]


def _json_problem(value: Any, status: int, nesting: int) -> Problem | None:
    if isinstance(value, str):
        return Problem(_limited(value)) if value.strip() else None
    if isinstance(value, list):
        return next((p for item in value[:3] if (p := _json_problem(item, status, nesting + 1))), None)
    if not isinstance(value, dict) or nesting > _MAX_NESTING:
        return None
    members = {str(name).lower().replace("_", "").replace("-", ""): item for name, item in value.items()}
    members |= {"__type": value["__type"]} if "__type" in value else {}
    inner = next(
        (
            problem
            for name in NESTED
            if isinstance(members.get(name), (dict, list))
            and (problem := _json_problem(members[name], status, nesting + 1))
        ),
        _NOTHING,
    )
    message = _first_text(members, MESSAGES)
    head = _first_head(members, status, message)
    own = ": ".join(part for part in (head, message) if part)
    extensions = members.get("extensions")
    if isinstance(extensions, dict) and isinstance(extensions.get("code"), str):
        own = f"{extensions['code']}: {own}" if own else extensions["code"]
    text = inner.text or _limited(own) or (_field_message(value) if nesting == 0 and status >= 400 else None)
    problem = Problem(text, inner.exception_class or _exception_class(members), inner.stack_trace or _stack(members))
    return problem if problem != _NOTHING else None


def _first_text(members: dict[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        item = members.get(name)
        if isinstance(item, list) and item and isinstance(item[0], str):
            item = item[0]
        if isinstance(item, str) and item.strip():
            return item.strip()
    return None


def _first_head(members: dict[str, Any], status: int, message: str | None) -> str | None:
    """A short code or title beside the message: not the HTTP status again, not a URL, not a flag."""
    for name in HEADS:
        item = members.get(name)
        if isinstance(item, bool) or not isinstance(item, (str, int)) or item in (status, str(status), 0):
            continue
        word = str(item).strip()
        if word and word != message and len(word) <= 200 and "://" not in word:
            return None if name in ("status", "type") and word.lower() in ("error", "fail", "failed") else word
    return None


def _field_message(value: dict[str, Any]) -> str | None:
    """Validation errors by field: {"email": ["This field is required."]}."""
    for name, item in list(value.items())[:20]:
        if isinstance(item, list) and item and isinstance(item[0], str):
            return _limited(f"{name}: {item[0]}")
    return None


def _exception_class(members: dict[str, Any]) -> str | None:
    for name in CLASSES:
        item = members.get(name)
        if not isinstance(item, str) or not _CLASS.fullmatch(item[:1000]):
            continue
        sure = name in CLASSES[:5]
        if len(item) <= 200 and (sure or item.lower().endswith(_CLASS_END)):
            return item
    return None


def _stack(members: dict[str, Any]) -> str | None:
    for name in STACKS:
        item = members.get(name)
        if isinstance(item, list):
            item = "\n".join(line for line in item[:1000] if isinstance(line, str))
        if isinstance(item, str) and "\n" in item:
            return item[:_MAX_STACK].rpartition("\n")[0] if len(item) > _MAX_STACK else item
    return None


def _markup(text: str) -> str | None:
    """The title of a HTML page, or the message of a XML error. Searches only, no regular expression."""
    lowered = text.lower()
    code = _element(text, lowered, "code")
    if "<html" in lowered[:2000] or "<!doctype" in lowered[:2000]:
        title, heading = _element(text, lowered, "title"), _element(text, lowered, "h1")
        told = title is not None and heading is not None and heading.lower() in title.lower()
        parts = dict.fromkeys(part for part in (title, None if told else heading) if part and "<" not in part)
    else:
        found = next((part for tag in _XML_TAGS if (part := _element(text, lowered, tag))), None)
        parts = dict.fromkeys(part for part in (code, found) if part)
    return _limited(": ".join(parts))


def _element(text: str, lowered: str, tag: str) -> str | None:
    start = 0
    while (start := lowered.find(f"<{tag}", start)) >= 0:
        start += len(tag) + 1
        if lowered[start : start + 1] in (">", " ", "\t", "\n", "\r"):
            begin = lowered.find(">", start) + 1
            end = lowered.find("</", begin)
            if 0 < begin <= end:
                return html.unescape(text[begin : min(end, begin + _MAX_TEXT)]).strip() or None
            return None
    return None


def _limited(text: str) -> str | None:
    """One line; the redactor sees all of what is stored, so the cut comes before it at a word."""
    line = " ".join(text[: 2 * _MAX_TEXT].split())
    if len(line) > _MAX_TEXT:
        line = line[:_MAX_TEXT].rsplit(" ", 1)[0]
    return line or None
