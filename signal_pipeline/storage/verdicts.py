"""Verdicts: what people decided about signatures, who and when, and that no two of them contradict each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import psycopg
from psycopg.rows import class_row

from signal_pipeline.causes.corrections import Correction
from signal_pipeline.causes.records import TEMPLATE
from signal_pipeline.clustering.constraints import Constraints, Pair, contradicted
from signal_pipeline.errors import VerdictRefused

# Verdicts are checked against each other, so they are set one at a time.
_LOCK = 7_316_425_011


class Kind(StrEnum):
    """Closed set: these words are stored and shown."""

    SAME = "same"
    NOT_SAME = "not_same"
    NOT_A_BUG = "not_a_bug"
    FIXED = "fixed"
    CAUSED_BY = "caused_by"


PAIRS = (Kind.SAME, Kind.NOT_SAME)
TWO_SIGNATURES = (*PAIRS, Kind.CAUSED_BY)


@dataclass(frozen=True)
class Verdict:
    """One decision. `other_hash` is there for TWO_SIGNATURES alone: of a pair the greater one, of CAUSED_BY the cause.
    A removed one is kept with who removed it.
    """

    id: int
    kind: str
    signature_hash: str
    other_hash: str | None
    fixed_in: str | None
    note: str | None
    created_by: str
    created_at: datetime
    removed_by: str | None
    removed_at: datetime | None

    @property
    def pair(self) -> Pair:
        assert self.other_hash is not None
        return self.signature_hash, self.other_hash

    def words(self) -> str:
        """`verdict 3 (ann, 2026-03-01): 12ab… and 34cd… are the same`."""
        what = {
            Kind.SAME: f"{short(self.signature_hash)} and {short(self.other_hash)} are the same",
            Kind.NOT_SAME: f"{short(self.signature_hash)} and {short(self.other_hash)} are not the same",
            Kind.NOT_A_BUG: f"{short(self.signature_hash)} is not a bug",
            Kind.FIXED: f"{short(self.signature_hash)} is fixed in {self.fixed_in}",
            Kind.CAUSED_BY: f"{short(self.signature_hash)} is caused by {short(self.other_hash)}",
        }[Kind(self.kind)]
        return f"verdict {self.id} ({self.created_by}, {self.created_at:%Y-%m-%d}): {what}"

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "signature": self.signature_hash,
            "other": self.other_hash,
            "fixed_in": self.fixed_in,
            "note": self.note,
            "created_by": self.created_by,
            "created_at": self.created_at.isoformat(),
            "removed_by": self.removed_by,
            "removed_at": self.removed_at.isoformat() if self.removed_at else None,
        }


def short(signature_hash: str | None) -> str:
    """The beginning of a hash; of what is not an error, the beginning of its template."""
    text = signature_hash or ""
    return repr(text.removeprefix(TEMPLATE)[:60]) if text.startswith(TEMPLATE) else text[:12]


def set_verdict(
    connection: psycopg.Connection,
    kind: Kind,
    signature_hash: str,
    other_hash: str | None = None,
    *,
    by: str,
    fixed_in: str | None = None,
    note: str | None = None,
) -> Verdict:
    """Keep it and return it; the same verdict again returns the one that is there.

    VerdictRefused names the verdicts that it contradicts.
    """
    connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
    if kind in TWO_SIGNATURES and (other_hash is None or other_hash == signature_hash):
        raise VerdictRefused(f"the verdict {kind.value} needs two different signatures")
    if kind in PAIRS and other_hash is not None:
        signature_hash, other_hash = sorted((signature_hash, other_hash))
    known = verdicts_of(connection)
    for verdict in known:
        # A root that is corrected may be the same as another one, or not: that is refused below.
        if (verdict.kind == Kind.CAUSED_BY) != (kind is Kind.CAUSED_BY):
            continue
        if (verdict.signature_hash, verdict.other_hash) == (signature_hash, other_hash):
            if verdict.kind == kind and verdict.fixed_in == fixed_in:
                return verdict
            raise VerdictRefused(f"{verdict.words()}; remove it first")
    if kind in PAIRS and other_hash is not None:
        _refuse_contradiction(known, kind, (signature_hash, other_hash))
    if kind is not Kind.NOT_SAME and other_hash is not None:
        _refuse_circle(known, kind, signature_hash, other_hash)
    return _insert(connection, kind, signature_hash, other_hash, by=by, fixed_in=fixed_in, note=note)


def remove_verdict(connection: psycopg.Connection, verdict_id: int, *, by: str) -> Verdict:
    """VerdictRefused when there is none with this id, or it was removed before."""
    connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
    with connection.cursor(row_factory=class_row(Verdict)) as cursor:
        removed = cursor.execute(
            "update verdicts set removed_by = %s, removed_at = clock_timestamp()"
            f" where id = %s and removed_at is null returning {_COLUMNS}",
            (by, verdict_id),
        ).fetchone()
    if removed is None:
        raise VerdictRefused(f"no verdict has the number {verdict_id}, or it was removed before")
    return removed


def verdicts_of(connection: psycopg.Connection, *, with_removed: bool = False) -> list[Verdict]:
    """All that hold, oldest first."""
    with connection.cursor(row_factory=class_row(Verdict)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from verdicts where removed_at is null or %s order by id", (with_removed,)
        ).fetchall()


def constraints_of(connection: psycopg.Connection) -> Constraints:
    """What clustering must obey."""
    rows = connection.execute(
        "select kind, signature_hash, other_hash from verdicts"
        " where removed_at is null and kind in ('same', 'not_same')"
    ).fetchall()
    return Constraints.of(
        ((a, b) for kind, a, b in rows if kind == Kind.SAME), ((a, b) for kind, a, b in rows if kind == Kind.NOT_SAME)
    )


def corrections_of(connection: psycopg.Connection) -> list[tuple[Correction, str, str]]:
    """What people said of roots, oldest first, each with the names of symptom and cause: the id of the problem that has
    it, or itself.
    """
    rows = connection.execute(
        """
        select v.signature_hash, v.other_hash, v.created_by, v.created_at,
               coalesce(s.problem_id::text, v.signature_hash), coalesce(c.problem_id::text, v.other_hash)
        from verdicts v
        left join catalog_members s on s.signature_hash = v.signature_hash
        left join catalog_members c on c.signature_hash = v.other_hash
        where v.removed_at is null and v.kind = 'caused_by' order by v.id
        """
    ).fetchall()
    return [
        (Correction(symptom, cause, f"{by} said so on {at:%Y-%m-%d}"), symptom_name, cause_name)
        for symptom, cause, by, at, symptom_name, cause_name in rows
    ]


_COLUMNS = "id, kind, signature_hash, other_hash, fixed_in, note, created_by, created_at, removed_by, removed_at"


def _refuse_contradiction(known: list[Verdict], kind: Kind, pair: Pair) -> None:
    by_pair = {verdict.pair: verdict for verdict in known if verdict.kind in PAIRS}
    same = [verdict.pair for verdict in known if verdict.kind == Kind.SAME]
    different = [verdict.pair for verdict in known if verdict.kind == Kind.NOT_SAME]
    (same if kind is Kind.SAME else different).append(pair)
    wrong = contradicted(same, different)
    if wrong is None:
        return
    apart, chain = wrong
    others = [by_pair[one].words() for one in (apart, *chain) if one in by_pair]
    raise VerdictRefused(
        f"that {short(pair[0])} and {short(pair[1])} are {'the' if kind is Kind.SAME else 'not the'} same contradicts"
        f" {'; '.join(others)}. Remove one of them first"
    )


def _refuse_circle(known: list[Verdict], kind: Kind, one: str, other: str) -> None:
    """Nothing is its own cause, by way of others or as the same error."""
    if kind is Kind.SAME:
        contradicting = [
            verdict for verdict in known if verdict.kind == Kind.CAUSED_BY and set(verdict.pair) == {one, other}
        ]
        what = "are the same"
    else:
        contradicting = _chain(known, other, one)
        what = "are symptom and cause"
    if contradicting:
        words = "; ".join(verdict.words() for verdict in contradicting)
        raise VerdictRefused(
            f"that {short(one)} and {short(other)} {what} contradicts {words}. Remove one of them first"
        )


def _chain(known: list[Verdict], begin: str, end: str) -> list[Verdict]:
    """The verdicts by which `begin` follows from `end`; empty when it does not."""
    ways: dict[str, list[Verdict]] = {begin: []}
    waiting = [begin]
    for current in waiting:
        for verdict in known:
            if verdict.kind == Kind.CAUSED_BY and verdict.signature_hash == current:
                reached = verdict.pair[1]
            elif verdict.kind == Kind.SAME and current in verdict.pair:
                reached = next(one for one in verdict.pair if one != current)
            else:
                continue
            if reached not in ways:
                ways[reached] = [*ways[current], verdict]
                waiting.append(reached)
    return ways.get(end, [])


def _insert(
    connection: psycopg.Connection,
    kind: Kind,
    signature_hash: str,
    other_hash: str | None,
    *,
    by: str,
    fixed_in: str | None,
    note: str | None,
) -> Verdict:
    with connection.cursor(row_factory=class_row(Verdict)) as cursor:
        row = cursor.execute(
            "insert into verdicts (kind, signature_hash, other_hash, fixed_in, note, created_by)"
            f" values (%s, %s, %s, %s, %s, %s) returning {_COLUMNS}",
            (kind.value, signature_hash, other_hash, fixed_in, note, by),
        ).fetchone()
    assert row is not None
    return row


def reports_with_both(connection: psycopg.Connection, pair: tuple[str, str]) -> int:
    """How many reports have both signatures, and so would be clustered otherwise."""
    row = connection.execute(
        "select count(*) from (select report_id from signature_occurrences where signature_hash = any(%s)"
        " group by report_id having count(distinct signature_hash) = 2) both_have",
        (list(pair),),
    ).fetchone()
    return int(row[0]) if row else 0
