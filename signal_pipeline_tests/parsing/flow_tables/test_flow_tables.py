"""Tables of flow meters: which are read, what becomes of their rows, and what is still refused as a table."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from signal_pipeline.errors import RejectionCode, SignalRejected
from signal_pipeline.parsing.kinds import sniff
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.traffic.flows import flow_meter_table, flows_of

_ENDS = "Flow ID,Src IP,Src Port,Dst IP,Dst Port,Protocol,Timestamp,Flow Duration"
TODAY = f"{_ENDS},Total Fwd Packet,Total Bwd packets,Total Length of Fwd Packet,Total Length of Bwd Packet,Label"
SHORT = f"{_ENDS},Tot Fwd Pkts,Tot Bwd Pkts,TotLen Fwd Pkts,TotLen Bwd Pkts,Label"
LYZER = (
    "flow_id,timestamp,src_ip,src_port,dst_ip,dst_port,protocol,duration,packets_count,fwd_packets_count,"
    "bwd_packets_count,fwd_total_payload_bytes,bwd_total_payload_bytes,label"
)
# name, header, row
TABLES = [
    ("of today", TODAY, "a-b,10.0.0.2,50123,198.51.100.9,443,6,2024-03-01 10:00:00.500000,2000000,5,4,100,500,BENIGN"),
    ("with short names", SHORT, "a-b,10.0.0.2,50123,198.51.100.9,443,6,01/03/2024 10:00:00 AM,2000000,5,4,100,500,Bot"),
    ("of another tool", LYZER, "a-b,2024-03-01 10:00:00.5,10.0.0.2,50123,198.51.100.9,443,TCP,2.0,9,5,4,100,500,x"),
]


def read(content: str, folder: Path) -> tuple[pl.DataFrame, str]:
    path = folder / "flows.csv"
    path.write_text(content, encoding="utf-8")
    reading = read_signal(path, redactor=Redactor(b"key"), signal_id="a")
    frames = list(reading)
    return pl.concat(frames) if frames else pl.DataFrame(), str(reading.outcome)


@pytest.mark.parametrize(("name", "header", "row"), TABLES, ids=[case[0] for case in TABLES])
def test_a_row_is_a_flow(name: str, header: str, row: str, tmp_path: Path) -> None:
    frame, outcome = read(f"{header}\n{row}\n{row}\n", tmp_path)
    assert "'ok'" in outcome and frame.height == 2, name
    told = frame.row(0, named=True)
    assert told["kind"] == "flow_table" and told["role"] == "flow" and "10.0.0.2" not in str(told)
    assert told["message"].endswith(":443, 5 packets 100 bytes out, 4 packets 500 bytes in")
    flow = flows_of(frame.lazy()).row(0, named=True)
    assert (flow["protocol"], flow["service"], flow["target_port"], flow["payload_in"]) == ("TCP", "tls", 443, 500)
    assert (flow["ended_at"] - flow["started_at"]).total_seconds() == 2


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    frame, _ = read(f"{TODAY}\n{TABLES[0][2]}\n", tmp_path)
    flows = flows_of(frame.lazy())
    again, outcome = read(flow_meter_table(flows).write_csv(), tmp_path)
    compared = ("protocol", "source_port", "target_port", "started_at", "packets_out", "payload_in", "features")
    assert "'ok'" in outcome and flows_of(again.lazy()).select(compared).rows() == flows.select(compared).rows()


BAD_ROWS = ["", "a,b", "a-b,10.0.0.2,x,y,z,6,never,nan,inf,-1,1e400,q,w", "a,,,,,,,,,,,,", '"open,1,2,3', "\0,\0"]


@pytest.mark.parametrize("row", BAD_ROWS)
def test_a_bad_row_is_passed_over(row: str, tmp_path: Path) -> None:
    frame, outcome = read(f"{TODAY}\n{TABLES[0][2]}\n{row}\n", tmp_path)
    assert frame.height >= 1 and "internal_error" not in outcome


def test_other_tables_are_refused() -> None:
    table = b"name,price,stock\n" + b"lamp,12,3\n" * 5
    with pytest.raises(SignalRejected) as refused:
        sniff(table)
    assert refused.value.code == RejectionCode.TABLE
