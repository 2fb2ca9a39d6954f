"""A report through all five assets, on real servers."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import dagster as dg
import polars as pl

from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.overview import report_problems, report_status

LOG = """\
2026-03-01 10:00:00,123 INFO  [main] shop.App - started in 812 ms
2026-03-01 10:00:01,000 ERROR [worker-1] shop.Orders - order 1001 failed: connection refused to 10.0.0.5:5432
java.net.ConnectException: Connection refused
\tat shop.Db.connect(Db.java:42)
\tat shop.Orders.save(Orders.java:17)
2026-03-01 10:00:02,000 ERROR [worker-2] shop.Orders - order 1002 failed: connection refused to 10.0.0.6:5432
java.net.ConnectException: Connection refused
\tat shop.Db.connect(Db.java:44)
\tat shop.Orders.save(Orders.java:19)
2026-03-01 10:00:03,000 ERROR [worker-1] shop.Cart - cart of user anna is empty: token=s3cr3tvalue99
2026-03-01 10:00:04,000 INFO  [main] shop.App - 0 errors in the last minute
"""


def har(*entries: tuple[str, str, int]) -> str:
    return json.dumps(
        {
            "log": {
                "version": "1.2",
                "creator": {"name": "test", "version": "1"},
                "entries": [
                    {
                        "startedDateTime": f"2026-03-01T10:00:0{index}.000Z",
                        "time": 12.5,
                        "request": {"method": method, "url": url, "headers": [], "queryString": []},
                        "response": {"status": status, "statusText": "", "headers": [], "content": {"size": 0}},
                        "timings": {"send": 1, "wait": 10, "receive": 1.5},
                    }
                    for index, (method, url, status) in enumerate(entries)
                ],
            }
        }
    )


def rows(platform: Platform, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with platform.database.transaction() as connection:
        return connection.execute(query.encode(), values).fetchall()


def state_of_tables(platform: Platform, report: UUID) -> dict[str, Any]:
    """Everything that a report contributes, without times and run ids."""
    return {
        "signatures": rows(
            platform, "select signature_hash, frequency, error_type from error_signatures order by signature_hash"
        ),
        "occurrences": rows(
            platform,
            "select signature_hash, signal_id, count from signature_occurrences where report_id = %s order by 1, 2",
            report,
        ),
        "members": rows(
            platform,
            "select signature_hash, label, frequency from cluster_members m join clusterings c"
            " on c.id = m.clustering_id where report_id = %s and is_current order by 1",
            report,
        ),
    }


def test_a_report_becomes_problems_with_evidence(runner: Any, submit: Any, platform: Platform) -> None:
    page = har(("GET", "https://a.test/x", 200), ("POST", "https://a.test/buy/7", 502))
    report = submit(server_log=LOG, page_har=page)
    result = runner.run([report])
    assert result.success

    found = report_problems(platform.database, report)
    assert {problem.error_type for problem in found.problems} >= {"NetworkError"}
    evidence = [item for problem in found.problems for item in problem.evidence]
    by_file = {(item["file"], item.get("line_number"), item.get("entry_index")) for item in evidence}
    assert ("server.log", 2, None) in by_file
    assert ("server.log", 6, None) in by_file
    assert ("page.har", None, 1) in by_file
    assert not any(line in {1, 11} for _, line, _ in by_file), "an INFO line was taken for an error"

    refused = [p for p in found.problems if "connection refused" in p.title]
    assert sum(problem.frequency for problem in refused) == 2
    assert len(refused) == 1, "the same error of two orders is one problem"


def test_secrets_reach_no_frame_and_no_table(runner: Any, submit: Any, platform: Platform) -> None:
    report = submit(server_log=LOG)
    assert runner.run([report]).success
    stored = rows(platform, "select message || coalesce(stack_trace, '') || key_components::text from error_signatures")
    assert stored and "s3cr3tvalue99" not in str(stored)
    for asset in ("parsed_entries", "classified_errors", "embeddings", "clusters", "timeline"):
        assert "s3cr3tvalue99" not in str(platform.frames.scan(asset, report).collect().to_dicts())


def test_every_asset_says_what_it_made(runner: Any, submit: Any) -> None:
    report = submit(server_log=LOG)
    result = runner.run([report])
    made = {event.asset_key.to_user_string(): event for event in _materializations(result)}
    # The timeline before the clusters, and the problems last: with them the report is completed.
    assert list(made) == [
        "raw_signals",
        "parsed_entries",
        "classified_errors",
        "timeline",
        "incidents",
        "embeddings",
        "clusters",
        "problems",
    ]
    for name, event in made.items():
        assert event.partition == str(report), name
        assert "dagster/row_count" in event.metadata, name
    checks = {(e.asset_key.to_user_string(), e.check_name): e.passed for e in result.get_asset_check_evaluations()}
    assert checks and all(checks.values()), checks
    assert ("clusters", "every_error_placed_once") in checks


def test_the_timeline_joins_the_request_to_what_the_server_logged(runner: Any, submit: Any, platform: Platform) -> None:
    """The log's clock is an hour ahead, and no id is in either file."""
    requests = [("GET", f"http://shop.example/{name}", 200) for name in "abcdefgh"]
    log = "".join(
        f"2026-03-01 11:00:0{n},0{n + 11} INFO  [main] shop.Web - GET /{name} 200 10 ms\n"
        for n, name in enumerate("abcdefgh")
    )
    log += "2026-03-01 11:00:08,010 ERROR [main] shop.Web - cannot answer POST /pay: database is gone\n"
    report = submit(shop_har=har(*requests, ("POST", "http://shop.example/pay", 500)), server_log=log)
    result = runner.run([report])
    assert result.success
    frame = platform.frames.scan("timeline", report).collect()
    (link,) = frame.filter(pl.col("link_confidence").is_not_null()).to_dicts()
    assert (link["incident_role"], link["request_ordinal"], link["line_number"]) == ("cause", 8, 9)
    (event,) = [e for e in _materializations(result) if e.asset_key == dg.AssetKey("timeline")]
    clocks = {record.data["file"]: record.data["ahead_ms"] for record in event.metadata["clocks"].records}
    assert abs(clocks["server.log"] - 3_600_000) < 30 and clocks["shop.har"] == 0
    assert event.metadata["plot"].value.startswith("![entries of all files")


