"""Protocols that the first data of a flow name, whatever its port. Those that are looked into have their own modules.

A row holds what the protocol's own description fixes; those of one transport are tried in order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from signal_pipeline.parsing.pcap.header_columns import TCP, UDP

MARK_BYTES = 256
"""So much of the first data is looked at."""


@dataclass(frozen=True)
class ContentMark:
    """`pattern` matches at the beginning of the first data of either side. Lengths in it are bounded."""

    service: str
    transports: tuple[int, ...]
    pattern: bytes
    example: bytes


CONTENT_MARKS: tuple[ContentMark, ...] = (
    ContentMark("stun", (TCP, UDP), rb"[\x00-\x03].{3}\x21\x12\xa4\x42", b"\0\1\0\0\x21\x12\xa4\x42" + bytes(12)),
    ContentMark("ssh", (TCP,), rb"SSH-[12]\.\d", b"SSH-2.0-OpenSSH_9.6\r\n"),
    ContentMark("smtp", (TCP,), rb"220[ -][^\r\n]{0,200}(?:SMTP|[Mm]ail)|(?:EHLO|HELO) ", b"220 mx.example ESMTP\r\n"),
    ContentMark(
        "ftp", (TCP,), rb"220[ -][^\r\n]{0,200}(?:FTP|[Ff]tp)|USER [^ \r\n]{1,100}\r\n", b"220 (vsFTPd 3.0.5)\r\n"
    ),
    ContentMark("irc", (TCP,), rb"NICK [^ \r\n]{1,40}\r?\n|CAP LS|:[^ ]{1,80} NOTICE ", b"NICK ann\r\n"),
    ContentMark("imap", (TCP,), rb"\* (?:OK|PREAUTH|BYE) ", b"* OK IMAP4rev1 ready\r\n"),
    ContentMark("pop3", (TCP,), rb"\+OK ", b"+OK POP3 ready\r\n"),
    ContentMark(
        "sip", (TCP, UDP), rb"SIP/2\.0 \d{3}|[A-Z]{3,12} sips?:[^ ]{1,200} SIP/2\.0", b"SIP/2.0 100 Trying\r\n"
    ),
    ContentMark(
        "rtsp", (TCP,), rb"RTSP/1\.0 \d{3}|[A-Z_]{4,13} [^ ]{1,200} RTSP/1\.0", b"OPTIONS rtsp://a/1 RTSP/1.0\r\n"
    ),
    ContentMark("http2", (TCP,), rb"PRI \* HTTP/2\.0\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ContentMark("ssdp", (UDP,), rb"M-SEARCH \* HTTP|NOTIFY \* HTTP|HTTP/1\.1 200 OK\r\n", b"M-SEARCH * HTTP/1.1\r\n"),
    ContentMark("mqtt", (TCP,), rb"\x10.{1,4}\x00[\x04\x06]MQ(?:TT|Isdp)", b"\x10\x10\0\4MQTT\4\2\0\x3c"),
    ContentMark("amqp", (TCP,), rb"AMQP[\x00-\x03]", b"AMQP\0\0\x09\x01"),
    ContentMark("nats", (TCP,), rb"INFO \{", b'INFO {"server_id":"a"}\r\n'),
    ContentMark("redis", (TCP,), rb"\*[1-9]\d{0,4}\r\n\$[1-9]\d{0,4}\r\n", b"*1\r\n$4\r\nPING\r\n"),
    ContentMark(
        "postgres",
        (TCP,),
        rb"\x00\x00.{2}\x00\x03\x00[\x00-\x02]user\x00|\x00\x00\x00\x08\x04\xd2\x16\x2f",
        b"\0\0\0\x08\x04\xd2\x16\x2f",
    ),
    ContentMark("mysql", (TCP,), rb".{2}\x00\x00\x0a[\d.]{3}", b"\x4a\0\0\0\x0a8.0.36\0"),
    ContentMark(
        "mongodb", (TCP,), rb".{4}.{4}.{4}(?:\xd4\x07|\xdd\x07)\x00\x00", b"\x10\0\0\0" + bytes(8) + b"\xdd\x07\0\0"
    ),
    ContentMark("mssql", (TCP,), rb"\x12[\x00\x01]\x00[\x20-\xff]\x00\x00[\x00\x01]\x00", b"\x12\1\0\x2f\0\0\1\0"),
    ContentMark("smb", (TCP,), rb"\x00.{3}[\xff\xfe]SMB", b"\0\0\0\x90\xfeSMB"),
    ContentMark(
        "rdp",
        (TCP,),
        rb"\x03\x00\x00..(?:\xe0\x00\x00.{2}\x00(?:Cookie: |\x01.\x08\x00)|\xd0\x00\x00\x12\x34\x00[\x02\x03])",
        b"\3\0\0\x13\x0e\xe0\0\0\0\0\0\1\0\x08\0",
    ),
    ContentMark("vnc", (TCP,), rb"RFB 00[345]\.00\d\n", b"RFB 003.008\n"),
    ContentMark("rsync", (TCP,), rb"@RSYNCD: ", b"@RSYNCD: 31.0\n"),
    ContentMark("bittorrent", (TCP,), rb"\x13BitTorrent protocol", b"\x13BitTorrent protocol"),
    ContentMark("xmpp", (TCP,), rb"<\?xml[^>]{0,60}>\s{0,2}<stream:stream|<stream:stream", b"<stream:stream to='a'>"),
    ContentMark("telnet", (TCP,), rb"\xff[\xfb-\xfe][\x00-\x2f]\xff", b"\xff\xfd\x18\xff\xfd\x20"),
    ContentMark(
        "ldap",
        (TCP, UDP),
        rb"\x30(?:[\x05-\x7f]|\x81.|\x82.{2}|\x84.{4})\x02[\x01-\x04].{1,4}?[\x60\x61\x63-\x65\x77\x78][\x03-\x84]",
        b"\x30\x0c\2\1\1\x60\7\2\1\3\4\0\x80\0",
    ),
    ContentMark(
        "snmp",
        (UDP,),
        rb"\x30(?:[\x10-\x7f]|\x81.|\x82.{2})\x02\x01[\x00\x01\x03](?:\x04[\x00-\x40]|\x30)",
        b"\x30\x26\2\1\1\4\6public",
    ),
    ContentMark(
        "kerberos",
        (UDP,),
        rb"[\x6a-\x6e]\x81?\x82?.{1,2}\x30\x81?\x82?.{1,2}[\xa0\xa1]\x03\x02\x01\x05",
        b"\x6a\x40\x30\x3e\xa1\3\2\1\5",
    ),
    ContentMark(
        "kerberos",
        (TCP,),
        rb"\x00\x00.{2}[\x6a-\x6e]\x81?\x82?.{1,2}\x30\x81?\x82?.{1,2}[\xa0\xa1]\x03\x02\x01\x05",
        b"\0\0\0\x42\x6a\x40\x30\x3e\xa1\3\2\1\5",
    ),
    ContentMark(
        "dhcp", (UDP,), rb"[\x01\x02][\x01-\x08].{234}\x63\x82\x53\x63", b"\1\1\6\0" + bytes(232) + b"\x63\x82\x53\x63"
    ),
    ContentMark(
        "ipsec",
        (UDP,),
        rb"(?:\x00{4})?.{16}[\x01-\x2f]?[\x10\x20][\x02-\x05\x22-\x25][\x00\x08\x20\x28]",
        b"abcdefgh" + bytes(8) + b"\x21\x20\x22\x08" + bytes(8),
    ),
    ContentMark(
        "quic",
        (UDP,),
        rb"[\xc0-\xff](?:\x00\x00\x00\x01|\x6b\x33\x43\xcf|\xff\x00\x00[\x0a-\x2f]|\xfa\xce\xb0[\x00-\x0f]|[QT]0[2-5]\d)[\x00-\x14]",
        b"\xc3\0\0\0\1\x08" + bytes(16),
    ),
    ContentMark("quic", (UDP,), rb"[\x09\x0d].{8}Q0[2-4]\d", b"\x0d" + bytes(8) + b"Q043"),
    ContentMark("wireguard", (UDP,), rb"(?:\x01\x00{3}.{144}|\x02\x00{3}.{88})\Z", b"\1\0\0\0" + bytes(144)),
)
BEFORE_OTHERS = ("stun",)
"""What finds the way for the protocol that the same flow then has."""


@cache
def _marks_of(transport: int) -> tuple[re.Pattern[bytes], list[str]]:
    marks = [mark for mark in CONTENT_MARKS if transport in mark.transports]
    return re.compile(b"|".join(b"(%s)" % mark.pattern for mark in marks), re.DOTALL), [mark.service for mark in marks]


def service_by_content(transport: int, data: bytes) -> str | None:
    """What the first data of one side of a flow are, as far as they say. Of TCP and UDP."""
    pattern, services = _marks_of(transport)
    match = pattern.match(data)
    return services[match.lastindex - 1] if match is not None and match.lastindex else None
