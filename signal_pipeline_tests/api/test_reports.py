"""Reading reports through the API."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from signal_pipeline.storage.dead_letters import bury_message
from signal_pipeline_tests.api.conftest import Client


def pages(api: Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        words = "&".join(f"{name}={value}" for name, value in {**query, "cursor": cursor}.items() if value is not None)
        answer = api.get(f"{path}?{words}")
        assert answer.status == 200, answer.body
        items += answer.json["items"]
        cursor = answer.json["next_cursor"]
        if cursor is None:
            return items


def test_the_list_holds_each_report_once(api: Client, sample_report_id: Any) -> None:
    for _ in range(5):
        api.upload({"a.log": b"fine\n"})
    by_two = pages(api, "/v1/reports", limit=2)
    ids = [item["report_id"] for item in by_two]
    assert len(ids) == len(set(ids)) and str(sample_report_id) in ids
    assert [item["created_at"] for item in by_two] == sorted((item["created_at"] for item in by_two), reverse=True)
    (sample,) = [item for item in by_two if item["report_id"] == str(sample_report_id)]
    assert (sample["state"], sample["progress"]) == ("COMPLETED", 100) and sample["clusters"] is not None


def test_the_list_by_state(api: Client) -> None:
    done = pages(api, "/v1/reports", state="COMPLETED")
    assert done and {item["state"] for item in done} == {"COMPLETED"}
    assert api.get("/v1/reports?state=NONSENSE").status == 422


def test_status_with_the_end_of_the_log(api: Client, sample_report_id: Any) -> None:
    told = api.get(f"/v1/reports/{sample_report_id}").json
    assert (told["state"], len(told["files"]), told["page_url"]) == ("COMPLETED", 5, f"/reports/{sample_report_id}")
    assert [line["text"].split(" (")[0] for line in told["log"]] == [
        "requested: PENDING", "attempt 1: PENDING → RUNNING", "attempt 1: RUNNING → COMPLETED",
    ]  # fmt: skip
    assert api.get(f"/v1/reports/{sample_report_id}?log_lines=1").json["log"] == told["log"][-1:]


def test_the_result_says_it_in_a_line(api: Client, sample_report_id: Any) -> None:
    told = api.get(f"/v1/reports/{sample_report_id}/result").json
    assert told["headline"] == told["verdict"] and told["headline"].startswith(f"{told['problems']} problems: ")
    assert 0 < len(told["causes"]) <= told["problems"] <= len(told["clusters"])


def test_problems_and_incidents_name_each_other(api: Client, sample_report_id: Any) -> None:
    told = api.get(f"/v1/reports/{sample_report_id}/problems").json
    incidents = api.get(f"/v1/reports/{sample_report_id}/incidents").json["items"]
    ids = [problem["problem_id"] for problem in told["problems"] + told["background"]]
    assert len(set(ids)) == len(ids) and {one["problem_id"] for one in incidents} == set(ids)
    assert sum(problem["incidents"] for problem in told["problems"] + told["background"]) == len(incidents)
    assert [one["number"] for one in incidents] == list(range(1, len(incidents) + 1))
    assert all(one["at"].endswith(("Z", "+00:00")) for one in incidents if one["at"])
    assert (told["state"], told["unread"]) == ("COMPLETED", [])


def test_no_result_before_the_end(api: Client) -> None:
    report = api.upload({"a.log": b"fine\n"}).json["report_id"]
    answer = api.get(f"/v1/reports/{report}/result")
    assert answer.status == 409 and answer.is_problem and answer.headers["retry-after"] == "2"
    assert api.get(f"/v1/reports/{report}/timeline").status == 409


def test_clusters_page_by_page(api: Client, sample_report_id: Any) -> None:
    whole = api.get(f"/v1/reports/{sample_report_id}/clusters?limit=200").json
    assert whole["clustering"]["algorithm"] and whole["next_cursor"] is None
    assert pages(api, f"/v1/reports/{sample_report_id}/clusters", limit=7) == whole["items"]


def test_the_timeline_page_by_page(api: Client, sample_report_id: Any) -> None:
    items = pages(api, f"/v1/reports/{sample_report_id}/timeline", limit=150)
    times = [item["at"] for item in items if item["at"]]
    assert len(items) > 500 and times == sorted(times)
    failing = pages(api, f"/v1/reports/{sample_report_id}/timeline", failures_only="true")
    assert {item["incident_role"] for item in failing} == {"cause", "request", "follower", "context"}


CURSORS = ["", "x", "AAAA", "é", "a" * 600, "../..", "null"]


@pytest.mark.parametrize("cursor", CURSORS)
@pytest.mark.parametrize("path", ["/v1/reports", "/v1/dead-letters", "/v1/reports/{sample}/clusters"])
def test_forged_cursors(api: Client, sample_report_id: Any, path: str, cursor: str) -> None:
    from urllib.parse import quote

    answer = api.get(f"{path.format(sample=sample_report_id)}?cursor={quote(cursor)}")
    assert answer.status == 422 and answer.is_problem


def test_a_cursor_is_only_good_for_its_list(api: Client, sample_report_id: Any) -> None:
    cursor = api.get(f"/v1/reports/{sample_report_id}/clusters?limit=1").json["next_cursor"]
    assert api.get(f"/v1/reports?cursor={cursor}").status == 422
    assert api.get(f"/v1/reports/{sample_report_id}/timeline?cursor={cursor}").status == 422


@pytest.mark.parametrize("limit", ["-1", "0", "1000000000", "1e9", "nan", "x", ""])
def test_limits_out_of_bounds(api: Client, limit: str) -> None:
    answer = api.get(f"/v1/reports?limit={limit}")
    assert answer.status == 422 and answer.is_problem


@pytest.mark.parametrize("path", ["", "/result", "/problems", "/incidents", "/clusters", "/timeline"])
def test_reports_that_are_not_there(api: Client, path: str) -> None:
    answer = api.get(f"/v1/reports/{uuid4()}{path}")
    assert answer.status == 404 and answer.is_problem
    assert api.get(f"/v1/reports/not-a-uuid{path}").status == 422


class TestDeadLetters:
    @pytest.fixture
    def letter(self, worked_platform: Any) -> str:
        from datetime import UTC, datetime

        with worked_platform.database.transaction() as connection:
            bury_message(
                connection, payload=b"{broken", redacted=b"{broken", reason="bad_message", detail="not JSON",
                report_id=None, stream_sequence=7, published_at=datetime.now(UTC),
            )  # fmt: skip
            return str(connection.execute("select max(id::text) from dead_letters").fetchone()[0])

    def test_list_and_show(self, api: Client, letter: str) -> None:
        assert letter in [item["id"] for item in pages(api, "/v1/dead-letters", limit=1)]
        told = api.get(f"/v1/dead-letters/{letter}").json
        assert (told["kind"], told["reason"], told["payload"]) == ("message", "bad_message", "{broken")

    def test_replay_says_why_not(self, api: Client, letter: str, worked_platform: Any) -> None:
        """What was redacted cannot be sent again as it was."""
        with worked_platform.database.transaction() as connection:
            connection.execute("update dead_letters set payload_redacted = true where id = %s", (letter,))
        answer = api.ask("POST", f"/v1/dead-letters/{letter}/replay")
        assert answer.status == 409 and answer.is_problem and answer.json["code"] == "not_replayed"

    def test_letters_that_are_not_there(self, api: Client) -> None:
        for method, path in (("GET", ""), ("POST", "/replay")):
            answer = api.ask(method, f"/v1/dead-letters/{uuid4()}{path}")
            assert answer.status == 404 and answer.is_problem
