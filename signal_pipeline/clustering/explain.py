"""Why a cluster holds together, in words: what its templates share and where they differ. Its label: terms.py."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

GAP = "<*>"
MAX_NAME_CHARS = 120
_MAX_TOKENS = 64
_MAX_MEMBERS = 50


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


def _tokens(template: str) -> list[str]:
    return template.split(maxsplit=_MAX_TOKENS)[:_MAX_TOKENS]


def _common(ours: list[str], theirs: list[str]) -> list[str]:
    kept: list[str] = []
    for tag, start, end, _, _ in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        new = ours[start:end] if tag == "equal" else [GAP]
        kept += new[1:] if kept and new and kept[-1] == new[0] == GAP else new
    return kept
