"""The body of a failed request: which reader it is for. JSON, HTML, XML, forms, plain text, and JSON that was cut
off."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import msgspec
import re2

from signal_pipeline.parsing.har.cut_json import closed
from signal_pipeline.parsing.har.error_pages import page_problem
from signal_pipeline.parsing.har.json_problem import json_problem
from signal_pipeline.parsing.har.problem import MAX_TEXT, NOTHING, Problem, limited, limited_stack
from signal_pipeline.parsing.har.xml_problem import xml_problem
from signal_pipeline.parsing.json_depth import exceeds_depth

_CUT_JSON = re2.compile(r'"(?:message|error_description|detail|title|error|msg)"\s*:\s*("(?:[^"\\]|\\.){1,500}")')
_DUMP = re2.compile(r"^([A-Za-z_$][\w$.]{2,200}(?:Exception|Error))(?: \([^()\n]{0,80}\))?: [^\n]*\n\s+(?:at |---)")

_TRACEBACK = re2.compile(r"^Traceback \(most recent call last\):\s*\n")
_FAULT = re2.compile(
    r"^(?:ERROR|Error|Exception|Fatal error|Internal [Ss]erver [Ee]rror|[A-Za-z_$][\w$.]{2,200}(?:Exception|Error))"
    r"(?:: [^\n]{3,300})?\s*$"
)


def read_problem(body: str, mime_type: str | None, status: int, max_depth: int) -> Problem:
    """What the body of a failed request says; an empty Problem when it says nothing."""
    text = body.removeprefix(")]}'").lstrip("\ufeff, \t\r\n")
    if text.startswith(("{", "[", '"')):
        value = decoded(text, max_depth)
        if value is not None:
            return json_problem(value, status) or NOTHING
        cut = _CUT_JSON.search(text)
        if cut:
            return Problem(limited(_string(cut[1])))
        if mime_type is None or "json" in mime_type or not text.startswith("[") or not text[1:2].isalpha():
            return NOTHING
    if text.startswith("<"):
        start = text[:2000].lower()
        # A page, or the piece of one that PHP or a proxy prints, is not XML, whatever it says it is.
        is_page = (
            "<html" in start
            or "<!doctype html" in start
            or (not (mime_type or "").endswith("xml") and "<?xml" not in start)
        )
        found = page_problem(text) if is_page else xml_problem(text)
        return found if found.text or not is_page else xml_problem(text) if "<html" not in start else found
    if mime_type == "application/x-www-form-urlencoded" and "error" in text:
        fields = parse_qs(text[:MAX_TEXT], max_num_fields=50, errors="replace") if text.count("&") < 50 else {}
        return json_problem({name: values[0] for name, values in fields.items()}, status) or NOTHING
    return _plain(text)


def decoded(text: str, max_depth: int) -> Any:
    """The JSON value of the text; None when it is not JSON, or nests too deep."""
    raw = text.encode("utf-8", "replace")
    if exceeds_depth(raw, max_depth):
        return None
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        pass
    try:
        return json.loads(text, strict=False, parse_int=lambda digits: int(digits[:18]))
    except ValueError:
        return None


def decoded_beginning(text: str, max_depth: int) -> Any:
    """The JSON value of a text that was cut off: what of it is complete."""
    whole = closed(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    return decoded(whole, max_depth)


def reported_in_text(text: str) -> Problem | None:
    """What a plain text under a status of success says, where it is a fault and nothing else: a trace, or one short
    line."""
    if _DUMP.search(text[:MAX_TEXT]) or _TRACEBACK.search(text[:MAX_TEXT]) or _FAULT.search(text[:MAX_TEXT]):
        return _plain(text)
    return None


def _plain(text: str) -> Problem:
    """The first line; where a trace follows it, that and the class as well."""
    said = limited(next((line for line in text[:MAX_TEXT].splitlines() if line.strip()), ""))
    dump = _DUMP.search(text[:MAX_TEXT])
    return Problem(said, dump[1], limited_stack(text)) if dump else Problem(said)


def _string(quoted: str) -> str:
    """The text of a JSON string; as it is written where its escapes are none: servers print paths with backslashes."""
    try:
        return str(json.loads(quoted, strict=False))
    except ValueError:
        return quoted[1:-1]
