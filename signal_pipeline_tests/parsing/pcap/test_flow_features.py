"""Features of flows, against values worked out by hand, however the packets fall into blocks."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from signal_pipeline.parsing.flow_facts import FEATURES_COLUMN, with_facts
from signal_pipeline.parsing.pcap import packets as packets_module
from signal_pipeline.parsing.pcap.flow_features import FEATURES
from signal_pipeline_tests.parsing.pcap.packets import ACK, PUSH, Connection, pcap
from signal_pipeline_tests.parsing.pcap.test_flows import entries

TALK = Connection().opened().send(0, b"x" * 100, PUSH | ACK).send(1, b"y" * 300).send(1, b"z" * 200).closed()
# 0, 0.01, 0.02 the handshake; the request; the answer after 6 s of silence; the rest 10 ms after one another
TIMES = (0.0, 0.01, 0.02, 0.03, 6.03, 6.04, 6.05, 6.06, 6.07)
EXPECTED: dict[str, float] = {
    "Flow Duration": 6_070_000,
    "Total Fwd Packet": 5,
    "Total Bwd packets": 4,
    "Total Length of Fwd Packet": 100,
    "Total Length of Bwd Packet": 500,
    "Fwd Packet Length Max": 100,
    "Fwd Packet Length Min": 0,
    "Fwd Packet Length Mean": 20,
    "Bwd Packet Length Mean": 125,
    "Fwd Packet Length Std": 44.721,
    "Flow Bytes/s": 98.847,
    "Flow IAT Max": 6_000_000,
    "Flow IAT Min": 10_000,
    "Fwd IAT Total": 6_070_000,
    "Bwd IAT Max": 6_020_000,
    "Fwd PSH Flags": 1,
    "Fwd Header Length": 100,
    "SYN Flag Count": 2,
    "FIN Flag Count": 2,
    "ACK Flag Count": 8,
    "Down/Up Ratio": 0.8,
    "FWD Init Win Bytes": 1024,
    "Fwd Act Data Pkts": 1,
    "Fwd Seg Size Min": 20,
    "Active Max": 40_000,
    "Active Min": 30_000,
    "Idle Mean": 6_000_000,
}


@pytest.mark.parametrize("block_bytes", [64, 4096])
def test_features_are_those_of_the_packets(block_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packets_module, "BLOCK_BYTES", block_bytes)
    frame, _ = entries(pcap(list(zip(TIMES, TALK.packets, strict=True))), tmp_path)
    row = with_facts(frame.filter(pl.col("role") == "flow").drop("timestamp")).row(0, named=True)
    found = dict(zip(FEATURES, row[FEATURES_COLUMN], strict=True))
    assert {name: found[name] for name in EXPECTED} == pytest.approx(EXPECTED, rel=1e-4)
    assert (row["packets_out"], row["payload_in"], row["state"], row["target_port"]) == (5, 500, "SF", 80)
    assert row["handshake_ms"] == pytest.approx(10)
