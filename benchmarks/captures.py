"""How captures are read: flows against nDPI's, states of connections against Zeek's, failures against Wireshark's; the
pace and the memory of `signal-pipeline parse`. A third of the captures, which no rule was shaped by, is told apart.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from benchmarks.capture_reading import (
    CAPTURES,
    ZEEK_ENDS,
    Capture,
    captures,
    conversation,
    endpoint,
    held_out,
    read,
    zeek_rows,
)
from benchmarks.captures_alerts import alerts
from benchmarks.captures_pace import pace
from benchmarks.captures_protocols import protocols
from benchmarks.captures_proxy import proxy
from benchmarks.result import Figure, write_result
from signal_pipeline.parsing.pcap.tcp_state import conn_state
from signal_pipeline.parsing.pcap.timeouts import DEFAULT_TIMEOUTS, NDPI_TIMEOUTS, ZEEK_TIMEOUTS

_NDPI = re.compile(
    r"^\t\d+\t(\S+) (\S+) (?:<->|->) (\S+) .*?\[(\d+) pkts/(\d+) bytes (?:<->|->) (\d+) pkts/(\d+) bytes\]"
)
_LOG = re.compile(r"(.*?\.(?:pcap|pcapng|trace))\.\S*conn\.log")
_RCODES = {"FORMERR": 1, "SERVFAIL": 2, "NXDOMAIN": 3, "NOTIMP": 4, "REFUSED": 5}
_TLS = {"handshake_failure": 40, "protocol_version": 70}


@dataclass
class Count:
    """What is right of what was found and of what there is."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def add(self, found: Counter[object], wanted: Counter[object]) -> None:
        self.right += sum((found & wanted).values())
        self.found += sum(found.values())
        self.wanted += sum(wanted.values())

    def figures(self, name: str, precision: float | None, recall: float | None) -> dict[str, Figure]:
        return {
            f"{name}_precision": Figure(self.right / max(self.found, 1), precision, "higher", f"of {self.found}"),
            f"{name}_recall": Figure(self.right / max(self.wanted, 1), recall, "higher", f"of {self.wanted}"),
        }


def ndpi() -> dict[str, Figure]:
    """nDPI's flows that are found with the same packets and bytes each way."""
    counts = {False: Count(), True: Count()}
    for path in captures("ndpi"):
        wanted: Counter[object] = Counter()
        text = path.with_name(path.name + ".out").read_text(encoding="utf-8", errors="replace")
        for line in text.splitlines():
            if (row := _NDPI.match(line)) is not None:
                plain = row[1] not in ("TCP", "UDP", "SCTP")
                a, b = (endpoint(row[n], plain) for n in (2, 3))
                wanted[frozenset(((a, int(row[4]), int(row[5])), (b, int(row[6]), int(row[7]))))] += 1
        found: Counter[object] = Counter()
        for flow in read(path, NDPI_TIMEOUTS).flows:
            found[
                frozenset((flow.endpoint(n), side.packets, side.wire_bytes) for n, side in enumerate(flow.sides))
            ] += 1
        counts[held_out(path)].add(found, wanted)
    return {
        name: Figure(some.right / some.wanted, 0.99, "higher", f"of {some.wanted}")
        for name, some in (("ndpi_flows_exact", _sum(counts)), ("ndpi_flows_exact_held_out", counts[True]))
    }


def _sum(counts: dict[bool, Count]) -> Count:
    a, b = counts.values()
    return Count(a.right + b.right, a.found + b.found, a.wanted + b.wanted)


def zeek() -> dict[str, Figure]:
    """Zeek's connections that are found, and those of them whose state is the same."""
    totals = {False: [0, 0, 0], True: [0, 0, 0]}
    for log in sorted((CAPTURES / "zeek").glob("*conn.log")):
        name = _LOG.match(log.name)
        path = log.with_name(name[1]) if name else log
        if not path.is_file():
            continue
        have: dict[object, list[str]] = defaultdict(list)
        for flow in read(path, ZEEK_TIMEOUTS).flows:
            have[conversation(flow)].append(conn_state(flow))
        total = totals[held_out(path)]
        for key, state in _connections(log):
            states = have.get(key, [])
            total[0] += 1
            total[1] += bool(states)
            total[2] += state in states
            if states:
                states.remove(state if state in states else states[0])
    every = [a + b for a, b in zip(*totals.values(), strict=True)]
    figures = {}
    for name, (wanted, found, same) in (("", every), ("_held_out", totals[True])):
        figures[f"zeek_flows_found{name}"] = Figure(found / wanted, 0.95, "higher", f"of {wanted}")
        figures[f"zeek_state_equal{name}"] = Figure(same / found, 0.95, "higher", f"of {found}")
    return figures


