"""`signal-pipeline parse`: exit codes, JSON alone on stdout, one Parquet row per entry, nothing that moves a cursor."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from signal_pipeline.cli.parse import parse
from signal_pipeline.printable import printable
from signal_pipeline.schemas import ENTRIES
from signal_pipeline_tests.parsing.har.samples import entry, har_bytes
from signal_pipeline_tests.parsing.pcap.packets import pcap
from signal_pipeline_tests.traffic.test_alerts import refused

HAR = har_bytes(
    entry(),
    entry(status=503, body=json.dumps({"message": "\x1b]52;c;aGk=\x07\x1b[31mcart of frank@shop.example is gone"})),
    entry(status=503, body=json.dumps({"message": "cart of anna@shop.example is gone"})),
)


def _run(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(parse)
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def har(tmp_path: Path) -> Path:
    path = tmp_path / "page\x1b[2J.har"
    path.write_bytes(HAR)
    return path


def test_people_see_kind_errors_evidence_and_no_escape(har: Path) -> None:
    result = _run(str(har))
    assert result.exit_code == 0
    assert "\x1b" not in result.output
    for words in ("har", "chrome", "3 entries", "email 2", ".har entry 1", "HTTP 503"):
        assert words in result.output
    assert "frank" not in result.output


def test_json_is_alone_on_stdout(har: Path) -> None:
    result = _run(str(har), "--json")
    facts = json.loads(result.stdout)
    assert (facts["status"], facts["kind"], facts["entries"], facts["errors"]) == ("ok", "har", 3, 2)
    assert facts["redactions"] == {"email": 2}
    assert facts["signatures"][0]["evidence"].endswith(".har entry 1")
    assert "\x1b" not in result.stdout


def test_output_is_one_row_per_entry(har: Path, tmp_path: Path) -> None:
    output = tmp_path / "entries.parquet"
    assert _run(str(har), "--output", str(output)).exit_code == 0
    frame = pl.read_parquet(output)
    assert frame.schema == pl.Schema(ENTRIES.polars)
    assert frame["is_error"].to_list() == [False, True, True]
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".har", ".parquet"]


def test_coarser_templates_say_how_many_they_stand_for(tmp_path: Path) -> None:
    path, output = tmp_path / "a.log", tmp_path / "entries.parquet"
    path.write_text("".join(f'2024-03-01 12:00:0{i} INFO lock "{name}" taken\n' for i, name in enumerate("abc")))
    facts = json.loads(_run(str(path), "--output", str(output), "--json").stdout)
    assert facts["coarser_templates"] == [{"template": 'lock "<*>" taken', "stands_for": 3}]
    assert pl.read_parquet(output)["template"].to_list() == ['lock "<*>" taken'] * 3


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a link to a pipe", "a link to nothing"])
def test_what_is_no_regular_file_is_not_replaced(har: Path, tmp_path: Path, kind: str) -> None:
    output, pipe = tmp_path / "entries.parquet", tmp_path / "pipe"
    if kind == "a folder":
        output.mkdir()
    elif kind == "a link to nothing":
        output.symlink_to(tmp_path / "gone")
    else:
        os.mkfifo(pipe)
        output.symlink_to(pipe) if "link" in kind else pipe.rename(output)
    before = output.lstat()
    result = _run(str(har), "--output", str(output))
    assert result.exit_code == 2
    assert "is not a regular file" in result.output
    assert (output.lstat().st_ino, output.lstat().st_mode) == (before.st_ino, before.st_mode)


def test_a_refused_file_is_exit_code_1_and_leaves_no_output(tmp_path: Path) -> None:
    path, output = tmp_path / "a.har", tmp_path / "entries.parquet"
    path.write_bytes(b"<html></html>")
    result = _run(str(path), "--output", str(output), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["reasons"] == ["not_har"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("arguments", [["gone.har"], [], ["--output"]], ids=["no such file", "no file", "no value"])
def test_usage_is_exit_code_2(arguments: list[str]) -> None:
    assert _run(*arguments).exit_code == 2


def test_printable_text_moves_no_cursor() -> None:
    assert printable("a\x1b[2J\x9bb\u202ec\r\nd\u00e9") == "a\ufffd[2J\ufffdb\ufffdc  d\u00e9"
    assert printable("a\x1b\r\n\tb", lines=True) == "a\ufffd \n\tb"


def test_a_capture_has_its_flows_and_alerts(tmp_path: Path) -> None:
    path = tmp_path / "net.pcap"
    path.write_bytes(pcap(refused(range(1_000, 1_020))))
    shown = _run(str(path))
    assert "network   20 flows, 20 failed, 40 packets" in shown.output
    assert "tried 20 ports of" in shown.output and "(flow 0)" in shown.output
    network = json.loads(_run(str(path), "--json").output)["network"]
    assert (network["flows"], network["failed"], [one["rule"] for one in network["alerts"]]) == (20, 20, ["port_scan"])


def test_what_has_no_flows_has_no_network_part(har: Path) -> None:
    assert json.loads(_run(str(har), "--json").output)["network"] is None
    assert "network" not in _run(str(har)).output
