"""Captures whose framing is whole and whose packets lie: fields of headers at their edges, tunnels in tunnels, messages
cut anywhere, times that jump. What bytes changed at random in a file seldom reach.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

from signal_pipeline_tests.parsing.pcap.packets import (
    ACK,
    CLIENT,
    FIN,
    PUSH,
    RST,
    SERVER,
    SYN,
    block,
    client_hello,
    dns,
    dns_answer,
    ethernet,
    ip,
    record,
    tcp,
    udp,
)

MOST_PACKETS = 60
LINKS = (0, 1, 9, 12, 51, 101, 104, 105, 108, 113, 127, 192, 228, 229, 276, 147)
PORTS = (0, 21, 25, 53, 80, 443, 2152, 3544, 4789, 5072, 5247, 5353, 5355, 6081, 6379, 50_123, 65_535)
EDGES = (0, 1, 2, 7, 8, 15, 16, 19, 20, 39, 40, 63, 64, 127, 128, 191, 192, 254, 255)
_HTTP = (
    b"GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n",
    b"POST /b HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\nx",
    b"HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
    b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nnoHTTP/1.1 500 E\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 300 + b"\r\n",
)


def _message(dice: random.Random) -> bytes:
    name = dice.choice(("a.example", "x" * 63, ".".join(["y"] * 120)))
    made = dice.choice((
        dice.choice(_HTTP),
        client_hello("shop.example") + record(dice.choice((20, 21, 22, 23)), bytes([2, dice.choice(EDGES)])),
        b"\x16\x03\x03\xff\xff\x0b" + dice.randbytes(80),
        dns(name, dice.choice((None, 0, 2, 3, 15))),
        dns_answer(name, "192.0.2.7", "2001:db8::7", alias="b.example"),
        struct.pack(">HHHHHH", 7, 0x8180, 1, 65_535, 65_535, 65_535) + b"\xc0\x0c\xc0\x0e" + dice.randbytes(20),
        dice.randbytes(dice.choice((0, 1, 2, 11, 40, 1_400))),
        bytes(dice.choice((1, 600))),
    ))  # fmt: skip
    if dice.random() < 0.3:
        made = struct.pack(">H", len(made) & 0xFFFF) + made
    return made[: dice.randrange(len(made) + 1)] if dice.random() < 0.4 else made


def _packet(dice: random.Random, depth: int = 0) -> bytes:
    """IP with a transport, or with another packet inside."""
    ends = (CLIENT, SERVER) if dice.random() < 0.5 else (SERVER, CLIENT)
    if dice.random() < 0.2:
        ends = ("2001:db8::1", "2001:db8::2")
    ports = dice.choice(PORTS), dice.choice(PORTS)
    kind = dice.random()
    if kind < 0.15 and depth < 6:
        inner = _packet(dice, depth + 1)
        protocol, body = dice.choice((
            (4, inner), (41, inner), (47, b"\0\0\x08\0" + inner),
            (47, b"\xff\xff\x65\x58" + bytes(12) + ethernet(inner)),
            (47, b"\x10\0\x88\xbe\0\0\0\1" + bytes(8) + ethernet(inner)),
            (17, udp(9, 4789, b"\x08" + bytes(7) + ethernet(inner))),
            (17, udp(2152, 2152, b"\x37\xff\0\x28" + bytes(8) + inner)),
            (17, udp(3544, 9, b"\0\1\xff\xff" + bytes(20) + inner)),
            (17, udp(9, 5247, b"\0\xf8\3\0" + bytes(60) + inner)),
            (1, b"\3\4" + bytes(6) + inner[: dice.randrange(60)]),
            (58, b"\2\0" + bytes(6) + inner[: dice.randrange(80)]),
            (44, b"\6\0" + struct.pack(">HI", dice.choice(EDGES), 9) + inner[20:]), (0, b"\x06\xff" + inner[20:]),
        ))  # fmt: skip
    elif kind < 0.75:
        flags = dice.choice((0, SYN, ACK, SYN | ACK, RST, FIN | ACK, PUSH | ACK, 255))
        sequence = dice.choice((0, 1, 2, 100, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, dice.randrange(3_000)))
        options = dice.choice((b"", b"\1" * 40, b"\5\xff" + bytes(6), b"\2\0\2\0"))
        acknowledged = dice.randrange(3_000)
        protocol, body = 6, tcp(*ports, flags, _message(dice), sequence, acknowledged, dice.choice((0, 1_024)), options)
    elif kind < 0.95:
        protocol, body = 17, udp(*ports, _message(dice))
    else:
        protocol, body = dice.choice((1, 58, 132, 50, 253)), dice.randbytes(dice.randrange(40))
    return ip(body, *ends, protocol, dice.choice((0, 0, 0, 0x2000, 1, 0x2001, 0x1FFF)), dice.choice(EDGES))


def _broken(dice: random.Random, packet: bytes) -> bytes:
    changed = bytearray(packet)
    for _ in range(dice.choice((0, 0, 1, 2, 6))):
        if changed:
            changed[dice.randrange(min(len(changed), 120))] = dice.choice(EDGES)
    return bytes(changed[: dice.randrange(len(changed) + 1)]) if dice.random() < 0.15 else bytes(changed)


def _framed(dice: random.Random, packet: bytes, link: int) -> bytes:
    if link == 1:
        tag = dice.choice(
            (b"", struct.pack(">HH", 0x8100, 5), struct.pack(">HHHH", 0x88A8, 1, 0x8100, 4095), b"\x89\x26" + bytes(4))
        )
        return bytes(12) + tag + dice.choice((b"\x08\0", b"\x86\xdd", b"\x88\x47", b"\x00\x30")) + packet
    return {
        0: b"\2\0\0\0",
        113: bytes(14) + b"\x08\0",
        276: b"\x08\0" + bytes(18),
        127: b"\0\0\xff\xff",
        105: b"\x88\1" + bytes(30),
    }.get(link, b"") + packet


def capture(dice: random.Random) -> bytes:
    """A whole file: pcap or pcapng, in either byte order, of one interface or several."""
    order = dice.choice("<>")
    make: Callable[[random.Random, str], bytes] = dice.choice((_pcap, _pcapng))
    return make(dice, order)


def _timed(dice: random.Random) -> tuple[int, int]:
    """Seconds and the unit behind them."""
    return dice.choice((0, 1_700_000_000, 1_700_000_000 + dice.randrange(400), 0xFFFFFFFF)), dice.choice(
        (0, 999, 0xFFFFFFFF)
    )


def _pcap(dice: random.Random, order: str) -> bytes:
    link = dice.choice(LINKS)
    made = struct.pack(order + "IHHiIII", dice.choice((0xA1B2C3D4, 0xA1B23C4D)), 2, 4, 0, 0, 65_535, link)
    for _ in range(dice.randrange(MOST_PACKETS)):
        packet = _framed(dice, _broken(dice, _packet(dice)), link)
        original = dice.choice((len(packet), len(packet) + 500, 0, 0xFFFFFFFF))
        made += struct.pack(order + "IIII", *_timed(dice), len(packet), original) + packet
    return made


def _pcapng(dice: random.Random, order: str) -> bytes:
    made, links = b"", []
    for number in range(dice.randrange(1, MOST_PACKETS)):
        if not number or dice.random() < 0.03:  # a new section, whose byte order may be another
            order, links = dice.choice("<>"), []
            made += block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)
        if not links or dice.random() < 0.05:
            links.append(dice.choice(LINKS))
            options = dice.choice((b"", struct.pack(order + "HHB3x", 9, 1, dice.choice((6, 9, 0x80, 0x8A, 0xFF, 127)))))
            options += dice.choice(
                (b"", struct.pack(order + "HHq", 14, 8, dice.choice((0, 3_600, -(1 << 62), (1 << 63) - 1))))
            )
            options += dice.choice((b"", struct.pack(order + "HH", 1, 65_535) + bytes(65_536)))
            made += block(1, struct.pack(order + "HHI", links[-1], 0, dice.choice((0, 64))) + options, order)
        which = dice.randrange(len(links) + (dice.random() < 0.05))
        packet = _framed(dice, _broken(dice, _packet(dice)), links[min(which, len(links) - 1)])
        length = dice.choice((len(packet), len(packet), len(packet), 0xFFFFFFFF))
        head = struct.pack(order + "IIIII", which, *_timed(dice), length, len(packet))
        made += dice.choice((
            block(6, head + packet, order), block(6, head + packet, order),
            block(3, struct.pack(order + "I", length) + packet, order),
            block(2, struct.pack(order + "HHIIII", which, 0, *_timed(dice), length, len(packet)) + packet, order),
            block(dice.choice((4, 5, 10, 0x0BAD)), dice.randbytes(24), order),
        ))  # fmt: skip
    return made
