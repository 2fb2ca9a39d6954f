"""Changing and searching through the API: cancel, re-cluster, publish, delete, verdicts, search."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.termination import wait_until
from signal_pipeline_tests.api.conftest import TOKENS, Answer, Client
from signal_pipeline_tests.api.test_reports import pages
from signal_pipeline_tests.worked_report import submit_and_work

LOG = """2026-03-01T10:00:00Z ERROR app.db: {word}: could not open table of {word} at shop 17
2026-03-01T10:00:01Z ERROR app.db: {word}: could not open the table of {word} at shop 18 again
2026-03-01T10:00:02Z ERROR app.mail: mail server refused the greeting of {word}
"""


@pytest.fixture
def own_report(worked_platform: Platform, tmp_path: Path) -> UUID:
    """A worked report that a test may change."""
    path = tmp_path / "server.log"
    path.write_text(LOG.format(word="zebra"))
    return submit_and_work(worked_platform, [path], title="To be changed")


@pytest.fixture
def two(api: Client, sample_report_id: Any, worked_platform: Platform) -> Iterator[tuple[str, str]]:
    """Two signatures of the sample report; verdicts about them are gone afterwards."""
    items = api.get(f"/v1/reports/{sample_report_id}/clusters?limit=200").json["items"]
    yield items[0]["signatures"][0], items[-1]["signatures"][0]
    for one in pages(api, "/v1/verdicts"):
        api.ask("DELETE", f"/v1/verdicts/{one['id']}")
    with worked_platform.database.transaction() as connection:
        connection.execute("truncate verdicts")


def recluster(api: Client, report: object, **wish: Any) -> Answer:
    return api.post_json(f"/v1/reports/{report}/recluster", wish)


def clustering(api: Client, report: object) -> str:
    return str(api.get(f"/v1/reports/{report}/clusters").json["clustering"]["id"])


class TestCancel:
    def test_what_waits_is_cancelled_once(self, api: Client) -> None:
        report = api.upload({"a.log": b"fine\n"}).json["report_id"]
        assert api.ask("POST", f"/v1/reports/{report}/cancel").json == {
            "report_id": report, "cancelled": 1, "were": ["PENDING"],
        }  # fmt: skip
        told = api.get(f"/v1/reports/{report}").json
        assert (told["state"], told["reason"]) == ("CANCELLED", "cancelled through the API by loopback")
        assert api.ask("POST", f"/v1/reports/{report}/cancel").json["cancelled"] == 0

    def test_it_can_be_processed_again(self, api: Client) -> None:
        report = api.upload({"a.log": b"fine\n"}).json["report_id"]
        api.ask("POST", f"/v1/reports/{report}/cancel")
        assert api.ask("POST", f"/v1/reports/{report}/retry").status == 202


class TestRecluster:
    def test_a_dry_run_writes_nothing(self, api: Client, own_report: UUID) -> None:
        before = clustering(api, own_report)
        told = recluster(api, own_report, algorithm="dbscan", threshold=1.9, min_samples=1, dry_run=True).json
        assert (told["dry_run"], told["published"], told["before"]) == (True, False, before)
        assert told["settings"]["similarity_threshold"] == 1.9 and told["clusters"] == 1
        assert sum(told["changes"].values()) > 0
        assert clustering(api, own_report) == before

    def test_it_becomes_the_current_one(self, api: Client, own_report: UUID) -> None:
        before = clustering(api, own_report)
        told = recluster(api, own_report, algorithm="agglomerative", threshold=0.01).json
        assert told["published"] and clustering(api, own_report) == told["clustering"] != before

    def test_held_until_it_is_published(self, api: Client, own_report: UUID) -> None:
        before = clustering(api, own_report)
        told = recluster(api, own_report, algorithm="agglomerative", threshold=0.01, hold=True).json
        assert not told["published"] and "publish" in told["held_reason"]
        listed = api.get(f"/v1/reports/{own_report}/clusters").json
        assert (listed["clustering"]["id"], listed["held"]["id"]) == (before, told["clustering"])
        assert api.ask("POST", f"/v1/reports/{own_report}/publish").json["state"] == "published"
        assert clustering(api, own_report) == told["clustering"]
        again = api.ask("POST", f"/v1/reports/{own_report}/publish")
        assert (again.status, again.json["code"]) == (409, "nothing_held")

    @pytest.mark.parametrize(
        "wish",
        [{"threshold": 0}, {"threshold": 2.1}, {"algorithm": "kmeans"}, {"min_samples": 0}, {"nonsense": 1}],
        ids=str,
    )
    def test_settings_out_of_bounds(self, api: Client, sample_report_id: Any, wish: dict[str, Any]) -> None:
        answer = recluster(api, sample_report_id, **wish)
        assert answer.status == 422 and answer.is_problem


class TestDelete:
    def test_it_is_gone_with_proof(self, api: Client, own_report: UUID) -> None:
        assert api.get(f"/reports/{own_report}").status == 200
        answer = api.ask("DELETE", f"/v1/reports/{own_report}")
        assert answer.status == 202 and answer.json["state"] == "deleting"
        where = answer.json["proof_url"]
        assert wait_until(lambda: api.get(where).json["state"] == "erased", 30)
        # Dagster's part is the sensor's.
        left = {one["place"]: one["left"] for one in api.get(where).json["places"] if "Dagster" not in one["place"]}
        assert set(left.values()) == {0} and {"raw files", "frames", "error_signatures"} <= set(left)
        removed = {one["place"]: one["removed"] for one in api.get(where).json["places"]}
        assert removed["raw files"] == 1 and removed["frames"] > 3 and removed["reports"] == 1
        for path in ("", "/result", "/clusters"):
            assert api.get(f"/v1/reports/{own_report}{path}").status == 404
        assert api.get(f"/reports/{own_report}").status == 404
        assert api.ask("DELETE", f"/v1/reports/{own_report}").status == 202

    def test_no_proof_of_what_nobody_asked_for(self, api: Client, sample_report_id: Any) -> None:
        assert api.get(f"/v1/reports/{sample_report_id}/deletion").status == 404

    def test_it_cannot_be_grouped_again_meanwhile(
        self, api: Client, own_report: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("signal_pipeline.api.routes.changes._erase", lambda *_: None)
        api.ask("DELETE", f"/v1/reports/{own_report}")
        answer = recluster(api, own_report)
        assert (answer.status, answer.json["code"]) == (409, "being_deleted")


class TestVerdicts:
    def test_set_list_and_take_back(self, api: Client, two: tuple[str, str]) -> None:
        one, other = two
        made = api.post_json("/v1/verdicts", {"kind": "not_same", "signature": one[:16], "other": other, "note": "no"})
        assert made.status == 201 and made.json["created_by"] == "loopback"
        assert {made.json["signature"], made.json["other"]} == {one, other}
        assert made.json["reports_with_both"] >= 1
        number = made.json["id"]
        assert [item["id"] for item in pages(api, "/v1/verdicts", limit=1)] == [number]
        assert api.ask("DELETE", f"/v1/verdicts/{number}").json["removed_by"] == "loopback"
        assert pages(api, "/v1/verdicts") == []
        assert number in [item["id"] for item in pages(api, "/v1/verdicts", include_removed="true")]
        assert api.ask("DELETE", f"/v1/verdicts/{number}").status == 409

    def test_the_same_again_is_the_same_one(self, api: Client, two: tuple[str, str]) -> None:
        wish = {"kind": "fixed", "signature": two[0], "fixed_in": "2.1"}
        assert api.post_json("/v1/verdicts", wish).json["id"] == api.post_json("/v1/verdicts", wish).json["id"]

    def test_a_contradiction_names_the_other(self, api: Client, two: tuple[str, str]) -> None:
        first = api.post_json("/v1/verdicts", {"kind": "same", "signature": two[0], "other": two[1]}).json
        answer = api.post_json("/v1/verdicts", {"kind": "not_same", "signature": two[0], "other": two[1]})
        assert answer.status == 409 and answer.is_problem and f"verdict {first['id']}" in answer.json["detail"]

    def test_a_verdict_shows_on_the_page_at_once(
        self, api: Client, two: tuple[str, str], sample_report_id: Any
    ) -> None:
        before = api.get(f"/reports/{sample_report_id}").body
        api.post_json("/v1/verdicts", {"kind": "fixed", "signature": two[0], "fixed_in": "9.9-of-the-test"})
        assert b"9.9-of-the-test" not in before
        assert b"9.9-of-the-test" in api.get(f"/reports/{sample_report_id}").body

    WRONG: tuple[dict[str, Any], ...] = (
        {"kind": "same", "signature": "a" * 64},
        {"kind": "fixed", "signature": "a" * 64},
        {"kind": "not_a_bug", "signature": "a" * 64, "other": "b" * 64},
        {"kind": "not_a_bug", "signature": "a" * 64, "fixed_in": "1"},
        {"kind": "nonsense", "signature": "a" * 64},
        {"kind": "not_a_bug", "signature": "xyz"},
        {"kind": "not_a_bug", "signature": "a" * 64, "note": "a\x00b"},
        {"kind": "not_a_bug", "signature": "a" * 64, "note": "\ud800"},
    )

    @pytest.mark.parametrize("wish", WRONG, ids=str)
    def test_what_does_not_fit_its_kind(self, api: Client, wish: dict[str, Any]) -> None:
        answer = api.post_json("/v1/verdicts", wish)
        assert answer.status == 422 and answer.is_problem

    def test_signatures_and_verdicts_that_are_not_there(self, api: Client) -> None:
        answer = api.post_json("/v1/verdicts", {"kind": "not_a_bug", "signature": "0" * 64})
        assert (answer.status, answer.json["code"]) == (404, "signature_unknown")
        assert api.ask("DELETE", f"/v1/verdicts/{2**62}").status == 404
        assert api.ask("DELETE", "/v1/verdicts/99999999999999999999").status == 422


class TestSearch:
    @pytest.mark.usefixtures("sample_report_id")
    def test_by_meaning_and_words(self, api: Client) -> None:
        items = api.get("/v1/search?q=database%20is%20locked&limit=5").json["items"]
        assert items[0]["error_type"] == "DatabaseError" and "locked" in items[0]["template"]
        assert items[0]["places"]["words"] and items[0]["distance"] is not None
        assert [item["score"] for item in items] == sorted((item["score"] for item in items), reverse=True)

    def test_filters(self, api: Client, sample_report_id: Any) -> None:
        def found(**query: str) -> list[dict[str, Any]]:
            words = "&".join(f"{name}={value}" for name, value in query.items())
            items: list[dict[str, Any]] = api.get(f"/v1/search?q=order&limit=200&{words}").json["items"]
            return items

        everything = found()
        assert {item["error_type"] for item in found(error_type="NetworkError")} == {"NetworkError"}
        assert {item["severity"] for item in found(severity="high")} == {"high"}
        assert found(report_id=str(sample_report_id)) and found(report_id=str(uuid4())) == []
        assert found(since="2999-01-01T00:00:00Z") == [] == found(until="1999-01-01")
        assert len(found(since="1999-01-01")) == len(everything)

    @pytest.mark.parametrize(
        "query",
        ["", "q=", "q=%00", "q=a%0Ab", "q=" + "a" * 1001, "q=a&limit=0", "q=a&error_type=x", "q=a&since=then",
         "q=a&report_id=1"],
    )  # fmt: skip
    def test_questions_that_are_none(self, api: Client, query: str) -> None:
        answer = api.get(f"/v1/search?{query}")
        assert answer.status == 422 and answer.is_problem

    @pytest.mark.parametrize(
        "text", ["%27", "%25%25%25", "%22", "a%20-b%20%22c", "%F0%9F%92%A9%F0%9F%92%A9", "%ED%A0%80", "%20"]
    )
    def test_odd_texts_are_looked_for(self, api: Client, text: str) -> None:
        assert api.get(f"/v1/search?q={text}").status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/cancel"), ("POST", "/recluster"), ("POST", "/publish"), ("DELETE", ""), ("GET", "/deletion")],
)
def test_reports_that_are_not_there(api: Client, method: str, path: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = api.ask(method, f"/v1/reports/{uuid4()}{path}", b"{}" if path == "/recluster" else None, headers)
    assert answer.status == 404 and answer.is_problem


def test_who_decided_is_the_token_s_name(closed_port: int, two: tuple[str, str]) -> None:
    from signal_pipeline.api.identity import Scope

    client = Client(closed_port, TOKENS[Scope.ADMIN])
    made = client.post_json("/v1/verdicts", {"kind": "not_a_bug", "signature": two[0]})
    assert json.loads(made.body)["created_by"] == "admin"
