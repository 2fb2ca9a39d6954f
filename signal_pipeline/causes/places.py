"""Where an error is at home: what its text varies by name (of a service, an order, a host) is one error there.

What most reports of a source have at a place is background, by whatever name it goes this time. The same error in
another service is news.
"""

from __future__ import annotations

import re

from signal_pipeline.causes.node import Node
from signal_pipeline.causes.statements import normalised

MAX_CHARS = 200
_WORD = re.compile(r"[^\s\[\](){}<>\"'=,;|]+")
_MORE_THAN_LETTERS = re.compile(r"[-./_@:\\#0-9]")
"""As in `ts-seat-service`, `10.0.0.1:80`, `order_17`, `java.lang.Thread`."""


def place_of(node: Node) -> str:
    """Service, exception and innermost function; without a function the text without names. Of a client no service.

    The service's numbers do not count: a file of the next day or of another pod is the same place.
    """
    where = "" if node.is_felt else normalised(node.service)
    kind = (node.exception or "").replace("::", ".").rpartition(".")[2]
    what = node.frame or generalised(node.template)
    return f"{where}|{kind}|{what[:MAX_CHARS]}"


def generalised(text: str) -> str:
    words = (word for word in _WORD.findall(text[:1_000]) if not _MORE_THAN_LETTERS.search(word))
    return normalised(" ".join(words))
