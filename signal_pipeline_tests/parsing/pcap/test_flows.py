"""What becomes of packets: one case per kind of link, tunnel and end of a connection."""

from __future__ import annotations

import struct
from pathlib import Path

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.parsing.pcap.packets import (
    ACK,
    CLIENT,
    FIN,
    RST,
    SERVER,
    SYN,
    Connection,
    Timed,
    block,
    client_hello,
    dns,
    ethernet,
    ip,
    pcap,
    pcapng,
    record,
    tcp,
    udp,
)

PING = ip(tcp(flags=SYN))
V6 = ip(tcp(flags=SYN), "2001:db8::1", "2001:db8::2")


def entries(content: bytes, folder: Path) -> tuple[pl.DataFrame, SignalOutcome]:
    path = folder / "a.pcap"
    path.write_bytes(content)
    reading = read_signal(path, redactor=Redactor(b"key"))
    frames = [classify_entries(frame) for frame in reading]
    return pl.concat(frames) if frames else classify_entries(pl.DataFrame({"message": []})), reading.outcome


def wifi(packet: bytes, control: bytes = b"\x08\1", behind: bytes = b"") -> bytes:
    """A data frame of 802.11; `behind` its header are fields that not all have."""
    return control + bytes(22) + behind + b"\xaa\xaa\3\0\0\0\x08\0" + packet


