"""How much two texts say the same: the share of the telling words of an answer that a record repeats."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{2,40}|[0-9]{3,12}")
# Words that most answers have in common; what is rare in this report weighs more by itself.
_COMMON = {
    "the", "and", "for", "not", "with", "was", "that", "this", "from", "error", "errors", "http", "https", "internal",
    "server", "request", "failed", "exception",
}  # fmt: skip
MAX_CHARS = 1_000
FEWEST_SHARED = 2
"""A single word in common is chance, unless it is all that the answer says."""


def words_of(text: str | None) -> frozenset[str]:
    found = (match.lower().strip("._") for match in _WORD.findall((text or "")[:MAX_CHARS]))
    return frozenset(word for word in found if word not in _COMMON)


class Wording:
    """The words of the answers of a report, weighed by how few of the answers have them."""

    def __init__(self, answers: Iterable[frozenset[str]]) -> None:
        sets = [words for words in answers if words]
        self._counts = Counter(word for words in sets for word in words)
        self._total = max(len(sets), 1)

    def share(self, answer: frozenset[str], record: frozenset[str]) -> float:
        """0 to 1: how much of what the answer says the record says as well."""
        shared = answer & record
        if len(shared) < min(FEWEST_SHARED, len(answer)) or not shared:
            return 0.0
        return sum(self._weight(word) for word in shared) / sum(self._weight(word) for word in answer)

    def _weight(self, word: str) -> float:
        return math.log(1.0 + self._total / self._counts.get(word, 1))
