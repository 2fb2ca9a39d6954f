"""Flows and alerts of a report over the API: pages, and what is said before there are entries."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl

from signal_pipeline.api.metrics import PipelineCollector
from signal_pipeline.frames import spool
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.platform.platform import Platform
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.schemas import PARSED
from signal_pipeline.storage.traffic import count_traffic
from signal_pipeline_tests.api.conftest import Client
from signal_pipeline_tests.api.test_reports import pages
from signal_pipeline_tests.parsing.pcap.packets import ACK, RST, SYN, Connection, pcap
from signal_pipeline_tests.worked_report import submit_and_work

SIGNAL = "0b5e8a44-3a0d-4c38-9d0b-1a0d7b3f5a10"


def scan_of_ports() -> bytes:
    packets = [Connection(40_000 + n, 1_000 + n).send(0, flags=SYN).send(1, flags=RST | ACK).packets for n in range(40)]
    return pcap([packet for some in packets for packet in some])


def with_entries(api: Client, platform: Platform, tmp_path: Path) -> str:
    """A report whose entries are there, as after the step that reads its files."""
    report = str(api.upload({"net.pcap": scan_of_ports()}).json["report_id"])
    path = tmp_path / "net.pcap"
    path.write_bytes(scan_of_ports())
    reading = read_signal(path, redactor=Redactor(b"key"), report_id=report, signal_id=SIGNAL)
    frame = spool(iter([pl.concat(list(reading))]), PARSED, platform.frames.spool_path())
    platform.frames.put("parsed_entries", UUID(report), frame)
    return report


def test_flows_page_by_page_and_the_alert_about_them(api: Client, worked_platform: Platform, tmp_path: Path) -> None:
    report = with_entries(api, worked_platform, tmp_path)
    found: list[dict[str, Any]] = pages(api, f"/v1/reports/{report}/flows", limit=15)
    assert [flow["number"] for flow in found] == list(range(40))
    assert {(flow["state"], *flow["failures"]) for flow in found} == {("REJ", "ECONNREFUSED")}
    (alert,) = api.get(f"/v1/reports/{report}/alerts").json["items"]
    assert (alert["rule"], alert["count"], alert["flows"][0]) == ("port_scan", 40, {"file": SIGNAL, "flow": 0})


def test_what_was_made_of_captures_is_counted(worked_platform: Platform) -> None:
    made = {"captures": 1, "flows": 40, "windows": 1, "alerts port_scan": 1, "classifications quic": 2}
    with worked_platform.database.transaction() as connection:
        count_traffic(connection, made)
    samples = [one for found in PipelineCollector(worked_platform, lambda: False).collect() for one in found.samples]
    counted = {(one.name, *one.labels.values()): one.value for one in samples}
    assert counted["captures_total",] >= 1 and counted["flows_total",] >= 40 and counted["traffic_windows_total",] >= 1
    assert counted["traffic_alerts_total", "port_scan"] >= 1 and counted["traffic_classifications_total", "quic"] >= 2


def test_the_sample_report_has_flows_and_no_alert(api: Client, sample_report_id: Any) -> None:
    flows = api.get(f"/v1/reports/{sample_report_id}/flows").json["items"]
    assert [flow["failures"] for flow in flows if flow["failures"]] == [["ECONNREFUSED"]] * 3
    assert api.get(f"/v1/reports/{sample_report_id}/alerts").json["items"] == []


def test_a_report_without_captures_has_neither(api: Client, worked_platform: Platform, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"2026-03-01 10:00:02,000 INFO [worker-1] shop.Cart - fine\n")
    report = submit_and_work(worked_platform, [tmp_path / "a.log"], title="Without captures")
    assert api.get(f"/v1/reports/{report}/flows").json["items"] == []
    assert api.get(f"/v1/reports/{report}/alerts").json["items"] == []


def test_no_flows_before_the_files_are_read(api: Client) -> None:
    report = api.upload({"a.log": b"fine\n"}).json["report_id"]
    answer = api.get(f"/v1/reports/{report}/flows")
    assert answer.status == 409 and answer.is_problem and answer.headers["retry-after"] == "2"
