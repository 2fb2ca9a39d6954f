"""DTLS in the clear: alerts, the name that a client asks for, the version.

Records are TLS's with a number of their own, and end with their datagram.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from signal_pipeline.parsing.pcap.packets import Ints, words
from signal_pipeline.parsing.pcap.tls_records import (
    ALERT,
    CLIENT_HELLO,
    HANDSHAKE,
    TlsFindings,
    failed_alerts,
    learn_hello,
)

_VERSIONS = (b"\xfe\xff", b"\xfe\xfd")
_HEADER_BYTES, _HANDSHAKE_BYTES, _RANDOM_ENDS = 13, 12, 34
_CLEAR_EPOCH = b"\0\0"


def begins_dtls(data: bytes) -> bool:
    """A datagram that begins with a handshake or an alert that is not encrypted."""
    return (
        len(data) > _HEADER_BYTES
        and data[0] in (ALERT, HANDSHAKE)
        and data[1:3] in _VERSIONS
        and data[3:5] == _CLEAR_EPOCH
    )


def looks_like_dtls(data: NDArray[np.uint8], starts: Ints) -> NDArray[np.bool_]:
    """The same of many datagrams by where they start, whatever the second byte of their version."""
    word = words(data, starts, 8) >> np.uint64(24)
    kind = word >> np.uint64(32)
    clear = word & np.uint64(0xFF00FFFF) == np.uint64(0xFE000000)
    return np.asarray(clear & ((kind == ALERT) | (kind == HANDSHAKE)))


def dtls_findings(data: bytes) -> TlsFindings:
    """What the records of one datagram tell."""
    found, at = TlsFindings(), 0
    while begins_dtls(data[at : at + _HEADER_BYTES + 1]):
        body_at = at + _HEADER_BYTES
        at = body_at + int.from_bytes(data[body_at - 2 : body_at], "big")
        body = data[body_at:at]
        if data[body_at - _HEADER_BYTES] == ALERT:
            found.alerts += failed_alerts(body)
        elif len(body) > _HANDSHAKE_BYTES and body[6:9] == b"\0\0\0" and body[1:4] == body[9:12]:
            learn_hello(_as_tls(body[:1], body[_HANDSHAKE_BYTES:]), found)
    return found


def _as_tls(kind: bytes, body: bytes) -> bytes:
    """A hello as TLS has it: without the cookie that follows the session's number of a client."""
    if kind[0] == CLIENT_HELLO and len(body) > _RANDOM_ENDS:
        at = _RANDOM_ENDS + 1 + body[_RANDOM_ENDS]
        body = body[:at] + body[at + 1 + (body[at] if at < len(body) else 0) :]
    return kind + len(body).to_bytes(3, "big") + body
