"""Verdicts: kept with who and when, never deleted, and never at odds with each other."""

from __future__ import annotations

import pytest

from signal_pipeline.errors import VerdictRefused
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.verdicts import Kind, Verdict, constraints_of, remove_verdict, set_verdict, verdicts_of


def decide(database: Database, kind: Kind, one: str, other: str | None = None, **more: str) -> Verdict:
    with database.transaction() as connection:
        return set_verdict(connection, kind, one, other, **{"by": "ann", **more})


def test_a_pair_is_one_verdict_in_either_order(database: Database) -> None:
    first = decide(database, Kind.SAME, "b", "a", note="seen in one call")
    assert (first.signature_hash, first.other_hash, first.created_by, first.note) == (
        "a",
        "b",
        "ann",
        "seen in one call",
    )
    assert decide(database, Kind.SAME, "a", "b", by="bob").id == first.id
    with database.transaction() as connection:
        constraints = constraints_of(connection)
    assert constraints.groups == {"a": "a", "b": "a"}


def test_a_removed_one_is_kept_and_no_longer_holds(database: Database) -> None:
    verdict = decide(database, Kind.NOT_SAME, "a", "b")
    with database.transaction() as connection:
        assert constraints_of(connection).parts("b", "a")
        removed = remove_verdict(connection, verdict.id, by="bob")
        assert (removed.removed_by, removed.removed_at is not None) == ("bob", True)
        assert verdicts_of(connection) == []
        assert [one.id for one in verdicts_of(connection, with_removed=True)] == [verdict.id]
        assert not constraints_of(connection).parts("a", "b")
        with pytest.raises(VerdictRefused, match="removed before"):
            remove_verdict(connection, verdict.id, by="bob")
    assert decide(database, Kind.SAME, "a", "b").id != verdict.id


def test_contradictions_are_refused_and_named(database: Database) -> None:
    decide(database, Kind.SAME, "a", "b")
    decide(database, Kind.SAME, "b", "c")
    decide(database, Kind.NOT_SAME, "c", "x", by="bob")
    with pytest.raises(VerdictRefused, match=r"verdict 1 \(ann.*verdict 2 \(ann"):
        decide(database, Kind.NOT_SAME, "a", "c")
    with pytest.raises(VerdictRefused, match=r"that a and x are the same contradicts verdict 3 \(bob"):
        decide(database, Kind.SAME, "x", "a")
    with pytest.raises(VerdictRefused, match=r"verdict 1 .* remove it first"):
        decide(database, Kind.NOT_SAME, "b", "a")
    with database.transaction() as connection:
        assert len(verdicts_of(connection)) == 3, "what was refused left nothing behind"


def test_a_signature_has_one_verdict_of_its_own(database: Database) -> None:
    fixed = decide(database, Kind.FIXED, "a", fixed_in="2.4")
    assert decide(database, Kind.FIXED, "a", fixed_in="2.4").id == fixed.id
    for kind, more in ((Kind.FIXED, {"fixed_in": "2.5"}), (Kind.NOT_A_BUG, {})):
        with pytest.raises(VerdictRefused, match=r"a is fixed in 2\.4; remove it first"):
            decide(database, kind, "a", **more)
    assert decide(database, Kind.NOT_A_BUG, "b").words().endswith("b is not a bug")


@pytest.mark.parametrize("other", [None, "a"])
def test_a_pair_needs_two(database: Database, other: str | None) -> None:
    with pytest.raises(VerdictRefused, match="two different signatures"):
        decide(database, Kind.SAME, "a", other)
