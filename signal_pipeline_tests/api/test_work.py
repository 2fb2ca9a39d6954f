"""Work as a whole through the API: process what is due, clean up, status, and a report's progress as a stream."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.batches import complete
from signal_pipeline.storage.intake import accept, fail, lease_due
from signal_pipeline.work_order import WorkOrder
from signal_pipeline_tests.api.conftest import Client
from signal_pipeline_tests.storage.tables import batched, new_report, value

LOG = b"2026-03-01 10:00:00,000 ERROR [main] app - it broke\n"


@pytest.fixture
def nothing_waits(worked_platform: Platform) -> Iterator[None]:
    """What other tests left waiting is not this one's, and the other way round."""
    _cancel_all(worked_platform)
    yield
    _cancel_all(worked_platform)


def _cancel_all(platform: Platform) -> None:
    with platform.database.transaction() as connection:
        connection.execute(
            "update intake set state = 'CANCELLED', lease_until = null where state in ('PENDING', 'RUNNING')"
        )


def asked_for(platform: Platform, order: WorkOrder | None = None) -> UUID:
    with platform.database.transaction() as connection:
        report = new_report(connection)
        assert accept(connection, report, "digest", order)
    return report


def worked(platform: Platform, *, failing: UUID | None = None) -> None:
    """As a run does it: everything that is due, once."""
    with platform.database.transaction() as connection:
        for lease in lease_due(connection, 100, 60):
            if lease.report_id == failing:
                fail(connection, lease, error="bad: it is", transient=False, max_attempts=1, retry_delay_seconds=0)
            else:
                complete(connection, batched(connection, lease).id, {lease.report_id: None})


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/v1/work/process?report=6f1d1e3e-0a55-4a56-9b0e-1d5d3f0c7a11", "report_id, wait_seconds"),
        ("/v1/work/process?wait_seconds=0&passwd=1", "report_id, wait_seconds"),
        ("/v1/work/cleanup?days=36000&limit=1", "days, most"),
    ],
)
def test_a_misspelt_parameter_does_nothing(api: Client, path: str, known: str) -> None:
    answer = api.ask("POST", path)
    assert (answer.status, answer.json["code"]) == (422, "unknown_parameter")
    assert known in answer.json["detail"]
    assert "passwd" not in answer.json["detail"]


@pytest.mark.usefixtures("nothing_waits")
class TestProcessing:
    """POST /v1/work/process."""

    def test_nothing_is_due(self, api: Client) -> None:
        answer = api.ask("POST", "/v1/work/process")
        assert (answer.status, answer.json) == (200, {"processed": 0, "failed": 0, "waiting": 0, "reports": []})

    def test_it_waits_until_all_that_is_due_has_ended(self, api: Client, worked_platform: Platform) -> None:
        good, bad = asked_for(worked_platform), asked_for(worked_platform)
        later = asked_for(worked_platform, WorkOrder(not_before=datetime.now(UTC) + timedelta(days=1)))
        timer = threading.Timer(0.5, worked, (worked_platform,), {"failing": bad})
        timer.start()
        told = api.ask("POST", "/v1/work/process?wait_seconds=30").json
        timer.join()
        assert (told["processed"], told["failed"], told["waiting"]) == (1, 1, 0)
        states = {one["report_id"]: (one["state"], one["reason"]) for one in told["reports"]}
        assert states == {str(good): ("COMPLETED", None), str(bad): ("DEAD", "bad")}
        assert str(later) not in states

    def test_a_report_that_is_named_starts_before_its_time(self, api: Client, worked_platform: Platform) -> None:
        other = asked_for(worked_platform)
        later = asked_for(worked_platform, WorkOrder(not_before=datetime.now(UTC) + timedelta(days=1)))
        told = api.ask("POST", f"/v1/work/process?report_id={later}&wait_seconds=0").json
        assert (told["waiting"], [one["report_id"] for one in told["reports"]]) == (1, [str(later)])
        with worked_platform.database.transaction() as connection:
            assert value(connection, "select due_at <= now() from intake where report_id = %s", later)
            assert {lease.report_id for lease in lease_due(connection, 10, 60)} == {other, later}

    def test_a_pause_after_a_failure_is_cut_short(self, api: Client, worked_platform: Platform) -> None:
        asked_for(worked_platform)
        with worked_platform.database.transaction() as connection:
            (lease,) = lease_due(connection, 10, 60)
            fail(connection, lease, error="slow", transient=True, max_attempts=4, retry_delay_seconds=3000)
            assert lease_due(connection, 10, 60) == []
        assert api.ask("POST", "/v1/work/process?wait_seconds=0").json["waiting"] == 1
        with worked_platform.database.transaction() as connection:
            assert len(lease_due(connection, 10, 60)) == 1

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            (f"report_id={UUID(int=7)}", 404),
            ("report_id=x", 422),
            ("wait_seconds=3600", 422),
            ("wait_seconds=nan", 422),
        ],
    )
    def test_what_makes_no_sense(self, api: Client, query: str, status: int) -> None:
        answer = api.ask("POST", f"/v1/work/process?{query}")
        assert answer.status == status
        assert answer.is_problem