# name, link type, packet
LINKS: list[tuple[str, int, bytes]] = [
    ("Ethernet", 1, ethernet(PING)),
    ("Ethernet with IPv6", 1, ethernet(V6, 0x86DD)),
    ("VLAN", 1, ethernet(struct.pack(">HH", 5, 0x0800) + PING, 0x8100)),
    ("two VLANs", 1, ethernet(struct.pack(">HHHH", 5, 0x8100, 6, 0x0800) + PING, 0x88A8)),
    ("MPLS", 1, ethernet(bytes([0, 1, 0, 64, 0, 1, 1, 64]) + PING, 0x8847)),
    ("PPPoE", 1, ethernet(struct.pack(">HHHH", 0x1100, 1, len(PING) + 2, 0x21) + PING, 0x8864)),
    ("802.3 with SNAP", 1, ethernet(b"\xaa\xaa\x03\0\0\0\x08\0" + PING, 48)),
    ("loopback of BSD", 0, struct.pack("<I", 2) + PING),
    ("loopback, big-endian", 108, struct.pack(">I", 2) + PING),
    ("raw IP", 101, PING),
    ("raw IPv6", 229, V6),
    ("Linux cooked", 113, bytes(14) + b"\x08\x00" + PING),
    ("Linux cooked 2", 276, b"\x08\x00" + bytes(18) + PING),
    ("PPP", 9, b"\xff\x03\x00\x21" + PING),
    ("IP in IP", 101, ip(PING, "192.0.2.1", "192.0.2.2", 4)),
    ("IPv6 in IP", 101, ip(V6, "192.0.2.1", "192.0.2.2", 41)),
    ("GRE", 101, ip(b"\0\0\x08\0" + PING, "192.0.2.1", "192.0.2.2", 47)),
    ("GRE with key and a frame", 101, ip(b"\x20\0\x65\x58\0\0\0\1" + ethernet(PING), "192.0.2.1", "192.0.2.2", 47)),
    ("VXLAN", 101, ip(udp(9, 4789, b"\x08\0\0\0\0\0\1\0" + ethernet(PING)), "192.0.2.1", "192.0.2.2", 17)),
    ("GTP-U", 101, ip(udp(2152, 2152, struct.pack(">BBHI", 0x30, 255, 40, 1) + PING), "192.0.2.1", "192.0.2.2", 17)),
    ("Teredo between peers", 101, ip(udp(40_000, 40_001, V6), "192.0.2.1", "192.0.2.2", 17)),
    ("Teredo with the origin", 101, ip(udp(3544, 40_001, bytes(8) + V6), "192.0.2.1", "192.0.2.2", 17)),
    ("L2TP", 101, ip(udp(1701, 1701, struct.pack(">HHH", 2, 7, 9) + b"\xff\3\0\x21" + PING), "192.0.2.1", "192.0.2.2", 17)),
    ("L2TP with length, counters and an offset", 101, ip(udp(1701, 1701, struct.pack(">HHHHHHH", 0x4A02, 99, 7, 9, 1, 2, 3) + bytes(3) + b"\0\x21" + PING), "192.0.2.1", "192.0.2.2", 17)),
    ("Geneve", 101, ip(udp(9, 6081, b"\1\0\x65\x58\0\0\1\0" + bytes(4) + ethernet(PING)), "192.0.2.1", "192.0.2.2", 17)),
    ("ERSPAN", 101, ip(b"\x10\0\x88\xbe\0\0\0\1" + bytes(8) + ethernet(PING), "192.0.2.1", "192.0.2.2", 47)),
    ("GRE with Wi-Fi", 101, ip(b"\0\0\x82\x40" + wifi(PING), "192.0.2.1", "192.0.2.2", 47)),
    ("CAPWAP with Wi-Fi", 101, ip(udp(9, 5247, b"\0\x10\3\0" + bytes(4) + wifi(PING)), "192.0.2.1", "192.0.2.2", 17)),
    ("CAPWAP, frame control swapped", 101, ip(udp(9, 5247, b"\0\x10\3\0" + bytes(4) + wifi(PING, b"\1\x08")), "192.0.2.1", "192.0.2.2", 17)),
    ("Wi-Fi", 105, wifi(PING)),
    ("Wi-Fi with quality of service", 105, wifi(PING, b"\x88\1", bytes(2))),
    ("Wi-Fi from bridge to bridge", 105, wifi(PING, b"\x08\3", bytes(6))),
    ("Wi-Fi, several frames in one", 105, wifi(PING, b"\x88\1", b"\x80\0" + bytes(14))),
    ("radiotap", 127, b"\0\0\x0c\0" + bytes(8) + wifi(PING)),
    ("VN-Tag", 1, ethernet(bytes(4) + b"\x08\0" + PING, 0x8926)),
    ("PPI", 192, struct.pack("<BBHI", 0, 0, 8, 1) + ethernet(PING)),
    ("Cisco HDLC as PPP", 9, b"\x0f\0\x08\0" + PING),
    ("provider backbone", 1, ethernet(bytes(4) + ethernet(PING), 0x88E7)),
    ("IPv6 with extension headers", 101, ip(b"\x2b\0" + bytes(6) + b"\6\0" + bytes(6) + tcp(flags=SYN), "2001:db8::1", "2001:db8::2", 0)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "link", "packet"), LINKS, ids=[case[0] for case in LINKS])
def test_a_connection_is_found_below_each_link_and_in_each_tunnel(
    name: str, link: int, packet: bytes, tmp_path: Path
) -> None:
    frame, outcome = entries(pcap([packet], link), tmp_path)
    assert outcome.status == "ok", name
    assert frame.filter(pl.col("message").str.contains(r"^TCP http .*:50123 -> .*:80 S0, 1 packets"))[
        "role"
    ].to_list() == ["flow"]


