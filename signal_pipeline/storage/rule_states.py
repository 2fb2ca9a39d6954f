"""By which form of each rule the stored events were judged, and up to which event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import psycopg


def rule_states(connection: psycopg.Connection) -> dict[str, str]:
    """The digest of each rule by which events were judged."""
    return dict(connection.execute("select rule, digest from event_rule_states").fetchall())


def set_states(connection: psycopg.Connection, digests: Mapping[str, str]) -> None:
    """All events were judged by these rules, and by no other."""
    connection.execute("delete from event_rule_states")
    _insert(connection, digests, None)


def begin_again(connection: psycopg.Connection, names: Iterable[str], digests: Mapping[str, str]) -> None:
    """Forget what these rules noted and found. Those that have a digest are to judge all events."""
    gone = sorted(names)
    connection.execute("delete from event_occurrences where rule = any(%s)", (gone,))
    connection.execute("delete from business_signals where rule = any(%s) and rule <> 'schema'", (gone,))
    connection.execute("delete from event_rule_states where rule = any(%s)", (gone,))
    _insert(connection, digests, 0)


def _insert(connection: psycopg.Connection, digests: Mapping[str, str], behind: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into event_rule_states (rule, digest, behind) values (%s, %s, %s)",
            [(name, digest, behind) for name, digest in sorted(digests.items())],
        )


def behind_most(connection: psycopg.Connection) -> tuple[int, list[str]] | None:
    """The number of the last event that the rules have judged which are furthest behind, and these rules; None where
    none is behind."""
    row = connection.execute(
        "select behind, array_agg(rule order by rule) from event_rule_states where behind is not null group by behind"
        " order by behind limit 1"
    ).fetchone()
    return None if row is None else (row[0], row[1])


def advance(connection: psycopg.Connection, names: Iterable[str], behind: int | None) -> None:
    """These rules have judged up to this event; None for all."""
    connection.execute("update event_rule_states set behind = %s where rule = any(%s)", (behind, sorted(names)))
