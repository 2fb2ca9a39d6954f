"""The catalog across reports: known or new, ids that survive, verdicts, and nothing that depends on an order."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Sequence
from uuid import UUID

import psycopg
import pytest

from signal_pipeline.catalog import placement as catalog
from signal_pipeline.catalog.merging import meet
from signal_pipeline.catalog.placement import Placed, place_signatures
from signal_pipeline.catalog.reassignment import Settled, settle
from signal_pipeline.clustering.identity import id_of
from signal_pipeline.settings import Settings
from signal_pipeline.storage.catalog import lock_catalog, medoids_after
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.verdicts import Kind, constraints_of, remove_verdict, set_verdict
from signal_pipeline_tests.storage.tables import new_report
from signal_pipeline_tests.storage.vectors import contribute_rows, signature, vector

FAMILY = ("anna", "bert", "carl", "dora", "emil", "fred")


@pytest.fixture
def database(settings: Settings) -> Iterable[Database]:
    with Database(settings) as opened:
        yield opened


def add(
    database: Database, names: Iterable[str], *, word: str = "no rights for user {} in shop", near: str = "family"
) -> UUID:
    """A report with one signature per name: alike, but for the name in the text."""
    with database.transaction() as connection:
        report = new_report(connection)
        rows = [
            signature(connection, f"{near} {name}", template=word.format(name), vectors=vector(name, near=near))
            for name in names
        ]
        contribute_rows(connection, report, rows)
    return report


def places(database: Database) -> dict[str, UUID]:
    with database.transaction() as connection:
        return dict(connection.execute("select signature_hash, problem_id from catalog_members order by 1").fetchall())


def problem(connection: psycopg.Connection, founder: str) -> tuple[UUID | None, int, str]:
    row = connection.execute(
        "select merged_into, size, title from catalog_problems where founder_hash = %s", (founder,)
    ).fetchone()
    assert row is not None
    return row


def resettle(database: Database, *signatures: str) -> Settled:
    found = places(database)
    with database.transaction() as connection:
        lock_catalog(connection)
        return settle(connection, sorted({found[s] for s in signatures}), constraints_of(connection), reason="verdict")


def test_what_is_alike_gets_one_id_and_what_is_not_another(database: Database) -> None:
    add(database, FAMILY[:3])
    add(database, ["disk"], word="{} is full", near="disk")
    assert place_signatures(database) == Placed(joined=0, new_problems=2, founding=4)
    found = places(database)
    assert {found[f"family {name}"] for name in FAMILY[:3]} == {id_of("family anna")}
    assert found["disk disk"] == id_of("disk disk")
    with database.transaction() as connection:
        merged, size, title = problem(connection, "family anna")
        assert (merged, size, title) == (None, 3, "no rights for user <*> in shop")


def test_a_later_report_joins_what_is_known(database: Database) -> None:
    add(database, FAMILY[:2])
    place_signatures(database)
    before = places(database)
    add(database, FAMILY[2:])
    assert place_signatures(database) == Placed(joined=4, new_problems=0, founding=0)
    after = places(database)
    assert set(after.values()) == {id_of("family anna")}
    assert before.items() <= after.items()
    assert place_signatures(database) == Placed()


def test_only_what_is_asked_for_is_placed(database: Database) -> None:
    add(database, FAMILY[:2])
    place_signatures(database, ["family bert", "not there"])
    assert places(database) == {"family bert": id_of("family bert")}


@pytest.mark.parametrize("at_once", [500, 3])
def test_any_order_gives_the_same_ids(database: Database, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same signatures, from reports in another order, placed in as many steps."""
    monkeypatch.setattr(catalog, "AT_ONCE", at_once)
    words = ("no rights for user {} in shop", "cannot write for user {}", "server {} gave no answer")
    batches = [(names, word) for word in words for names in (FAMILY[:2], FAMILY[2:4], FAMILY[4:])]
    results = []
    for seed in range(3):
        random.Random(seed).shuffle(batches)
        with database.transaction() as connection:
            connection.execute("truncate reports, catalog_problems cascade")
            connection.execute("truncate error_signatures, catalog_members cascade")
        for names, word in batches:
            add(database, names, word=word, near=word)
        place_signatures(database)
        results.append(places(database))
    assert results[0] == results[1] == results[2]
    assert len(results[0]) == 18
    if at_once == 500:
        assert len(set(results[0].values())) == 3


def test_two_runs_at_once_never_give_one_problem_two_ids(settings: Settings, database: Database) -> None:
    reports = [FAMILY[i::3] for i in range(3)]
    for names in reports:
        add(database, names)
    failures: list[BaseException] = []

    def work(names: Sequence[str]) -> None:
        try:
            with Database(settings, max_size=1) as own:
                place_signatures(own, [f"family {name}" for name in names])
        except BaseException as error:  # noqa: BLE001  shown by the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(names,), daemon=True) for names in reports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert len(places(database)) == len(FAMILY)
    assert len(set(places(database).values())) == 1