OPEN = Connection().opened
ASK = b"GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n"
# name, packets, state, code of the failure, error type
ENDS: list[tuple[str, list[bytes] | list[Timed], str, str | None, str | None]] = [
    ("opened and closed", Connection().opened().closed().packets, "SF", None, None),
    ("still open", Connection().opened().packets, "S1", None, None),
    ("refused", Connection().send(0, flags=SYN).send(1, flags=RST | ACK).packets, "REJ", "ECONNREFUSED", "NetworkError"),
    ("one attempt, and the capture ends", Connection().send(0, flags=SYN).packets, "S0", None, None),
    ("two attempts", Connection().send(0, flags=SYN).again().packets, "S0", "ETIMEDOUT", "TimeoutError"),
    ("reset by the server", Connection().opened().send(0, b"x" * 9).send(1, flags=RST).packets, "RSTR", "ECONNRESET", "NetworkError"),
    ("reset after it was closed", Connection().opened().send(0, flags=FIN | ACK).send(1, flags=RST).packets, "RSTR", None, None),
    ("reset by the client that waits", Connection().opened().send(0, b"x" * 9).send(0, flags=RST).packets, "RSTO", "ECONNABORTED", "NetworkError"),
    ("reset by the client that has its answer", Connection().opened().send(0, b"x").send(1, b"y").send(0, flags=RST).packets, "RSTO", None, None),
    ("client closed", Connection().opened().send(0, flags=FIN | ACK).packets, "S2", None, None),
    ("server closed", Connection().opened().send(1, flags=FIN | ACK).packets, "S3", None, None),
    ("only the middle", Connection().send(0, b"x").send(1, b"y").packets, "OTH", None, None),
    ("without the first SYN", Connection().send(1, flags=SYN | ACK).send(0).packets, "S1", None, None),
    ("the SYN acknowledged before it is answered", Connection().send(0, flags=SYN).send(1).send(1, flags=SYN | ACK).send(0).packets, "S1", None, None),
    ("closed, and one reset behind it", Connection().opened().closed().send(0, flags=RST).packets, "SF", None, None),
    ("a FIN behind the reset of the other end", Connection().opened().send(1, flags=FIN | ACK).send(1, flags=RST).send(0, flags=FIN | ACK).packets, "SF", None, None),
    ("a FIN of an end that has reset", Connection().opened().send(0, flags=RST).send(0, flags=FIN | ACK).packets, "RSTO", None, None),
    ("a FIN that nothing answers", Connection().send(0, flags=SYN).send(0, flags=FIN).packets, "SH", None, None),
    ("no answer to a request", [(n * 5.0, p) for n, p in enumerate(Connection().opened().send(0, b"x" * 9).again().again().again().packets)], "S1", "ENODATA", "TimeoutError"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "packets", "state", "code", "error_type"), ENDS, ids=[case[0] for case in ENDS])
def test_how_a_connection_ended(
    name: str, packets: list[bytes], state: str, code: str | None, error_type: str | None, tmp_path: Path
) -> None:
    frame, outcome = entries(pcap(packets), tmp_path)
    row = frame.filter(pl.col("role") == "flow").row(0, named=True)
    assert outcome.status == "ok", name
    assert f" {state}, " in row["message"]
    assert (row["net_error"], row["error_type"], row["is_error"]) == (code, error_type, code is not None)


def one_error(content: bytes, folder: Path) -> dict[str, object]:
    frame, _ = entries(content, folder)
    return frame.filter(pl.col("is_error")).row(0, named=True)


def test_http_exchanges_are_entries_of_their_own(tmp_path: Path) -> None:
    answers = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 503 Service Unavailable\r\nContent-Length: 6\r\n\r\nno pod"
    talk = (
        Connection().opened().send(0, ASK[:20]).send(0, ASK[20:]).send(0, ASK.replace(b"/ ", b"/orders/17?token=abc "))
    )
    frame, _ = entries(pcap(talk.send(1, answers).closed().packets), tmp_path)
    found = (
        frame.filter(pl.col("role") == "exchange").select("method", "url", "status", "error_text", "is_error").rows()
    )
    assert found == [
        ("GET", "http://shop.example/", 200, None, False),
        ("GET", "http://shop.example/orders/17?token=<SECRET>", 503, "no pod", True),
    ]


def test_an_answer_behind_the_body_of_the_last_one_is_found(tmp_path: Path) -> None:
    one = b"HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n" + b"x" * 100
    answers = one + one + one
    talk = Connection().opened().send(0, ASK * 3).send(1, answers[:90]).send(1, answers[90:170]).send(1, answers[170:])
    frame, _ = entries(pcap(talk.packets), tmp_path)
    assert frame.filter(pl.col("role") == "exchange")["status"].to_list() == [404, 404, 404]


