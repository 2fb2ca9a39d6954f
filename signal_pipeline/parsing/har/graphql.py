"""The names of the operations that a GraphQL request asks for. No values: a document may hold anything in its
literals."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from signal_pipeline.parsing.har.entry import NO_VALUE, Request
from signal_pipeline.parsing.har.error_body import decoded

_NAME = re.compile(r"[A-Za-z_]\w{0,80}")
_DOCUMENT = re.compile(r"\s{0,200}(?:query|mutation|subscription)\s{1,20}([A-Za-z_]\w{0,80})")
_MAX_BODY = 256 * 1024


def operation_name(request: Request | None) -> str | None:
    """The operation of the request; None where it is no GraphQL, has no name, or is a batch of several."""
    if request is None:
        return None
    if request.post_data is not None and request.post_data.text != NO_VALUE:
        raw = bytes(request.post_data.text)
        if len(raw) > _MAX_BODY or (b"operationName" not in raw and b"query" not in raw):
            return None
        text = decoded(raw.decode("utf-8", "replace"), 4)
        value = decoded(text, 64) if isinstance(text, str) and text.lstrip().startswith("{") else None
        return _of(value) if isinstance(value, dict) else None
    if isinstance(request.url, str) and "operationName=" in request.url:
        names = parse_qs(urlsplit(request.url[:8192]).query, max_num_fields=100, errors="replace").get(
            "operationName", [""]
        )
        return names[0] if _NAME.fullmatch(names[0]) else None
    return None


def _of(item: dict[str, Any]) -> str | None:
    name = item.get("operationName")
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    found = _DOCUMENT.match(item["query"][:1000]) if isinstance(item.get("query"), str) else None
    return found[1] if found else None