def test_a_signature_that_went_and_comes_back_has_its_old_id(database: Database) -> None:
    report = add(database, FAMILY[:2])
    place_signatures(database)
    with database.transaction() as connection:
        contribute_rows(connection, report, [])
    add(database, ["anna", "carl"])
    place_signatures(database)
    assert places(database)["family anna"] == id_of("family anna")


class TestVerdicts:
    @pytest.fixture(autouse=True)
    def two_problems(self, database: Database) -> None:
        add(database, FAMILY[:3])
        add(database, ["x", "y"], word="disk of user {} is full", near="disk")
        place_signatures(database)

    def decide(self, database: Database, kind: Kind, one: str, other: str) -> int:
        with database.transaction() as connection:
            verdict = set_verdict(connection, kind, one, other, by="ann")
        resettle(database, one, other)
        return verdict.id

    def undo(self, database: Database, verdict: int, *signatures: str) -> None:
        with database.transaction() as connection:
            remove_verdict(connection, verdict, by="bob")
        resettle(database, *signatures)

    def test_same_joins_them_and_the_younger_id_leads_to_the_older(self, database: Database) -> None:
        self.decide(database, Kind.SAME, "family bert", "disk x")
        assert len(set(places(database).values())) == 1
        with database.transaction() as connection:
            ids = {name: problem(connection, name)[:2] for name in ("family anna", "disk x")}
            events = connection.execute("select kind, problem_id, other_id, reason from catalog_events").fetchall()
        # Both came in one run: the founder with the smaller hash is the older.
        assert ids == {"disk x": (None, 5), "family anna": (id_of("disk x"), 0)}
        assert events == [("merged", id_of("family anna"), id_of("disk x"), "verdict")]

    def test_removed_again_both_have_their_ids_back(self, database: Database) -> None:
        before = places(database)
        verdict = self.decide(database, Kind.SAME, "family bert", "disk x")
        self.undo(database, verdict, "family bert", "disk x")
        assert places(database) == before
        with database.transaction() as connection:
            assert problem(connection, "family anna")[:2] == (None, 3)
            assert problem(connection, "disk x")[:2] == (None, 2)

    def test_not_the_same_parts_them_and_the_founder_keeps_the_id(self, database: Database) -> None:
        verdict = self.decide(database, Kind.NOT_SAME, "family anna", "family bert")
        found = places(database)
        assert found["family anna"] == id_of("family anna")
        assert found["family bert"] != id_of("family anna")
        with database.transaction() as connection:
            assert connection.execute("select kind from catalog_events").fetchall() == [("parted",)]
        self.undo(database, verdict, "family anna", "family bert")
        assert {places(database)[f"family {name}"] for name in FAMILY[:3]} == {id_of("family anna")}

    def test_newcomers_obey(self, database: Database) -> None:
        with database.transaction() as connection:
            set_verdict(connection, Kind.SAME, "family dora", "disk x", by="ann")
            set_verdict(connection, Kind.NOT_SAME, "family emil", "family anna", by="ann")
        add(database, ["dora", "emil"])
        place_signatures(database)
        found = places(database)
        assert found["family dora"] == found["disk x"]
        assert found["family emil"] != found["family anna"]

    def test_settling_what_is_settled_changes_nothing(self, database: Database) -> None:
        self.decide(database, Kind.SAME, "family bert", "disk x")
        assert resettle(database, "disk x") == Settled(examined=5)


def test_known_problems_meet_when_a_sixth_word_opens_the_position(database: Database) -> None:
    words = ("red", "green", "blue", "black", "white", "brown")
    for word in words[:5]:
        add(database, [word], word="mode {} cannot be entered twice", near="mode")
        place_signatures(database)
    assert len(set(places(database).values())) == 5
    add(database, words[5:], word="mode {} cannot be entered twice", near="mode")
    place_signatures(database)
    before = places(database)
    assert len(set(before.values())) == 5, "placing moves no known problem"
    with database.transaction() as connection:
        lock_catalog(connection)
        changed = medoids_after(connection, None, 100)
        settled = meet(connection, [medoid for _, medoid in changed], constraints_of(connection))
    assert settled.redirects == 4
    after = places(database)
    # The oldest problem stands, and the others' ids lead to it.
    assert set(after.values()) == {before["mode red"]}
    with database.transaction() as connection:
        merged = connection.execute(
            "select count(*) from catalog_problems where merged_into = %s", (before["mode red"],)
        )
        assert merged.fetchone() == (4,)
        lock_catalog(connection)
        assert meet(connection, [medoid for _, medoid in changed], constraints_of(connection)) == Settled()
