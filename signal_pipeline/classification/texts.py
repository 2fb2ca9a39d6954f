"""The one line of text that stands for an error when it is embedded. Never a chain of causes, never a stack.

Two errors in one text make a bridge between two clusters, so only the head of one error goes in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

TEXT_VERSION = "2026-11-22"
# Changelog
# 2026-11-22  first form

MAX_TEXT_CHARS = 512
_CHAIN = re.compile(r"(?i)(?:\bcaused by\b|\bnested exception is\b|\bdue to:|\bbecause of:)", re.ASCII)
_MASK_TOKEN = re.compile(r"<[A-Z][A-Z_]{0,20}>|<\*>|\{id\}")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TOKEN_WORDS = {"NUM": "number", "STR": "text", "HEX": "id", "UUID": "id", "BLOB": "data", "IP": "address"}


def embedding_text(
    error_type: str, exception_class: str | None, template: str, top_frames: Sequence[str] | None
) -> str:
    """One line, at most 512 characters, never empty: class in words, then the head of the message."""
    head = template.split("\n", 1)[0][: 4 * MAX_TEXT_CHARS]
    chain = _CHAIN.search(head)
    if chain is not None and chain.start() > 0:
        head = head[: chain.start()].rstrip(" \t|;,")
    head = _MASK_TOKEN.sub(_as_word, head)
    name = (exception_class or error_type).rsplit(".", 1)[-1].rsplit("::", 1)[-1]
    words = _CAMEL.sub(" ", name).replace("_", " ")
    text = " ".join(f"{words}: {head}".split())
    if not head.strip() and top_frames:
        text = f"{words} in {top_frames[0]}"
    return text[:MAX_TEXT_CHARS].strip() or error_type


def _as_word(match: re.Match[str]) -> str:
    word = match.group().strip("<>{}")
    return _TOKEN_WORDS.get(word, "value" if word == "*" else word.lower())