def _connections(log: Path) -> Iterator[tuple[object, str]]:
    for row in zeek_rows(log):
        a, p, b, q = next(names for names in ZEEK_ENDS if names[0] in row)
        ports = (0, 0) if row["proto"] == "icmp" else (int(row[p]), int(row[q]))
        ends = frozenset(((str(ip_address(row[a])), ports[0]), (str(ip_address(row[b])), ports[1])))
        yield (row["proto"], ends), row["conn_state"]


def failures() -> dict[str, Figure]:
    """HTTP statuses, DNS codes, TLS alerts, resets and segments sent again, against Wireshark's."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    lines = (CAPTURES / "tshark_failures.tsv").read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    for line in lines[1:]:
        row = dict(zip(names, line.split("\t"), strict=False))
        rows[row["capture"]].append(row)
    counts: dict[tuple[str, bool], Count] = defaultdict(Count)
    for folder in ("ndpi", "zeek", "suricata"):
        for path in captures(folder):
            capture = read(path, DEFAULT_TIMEOUTS)
            wanted = rows.get(f"{folder}/{path.name}", [])
            none = _not_messages(path) if any(row.get("dns_rcode") for row in wanted) else set()
            for name, found in _failed(capture).items():
                counts[name, held_out(path)].add(found, _wanted(wanted, name, none))
    figures: dict[str, Figure] = {}
    for name, precision, recall in (
        ("http_status", 0.97, 0.95),
        ("dns_rcode", 0.99, 0.97),
        ("tls_alert", 1.0, 1.0),
        ("tcp_rst", 0.99, 0.98),
        ("retransmission", 0.95, 0.95),
    ):
        figures |= _sum({out: counts[name, out] for out in (False, True)}).figures(name, precision, recall)
        if counts[name, True].wanted:
            figures |= counts[name, True].figures(f"{name}_held_out", precision, recall)
    return figures


def _failed(capture: Capture) -> dict[str, Counter[object]]:
    http, dns, tls = Counter[object](), Counter[object](), Counter[object]()
    for flow in capture.flows:
        # Wireshark's table has a status once per frame, however many answers are in it.
        done = flow.http.done if flow.http else []
        http.update(status for _, status in {(one.end, one.status) for one in done if one.status >= 400})
        for (code, _), failed in flow.failures.items():
            kind, _, name = code.partition(" ")
            if kind == "DNS" and name in _RCODES:
                dns[_RCODES[name]] += failed.count
            if kind == "TLS":
                tls[_TLS.get(name, name)] += failed.count
    return {
        "http_status": http,
        "dns_rcode": dns,
        "tls_alert": tls,
        "tcp_rst": Counter(capture.resets),
        "retransmission": Counter(capture.again),
    }


def _wanted(rows: list[dict[str, str]], name: str, none: set[int]) -> Counter[object]:
    """`none`: frames of which the table says what they are not about."""
    if name in ("tcp_rst", "retransmission"):
        return Counter(int(row["frame"]) for row in rows if row.get(name) == "1")
    counted = [row for row in rows if int(row["frame"]) not in none]
    found = Counter(int(part) for row in counted for part in (row.get(name) or "").split(",") if part)
    return Counter({code: count for code, count in found.items() if name != "http_status" or code >= 400})


def _not_messages(path: Path) -> set[int]:
    """Frames that Wireshark takes for DNS and calls malformed itself, or that only quote a message: ICMP errors."""
    tshark = shutil.which("tshark")
    if tshark is None:
        return set()
    which = "(dns || mdns || llmnr) && (_ws.malformed || icmp || icmpv6)"
    asked = [tshark, "-n", "-r", str(path), "-Y", which, "-T", "fields", "-e", "frame.number"]
    done = subprocess.run(asked, check=False, capture_output=True, text=True)  # 2 for a file that is cut
    return {int(line) for line in done.stdout.split()}


def _on_ethernet() -> tuple[list[bytes], bytes]:
    """The records of all captures of nDPI's on Ethernet that are whole, and one header for them."""
    bodies, header = [], b""
    for source in captures("ndpi"):
        content = source.read_bytes()
        if content[:4] == b"\xd4\xc3\xb2\xa1" and content[20:22] == b"\x01\0" and _is_whole(content):
            bodies.append(content[24:])
            header = content[:16] + b"\0\0\4\0" + content[20:24]
    return bodies, header


def _is_whole(content: bytes) -> bool:
    at = 24
    while at + 16 <= len(content):
        at += 16 + int.from_bytes(content[at + 8 : at + 12], "little")
    return at == len(content)


def main() -> None:
    if not CAPTURES.is_dir():
        print(f"the labelled captures are absent: {CAPTURES}", file=sys.stderr)
        sys.exit(1)
    write_result("captures", ndpi() | zeek() | failures() | protocols() | alerts() | proxy() | pace(*_on_ethernet()))


if __name__ == "__main__":
    main()
