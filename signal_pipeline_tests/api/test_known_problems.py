"""A known problem through the API: what a cluster's `problem_id` leads to."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from signal_pipeline_tests.api.conftest import Client


def test_the_id_of_a_cluster_leads_to_its_problem_and_back(api: Client, sample_report_id: Any) -> None:
    cluster = api.get(f"/v1/reports/{sample_report_id}/clusters").json["items"][0]
    answer = api.get(f"/v1/problems/{cluster['problem_id']}")
    assert answer.status == 200
    found = answer.json
    assert (found["id"], found["reports"]) == (cluster["problem_id"], cluster["reports"])
    assert found["medoid_hash"] in cluster["signatures"]
    (item,) = [one for one in found["items"] if one["report_id"] == str(sample_report_id)]
    assert item["frequency"] == cluster["frequency"] and item["title"]


def test_the_catalog_calls_a_problem_what_the_page_of_its_report_calls_it(api: Client, sample_report_id: Any) -> None:
    shown = {
        one["problem_id"]: one["title"] for one in api.get(f"/v1/reports/{sample_report_id}/problems").json["problems"]
    }
    listed = {one["id"]: one["title"] for one in api.get("/v1/problems?limit=200").json["items"]}
    both = shown.keys() & listed.keys()
    assert both
    assert {one: listed[one] for one in both} == {one: shown[one] for one in both}
    first = sorted(both)[0]
    assert api.get(f"/v1/problems/{first}").json["title"] == shown[first]


def test_what_is_no_problem(api: Client) -> None:
    answer = api.get(f"/v1/problems/{uuid4()}")
    assert (answer.status, answer.json["code"]) == (404, "not_found")
    assert api.get("/v1/problems/1").status == 422


def test_a_cursor_of_another_list_is_refused(api: Client, sample_report_id: Any) -> None:
    cluster = api.get(f"/v1/reports/{sample_report_id}/clusters").json["items"][0]
    api.upload({"a.log": b"fine\n"})
    other = api.get("/v1/reports?limit=1").json["next_cursor"]
    answer = api.get(f"/v1/problems/{cluster['problem_id']}?cursor={other}")
    assert (answer.status, answer.json["code"]) == (422, "bad_cursor")
