"""What any tokenizer accepts: well-formed Unicode of bounded length. No masking, no meaning."""

from __future__ import annotations

MAX_CHARS = 8_192
"""A model reads 256 tokens; longer text costs tokenizing time and changes nothing."""


def clean_text(text: str) -> str:
    """`text` cut to MAX_CHARS, lone surrogates replaced: tokenizers refuse what is not valid UTF-8."""
    return text[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8")
