"""Texts that differ from a given one in lone digits only, by the definition as it is written in prose."""

from __future__ import annotations

import random
import re

_LONE = re.compile(r"(?<![0-9A-Za-z_])[0-9]+")


def with_other_digits(text: str, rng: random.Random) -> str:
    """The text with other lone digits, by the definition as it is written in prose."""

    def other(match: re.Match[str]) -> str:
        new = "".join(rng.choice("0123456789") for _ in match.group())
        keeps_last = text[match.end() : match.end() + 1] in ("x", "X")
        return new[:-1] + match.group()[-1] if keeps_last and match.end() < len(text) else new

    return _LONE.sub(other, text)
