"""What tells of trouble where nothing is an error: outcomes written at any level, and warnings that are news."""

from __future__ import annotations

import polars as pl

from signal_pipeline.causes.phrase import Phrase, any_of

OUTCOMES: tuple[Phrase, ...] = (
    Phrase("result", r"(?i)\b(?:assert(?:ion)?|check|test|step|job|build|task|command|verification|healthcheck)s?\b"
           r"[^.!?\n]{0,40}?(?:\b|_)fail(?:ed|ure)", "Assertion results: FAILURE_SSH"),
    Phrase("status",
           r"(?i)\b(?:result|outcome|verdict|conclusion|status)\b ?[:=] ?\W?(?:fail|error|unsuccessful|abort)",
           "deploy finished, outcome: failed"),
    Phrase("exit", r"(?i)\b(?:exit(?:ed)?|return(?:ed)?)\b(?: with)?(?: an?)?(?: code| status| value)+:? ?"
           r"-?[1-9][0-9]{0,2}\b",
           "backup.sh exited with status 3"),
)  # fmt: skip
NOTICES: tuple[Phrase, ...] = (
    Phrase("deprecated", r"(?i)\bdeprecat(?:ed|ion)\b|\bwill be removed\b|\bobsolete\b|\bend[- ]of[- ]life\b",
           'Option "driver" from group "token" is deprecated for removal'),
    Phrase("compatible", r"(?i)\bbackwards?[- ]compatible\b|\bno longer (?:supported|maintained|needed)\b",
           "This is incorrect but backwards compatible behaviour"),
    Phrase("advice", r"(?i)\bplease (?:update|upgrade|migrate|consider|use)\b|\b(?:not|is) recommended\b",
           "no scheme in 'cache:9292', please update the setting with a full URL"),
)  # fmt: skip
"""Written at every start, whatever happens afterwards."""
MAX_TEXT_CHARS = 2_000
_TEXT = pl.col("message").str.slice(0, MAX_TEXT_CHARS)


def says_it_failed() -> pl.Expr:
    return _TEXT.str.contains(any_of(OUTCOMES))


def is_notice() -> pl.Expr:
    return _TEXT.str.contains(any_of(NOTICES))
