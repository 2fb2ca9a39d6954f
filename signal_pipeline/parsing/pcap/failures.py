"""Which flows failed, and the wording of each failure. What a packet itself says was noted while it was looked at."""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.parsing.pcap.dns_conversations import DNS_PORT
from signal_pipeline.parsing.pcap.flow import Endpoint, Flow
from signal_pipeline.parsing.pcap.header_columns import TCP

SECOND = 1_000_000_000
NO_ANSWER_NS = 3 * SECOND
"""A connection attempt that lasts, or that the capture goes on after, for so long without an answer has failed."""
SILENT_NS = 10 * SECOND
"""... and so has a request on an open connection."""
DNS_SILENT_NS = 5 * SECOND
BURST = 5
BURST_SHARE = 0.05
"""So many segments sent again, which are such a share of the direction's packets, are a burst."""
STALLS = 3
"""So many announcements of a full window."""


@dataclass(frozen=True)
class Wording:
    """`text` with {host} (the server) or {subject} at its end; `service_first`: the service is named in front."""

    code: str
    text: str
    level: str = "error"
    service_first: bool = True


WORDINGS: tuple[Wording, ...] = (
    Wording("ECONNREFUSED", "connection refused by {host}"),
    Wording("ETIMEDOUT", "connection attempt without an answer from {host}"),
    Wording("ENODATA", "request without an answer from {host}"),
    Wording("ECONNRESET", "connection reset by {host}"),
    Wording("ECONNABORTED", "connection reset by the client that waited for {host}"),
    Wording("ENETUNREACH", "network unreachable on the way to {host}"),
    Wording("EHOSTUNREACH", "host unreachable on the way to {host}"),
    Wording("EPROTONOSUPPORT", "protocol unreachable at {host}"),
    Wording("EACCES", "administratively prohibited on the way to {host}"),
    Wording("EMSGSIZE", "packet too big, and not to be fragmented, on the way to {host}"),
    Wording("TTL exceeded", "time to live exceeded on the way to {host}"),
    Wording("RETRANSMISSION", "retransmission burst with {host}", "warning"),
    Wording("ZERO_WINDOW", "receive window full with {host}", "warning"),
)
_BY_CODE = {row.code: row for row in WORDINGS}
_DNS = Wording("DNS", "{code} for {subject}", service_first=False)
_TLS = Wording("TLS", "{layer} alert {alert} {subject} {host}", service_first=False)


def note_failures(flow: Flow, capture_end: int) -> None:
    """Adds what can only be said of a flow as a whole, once it is over. `capture_end`: time of the last packet."""
    if flow.dns:
        _note_unanswered_names(flow, capture_end)
    if flow.protocol != TCP:
        return
    state = flow.state
    client, server = flow.sides
    if state == "REJ" and flow.syns:
        flow.fail("ECONNREFUSED", "", flow.reset_at)
    elif state == "S0" and not flow.failures and (flow.syns > 1 or capture_end - flow.start >= NO_ANSWER_NS):
        flow.fail("ETIMEDOUT", "", flow.start)
    elif server.resets and state in ("RSTR", "RSTRH") and not flow.reset_after_close and client.packets:
        flow.fail("ECONNRESET", "", flow.reset_at)
    elif state == "RSTO" and not flow.reset_after_close and flow.asked_last:
        flow.fail("ECONNABORTED", "", flow.reset_at)
    elif flow.asked_last and not server.payload_bytes and server.state == Endpoint.ESTABLISHED:
        silent = capture_end - flow.end >= SILENT_NS
        if silent or client.retransmitted >= STALLS:
            flow.fail("ENODATA", "", flow.end)
    for side in flow.sides:
        if side.retransmitted >= BURST and side.retransmitted >= BURST_SHARE * side.packets:
            flow.fail("RETRANSMISSION", "", flow.start)
        if side.zero_windows >= STALLS:
            flow.fail("ZERO_WINDOW", "", flow.start)


def _note_unanswered_names(flow: Flow, capture_end: int) -> None:
    if flow.ports[1] != DNS_PORT:
        return
    for query, at in flow.dns.values():
        if capture_end - at >= DNS_SILENT_NS and (name := query.name) is not None:
            flow.fail("DNS timeout", name, at)


def worded(code: str, subject: str, host: str, service: str) -> tuple[str, str]:
    """(level, sentence) of a failure. Without port, time and count: it becomes the template."""
    row = _BY_CODE.get(code) or (_DNS if code.startswith("DNS") else _TLS)
    layer, _, alert = code.partition(" ")
    text = row.text.format(host=host, subject=subject, code=code, layer=layer, alert=alert)
    return row.level, f"{service} {text}" if row.service_first else text
