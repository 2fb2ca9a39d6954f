"""How the tables of flow meters call their columns: CICFlowMeter in its versions, NTLFlowLyzer."""

from __future__ import annotations

import re

from signal_pipeline.parsing.pcap.flow_features import FEATURES

_OTHER = re.compile(r"[^a-z0-9]+")
# What a column is, and how the tools write it, in lower case without other signs.
COLUMNS: dict[str, tuple[str, ...]] = {
    "source": ("srcip", "sourceip"),
    "source_port": ("srcport", "sourceport"),
    "target": ("dstip", "destinationip"),
    "target_port": ("dstport", "destinationport"),
    "protocol": ("protocol",),
    "started_at": ("timestamp",),
    "duration_us": ("flowduration",),
    "duration_s": ("duration",),
    "packets_out": ("totalfwdpacket", "totalfwdpackets", "totfwdpkts", "fwdpacketscount"),
    "packets_in": ("totalbwdpackets", "totalbackwardpackets", "totbwdpkts", "bwdpacketscount"),
    "payload_out": ("totallengthoffwdpacket", "totallengthoffwdpackets", "totlenfwdpkts", "fwdtotalpayloadbytes"),
    "payload_in": ("totallengthofbwdpacket", "totallengthofbwdpackets", "totlenbwdpkts", "bwdtotalpayloadbytes"),
    "resets": ("rstflagcount", "rstflagcnt", "rstflagcounts"),
}
NEEDED = ("source", "target", "target_port", "packets_out", "packets_in")
"""A table without these is none of flows."""
_SHORTER = (
    ("tot ", "total "), (" cnt", " count"), ("pkts", "packets"), ("pkt ", "packet "), (" len ", " length "),
    ("init fwd win byts", "fwd init win bytes"), ("init bwd win byts", "bwd init win bytes"), ("byts", "bytes"),
)  # fmt: skip


def plain(name: str) -> str:
    return _OTHER.sub("", name.lower())


def columns_of(header: list[str]) -> dict[str, int]:
    """Where each of COLUMNS is, by name; what a table does not have is left out."""
    places = {plain(name): place for place, name in reversed(list(enumerate(header)))}
    found: dict[str, int] = {}
    for column, names in COLUMNS.items():
        if (name := next((name for name in names if name in places), None)) is not None:
            found[column] = places[name]
    return found


def features_of(header: list[str]) -> list[int | None]:
    """Where each of FEATURES is, by CICFlowMeter's names of today or the short ones of before."""
    places = {plain(_long(name)): place for place, name in reversed(list(enumerate(header)))}
    places |= {plain(name): place for place, name in reversed(list(enumerate(header)))}
    return [places.get(plain(name)) for name in FEATURES]


def _long(name: str) -> str:
    text = f"{name.lower()} "
    for short, whole in _SHORTER:
        text = text.replace(short, whole)
    return text
