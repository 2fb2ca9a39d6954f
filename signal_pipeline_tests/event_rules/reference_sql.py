"""The rules of `planted.py` as SQL over a table of the events: window functions, written without a look at the engine."""

from __future__ import annotations

from collections.abc import Iterable

import psycopg

from signal_pipeline.event_rules.occurrences import EventFacts

MINUTE = 60_000_000
TABLE = "create temp table e (event text primary key, source text, type text, at bigint, k text, v numeric)"
ORDER = "(type like 'order.%%' or type like 'payment.%%' or type like 'shipment.%%')"

SIGNALS: dict[str, str] = {
    "stalled": f"""
        select k, event from (
            select *, lead(at) over (partition by k order by at, event collate "C") as next from e where {ORDER}) x
        where type not in ('order.completed', 'order.cancelled') and coalesce(next, %(now)s) > at + {360 * MINUTE}""",
    "unpaid": f"""
        select a.k, a.event from e a where a.type = 'order.placed' and %(now)s > a.at + {30 * MINUTE} and not exists (
            select 1 from e b where b.k = a.k and b.type in ('payment.captured', 'order.cancelled')
                and b.at between a.at and a.at + {30 * MINUTE})""",
    "too_early": f"""
        select a.k, a.event from e a where a.type = 'shipment.sent' and %(now)s > a.at + {MINUTE} and not exists (
            select 1 from e b where b.k = a.k and b.type = 'payment.captured' and b.at <= a.at)""",
    "twice": f"""
        select a.k, a.event from e a where a.type = 'payment.captured' and exists (
            select 1 from e b where b.k = a.k and b.type = a.type and b.v = a.v and b.at >= a.at - {10 * MINUTE}
                and (b.at, b.event collate "C") < (a.at, a.event collate "C"))""",
    "not_positive": "select source, event from e where type = 'payment.captured' and (v < 0.01 or v > 5000)",
    "unusual": """
        select source, event from (
            select source, event, v * 10000 as v, count(*) over w as n, sum(v * 10000) over w as s,
                sum(v * v * 100000000) over w as q
            from e where type = 'order.placed'
            window w as (partition by source order by at, event collate "C" rows between 50 preceding and 1 preceding)) x
        where n >= 20 and power(v * n - s, 2) > 16 * (n * q - s * s) and power(v * n - s, 2) * 100 > s * s""",
    "silent": f"""
        select source, event from (
            select source, event, at, lead(at) over (partition by source order by at, event collate "C") as next,
                count(*) over (partition by source order by at range between {30 * MINUTE - 1} preceding and current row) n
            from e) x
        where n >= 20 and coalesce(next, %(now)s) > at + {10 * MINUTE}""",
    "flood": f"""
        with counted as (
            select source, event, at,
                count(*) over (partition by source order by at range between {MINUTE - 1} preceding and current row) as c,
                count(*) over (partition by source order by at
                    range between {31 * MINUTE - 1} preceding and {MINUTE} preceding) as h
            from e),
        judged as (select *, h >= 20 and c >= 20 and c * 30 > 5 * h as many from counted)
        select source, event from (
            select *, lag(many, 1, false) over (partition by source order by at, event collate "C") as before from judged) x
        where many and not before""",
    "ceiling": f"""
        with counted as (
            select source, event, at,
                count(*) over (partition by source order by at range between {MINUTE - 1} preceding and current row) as c
            from e where type = 'order.placed')
        select source, event from (
            select *, lag(c, 1, 0::bigint) over (partition by source order by at, event collate "C") as before from counted) x
        where c > 40 and before <= 40""",
}  # fmt: skip


def load(connection: psycopg.Connection, events: Iterable[EventFacts]) -> None:
    connection.execute(TABLE)
    with connection.cursor() as cursor, cursor.copy("copy e from stdin") as copy:
        for one in events:
            copy.write_row((one.event, one.source, one.type, one.at, one.fields["order_id"], one.fields.get("amount")))
    connection.execute("create index on e (k, at)")
    connection.execute("analyze e")


def signals(connection: psycopg.Connection, now: int) -> dict[str, set[tuple[str, str]]]:
    """(key, event) of every signal by rule."""
    return {rule: set(connection.execute(sql, {"now": now}).fetchall()) for rule, sql in SIGNALS.items()}
