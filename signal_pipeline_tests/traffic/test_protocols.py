"""The shipped forests: what they say of flows of usual shape, and that they are plain arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from signal_pipeline.traffic.protocols import MODEL, shape_matrix, shipped, with_likely_protocol
from signal_pipeline_tests.parsing.pcap.packets import CLIENT, Timed, dns, ip, udp
from signal_pipeline_tests.traffic.test_alerts import answered, flows


def quic(port: int, head: bytes = b"\xc3") -> list[Timed]:
    """A handshake padded to 1,200 bytes, and a few answers."""
    found: list[Timed] = []
    for n in range(6):
        found.append((n / 50, ip(udp(50_000, port, head + b"x" * 1_199), target="9.9.9.9", protocol=17)))
        found.append((n / 50 + 0.01, ip(udp(port, 50_000, b"\xc3" + b"y" * 1_199), "9.9.9.9", CLIENT, 17)))
    return found


def test_a_flow_over_udp_to_the_port_of_tls_looks_like_quic(tmp_path: Path) -> None:
    found = with_likely_protocol(flows(quic(443), tmp_path)).row(0, named=True)
    assert (found["likely_protocol"], found["likelihood"] >= 0.6) == ("quic", True)


def test_nothing_is_guessed_where_the_content_says_it(tmp_path: Path) -> None:
    stun = b"\0\1\0\0\x21\x12\xa4\x42"
    found = with_likely_protocol(flows(quic(443, stun), tmp_path)).row(0, named=True)
    assert (found["service"], found["likely_protocol"]) == ("stun", None)


def test_a_service_that_the_shape_agrees_with_is_not_named_twice(tmp_path: Path) -> None:
    asked = [(0.0, ip(udp(40_000, 53, dns("shop.example")), target="9.9.9.9", protocol=17))]
    asked += [(0.01, ip(udp(53, 40_000, dns("shop.example", rcode=0)), "9.9.9.9", CLIENT, 17))]
    assert with_likely_protocol(flows(asked, tmp_path))["likely_protocol"].to_list() == [None]


def test_nothing_is_said_of_a_connection_without_content(tmp_path: Path) -> None:
    from signal_pipeline_tests.traffic.test_alerts import refused

    assert with_likely_protocol(flows(refused(range(1_000, 1_003)), tmp_path))["likely_protocol"].null_count() == 3


def test_shares_are_shares(tmp_path: Path) -> None:
    some = flows(answered([0.0, 9.0]), tmp_path)
    shares = shipped().forests["TCP"].shares(shape_matrix(some))
    assert shares.shape == (2, len(shipped().classes)) and np.allclose(shares.sum(axis=1), 1, atol=1e-2)


def test_flows_without_ports_or_features_have_rows_too() -> None:
    schema = {"protocol": pl.String(), "source_port": pl.Int32(), "target_port": pl.Int32(), "service": pl.String()}
    flow = pl.DataFrame([("ICMP", None, None, None)], schema=schema, orient="row")
    rows = shape_matrix(flow.with_columns(payload_out=pl.lit(0), features=pl.lit(None, pl.List(pl.Float64()))))
    assert rows.shape[0] == 1 and np.isfinite(rows).all()


def test_the_file_holds_arrays_of_numbers_and_names() -> None:
    with np.load(MODEL, allow_pickle=False) as kept:
        assert all(kept[name].dtype.kind in "iufU" for name in kept.files)
    assert MODEL.stat().st_size < 200_000


@pytest.mark.parametrize("rows", [0, 1])
def test_few_flows(rows: int, tmp_path: Path) -> None:
    some = flows(answered([0.0]), tmp_path).head(rows)
    assert with_likely_protocol(some).height == rows
