"""The exact scan of texts of which only runs of characters are in question: word by word instead of as a whole.

No name of a secret, no number, address or escape is in such a text (the gate has asked), so a rule that
still matches does so within one word, and equal words have equal results.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from signal_pipeline.redaction.memory import Judge, Judgement
from signal_pipeline.redaction.rules.blobs import HASH_PLACE, HASH_POSITION

_BEFORE = 96
_AFTER = 16
# A shorter word holds neither a key nor an encoded text.
_CHARACTER = r"[^\s\"'`<>(){}\[\],;|]"
_WORD = re.compile(_CHARACTER + "{10,}")
_HASH = re.compile("[0-9a-f]{20,}")
# The place ends before the word or within its beginning.
_PLACE_BEFORE = f"(?:{HASH_PLACE}){_CHARACTER}*$"
# A request of OpenStack with the ids of user and project.
_REQUEST = re.compile(
    r"\breq-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?: [0-9a-f]{32}){1,2}"
    rf"(?!{_CHARACTER})"
)
_NO_SECRET = re.compile(
    r"(?:[a-z]{3,10}-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[a-z_.]+:?|[0-9.:/+-]+"
)


class RunScanner:
    """`judge(text)` equals the judgement of the whole exact scan."""

    def __init__(self, word: Judge, whole: Judge, compiled: Callable[[str], Any]) -> None:
        self._word = word
        self._whole = whole
        self._hash_position, self._place_before = compiled(HASH_POSITION), compiled(_PLACE_BEFORE)

    def judge(self, text: str) -> Judgement:
        """The text with its words masked, and the counts."""
        out: list[str] = []
        counts: Counter[str] = Counter()
        last = 0
        request = _REQUEST.search(text) if "req-" in text else None
        for match in _WORD.finditer(text):
            if request and request.start() <= match.start() and match.end() <= request.end():
                continue
            if _NO_SECRET.fullmatch(match[0]):
                continue
            masked, counted = self._word(match[0])
            if not counted:
                continue
            start = match.start()
            around = text[max(0, start - _BEFORE) : min(start + _AFTER, match.end())].encode()
            if self._place_before.search(around) is not None:
                if _HASH.fullmatch(match[0]) and self._hash_position.search(around[: min(start, _BEFORE)]) is not None:
                    continue
                return self._whole(text)
            counts.update(counted)
            out += [text[last:start], masked]
            last = match.end()
        return ("".join([*out, text[last:]]), counts) if out else (text, counts)
