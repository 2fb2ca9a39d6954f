"""Why a cluster holds together, in words: what its templates share, where they differ, how to call it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

GAP = "<*>"
MAX_NAME_CHARS = 120
MAX_TERMS = 4
_MAX_TOKENS = 64
_MAX_MEMBERS = 50
_TERM_EDGES = "\"'`.,;:!?()[]{}"


def shared_template(templates: Sequence[str]) -> str:
    """The tokens that all templates have, in order, with GAP where they differ. The first leads: give the medoid."""
    shared = _tokens(templates[0])
    for template in templates[1:_MAX_MEMBERS]:
        shared = _common(shared, _tokens(template))
    return " ".join(shared)


def differing_tokens(shared: str, template: str) -> list[str]:
    """What `template` has where the shared one has gaps."""
    ours, theirs = shared.split(), _tokens(template)
    differing: list[str] = []
    for tag, _, _, start, end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag != "equal":
            differing += theirs[start:end]
    return differing


def cluster_name(template: str) -> str:
    """The medoid's template on one line, cut at MAX_NAME_CHARS."""
    line = " ".join(template.split())
    return line if len(line) <= MAX_NAME_CHARS else line[: MAX_NAME_CHARS - 1] + "…"


def distinctive_terms(members: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """For each cluster (its members' templates) the words that mark it off from the other clusters.

    A word's weight is the share of members that have it times the log of how rare it is among clusters.
    """
    shares: list[dict[str, float]] = []
    for templates in members:
        counts = Counter(term for template in templates for term in sorted(_terms(template)))
        shares.append({term: count / len(templates) for term, count in counts.items()})
    spread = Counter(term for share in shares for term in share)
    return [
        tuple(
            sorted(share, key=lambda term, share=share: (-share[term] * _rarity(spread[term], len(shares)), term))[  # type: ignore[misc]
                :MAX_TERMS
            ]
        )
        for share in shares
    ]


def _rarity(clusters_with: int, clusters: int) -> float:
    return math.log(1 + clusters / clusters_with)


def _terms(template: str) -> set[str]:
    words = (token.strip(_TERM_EDGES) for token in _tokens(template))
    return {word for word in words if len(word) > 2 and word[0].isalpha() and "<" not in word}


def _tokens(template: str) -> list[str]:
    return template.split(maxsplit=_MAX_TOKENS)[:_MAX_TOKENS]


def _common(ours: list[str], theirs: list[str]) -> list[str]:
    kept: list[str] = []
    for tag, start, end, _, _ in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        new = ours[start:end] if tag == "equal" else [GAP]
        kept += new[1:] if kept and new and kept[-1] == new[0] == GAP else new
    return kept
