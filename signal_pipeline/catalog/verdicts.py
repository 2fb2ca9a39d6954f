"""Setting and removing verdicts: the catalog obeys at once, reports at their next clustering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from signal_pipeline.catalog.reassignment import Settled, settle
from signal_pipeline.causes.records import TEMPLATE
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.catalog import lock_catalog, members_with
from signal_pipeline.storage.lookup import signature_named
from signal_pipeline.storage.verdicts import (
    Kind,
    Verdict,
    constraints_of,
    remove_verdict,
    reports_with_both,
    set_verdict,
)


@dataclass(frozen=True)
class Decided:
    """A verdict, what it changed in the catalog, and how many reports would be clustered otherwise."""

    verdict: Verdict
    settled: Settled
    reports: int

    def as_json(self) -> dict[str, Any]:
        return self.verdict.as_json() | {"signatures_moved": self.settled.moved, "reports_with_both": self.reports}


def decide(
    platform: Platform,
    kind: Kind,
    signature: str,
    other: str | None,
    *,
    by: str,
    fixed_in: str | None = None,
    note: str | None = None,
) -> Decided:
    """`signature` and `other` as a person types them, or with TEMPLATE in front where an entry is not an error.

    VerdictRefused names what the verdict contradicts.
    """
    redacted = None if note is None else platform.redactor().text(note)
    with platform.database.transaction() as connection:
        # The catalog's lock first, always: a verdict that waits for it holds no other lock.
        lock_catalog(connection)
        one = _key(connection, kind, signature)
        two = None if other is None else _key(connection, kind, other)
        verdict = set_verdict(connection, kind, one, two, by=by, fixed_in=fixed_in, note=redacted)
        return _obeyed(connection, verdict)


def _key(connection: psycopg.Connection, kind: Kind, typed: str) -> str:
    if kind is Kind.CAUSED_BY and typed.startswith(TEMPLATE):
        return typed
    return signature_named(connection, typed)


def undo(platform: Platform, verdict_id: int, *, by: str) -> Decided:
    """What the verdict had joined or parted is as the guards have it again; ids come back."""
    with platform.database.transaction() as connection:
        lock_catalog(connection)
        return _obeyed(connection, remove_verdict(connection, verdict_id, by=by))


def _obeyed(connection: psycopg.Connection, verdict: Verdict) -> Decided:
    if verdict.other_hash is None:
        return Decided(verdict, Settled(), 0)
    if verdict.kind == Kind.CAUSED_BY:
        return Decided(verdict, Settled(), reports_with_both(connection, verdict.pair))
    problems = {member.problem_id for member in members_with(connection, verdict.pair).values()}
    settled = settle(connection, sorted(problems), constraints_of(connection), reason=f"verdict {verdict.id}")
    return Decided(verdict, settled, reports_with_both(connection, verdict.pair))