@pytest.mark.usefixtures("nothing_waits")
class TestCleaningUp:
    """POST /v1/work/cleanup."""

    def aged(self, platform: Platform, number: int) -> list[UUID]:
        with platform.database.transaction() as connection:
            reports = [new_report(connection, files=0) for _ in range(number)]
            connection.execute(
                "update reports set created_at = now() - interval '900 days' where id = any(%s)", (reports,)
            )
        return reports

    def test_old_reports_go_and_a_bound_is_kept(self, api: Client, worked_platform: Platform) -> None:
        old = self.aged(worked_platform, 3)
        with worked_platform.database.transaction() as connection:
            accept(connection, old[0], "digest")
        assert api.ask("POST", "/v1/work/cleanup?days=800&most=1").json == {"deleted": 1, "left": 2}
        # The one that waits to be processed is left for later.
        assert api.ask("POST", "/v1/work/cleanup?days=800").json == {"deleted": 1, "left": 1}
        with worked_platform.database.transaction() as connection:
            assert value(connection, "select array_agg(id) from reports where id = any(%s)", old) == [old[0]]
            connection.execute("delete from reports where id = %s", (old[0],))

    @pytest.mark.parametrize("query", ["", "days=0", "days=-1", "days=nan", "days=1000000", "days=30&most=0"])
    def test_an_age_must_be_given_and_make_sense(self, api: Client, query: str) -> None:
        answer = api.ask("POST", f"/v1/work/cleanup?{query}")
        assert answer.status == 422
        assert answer.is_problem


def test_the_state_of_all_is_that_of_the_page(api: Client) -> None:
    told = api.get("/v1/admin/status").json
    assert told["health"] in ("healthy", "degraded", "unhealthy")
    assert told["sizes"]["reports"] >= 1
    for stage in told["stages"]:
        assert stage["count"] >= 1
        assert 0 <= stage["p50_seconds"] <= stage["p95_seconds"]


def events(answer: http.client.HTTPResponse) -> Iterator[tuple[str, Any]]:
    kind = ""
    for raw in answer:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


@pytest.mark.usefixtures("nothing_waits")
class TestStream:
    """GET /v1/reports/{id}/events."""

    @pytest.fixture(autouse=True)
    def connections(self) -> Iterator[None]:
        self.opened: list[http.client.HTTPConnection] = []
        yield
        for connection in self.opened:
            connection.close()

    def open(self, api: Client, report: UUID, query: str = "") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=30)
        self.opened.append(connection)
        connection.request("GET", f"/v1/reports/{report}/events{query}", headers={"Host": f"127.0.0.1:{api.port}"})
        return connection.getresponse()

    def test_from_waiting_to_the_end(self, api: Client, worked_platform: Platform) -> None:
        report = asked_for(worked_platform)
        answer = self.open(api, report)
        assert answer.status == 200
        assert answer.getheader("content-type", "").startswith("text/event-stream")
        stream = events(answer)
        assert next(stream)[0] == "log"
        kind, told = next(stream)
        assert (kind, told["state"]) == ("progress", "PENDING")
        worked(worked_platform)
        rest = list(stream)
        assert rest[-1] == ("end", {"state": "COMPLETED", "reason": None})
        lines = [told for kind, told in rest if kind == "log"]
        assert [told["level"] for told in lines] == ["info", "info"]
        assert lines[-1]["text"].endswith("RUNNING → COMPLETED")

    def test_a_report_that_is_deleted_ends_the_stream(self, api: Client, worked_platform: Platform) -> None:
        report = asked_for(worked_platform)
        stream = events(self.open(api, report))
        next(stream)
        with worked_platform.database.transaction() as connection:
            connection.execute("delete from reports where id = %s", (report,))
        assert list(stream)[-1] == ("end", {"state": "DELETED", "reason": None})

    def test_an_unknown_report_is_no_empty_stream(self, api: Client) -> None:
        answer = api.get(f"/v1/reports/{uuid4()}/events")
        assert (answer.status, answer.is_problem) == (404, True)

    def test_streams_leave_slots_for_others(self, api: Client, worked_platform: Platform) -> None:
        report = asked_for(worked_platform)
        most = worked_platform.settings.api_in_flight // 4
        opened = [self.open(api, report) for _ in range(most)]
        assert {answer.status for answer in opened} == {200}
        for answer in opened:
            next(events(answer))
        refused = api.get(f"/v1/reports/{report}/events")
        assert (refused.status, refused.json["code"]) == (429, "too_busy")
        assert api.get(f"/v1/reports/{report}").status == 200
        for connection, answer in zip(self.opened, opened, strict=True):
            answer.close()
            connection.close()
        worked(worked_platform)
        ends = time.monotonic() + 20
        while (again := self.open(api, report, "?max_seconds=0")).status == 429 and time.monotonic() < ends:
            time.sleep(0.2)
        assert again.status == 200
