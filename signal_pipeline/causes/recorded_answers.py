"""Requests as access logs, clients and recordings write them: which answer to which request a line records."""

from __future__ import annotations

import re

from signal_pipeline.causes.node import SHOWN, Node

_REQUEST = re.compile(
    r"\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (?:https?://[^/\s]{1,200})?(/[^\s?#]*)\S*(?: ->)? "
    r"([1-5]\d\d|no answer|net::)"
)
Answer = tuple[str, str, str]


def recorded_answer(node: Node) -> Answer | None:
    """Method, path and status of the failed request that an entry records; None for what tells of more than that."""
    if node.nearness != SHOWN:
        return None
    found = _REQUEST.search(node.message)
    if found is None:
        return None
    method, path, status = found.groups()
    return method, path.rstrip("/"), "no answer" if status == "net::" else status
