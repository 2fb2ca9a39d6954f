"""Which exception was raised where, and what it said: signatures that agree in all three are one, whatever was logged
about it and however it was reached.

Pure text and no vectors. A crash without a sentence of its own, and one without a frame, has no such key.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from signal_pipeline.clustering.wording import wordings
from signal_pipeline.stack_traces.wrappers import first_own

_NAME = re.compile(r"^[A-Z]\w*[a-z]\w*$", re.ASCII)
"""The name of a class; signals, statuses and codes are none."""
_MACHINE = re.compile(r"Sanitizer$|^(?:Fatal|Panic|Signal)", re.ASCII)
LEAST_WORDS = 2
_WORD = re.compile(r"[A-Za-z]{2,}", re.ASCII)


def raised_keys(
    templates: Sequence[str], exception_classes: Sequence[str | None], top_frames: Sequence[Sequence[str]]
) -> list[str | None]:
    """For each signature a key of class, sentence without values, and the innermost own function; None where one of
    them is not known."""
    names = [(name or "").replace("::", ".").replace("$", ".").rpartition(".")[2] for name in exception_classes]
    said = [_said(template, name) for template, name in zip(templates, names, strict=True)]
    told = [text for text in said if text]
    worded = dict(zip(told, wordings(told), strict=True))
    keys: list[str | None] = []
    for name, text, frames in zip(names, said, top_frames, strict=True):
        place = first_own(frames)
        keys.append(f"{name} in {place}\n{worded[text]}" if text and place else None)
    return keys


def meeting_keys(
    templates: Sequence[str],
    exception_classes: Sequence[str | None],
    top_frames: Sequence[Sequence[str]] | None,
) -> tuple[list[str], list[str | None]]:
    """For each row the key that those which may meet it share, and its `raised_keys` (None where there is none)."""
    raised = raised_keys(templates, exception_classes, top_frames or [()] * len(templates))
    return [own or text for own, text in zip(raised, wordings(templates), strict=True)], raised


def _said(template: str, name: str) -> str:
    """What follows the class's name at its last mention; empty where that is no sentence."""
    if not _NAME.match(name) or _MACHINE.search(name):
        return ""
    for ending in (": ", "_Remote: "):
        before, found, text = template.rpartition(name + ending)
        if found and not before[-1:].isalnum():
            return text if len(_WORD.findall(text)) >= LEAST_WORDS else ""
    return ""