def test_a_materialization_leads_to_the_page_of_its_report(runner: Any, submit: Any, platform: Platform) -> None:
    report = submit(server_log=LOG)
    platform.settings = platform.settings.model_copy(update={"api_url": "https://signals.example/"})
    result = runner.run([report], assets=["raw_signals"])
    (event,) = _materializations(result)
    assert event.metadata["report_page"].value == f"https://signals.example/reports/{report}"


def test_running_again_changes_nothing(runner: Any, submit: Any, platform: Platform) -> None:
    report = submit(server_log=LOG)
    assert runner.run([report]).success
    first = state_of_tables(platform, report)
    assert runner.run([report]).success
    assert state_of_tables(platform, report) == first
    assert rows(platform, "select count(*) from clusterings") == [(1,)]


def test_a_range_gives_each_report_its_own_metadata(runner: Any, submit: Any) -> None:
    reports = [submit(server_log=LOG), submit(server_log=LOG.replace("Cart", "Basket")), submit(other_log="fine\n")]
    result = runner.run(reports)
    assert result.success
    counted = {
        event.partition: event.metadata["dagster/row_count"].value
        for event in _materializations(result)
        if event.asset_key == dg.AssetKey("classified_errors")
    }
    assert counted == {str(reports[0]): 3, str(reports[1]): 3, str(reports[2]): 0}


def test_clusters_alone_follow_another_threshold(runner: Any, submit: Any, platform: Platform) -> None:
    text = "".join(
        f"2026-03-01 10:00:0{i} ERROR shop - {line}\n"
        for i, line in enumerate(
            ["payment service did not answer", "payment service gave no answer", "disk is full", "user name is unknown"]
        )
    )
    report = submit(server_log=text)
    assert runner.run([report]).success
    before = rows(platform, "select count(*), sum(frequency) from error_signatures")
    wide = runner.run([report], assets=["clusters"], config={"algorithm": "dbscan", "similarity_threshold": 1.9})
    assert wide.success
    assert _current(platform, report) == ("dbscan", 1, 0)
    tight = runner.run([report], assets=["clusters"], config={"algorithm": "dbscan", "similarity_threshold": 0.0001})
    assert tight.success
    assert _current(platform, report) == ("dbscan", 0, 4)
    assert rows(platform, "select count(*), sum(frequency) from error_signatures") == before


def test_one_unreadable_file_of_three_is_an_outcome(runner: Any, submit: Any, platform: Platform) -> None:
    report = submit(server_log=LOG, broken_har=b"\x89PNG\r\n\x1a\n" + bytes(200), empty_log="")
    result = runner.run([report])
    assert result.success
    outcomes = {file.name: (file.status, file.reasons) for file in report_status(platform.database, report).files}
    assert outcomes["server.log"][0] == "ok"
    assert outcomes["broken.har"] == ("failed", ["not_har"])
    assert outcomes["empty.log"] == ("failed", ["empty"])
    assert report_problems(platform.database, report).problems


def test_a_copy_of_a_file_counts_once(runner: Any, submit: Any, platform: Platform) -> None:
    report = submit(server_log=LOG, copy_log=LOG)
    assert runner.run([report]).success
    assert rows(platform, "select sum(frequency)::int from error_signatures") == [(3,)]
    assert [file.duplicate_of is None for file in report_status(platform.database, report).files] == [True, False]


def test_a_partition_that_is_no_report_says_so(runner: Any) -> None:
    unknown = UUID("00000000-0000-4000-8000-000000000000")
    result = runner.run([unknown], assets=["raw_signals"])
    assert not result.success
    assert "is not in the database" in str(result.all_events[-1].message) + str(
        [e.event_specific_data for e in result.all_events if e.is_step_failure]
    )


def _materializations(result: Any) -> list[dg.AssetMaterialization]:
    return [
        event.event_specific_data.materialization
        for event in result.all_events
        if event.event_type_value == "ASSET_MATERIALIZATION"
    ]


def _current(platform: Platform, report: UUID) -> tuple[Any, ...]:
    return rows(
        platform, "select algorithm, clusters, noise from clusterings where is_current and report_id = %s", report
    )[0]
