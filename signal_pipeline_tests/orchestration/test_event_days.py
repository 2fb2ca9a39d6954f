"""Business events by day and source in Dagster: partitions, what a run shows; judging again changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from signal_pipeline.defs.event_assets import business_signals, events, known_signals
from signal_pipeline.event_rules.occurrences import EventFacts
from signal_pipeline.event_rules.rule import SECOND
from signal_pipeline.event_rules.table import read_rules
from signal_pipeline.intake.event_acceptance import accept_events, judge_day, judge_due, replay
from signal_pipeline.orchestration.event_days import SOURCES, add_sources, due_days, key_of
from signal_pipeline.orchestration.intake_tick import SIGNALS_JOB, sensor_result, tick
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.business_events import Incoming
from signal_pipeline_tests.event_rules.planted import RULES, arrival, stream

DAY = datetime(2024, 3, 1, tzinfo=UTC)
HOUR = 3_600 * SECOND
START = int(DAY.timestamp()) * SECOND
SHOP, ODD = "/shop/orders", "web|pay"


def event(number: int, at: int, type_: str, source: str = SHOP) -> Incoming:
    subjects = ("schema order.placed 1: /amount type",) if number == 3 else ()
    fields = {"order_id": f"W-{number % 10}", "amount": 12.5}
    return Incoming(EventFacts(source, f"e{number}", type_, at, fields), subjects)


EVENTS = [
    event(1, START + HOUR, "order.placed"),
    event(2, START + 2 * HOUR, "order.placed"),
    event(12, START + 2 * HOUR + SECOND, "payment.captured"),
    event(3, START + 23 * HOUR, "order.placed"),
    event(5, START + 3 * HOUR, "order.placed", ODD),
    event(4, START + 25 * HOUR, "order.placed"),
]


@pytest.fixture
def filled(platform: Platform) -> Platform:
    rules = read_rules()
    accept_events(platform.database, EVENTS[:2], rules, now=START + 26 * HOUR)
    judge_due(platform.database, rules)
    accept_events(platform.database, EVENTS[2:], rules)
    return platform


def key(source: str, day: str = "2024-03-01") -> dg.MultiPartitionKey:
    return dg.MultiPartitionKey({"day": day, "source": key_of(source)})


def run(platform: Platform, instance: dg.DagsterInstance, partition: dg.MultiPartitionKey) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [events, business_signals], partition_key=partition, instance=instance, resources={"platform": platform}
    )


def counts(done: dg.ExecuteInProcessResult, asset: str) -> dict[str, object]:
    (made,) = done.asset_materializations_for_node(asset)
    return {name: value.value for name, value in made.metadata.items()}


def test_what_new_signals_say_is_placed_by_a_run_that_the_sensor_asks_for(filled: Platform) -> None:
    with dg.instance_for_test() as instance:
        first = sensor_result(tick(filled, instance))
        assert isinstance(first, dg.SensorResult)
        (request,) = first.run_requests or []
        assert request.job_name == SIGNALS_JOB
        assert isinstance(sensor_result(tick(filled, instance)), dg.SkipReason), "it is on its way"
        done = dg.materialize([known_signals], instance=instance, resources={"platform": filled})
        told = counts(done, "known_signals")
        assert told["placed"] == told["dagster/row_count"] == 4
    with filled.database.transaction() as connection:
        rows = connection.execute("select subject from signal_subjects where signature_hash is null").fetchall()
    assert rows == []


def found(platform: Platform) -> set[tuple[str, str, str]]:
    with platform.database.transaction() as connection:
        return set(connection.execute("select rule, key, event_id from business_signals").fetchall())


def test_a_day_shows_its_events_and_judging_it_again_changes_nothing(filled: Platform) -> None:
    before = found(filled)
    assert {(rule, entity) for rule, entity, _ in before if rule == "order_not_paid"} == {
        ("order_not_paid", f"W-{n}") for n in (1, 3, 4, 5)
    }
    with dg.instance_for_test() as instance:
        add_sources(filled, instance)
        assert set(instance.get_dynamic_partitions(SOURCES)) == {SHOP, "web¦pay"}
        done = run(filled, instance, key(SHOP))
        assert (counts(done, "events")["dagster/row_count"], counts(done, "events")["violations"]) == (4, 1)
        told = counts(done, "business_signals")
        assert (told["dagster/row_count"], told["added"], told["removed"]) == (5, 0, 0)
        checked = {check.check_name: check.passed for check in done.get_asset_check_evaluations()}
        assert checked == {"schemas_hold": False, "equal_to_incremental": True}
        assert counts(run(filled, instance, key(ODD)), "events")["dagster/row_count"] == 1
        assert counts(run(filled, instance, key(SHOP, "2024-03-05")), "events")["dagster/row_count"] == 0
        assert set(instance.get_materialized_partitions(dg.AssetKey("business_signals"))) == {
            key(SHOP), key(ODD), key(SHOP, "2024-03-05"),
        }  # fmt: skip
    assert found(filled) == before


def test_what_was_lost_or_made_up_is_put_right(filled: Platform) -> None:
    before = found(filled)
    with filled.database.transaction() as connection:
        connection.execute("delete from business_signals where rule = 'order_not_paid' and key = 'W-1'")
        connection.execute(
            "insert into business_signals (rule, key, source, event_id, kind, type, at, subject, severity)"
            " values ('gone', 'x', %s, 'e2', 'range', 'order.placed', now(), 'gone: no rule of now', 'low')",
            (SHOP,),
        )
    with dg.instance_for_test() as instance:
        add_sources(filled, instance)
        done = run(filled, instance, key(SHOP))
        told = counts(done, "business_signals")
        assert (told["added"], told["removed"]) == (1, 1)
        assert not all(check.passed for check in done.get_asset_check_evaluations())
    assert found(filled) == before


@pytest.mark.parametrize("seed", [3, 4])
def test_each_day_by_itself_is_equal_to_all_at_once(platform: Platform, seed: int) -> None:
    planted = list(stream(120, seed))
    now = max(one.at for one in planted) + 24 * HOUR
    accept_events(platform.database, [Incoming(one) for one in arrival(planted, seed)], RULES, now=now)
    before = found(platform)
    days = {datetime.fromtimestamp(one.at / SECOND, UTC).date() for one in planted}
    sources = {one.source for one in planted}
    for day in sorted(days):
        for source in sorted(sources):
            done = judge_day(platform.database, day, [source], RULES, now=now)
            assert (done.added, done.removed) == (0, 0)
    assert before and found(platform) == before
    replay(platform.database, RULES, now=now)
    assert found(platform) == before


def test_each_night_has_the_days_of_which_events_came(filled: Platform) -> None:
    requests = list(due_days(filled, datetime.now(UTC) + timedelta(days=200)))
    assert requests == [], "nothing came the night before"
    with filled.database.transaction() as connection:
        received = connection.execute("select max(received_at) from business_events").fetchone()
    assert received is not None
    keys = [request.partition_key for request in due_days(filled, received[0] + timedelta(minutes=1))]
    assert set(keys) == {key(SHOP), key(SHOP, "2024-03-02"), key(ODD)}
