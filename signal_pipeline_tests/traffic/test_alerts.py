"""What each rule for alerts finds, and what it leaves alone: traffic made packet by packet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.traffic.alert_rules import ALERT_RULES, alerts_of
from signal_pipeline.traffic.columns import MEASURES, TRAFFIC_ALERTS, TRAFFIC_WINDOWS
from signal_pipeline.traffic.flows import flow_meter_table, flows_of
from signal_pipeline.traffic.windows import MEASURED, WindowSettings, compared_windows, measured_windows
from signal_pipeline_tests.parsing.pcap.packets import (
    ACK,
    CLIENT,
    RST,
    SYN,
    Connection,
    Timed,
    client_hello,
    dns,
    ip,
    pcap,
    record,
    tcp,
    udp,
)

Packets = list[Timed]


def refused(ports: range, seconds: float = 0.01) -> Packets:
    found: Packets = []
    for n, port in enumerate(ports):
        talk = Connection(40_000 + n, port).send(0, flags=SYN).send(1, flags=RST | ACK)
        found += [(n * seconds + m / 1e4, packet) for m, packet in enumerate(talk.packets)]
    return found


def answered(times: list[float], sent: int = 100, received: int = 100) -> Packets:
    found: Packets = []
    for n, begin in enumerate(times):
        talk = Connection(40_000 + n, 443).opened().send(0, b"x" * sent).send(1, b"y" * received).closed()
        found += [(begin + m / 1e4, packet) for m, packet in enumerate(talk.packets)]
    return found


def sweep(hosts: int) -> Packets:
    return [(n / 10, ip(tcp(target=22, flags=SYN), target=f"198.51.100.{n + 1}")) for n in range(hosts)]


def flood(count: int) -> Packets:
    return [(n / 50, ip(tcp(10_000 + n, flags=SYN), f"203.0.113.{n % 200 + 1}")) for n in range(count)]


def upload(segments: int) -> Packets:
    talk = Connection(server_port=443).opened()
    for _ in range(segments):
        talk.send(0, b"x" * 60_000)
    return [(n / 1e3, packet) for n, packet in enumerate(talk.send(1, b"ok").closed().packets)]


def unknown(names: int) -> Packets:
    found: Packets = []
    for n in range(names):
        ask, answer = udp(40_000 + n, 53, dns(f"x{n}.example")), udp(53, 40_000 + n, dns(f"x{n}.example", rcode=3))
        found += [(n / 10, ip(ask, target="9.9.9.9", protocol=17)), (n / 10, ip(answer, "9.9.9.9", CLIENT, 17))]
    return found


def questions(names: int, chars: int) -> Packets:
    found: Packets = []
    for n in range(names):
        name = f"{n:04d}{'a' * (chars - 4)}.t.example"
        for packet in (
            ip(udp(40_000, 53, dns(name)), target="9.9.9.9", protocol=17),
            ip(udp(53, 40_000, dns(name, rcode=0)), "9.9.9.9", CLIENT, 17),
        ):
            found.append((n / 10, packet))
    return found


def basic(header: bytes) -> Packets:
    talk = Connection().opened().send(0, b"GET / HTTP/1.1\r\nHost: shop.example\r\n" + header + b"\r\n")
    return [(n / 1e3, packet) for n, packet in enumerate(talk.packets)]


def spoken(port: int, line: bytes) -> Packets:
    return [(n / 1e3, p) for n, p in enumerate(Connection(server_port=port).opened().send(0, line).packets)]


def certificate(days: int, *, own: bool = True) -> bytes:
    """A certificate that ends so many days after the captures of this file begin."""
    key = ec.generate_private_key(ec.SECP256R1())
    begins = datetime(2024, 3, 1, tzinfo=UTC)
    subject, issuer = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("shop", "authority"))
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if own else issuer)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begins - timedelta(days=400))
        .not_valid_after(begins + timedelta(days=days))
    )
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def shown(der: bytes) -> Packets:
    listed = len(der).to_bytes(3, "big") + der
    body = len(listed).to_bytes(3, "big") + listed
    answer = record(22, b"\x0b" + len(body).to_bytes(3, "big") + body)
    talk = Connection(server_port=443).opened().send(0, client_hello("shop.example"))
    talk.send(1, answer[:100]).send(1, answer[100:])
    return [(n / 1e3, packet) for n, packet in enumerate(talk.closed().packets)]


# name, packets, rules that hold
CASES: list[tuple[str, Packets, list[str]]] = [
    ("twenty ports refused", refused(range(1_000, 1_020)), ["port_scan"]),
    ("five ports refused", refused(range(1_000, 1_005)), []),
    ("one port of thirty hosts", sweep(30), ["host_sweep"]),
    ("one port of five hosts", sweep(5), []),
    ("attempts from everywhere", flood(300), ["flood"]),
    ("every minute", answered([60.0 * n for n in range(12)]), ["beacon"]),
    ("now and then", answered([0, 3, 70, 75, 300, 310, 900, 1_500, 1_501]), []),
    ("a large upload", upload(200), ["large_upload"]),
    ("names that do not exist", unknown(12), ["unknown_names"]),
    ("data in names", questions(80, 60), ["dns_tunnel"]),
    ("many short names", questions(80, 12), []),
    ("answers without their questions", questions(80, 12)[1::2], []),
    ("a few long names", questions(8, 60), []),
    ("a password in a header", basic(b"Authorization: Basic dTpw\r\n"), ["clear_login"]),
    ("a token in a header", basic(b"Authorization: Bearer abc\r\n"), []),
    ("a password of FTP", spoken(21, b"PASS hunter2\r\n"), ["clear_login"]),
    ("a password of SMTP", spoken(25, b"AUTH PLAIN AHUAcA==\r\n"), ["clear_login"]),
    ("an own certificate", shown(certificate(300)), ["self_signed"]),
    ("a certificate that ends soon", shown(certificate(5, own=False)), ["certificate_expires"]),
    ("a certificate that has ended", shown(certificate(-5, own=False)), ["certificate_expired"]),
    ("a certificate in good order", shown(certificate(300, own=False)), []),
    ("a certificate that is none", shown(b"\x30\x82\xff\xff\x30"), []),
    ("a word on another port", spoken(8_081, b"PASS hunter2\r\n"), []),
]  # fmt: skip


def every_minute(minutes: int) -> Packets:
    return [packet for n in range(minutes) for packet in answered([60.0 * n + 7.3 * m for m in range(n % 3 + 2)])]


SETTINGS = WindowSettings()


def windows_of(
    flows: pl.DataFrame, earlier: pl.DataFrame | None = None, settings: WindowSettings = SETTINGS
) -> pl.DataFrame:
    return compared_windows(measured_windows(flows, settings), settings, earlier)


def flows(packets: Packets, folder: Path) -> pl.DataFrame:
    path = folder / "a.pcap"
    path.write_bytes(pcap(sorted(packets, key=lambda packet: packet[0])))
    frames = list(read_signal(path, redactor=Redactor(b"key"), signal_id="a"))
    return flows_of(pl.concat(frames).lazy())


@pytest.mark.parametrize(("name", "packets", "rules"), CASES, ids=[case[0] for case in CASES])
def test_what_the_rules_find(name: str, packets: Packets, rules: list[str], tmp_path: Path) -> None:
    some = flows(packets, tmp_path)
    table = alerts_of(some, windows_of(some))
    assert table.schema == pl.Schema(TRAFFIC_ALERTS.polars)
    found = table.to_dicts()
    assert [alert["rule"] for alert in found] == rules, name
    assert all("hunter2" not in str(alert) and alert["flows"] and "{" not in alert["sentence"] for alert in found)


def test_every_rule_has_a_name_of_its_own() -> None:
    assert len({rule.name for rule in ALERT_RULES}) == len(ALERT_RULES)


def test_a_window_that_is_unlike_the_others_has_the_highest_score(tmp_path: Path) -> None:
    usual = [packet for n in range(20) for packet in answered([60.0 * n + 7.3 * m for m in range(n % 3 + 2)])]
    burst = [(600.5 + at, packet) for at, packet in refused(range(1_000, 1_200))]
    windows = windows_of(flows(usual + burst, tmp_path))
    assert windows.columns == TRAFFIC_WINDOWS.names and windows["compared_with"][0] == windows.height - 1
    assert windows.sort("isolation", descending=True)["unanswered"][0] == 200


def test_a_short_capture_is_compared_with_earlier_ones(tmp_path: Path) -> None:
    usual = measured_windows(flows(every_minute(40), tmp_path), WindowSettings())
    same, other = flows(every_minute(2), tmp_path), flows(refused(range(1_000, 1_200)), tmp_path)
    assert windows_of(other)["isolation"].to_list() == [None]
    (scan,), quiet = (windows_of(some, usual)["isolation"].to_list() for some in (other, same))
    assert scan > 0.7 > max(quiet)
    alerts = alerts_of(other, windows_of(other, usual)).to_dicts()
    assert [alert["rule"] for alert in alerts] == ["port_scan", "unusual_window"]
    assert "200 ports (usually 1)" in alerts[1]["sentence"] and len(alerts[1]["flows"]) == 10


def test_windows_begin_at_whole_multiples_of_their_length_and_the_newest_are_kept(tmp_path: Path) -> None:
    windows = windows_of(flows(answered([5.0, 100.0, 700.0]), tmp_path), settings=WindowSettings(90, kept=2))
    assert [at.timestamp() % 90 for at in windows["started_at"]] == [0, 0]
    assert windows["flows"].to_list() == [1, 1] and windows["seconds"].unique().to_list() == [90]


def test_every_measure_is_computed() -> None:
    assert list(MEASURED) == [column.name for column in MEASURES]


def test_few_windows_have_no_score(tmp_path: Path) -> None:
    assert windows_of(flows(answered([0.0, 90.0]), tmp_path))["isolation"].to_list() == [None, None]


def test_the_table_has_the_columns_of_flow_meters(tmp_path: Path) -> None:
    table = flow_meter_table(flows(answered([0.0]), tmp_path))
    row = table.row(0, named=True)
    assert table.columns[:7] == ["Flow ID", "Src IP", "Src Port", "Dst IP", "Dst Port", "Protocol", "Timestamp"]
    assert (row["Dst Port"], row["Protocol"], row["Total Fwd Packet"], row["State"]) == (443, 6, 5, "SF")