def test_a_request_that_a_reset_left_without_an_answer_has_failed(tmp_path: Path) -> None:
    talk = Connection().opened().send(0, ASK).send(1).send(1, flags=RST)
    frame, _ = entries(pcap(talk.packets), tmp_path)
    found = frame.filter("is_error").select("role", "exception_class", "error_type").rows()
    assert found == [
        ("exchange", "net::ERR_CONNECTION_RESET", "NetworkError"),
        ("flow", "ECONNRESET", "NetworkError"),
    ]


# name, packets, code, template
FAILURES: list[tuple[str, list[bytes], str, str]] = [
    (
        "a name that does not exist",
        [ip(udp(data=dns("api.shop.example")), protocol=17), ip(udp(53, 50_123, dns("api.shop.example", 3)), SERVER, CLIENT, 17)],
        "DNS NXDOMAIN",
        "DNS NXDOMAIN for api.shop.example",
    ),
    (
        "an alert of the server",
        Connection(server_port=443).opened().send(0, client_hello("pay.example")).send(1, record(21, b"\x02\x28")).packets,
        "TLS handshake_failure",
        "TLS alert handshake_failure from <HOST>",
    ),
    (
        "an alert of the client, in a hello of two segments",
        Connection(server_port=443).opened().send(0, client_hello("pay.example")[:60]).send(0, client_hello("pay.example")[60:])
        .send(1, b"\x16\x03\x03\0\4").send(0, record(21, b"\x02\x30")).packets,
        "TLS unknown_ca",
        "TLS alert unknown_ca to <HOST>",
    ),
    (
        "an alert in two segments",
        Connection(server_port=443).opened().send(0, client_hello("pay.example")).send(1, record(21, b"\x02\x28")[:4]).send(1, record(21, b"\x02\x28")[4:]).packets,
        "TLS handshake_failure",
        "TLS alert handshake_failure from <HOST>",
    ),
    (
        "an alert of DTLS",
        [ip(udp(443, 50_123, b"\x15\xfe\xfd" + bytes(8) + b"\0\2\2\x28"), SERVER, CLIENT, 17)],
        "DTLS handshake_failure",
        "DTLS alert handshake_failure from <HOST>",
    ),
    (
        "a port without a listener",
        [ip(udp(40_000, 514, b"x"), protocol=17), ip(b"\3\3" + bytes(6) + ip(udp(40_000, 514), protocol=17)[:28], SERVER, CLIENT, 1)],
        "ECONNREFUSED",
        "syslog connection refused by <HOST>",
    ),
    (
        "a path with a smaller MTU",
        [*Connection().opened().send(0, b"x" * 1400).packets, ip(b"\3\4" + bytes(6) + Connection().send(0).packets[0][:28], "192.0.2.1", CLIENT, 1)],
        "EMSGSIZE",
        "http packet too big, and not to be fragmented, on the way to <HOST>",
    ),
    (
        "segments sent again and again",
        Connection().opened().send(0, b"x" * 100).again().again().again().again().again().send(1, b"y").packets,
        "RETRANSMISSION",
        "http retransmission burst with <HOST>",
    ),
    (
        "a receiver that is full",
        Connection().opened().send(0, b"x").send(1, window=0).send(1, window=0).send(1, window=0).send(1, b"y").packets,
        "ZERO_WINDOW",
        "http receive window full with <HOST>",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "packets", "code", "template"), FAILURES, ids=[case[0] for case in FAILURES])
def test_a_failure_is_an_error(name: str, packets: list[bytes], code: str, template: str, tmp_path: Path) -> None:
    row = one_error(pcap(packets), tmp_path)
    assert (row["role"], row["net_error"], row["template"]) == ("flow", code, template), name


