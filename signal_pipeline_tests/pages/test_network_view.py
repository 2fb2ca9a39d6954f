"""The section Network: conversations that failed come first, bars are beside the longest handshake."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from signal_pipeline.pages.network_view import BAR_WIDTH, network_view
from signal_pipeline.pages.report import Links, report_html
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.network import Network
from signal_pipeline.reports.page_data import load_report_page
from signal_pipeline.traffic.protocols import with_likely_protocol
from signal_pipeline.traffic.windows import WindowSettings
from signal_pipeline_tests.traffic.test_alerts import Packets, answered, flows, refused


def network(packets: Packets, folder: Path, files: dict[str, str]) -> Network:
    return Network.computed(with_likely_protocol(flows(packets, folder)), WindowSettings(), files)


def test_without_captures_there_is_no_section() -> None:
    assert network_view(None) is None


def test_what_failed_comes_first(tmp_path: Path) -> None:
    shown = network_view(network(answered([0.0, 9.0]) + refused(range(1_000, 1_016)), tmp_path, {"a": "net.pcap"}))
    assert shown is not None
    assert (shown["flows"], [alert["rule"] for alert in shown["alerts"]]) == (18, ["port_scan"])
    first, last = shown["conversations"][0], shown["conversations"][-1]
    assert (first["failed"], first["failures"], first["width"]) == (16, ["ECONNREFUSED"], 0)
    assert (first["ports"], first["target_port"], last["ports"], last["target_port"]) == (16, None, 1, 443)
    assert (last["flows"], last["failed"], last["width"]) == (2, 0, BAR_WIDTH)
    assert shown["alerts"][0]["flows"][0]["file"] == "net.pcap"


def test_the_page_has_the_section_of_a_report_with_captures(
    worked_platform: Platform, sample_report_id: Any, tmp_path: Path
) -> None:
    page = load_report_page(worked_platform, sample_report_id)
    assert 'id="network"' not in report_html(replace(page, network=None), Links())
    assert "ECONNREFUSED" in report_html(page, Links()).partition('id="network"')[2]
    shown = report_html(replace(page, network=network(answered([0.0]), tmp_path, {})), Links())
    assert 'href="#network"' in shown and "443" in shown.partition('id="network"')[2]
