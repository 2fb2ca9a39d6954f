"""A checker that finds nothing is worth what it would have found: one thing is broken at a time, and it says so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest

from reliability.checker import Expected, check
from reliability.facts import Facts, Letter, collect_in
from reliability.journal import Entry
from signal_pipeline.storage.frames import LocalFrames
from signal_pipeline_tests.reliability.conftest import QUIET, Aftermath

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("reliability")]

ONE = f"(select id from reports where source = '{QUIET}' order by id limit 1)"
OCCURRENCE = f"(select ctid from signature_occurrences where report_id = {ONE} limit 1)"
# What is done to the tables, and the invariant that must be red.
DAMAGES = {
    "a request is deleted": (f"delete from intake where report_id = {ONE}", "I1"),
    "a report is deleted": (f"delete from reports where id = {ONE}", "I1"),
    "a request never ended": (f"update intake set state = 'PENDING' where report_id = {ONE}", "I1"),
    "a request ended otherwise": (f"update intake set state = 'DEAD' where report_id = {ONE}", "I1"),
    "a report nobody sent": (
        f"insert into reports (id, title, source) values (gen_random_uuid(), 'an orphan', '{QUIET}')",
        "I2",
    ),
    "a request is there twice": (
        f"insert into intake select gen_random_uuid(), {{request}} from intake where report_id = {ONE}",
        "I3",
    ),
    "an occurrence is there twice": (
        f"insert into signature_occurrences select * from signature_occurrences where ctid = {OCCURRENCE}",
        "I3",
    ),
    "a report is there twice": (
        "insert into reports (id, title, source)"
        f" select gen_random_uuid(), title, source from reports where id = {ONE}",
        "I3",
    ),
    "two clusterings are current": (
        f"insert into clusterings select gen_random_uuid(), {{clustering}} from clusterings where report_id = {ONE}",
        "I3",
    ),
    "an occurrence is deleted": (f"delete from signature_occurrences where ctid = {OCCURRENCE}", "I4"),
    "a count is one too high": (f"update signature_occurrences set count = count + 1 where ctid = {OCCURRENCE}", "I4"),
    "a sum is one too high": (
        "update error_signatures set frequency = frequency + 1"
        f" where signature_hash = (select signature_hash from signature_occurrences where ctid = {OCCURRENCE})",
        "I4",
    ),
    "an occurrence without its signature": (
        "delete from error_signatures"
        f" where signature_hash = (select signature_hash from signature_occurrences where ctid = {OCCURRENCE})",
        "I4",
    ),
    "a member is deleted": (
        f"delete from cluster_members where clustering_id = (select id from clusterings where report_id = {ONE})",
        "I5",
    ),
    "a letter nobody planted": (
        "insert into dead_letters (id, dedup_key, kind, reason, payload_sha256)"
        " values (gen_random_uuid(), 'planted', 'message', 'bad_message', repeat('a', 64))",
        "I6",
    ),
    "a step of the history is deleted": (
        "delete from intake_history where id = (select max(id) from intake_history"
        f" where intake_id = (select id from intake where report_id = {ONE}))",
        "I8",
    ),
    "a step that is not allowed": (
        "update intake_history set from_state = 'DEAD' where id = (select max(id) from intake_history"
        f" where intake_id = (select id from intake where report_id = {ONE}))",
        "I8",
    ),
}
# Foreign keys first: they rest upon the unique ones. Primary keys of ids stay, since queries group by them.
LAWS = """
    select format('alter table %s drop constraint %I', conrelid::regclass, conname)
    from pg_constraint join pg_class c on c.oid = conrelid
    where (contype in ('f', 'u') or conrelid = 'signature_occurrences'::regclass and contype = 'p')
      and connamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and conparentid = 0
    order by contype <> 'f'
"""
OTHER_UNIQUE = """
    select indexrelid::regclass::text from pg_index join pg_class c on c.oid = indrelid
    where indisunique and not indisprimary and c.relnamespace = 'public'::regnamespace
