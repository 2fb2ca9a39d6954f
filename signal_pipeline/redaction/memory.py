"""Remembers what the exact scan made of a text, so that equal texts and equal shapes are judged once. No rules here."""

from __future__ import annotations

import re
from collections.abc import Callable

Judgement = tuple[str, dict[str, int]]
Judge = Callable[[str], Judgement]

MAX_REMEMBERED = 20_000
MAX_CHARS = 2_048

# Which digits a lone number has is asked by no rule that is left to the names of secrets, only how many. Digits
# that touch a letter or a character that keys are written with may belong to a name ("cookie2", "2fa") or a key.
_DIGITS = bytes.maketrans(b"0123456789", b"5555555555")
_KEPT_DIGITS = re.compile(r"[A-Za-z_/~$%\\+][0-9]+|[0-9][A-Za-z_/~$%\\]")
# A hexadecimal number of its own is one, whatever its digits.
_HEX_NUMBER = re.compile(r"(?<![^\s\"'`,;:=()\[\]{}])0x[0-9a-f]++(?![^\s\"'`,;()\[\]{}])")

Shape = tuple[bytes, str]


def shape(text: str) -> Shape:
    """What texts have in common that differ in lone numbers of one length only."""
    if "0x" in text:
        text = _HEX_NUMBER.sub(lambda match: "0x" + "5" * (len(match[0]) - 2), text)
    return text.encode().translate(_DIGITS), "".join(_KEPT_DIGITS.findall(text))


class Memory:
    """`judge(text)` from memory where the text, or its shape, was seen before.

    A judgement is the masked text and what to count for it; whoever uses one counts it, each time.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._known: dict[str, Judgement] = {}
        self._harmless: set[Shape] = set()

    def by_text(self, text: str) -> Judgement:
        """The judgement on this very text."""
        known = self._known.get(text)
        if known is None:
            known = self._judge(text)
            if len(text) <= MAX_CHARS:
                if len(self._known) >= MAX_REMEMBERED:
                    self._known.clear()
                self._known[text] = known
        return known

    def by_shape(self, text: str) -> Judgement:
        """The same for texts of which only the names of secrets are in question: a harmless shape is judged once."""
        if len(text) > MAX_CHARS:
            return self._judge(text)
        form = shape(text)
        if form in self._harmless:
            return text, {}
        judgement = self.by_text(text)
        if judgement[0] == text:
            if len(self._harmless) >= MAX_REMEMBERED:
                self._harmless.clear()
            self._harmless.add(form)
        return judgement
