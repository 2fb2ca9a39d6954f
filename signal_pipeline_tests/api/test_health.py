"""Health that is true and quick, and metrics with bounded labels that agree with the database."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from signal_pipeline.api.context import ApiPlatform
from signal_pipeline.api.identity import Scope
from signal_pipeline.api.watch import HealthWatch
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.preparation import prepare_servers
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.operations.health import Dependency, Health, check_dependencies, judge
from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.termination import wait_until
from signal_pipeline.storage.measures import Activity, Queue
from signal_pipeline.storage.stage_measures import stage_totals
from signal_pipeline_tests.api.conftest import TOKENS, Client, running
from signal_pipeline_tests.frozen import frozen

UP = Dependency(True, 0.01)
DOWN = Dependency(False, 4.0, "no answer")
ALL_UP = dict.fromkeys(("postgres", "object_store", "nats", "dagster"), UP)
NOW = datetime.now(UTC)

JUDGEMENTS = [
    (ALL_UP, Queue(0, 0, 0, 0.0, 0), Activity(NOW, 5, 0), "healthy", []),
    (ALL_UP | {"postgres": DOWN}, None, None, "unhealthy", ["postgres is down: no answer"]),
    (ALL_UP | {"object_store": DOWN}, Queue(0, 0, 0, 0, 0), None, "unhealthy", ["object_store is down: no answer"]),
    (ALL_UP | {"nats": DOWN}, Queue(0, 0, 0, 0, 0), None, "degraded", ["nats is down: no answer"]),
    (ALL_UP, Queue(9, 9, 0, 700.0, 0), None, "degraded", ["the oldest report has waited for 700 s"]),
    (ALL_UP, Queue(0, 0, 0, 0.0, 2), None, "degraded", ["2 dead letters to review"]),
    (ALL_UP, None, Activity(NOW, 1, 9), "degraded", ["9 of 10 attempts failed within the last hour"]),
    (ALL_UP, None, Activity(NOW, 1, 2), "healthy", []),
]


@pytest.mark.parametrize(("dependencies", "queue", "activity", "state", "reasons"), JUDGEMENTS)
def test_judgements(dependencies: Any, queue: Any, activity: Any, state: str, reasons: list[str]) -> None:
    found = judge(dependencies, queue, activity)
    assert (found.state, found.reasons) == (state, reasons)
    assert found.is_ready == (state != "unhealthy")


def test_the_real_servers_are_asked(worked_platform: Platform) -> None:
    found = check_dependencies(worked_platform)
    up = {name: one.is_up for name, one in found.dependencies.items()}
    assert up == {"postgres": True, "object_store": True, "nats": True, "dagster": False}
    assert found.queue is not None and found.activity is not None and found.is_ready


def test_servers_that_are_down_are_named(worked_platform: Platform) -> None:
    changed = {"db_port": 1, "s3_endpoint": "http://127.0.0.1:1", "nats_url": "nats://127.0.0.1:1"}
    with Platform(worked_platform.settings.model_copy(update=changed)) as broken:
        found = check_dependencies(broken)
    assert found.state == "unhealthy" and not found.is_ready
    assert not any(one.is_up for one in found.dependencies.values())
    assert len(found.reasons) == 4


def test_the_routes(api: Client) -> None:
    assert api.get("/health/live").json == {"status": "alive"}
    ready = api.get("/health/ready")
    assert ready.status == 200 and ready.json["ready"] is True
    told = api.get("/health").json
    assert told["state"] == "degraded" and told["dependencies"]["postgres"]["is_up"]
    assert told["uptime_seconds"] > 0 and any("dagster" in reason for reason in told["reasons"])


def test_whoever_has_no_token_learns_the_state_alone(closed_port: int) -> None:
    told = {"state", "ready", "uptime_seconds", "age_seconds"}
    assert set(Client(closed_port).get("/health/ready").json) == told
    assert "reasons" in Client(closed_port, TOKENS[Scope.READ]).get("/health/ready").json
    assert Client(closed_port).get("/metrics").status == 401


def test_a_look_that_hangs_holds_nobody_up_and_is_no_yes() -> None:
    release = threading.Event()

    def hanging() -> Health:
        release.wait(30)
        return judge(ALL_UP, None, None)

    watch = HealthWatch(hanging, 0.05)
    watch.begin()
    found = asyncio.run(watch.health())
    assert (found.state, found.is_ready, watch.age()) == ("degraded", False, None)
    assert found.reasons == ["the first check of the dependencies is not finished"]
    release.set()
    assert wait_until(lambda: watch.now().state == "healthy", 30) and watch.now().is_ready
    watch.close()


def test_the_timer_looks_without_being_asked_and_goes_on_after_an_error() -> None:
    looks: list[Dependency] = [UP, DOWN, UP]

    def check_once() -> Health:
        one = looks.pop(0)  # IndexError from the fourth on
        return judge(ALL_UP | {"postgres": one}, None, None)

    watch = HealthWatch(check_once, 0.05)
    watch.begin()
    assert wait_until(lambda: not looks, 30)
    assert wait_until(lambda: not watch.now().is_known, 30), "what is old is not known"
    found = watch.now()
    assert not found.is_ready and found.state == "degraded" and "last looked at" in found.reasons[0]
    looks.append(UP)
    assert wait_until(lambda: watch.now().is_known, 30)
    watch.close()


# What is said of each server that is gone, by name of its part: nothing can be taken in without two of them.
DEPENDENCIES = {"s3": ("object_store", 503), "nats": ("nats", 200), "postgres": ("postgres", 503)}


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[LocalStack]:
    """Servers that may be stopped."""
    with LocalStack(tmp_path / "stack", with_dagster=False, ports=random_ports(), environment={}) as stack:
        prepare_servers(stack.settings(), lambda _: None)
        yield stack


@pytest.mark.slow
def test_a_server_that_stops_is_told_of_by_all_and_so_is_its_return(own_stack: LocalStack) -> None:
    settings = own_stack.settings().model_copy(update={"api_health_interval_seconds": 0.5})
    with ApiPlatform(settings) as platform, running(settings, platform) as port:
        client = Client(port)

        def all_say(name: str, up: bool, ready: int) -> bool:
            samples = {s.labels["dependency"]: s.value for s in families(client)["dependency_up"].samples}
            told = client.get("/health").json["dependencies"]
            return (samples.get(name), told.get(name, {}).get("is_up"), client.get("/health/ready").status) == (
                float(up), up, ready,
            )  # fmt: skip

        for part, (name, ready) in DEPENDENCIES.items():
            assert wait_until(lambda name=name: all_say(name, True, 200), 60), part
            with frozen(own_stack.part(part).pid):
                assert wait_until(lambda name=name, ready=ready: all_say(name, False, ready), 60), part
                if part == "postgres":
                    for _ in range(3):
                        answer = client.get("/v1/reports")
                        assert answer.status == 503 and answer.headers["retry-after"]
            assert wait_until(lambda name=name: all_say(name, True, 200), 60), part


def families(api: Client) -> dict[str, Any]:
    answer = api.get("/metrics")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain")
    return {family.name: family for family in text_string_to_metric_families(answer.body.decode())}


NAMES = {
    "jobs_processed", "jobs_failed", "job_duration_seconds", "queue_depth", "queue_lag_seconds", "dead_letters_open",
    "last_activity_timestamp_seconds", "stage_duration_seconds", "signatures_by_type", "clusters", "signatures",
    "cache_hits", "model_loads", "database_size_bytes", "database_query_seconds", "dependency_up", "health_state",
    "http_request_duration_seconds", "stage_duration_average_seconds", "stage_reports", "stage_seconds",
    "stage_last_activity_timestamp_seconds", "stage_failures", "problem_reports",
}  # fmt: skip


def test_the_metrics_have_their_names_and_agree_with_the_database(
    api: Client, worked_platform: Platform, sample_report_id: Any
) -> None:
    found = families(api)
    assert set(found) >= NAMES
    with worked_platform.database.transaction() as connection:
        row = connection.execute(
            "select (select count(*) from intake_history where to_state = 'COMPLETED')"
            " + (select coalesce(sum(value), 0) from metric_bases where (name, label) = ('jobs', 'COMPLETED'))"
        ).fetchone()
    assert row is not None and found["jobs_processed"].samples[0].value == row[0] >= 1
    buckets = [s for s in found["job_duration_seconds"].samples if s.name.endswith("_bucket")]
    assert buckets[-1].labels == {"le": "+Inf"} and buckets[-1].value >= buckets[0].value
    with worked_platform.database.transaction() as connection:
        totals = {(one.stage, one.kind): one.count for one in stage_totals(connection)}
    assert {(s.labels["stage"], s.labels["kind"]): s.value for s in found["stage_reports"].samples} == totals
    assert 1 <= len(found["problem_reports"].samples) <= 10
    assert {s.labels["error_type"] for s in found["signatures_by_type"].samples} >= {"TypeError", "GenericError"}


def test_labels_are_bounded_whatever_is_asked_for(api: Client) -> None:
    before = len(api.get("/metrics").body.splitlines())
    for number in range(40):
        api.get(f"/v1/nowhere/{number}")
        api.ask(f"BREW{number}", f"/{number}")
        api.get(f"/v1/reports/00000000-0000-0000-0000-{number:012}")
    after = families(api)["http_request_duration_seconds"]
    routes = {sample.labels["route"] for sample in after.samples}
    assert not any(char.isdigit() for route in routes for char in route.replace("v1", ""))
    assert len(api.get("/metrics").body.splitlines()) < before + 60


def test_totals_do_not_go_back_when_a_report_is_deleted(settings: Any, model_dir: Any, tmp_path: Any) -> None:
    from signal_pipeline.storage.measures import endings, job_times
    from signal_pipeline_tests.worked_report import submit_and_work

    (tmp_path / "a.log").write_text("2026-03-01 10:00:00,000 ERROR [main] app - it broke\n", encoding="utf-8")
    with Platform(settings.model_copy(update={"model_dir": model_dir})) as platform:
        reports = [submit_and_work(platform, [tmp_path / "a.log"]) for _ in range(2)]
        with platform.database.transaction() as connection:
            before = endings(connection), job_times(connection)
            connection.execute("delete from signature_occurrences where report_id = %s", (reports[0],))
            connection.execute("update error_signatures set report_id = %s", (reports[1],))
            connection.execute("delete from reports where id = %s", (reports[0],))
            after = endings(connection), job_times(connection)
    assert before[0] == after[0] == {"COMPLETED": 2, "FAILED": 0, "DEAD": 0, "CANCELLED": 0}
    assert (after[1].count, after[1].buckets) == (before[1].count, before[1].buckets)
    assert after[1].total_seconds == pytest.approx(before[1].total_seconds, abs=0.01)


def test_metrics_without_a_database_still_tell_of_the_dependencies(api_settings: Any) -> None:
    settings = api_settings.model_copy(update={"db_port": 1})
    with ApiPlatform(settings) as platform, running(settings, platform) as port:
        client = Client(port)
        assert client.get("/health/live").status == 200
        assert client.get("/health/ready").status == 503
        found = families(client)
        assert {s.labels["dependency"]: s.value for s in found["dependency_up"].samples}["postgres"] == 0
        answer = client.get("/v1/reports")
        assert answer.status == 503 and answer.is_problem and answer.headers["retry-after"]