def test_the_signature_depends_on_no_address_port_or_time(tmp_path: Path) -> None:
    def refused(client: str, server: str, port: int, at: int) -> bytes:
        ends = [ip(tcp(port, 5432, SYN), client, server), ip(tcp(5432, port, RST | ACK), server, client)]
        return pcap(ends, start=at)

    one = one_error(refused("10.0.0.2", "10.0.0.9", 40_000, 1_709_287_200), tmp_path)
    other = one_error(refused("fd00::2", "fd00::9", 50_001, 1_719_287_200), tmp_path)
    assert one["signature_hash"] == other["signature_hash"]
    assert one["template"] == "postgres connection refused by <HOST>"


def test_addresses_are_masked_and_payload_is_not_kept(tmp_path: Path) -> None:
    ask = ASK.replace(b"\r\n\r\n", b"\r\nAuthorization: Bearer s3cr3t-t0ken-of-ann\r\n\r\n") + b"card=4111111111111111"
    frame, _ = entries(pcap(Connection().opened().send(0, ask).closed().packets), tmp_path)
    text = str(frame.to_dicts())
    assert CLIENT not in text
    assert SERVER not in text
    assert "s3cr3t" not in text
    assert "4111" not in text


def test_fragments_are_of_their_datagram(tmp_path: Path) -> None:
    whole = udp(40_000, 514, b"x" * 32)
    parts = [
        ip(whole[:24], protocol=17, fragment=0x2000, identification=9),
        ip(whole[24:], protocol=17, fragment=3, identification=9),
    ]
    frame, _ = entries(pcap(parts), tmp_path)
    assert frame["message"].str.contains("2 packets 80 bytes out").to_list() == [True]


def test_a_header_that_ends_behind_its_datagram_is_not_read(tmp_path: Path) -> None:
    """Frames are padded: what stands there is no segment."""
    frame, _ = entries(pcap([ethernet(ip(tcp()[:12]) + b"\x50\x04" + bytes(12))], 1), tmp_path)
    assert frame["message"].str.contains("1 resets").to_list() == [False]


def test_ports_used_again_are_two_connections(tmp_path: Path) -> None:
    frame, _ = entries(
        pcap([*Connection().opened().closed().packets, *Connection().opened().closed().packets]), tmp_path
    )
    assert frame["message"].str.contains("SF, 4 packets").to_list() == [True, True]
    assert frame["entry_index"].to_list() == [0, 1]


def test_a_refused_attempt_that_is_made_again_is_one_flow(tmp_path: Path) -> None:
    refused = Connection().send(0, flags=SYN).send(1, flags=RST | ACK).packets
    frame, _ = entries(pcap([*refused, *refused]), tmp_path)
    assert frame["message"].str.contains(r"REJ, 2 packets 80 bytes out").to_list() == [True]
    frame, _ = entries(pcap([*refused, ip(tcp(flags=SYN, seq=9)), refused[1]]), tmp_path)
    assert frame["message"].str.contains(r"REJ, 1 packets 40 bytes out").to_list() == [True, True]


def test_echo_and_errors_of_icmp_are_flows_of_their_own(tmp_path: Path) -> None:
    asked, answered = ip(b"\x08\0" + bytes(6), protocol=1), ip(bytes(8), SERVER, CLIENT, 1)
    error = ip(b"\3\1" + bytes(6) + asked[:28], SERVER, CLIENT, 1)
    frame, _ = entries(pcap([asked, answered, error]), tmp_path)
    counts = frame.sort("entry_index")["message"].str.extract_all(r"\d packets").to_list()
    assert counts == [["1 packets", "1 packets"], ["1 packets", "0 packets"]]