"""


def damaged(aftermath: Aftermath, statement: str) -> Facts:
    """The facts after the statement, in a database that forbids nothing; it is as it was afterwards."""
    with aftermath.line.platform.database.transaction() as connection, connection.transaction(force_rollback=True):
        statement = statement.replace("{request}", _others(connection, "intake"))
        statement = statement.replace("{clustering}", _others(connection, "clusterings"))
        for (law,) in connection.execute(LAWS.encode()).fetchall():
            connection.execute(law.encode())
        for (index,) in connection.execute(OTHER_UNIQUE.encode()).fetchall():
            connection.execute(f"drop index {index}".encode())
        for (name,) in connection.execute("select distinct tgrelid::regclass::text from pg_trigger").fetchall():
            connection.execute(f"alter table {name} disable trigger user".encode())
        assert connection.execute(statement.encode()).rowcount >= 1, "nothing was damaged"
        return collect_in(connection, aftermath.line.platform, [QUIET], aftermath.broker, with_dagster=False)


def _others(connection: psycopg.Connection, table: str) -> str:
    """All columns but the id, in order."""
    rows = connection.execute(
        "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute"
        " where attrelid = %s::regclass and attnum > 1 and not attisdropped",
        (table,),
    ).fetchone()
    assert rows is not None
    return str(rows[0])


@pytest.mark.parametrize(("statement", "invariant"), DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_to_one_row_is_found(aftermath: Aftermath, statement: str, invariant: str) -> None:
    found = {violation.invariant for violation in check(damaged(aftermath, statement), aftermath.expected[QUIET])}
    assert invariant in found


def test_a_missing_frame_is_found(aftermath: Aftermath) -> None:
    frames = aftermath.line.platform.frames
    report = UUID(next(iter(aftermath.facts[QUIET].reports)))
    assert isinstance(frames, LocalFrames)
    path = frames._path("clusters", report)
    aside = path.rename(path.with_suffix(".aside"))
    try:
        with aftermath.line.platform.database.transaction() as connection:
            facts = collect_in(connection, aftermath.line.platform, [QUIET], aftermath.broker, with_dagster=False)
    finally:
        aside.rename(path)
    assert [violation.invariant for violation in check(facts, aftermath.expected[QUIET])] == ["I5"]


# What the tables cannot be made to say is said of them.

PAYLOAD = b"not json"
LETTER = Letter("1", "message", "bad_message", hashlib.sha256(PAYLOAD).hexdigest(), None)
CLAIMS: dict[str, tuple[Callable[[Facts], Facts], str | None]] = {
    "the planted letter": (lambda facts: facts, None),
    "its letter is missing": (lambda facts: replace(facts, letters=[]), "I1"),
    "its letter is there twice": (lambda facts: replace(facts, letters=[LETTER, replace(LETTER, id="2")]), "I6"),
    "its letter has another reason": (
        lambda facts: replace(facts, letters=[replace(LETTER, reason="too_large")]),
        "I6",
    ),
    "it was not announced": (lambda facts: replace(facts, broker=replace(facts.broker, announced=())), "I6"),
    "a message waits": (lambda facts: replace(facts, broker=replace(facts.broker, pending=1)), "I6"),
    "a message is not settled": (lambda facts: replace(facts, broker=replace(facts.broker, unacknowledged=1)), "I6"),
    "a run of an hour": (lambda facts: replace(facts, unfinished_runs={"run": 3600.0}), "I7"),
    "a young run": (lambda facts: replace(facts, unfinished_runs={"run": 1.0}), None),
}


@pytest.mark.parametrize(("change", "invariant"), CLAIMS.values(), ids=CLAIMS.keys())
def test_what_broker_letters_and_runs_say_is_judged(
    aftermath: Aftermath, change: Callable[[Facts], Facts], invariant: str | None
) -> None:
    quiet: Expected = aftermath.expected[QUIET]
    expected = replace(
        quiet,
        journal={**quiet.journal, "poison 1": Entry("poison 1", "accepted")},
        poison={"poison 1": (PAYLOAD, "bad_message")},
        run_limit_seconds=60.0,
    )
    facts = aftermath.facts[QUIET]
    facts = replace(facts, letters=[LETTER], broker=replace(facts.broker, announced=("1",)))
    found = {violation.invariant for violation in check(change(facts), expected)}
    assert found == set() if invariant is None else invariant in found
