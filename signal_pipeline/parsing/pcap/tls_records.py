"""TLS records in the clear: the name that a client asks for, the version that was agreed on, alerts."""

from __future__ import annotations

from dataclasses import dataclass, field

from signal_pipeline.parsing.pcap.certificates import Certificate, first_certificate

ALERTS: dict[int, str] = {
    0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 21: "decryption_failed",
    22: "record_overflow", 30: "decompression_failure", 40: "handshake_failure", 41: "no_certificate",
    42: "bad_certificate", 43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired",
    46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error",
    51: "decrypt_error", 60: "export_restriction", 70: "protocol_version", 71: "insufficient_security",
    80: "internal_error", 86: "inappropriate_fallback", 90: "user_canceled", 100: "no_renegotiation",
    109: "missing_extension", 110: "unsupported_extension", 111: "certificate_unobtainable",
    112: "unrecognized_name", 113: "bad_certificate_status_response", 114: "bad_certificate_hash_value",
    115: "unknown_psk_identity", 116: "certificate_required", 120: "no_application_protocol",
}  # fmt: skip
CALM_ALERTS = (0, 90, 100)
"""These end a conversation as it should end, or go on."""
VERSIONS = {
    0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2", 0x0304: "TLS 1.3",
    0xFEFF: "DTLS 1.0", 0xFEFD: "DTLS 1.2",
}  # fmt: skip
ALERT, HANDSHAKE, _FIRST, _LAST = 21, 22, 20, 24
CLIENT_HELLO, _SERVER_HELLO = 1, 2
_MAX_MESSAGES = 16
_SERVER_NAME, _SUPPORTED_VERSIONS = 0, 43
_MAX_HELLO_BYTES = 20_000


@dataclass
class TlsFindings:
    """What a segment told. `alerts` are the numbers of those that are failures."""

    alerts: list[int] = field(default_factory=list)
    server_name: str | None = None
    version: str | None = None
    certificate: Certificate | None = None


@dataclass
class TlsSide:
    """One direction. `waits` while a hello or an alert goes on in the next segment."""

    waits: bool = False
    _held: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes, left_on_wire: int) -> TlsFindings:
        """One segment that begins a record or goes on with a held hello; `left_on_wire` bytes were not captured."""
        found = TlsFindings()
        if self.waits:
            self._held += data
            data = bytes(self._held)
        self.waits = False
        at = 0
        while at + 5 <= len(data) and _FIRST <= data[at] <= _LAST and data[at + 1] == 3:
            kind, length = data[at], int.from_bytes(data[at + 3 : at + 5], "big")
            body = data[at + 5 : at + 5 + length]
            if kind == ALERT and length == 2:
                found.alerts += failed_alerts(body)
            elif kind == HANDSHAKE and body[:1] in (b"\x01", b"\x02", b"\x0b"):
                if len(body) < length and not left_on_wire and len(data) < _MAX_HELLO_BYTES:
                    self.waits = True
                    self._held = bytearray(data[at:])
                    return found
                _messages(body, found)
            if kind == ALERT and length == 2 and len(body) < length:
                break
            at += 5 + length
        rest = data[at:] if at < len(data) and not left_on_wire else b""
        self.waits = bool(rest) and (begins_tls(rest) if len(rest) >= 3 else b"\x15\3".startswith(rest[:2]))
        self._held = bytearray(rest if self.waits else b"")
        return found


def failed_alerts(body: bytes) -> list[int]:
    """Of the body of an alert's record; an encrypted one is longer."""
    is_one = len(body) == 2 and body[0] in (1, 2) and body[1] in ALERTS and body[1] not in CALM_ALERTS
    return [body[1]] if is_one else []


def begins_tls(data: bytes) -> bool:
    """A segment that begins with a record of a handshake or an alert."""
    return len(data) >= 3 and _FIRST <= data[0] <= HANDSHAKE and data[1] == 3 and data[2] <= 4


def _messages(record: bytes, found: TlsFindings) -> None:
    """The messages of one record: a server may send its hello and its certificate in one."""
    at = 0
    for _ in range(_MAX_MESSAGES):
        kind, size = record[at : at + 1], int.from_bytes(record[at + 1 : at + 4], "big")
        if kind in (b"\x01", b"\x02"):
            learn_hello(record[at:], found)
        elif kind == b"\x0b" and found.certificate is None:
            found.certificate = first_certificate(record[at + 4 : at + 4 + size])
        at += 4 + size
        if at >= len(record):
            return


def learn_hello(body: bytes, found: TlsFindings) -> None:
    """The name in a ClientHello, the version in a ServerHello."""
    kind, size = body[0], int.from_bytes(body[1:4], "big")
    body = body[4 : 4 + size]
    if len(body) < 38:
        return
    at = 34 + 1 + body[34]
    if kind == _SERVER_HELLO:
        found.version = VERSIONS.get(int.from_bytes(body[:2], "big"))
        at += 3
    else:
        at += 2 + int.from_bytes(body[at : at + 2], "big")
        at += 1 + (body[at] if at < len(body) else 0)
    at += 2
    while at + 4 <= len(body):
        extension, length = int.from_bytes(body[at : at + 2], "big"), int.from_bytes(body[at + 2 : at + 4], "big")
        value = body[at + 4 : at + 4 + length]
        if kind == CLIENT_HELLO and extension == _SERVER_NAME and len(value) > 5:
            name = value[5 : 5 + int.from_bytes(value[3:5], "big")].decode("ascii", "replace")
            found.server_name = name[:255] or None
        elif kind == _SERVER_HELLO and extension == _SUPPORTED_VERSIONS and len(value) == 2:
            found.version = VERSIONS.get(int.from_bytes(value, "big"), found.version)
        at += 4 + length
