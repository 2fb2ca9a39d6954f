"""What a link is: this record was written because of that request, how sure that is, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """`record` and `request` are rows of the timeline. `is_answer` marks a record that says how the request ended,
    `is_late` one that a server wrote after it was over.
    """

    record: int
    request: int
    confidence: float
    reason: str
    is_answer: bool = False
    is_late: bool = False
