"""Errors about something that is in the way because it was left there: what left it came before, or is in no file."""

from __future__ import annotations

import re2

from signal_pipeline.causes.phrase import Phrase, any_of

LEFTOVERS: tuple[Phrase, ...] = (
    Phrase("object", r"\balready exists\b|\balready defined\b|\beexist\b|\bfile exists\b",
           "operation failed: domain 'shop-1' already exists with uuid 7"),
    Phrase("address", r"\baddress already in use\b|\beaddrinuse\b|\bport # is already\b",
           "bind: address already in use: 0.0.0.0:8080"),
    Phrase("process", r"\balready running\b|\balready locked\b|\b(?:pid|lock) ?file\b.{0,80}\bexists\b",
           "another instance of the importer is already running"),
)  # fmt: skip
"""Patterns for a normalised statement (`statements.statement_of`)."""
_ANY = re2.compile(any_of(LEFTOVERS))
_RULE = re2.compile(r"\b(?:duplicate|unique|constraint|primary key)\b")
"""A rule of a database was broken by the entry's own statement."""


def is_leftover(statement: str) -> bool:
    return bool(_ANY.search(statement)) and not _RULE.search(statement)