# name, capture
FORMS: list[tuple[str, bytes]] = [
    ("little-endian", pcap([PING])),
    ("big-endian", pcap([PING], order=">")),
    ("nanoseconds", pcap([PING], nanoseconds=True)),
    ("pcapng", pcapng([(101, b"")], [(0, 1_709_287_200_000_000, PING)])),
    ("pcapng, big-endian", pcapng([(101, b"")], [(0, 1_709_287_200_000_000, PING)], ">")),
    ("pcapng, nanoseconds", pcapng([(101, b"\t\0\1\0\t\0\0\0")], [(0, 1_709_287_200_000_000_000, PING)])),
    ("pcapng, two interfaces", pcapng([(1, b""), (101, b"")], [(1, 1_709_287_200_000_000, PING)])),
]


@pytest.mark.parametrize(("name", "content"), FORMS, ids=[case[0] for case in FORMS])
def test_each_form_of_a_capture_gives_the_same(name: str, content: bytes, tmp_path: Path) -> None:
    frame, outcome = entries(content, tmp_path)
    assert (outcome.status, outcome.kind, frame.height) == ("ok", "pcap", 1), name
    assert str(frame["timestamp"][0]) == "2024-03-01 10:00:00+00:00"


LOOP = dns("a.example")[:12] + b"\xc0\x0c\0\1\0\1"
GOOD = Connection().opened().send(0, ASK).closed().packets
# name, capture, status, reasons
DAMAGED: list[tuple[str, bytes, str, tuple[str, ...]]] = [
    ("a header alone", pcap([]), "ok", ()),
    ("cut in a packet", pcap(GOOD)[:-9], "partial", ("truncated",)),
    ("cut in the header", pcap(GOOD)[:20], "partial", ("truncated",)),
    ("a length that lies", pcap(GOOD) + struct.pack("<IIII", 1, 1, 0x7FFFFFFF, 5), "partial", ("bad_entries",)),
    ("a block that is too long", pcapng([(101, b"")], [(0, 0, PING)]) + struct.pack("<II", 6, 0xFFFFFFF0) + bytes(8), "partial", ("bad_entries",)),
    ("a packet of no interface", pcapng([(101, b"")], [(9, 0, PING)]), "partial", ("bad_entries",)),
    ("options of 65,535 bytes", pcapng([(101, b"\1\0\xff\xff" + bytes(65_536))], [(0, 0, PING)]), "ok", ()),
    ("an unknown block", pcapng([(101, b"")], [(0, 0, PING)]) + block(0xBAD, bytes(100)), "ok", ()),
    ("a name that points to itself", pcap([ip(udp(data=LOOP), protocol=17)]), "ok", ()),
    ("a header longer than the packet", pcap([ip(tcp()[:12] + b"\xf0" + tcp()[13:])]), "ok", ()),
    ("segments that overlap", pcap([*GOOD, *GOOD[3:], *GOOD[2:]]), "ok", ()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "status", "reasons"), DAMAGED, ids=[case[0] for case in DAMAGED])
def test_damage_is_told(name: str, content: bytes, status: str, reasons: tuple[str, ...], tmp_path: Path) -> None:
    _, outcome = entries(content, tmp_path)
    assert (outcome.status, outcome.reasons) == (status, reasons), name


@pytest.mark.slow
def test_a_capture_cut_anywhere_is_read_up_to_there(tmp_path: Path) -> None:
    whole = [
        pcap([ethernet(packet) for packet in GOOD], 1),
        pcapng([(101, b"")], [(0, n, p) for n, p in enumerate(GOOD)]),
    ]
    for content in whole:
        for part in range(1, 50):
            _, outcome = entries(content[: len(content) * part // 50], tmp_path)
            assert "internal_error" not in outcome.reasons


def test_flows_are_numbered_by_their_first_packet(tmp_path: Path) -> None:
    frame, _ = entries(pcap([ip(tcp(50_000 + 7 * n % 40, 80, SYN)) for n in range(40)]), tmp_path)
    told = frame.sort("entry_index")["message"].str.extract(r":(\d+) ->").cast(pl.Int64()).to_list()
    assert told == [50_000 + 7 * n % 40 for n in range(40)]
