"""What is said of causes that are known from other reports, where a report has only the symptom."""

from __future__ import annotations

from collections.abc import Sequence

from signal_pipeline.plural import counted
from signal_pipeline.storage.known_causes import KnownCause

MAX_NAMED = 3
MAX_TITLE_CHARS = 120


def known_causes_in_words(causes: Sequence[KnownCause]) -> str:
    """One sentence for what was counted, and one for each that a person decided; empty where nothing is known."""
    decided = [f"Caused by {_title(cause)}: {cause.decided}." for cause in causes if cause.decided]
    counts = [cause for cause in causes if not cause.decided]
    if not counts:
        return " ".join(decided)
    named = [f"{_title(cause)} ({cause.reports})" for cause in counts[:MAX_NAMED]]
    listed = " or ".join(filter(None, (", ".join(named[:-1]), named[-1])))
    sentence = f"In {counted(counts[0].seen, 'other report')} that show the cause this followed from {listed}."
    if counts[0].seen == 1:
        sentence = sentence.replace("that show the cause", "that shows the cause")
    return " ".join((*decided, sentence))


def _title(cause: KnownCause) -> str:
    title = " ".join(cause.title.split())
    return f"“{title if len(title) <= MAX_TITLE_CHARS else title[: MAX_TITLE_CHARS - 1] + '…'}”"
