"""What a state of one program is known to lead to in others, where neither names the other: by the words of both.

A row joins entries that say these two things within its time. States of which anything may follow are in
`lasting_states` and `exhaustion`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import re2

MAX_TEXT_CHARS = 2_000


@dataclass(frozen=True)
class KnownEffect:
    """`state` and `effect` are patterns for normalised text (`statements.normalised`); `seconds` from one to the other.

    `is_own`: only within one service. `examples` are one of each, as programs write them.
    """

    name: str
    state: str
    effect: str
    seconds: float
    is_own: bool
    examples: tuple[str, str]
    is_shared: bool = False
    """Whoever tells the same state within its time tells of the same."""


KNOWN_EFFECTS: tuple[KnownEffect, ...] = (
    KnownEffect(
        "a process was killed",
        r"\bkilled process\b|\boomkilled\b|\binvoked oom killer\b",
        r"\bsigkill\b|\bworkerlosterror\b|\bexited prematurely\b|\bterminated (?:unexpectedly|abruptly)\b"
        r"|\bdid not respond\b|\bsignal killed\b|\bunexpected eof\b",
        60.0, False,
        ("Out of memory: Killed process 3312 (terraform-provi)",
         "Worker exited prematurely: signal 9 (SIGKILL) Job: 4."),
    ),
    KnownEffect(
        "connections were not given back",
        r"\bconnection leak\b|\bleak detect\w*",
        r"\bconnection is not available\b|\bpool (?:is )?(?:exhausted|empty)\b|\bqueuepool limit\b"
        r"|\btimed? ?out (?:while )?waiting for (?:a |an )?(?:free )?connection\b|\bunable to acquire\b",
        900.0, True,
        ("Connection leak detection triggered for org.postgresql.jdbc.PgConnection@5d1e",
         "HikariPool-1 - Connection is not available, request timed out after 30000ms."),
    ),
    KnownEffect(
        "the index was made read-only",
        r"\bflood stage disk watermark\b|\bindices on this node (?:will be|are) marked read only\b",
        r"\bread only allow delete\b|\bcluster ?block ?exception\b",
        86_400.0, False,
        ("flood stage disk watermark [95%] exceeded on [node-1], all indices on this node will be marked read-only",
         "index [products] blocked by: [FORBIDDEN/12/index read-only / allow delete (api)];"),
    ),
    KnownEffect(
        "a consumer was taken for dead",
        r"\bpoll timeout has expired\b|\bheartbeat (?:session )?expired\b|\bsession timed out without\b",
        r"\bnot part of an active group\b|\bkicked out of the group\b|\bunknown member\b"
        r"|\billegal generation\b|\bfenced\b",
        300.0, False,
        ("consumer poll timeout has expired",
         "the consumer is not part of an active group for auto partition assignment"),
    ),
    KnownEffect(
        "another server took over",
        r"\b[so]down (?:master|primary)\b|\bswitch master\b|\bconnection with (?:master|primary|leader) lost\b"
        r"|\bno longer (?:the )?(?:primary|leader|master)\b|\bfailover (?:started|begins|initiated)\b",
        r"\breadonly\b|\bread only (?:replica|transaction|mode)\b|\bnot (?:the )?(?:primary|leader|master)\b",
        120.0, False,
        ("+sdown master mymaster 10.0.0.11 6379", "READONLY You can't write against a read only replica."),
    ),
    KnownEffect(
        "nothing could be saved",
        r"\bfailed opening the temp\b|\bbackground saving (?:error|terminated)\b"
        r"|\bfailed (?:opening|writing|saving) .{0,40}\bfor saving\b",
        r"\bmisconf\b|\bunable to persist\b",
        900.0, False,
        ("Background saving error", "MISCONF Redis is configured to save RDB snapshots"),
    ),
    KnownEffect(
        "a certificate or its key is no good",
        r"\bcertificate (?:has |is )?(?:expired|not yet valid|revoked)\b|\bverify cert failed\b"
        r"|\bcertificate verif\w+ (?:error|failed|failure)\b"
        r"|\b(?:access|load|read|open|find|use)\w* .{0,40}\bprivate key\b"
        r"|\bcertificate .{0,80}\bdoes not match\b",
        r"\btls alert\b|\bhandshake (?:failed|failure|error)\b|\bssl error\b|\bsec_error\b|\bupstream connect error\b"
        r"|\bremote party sent\b|\bnsurlerrordomain\b|\b(?:bad|unknown) certificate\b",
        60.0, False,
        ("X509_verify_cert: certificate verification error at depth 0: certificate has expired",
         "Authentication failed because the remote party sent a TLS alert: 'InternalError'."),
        is_shared=True,
    ),
    KnownEffect(
        "names were not resolved",
        r"\bplugin errors #.*\b(?:timeout|refused|unreachable)\b|\bservfail\b|\bno servers could be reached\b",
        r"\beai again\b|\benotfound\b|\bname or service not known\b|\bno such host\b|\bname resolution\b"
        r"|\bunknownhost\w*|\bcould not resolve\b|\bnodename nor servname\b",
        60.0, False,
        ("plugin/errors: 2 payments.shop.svc. A: read udp 10.0.0.9:41922->10.0.0.2:53: i/o timeout",
         "getaddrinfo EAI_AGAIN payments.shop.svc"),
        is_shared=True,
    ),
    KnownEffect(
        "all workers were busy",
        r"\bmax children\b|\bno free workers?\b|\bworker connections are not enough\b|\bmaxrequestworkers\b"
        r"|\blisten(?:ing)? queue (?:is )?full\b",
        r"\bresource temporarily unavailable\b|\bupstream timed out\b|\bqueue (?:is )?full\b|\blisten queue\b",
        120.0, False,
        ("[pool www] server reached pm.max_children setting (5), consider raising it",
         "connect() to unix:/run/php-fpm.sock failed (11: Resource temporarily unavailable)"),
    ),
    KnownEffect(
        "nothing was built",
        r"\bcompilation (?:error|failure)\b|\bbuild fail(?:ed|ure)\b|\bfailed to compile\b|\bcannot find symbol\b",
        r"\bartifacts? not found\b|\bunable to (?:find|download) (?:any )?artifact\b|\bno files were found\b",
        3_600.0, False,
        ("COMPILATION ERROR :", "Unable to download artifact(s): Artifact not found for name: shop-jar"),
    ),
)  # fmt: skip
_STATES = tuple((row, re2.compile(row.state)) for row in KNOWN_EFFECTS)
_EFFECTS = tuple((row, re2.compile(row.effect)) for row in KNOWN_EFFECTS)
_SHARED = {row.name: row for row in KNOWN_EFFECTS if row.is_shared}
_ANY_STATE = re2.compile("|".join(f"(?:{row.state})" for row in KNOWN_EFFECTS))
_ANY_EFFECT = re2.compile("|".join(f"(?:{row.effect})" for row in KNOWN_EFFECTS))


def states_told(text: str) -> tuple[str, ...]:
    """Names of the rows whose state a normalised text tells."""
    head = text[:MAX_TEXT_CHARS]
    return tuple(row.name for row, pattern in _STATES if pattern.search(head)) if _ANY_STATE.search(head) else ()


def shared_states(names: Iterable[str]) -> Iterator[KnownEffect]:
    yield from (_SHARED[name] for name in names if name in _SHARED)


def effects_shown(text: str) -> Iterator[KnownEffect]:
    """The rows whose effect a normalised text tells."""
    head = text[:MAX_TEXT_CHARS]
    if _ANY_EFFECT.search(head):
        yield from (row for row, pattern in _EFFECTS if pattern.search(head))
