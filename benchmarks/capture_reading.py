"""How the benchmarks of captures read them: flows without frames, and the ends of conversations as other programs
write them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from benchmarks.labelled import DATA
from signal_pipeline.parsing.outcome import OutcomeNotes
from signal_pipeline.parsing.pcap.assignment import assign
from signal_pipeline.parsing.pcap.dissect import Dissector
from signal_pipeline.parsing.pcap.flow import RST, Flow
from signal_pipeline.parsing.pcap.flow_table import FlowTable
from signal_pipeline.parsing.pcap.header_columns import ICMP, ICMP6, TCP, UDP
from signal_pipeline.parsing.pcap.headers import HeaderReader
from signal_pipeline.parsing.pcap.pcap_file import MAGICS, pcap_batches
from signal_pipeline.parsing.pcap.pcapng_file import pcapng_batches
from signal_pipeline.parsing.pcap.timeouts import Timeouts

CAPTURES = DATA / "pcap"
ZEEK_ENDS = (
    ("id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"),
    ("id_orig_h", "id_orig_p", "id_resp_h", "id_resp_p"),
    ("src_ip", "src_port", "dst_ip", "dst_port"),
    ("src", "src_port", "dst", "dst_port"),
)


@dataclass
class Capture:
    """A capture as it is read, without frames: its flows, and the numbers of frames with a reset or sent again."""

    flows: list[Flow] = field(default_factory=list)
    resets: list[int] = field(default_factory=list)
    again: list[int] = field(default_factory=list)


def read(path: Path, timeouts: Timeouts) -> Capture:
    found, table, before = Capture(), FlowTable(timeouts), 0
    dissector = Dissector(table)
    with path.open("rb") as stream:
        magic = stream.read(4)
        stream.seek(0)
        for batch in (pcap_batches if magic in MAGICS else pcapng_batches)(stream, OutcomeNotes(kind="pcap")):
            headers = HeaderReader(batch).read()
            packets = assign(table, batch, headers)
            dissector.inspect(batch, headers, packets)
            resets = headers.row[(headers.protocol == TCP) & (headers.flags & RST > 0) & (headers.fragment <= 0)]
            found.resets += (resets + before + 1).tolist()
            found.again += (headers.row[packets.row[packets.again]] + before + 1).tolist()
            before += len(batch)
            found.flows += table.finished(0)
    found.flows += table.finished()
    return found


def held_out(path: Path) -> bool:
    return zlib.crc32(path.name.encode()) % 3 == 0


def captures(folder: str) -> Iterator[Path]:
    yield from (p for p in sorted((CAPTURES / folder).iterdir()) if p.suffix in (".pcap", ".pcapng", ".trace", ".cap"))


def endpoint(text: str, plain: bool) -> str:
    """nDPI's way to write an endpoint, as ours."""
    host, _, port = text.rpartition(":")
    host = str(ip_address(host.strip("[]")))
    return host if plain else f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def conversation(flow: Flow) -> tuple[str, object]:
    icmp = flow.protocol in (ICMP, ICMP6)
    name = flow.name.lower().removesuffix("v6") if icmp or flow.protocol in (TCP, UDP) else "unknown_transport"
    ports = (0, 0) if icmp else flow.ports
    return name, frozenset(((str(ip_address(flow.address(0))), ports[0]), (str(ip_address(flow.address(1))), ports[1])))


def zeek_rows(log: Path) -> Iterator[dict[str, str]]:
    """The rows of a log of Zeek by the names of its fields."""
    fields: list[str] = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("#fields"):
            fields = line.split("\t")[1:]
        elif fields and not line.startswith("#"):
            yield dict(zip(fields, line.split("\t"), strict=False))
