"""A cluster's label: the few words that mark it off from the other clusters, as a triager would name it.

Class-based TF-IDF: a cluster is one document. Deterministic; no vectors.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

MAX_TERMS = 4
MAX_LABEL_CHARS = 80
_MAX_CHARS = 2_000
_MAX_MEMBERS = 200
"""Of a larger cluster this many members say what its words are."""

_MASK = re.compile(r"<(?:[A-Z][A-Z_]*|\*)>")
_TERM = re.compile(r"/[\w{}./-]*[\w}]|[A-Za-z_][\w.:'-]*\w|(?<=-> )\d{3}\b|(?<=HTTP )\d{3}\b")
"""Routes, words and dotted names, and the status of a failed exchange; other numbers say nothing."""

_STOP = frozenset(
    """
    a an and are as at be by but can could did do does for from had has have in into is it its not of on or so that
    the then there this to was were when while will with
    """.split()  # noqa: SIM905  a table of words
)


def distinctive_terms(members: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """For each cluster (its members' templates, the medoid's first) its terms, in the order in which the medoid has
    them.

    A term's weight is the share of members that have it times the log of how rare it is among clusters. Equal weights
    go by place in the medoid, so that the label reads as the message does.
    """
    shares: list[dict[str, float]] = []
    for templates in members:
        counted = templates[:_MAX_MEMBERS]
        counts = Counter(term for template in counted for term in dict.fromkeys(_terms(template)))
        shares.append({term: count / len(counted) for term, count in counts.items()})
    spread = Counter(term for share in shares for term in share)
    chosen = []
    for templates, share in zip(members, shares, strict=True):
        place = {term: number for number, term in enumerate(dict.fromkeys(_terms(templates[0])))}
        weight = {term: value * math.log(1 + len(shares) / spread[term]) for term, value in share.items()}
        best = sorted(weight, key=lambda term: (-round(weight[term], 9), place.get(term, len(place)), term))[:MAX_TERMS]
        chosen.append(tuple(sorted(best, key=lambda term: (place.get(term, len(place)), term))))
    return chosen


def label_of(terms: Sequence[str]) -> str:
    """The terms as one line."""
    line = " · ".join(terms)
    return line if len(line) <= MAX_LABEL_CHARS else line[: MAX_LABEL_CHARS - 1] + "…"


def _terms(template: str) -> list[str]:
    text = _MASK.sub(" ", template[:_MAX_CHARS])
    return [word for word in _TERM.findall(text) if word.lower() not in _STOP and len(word) > 2]
