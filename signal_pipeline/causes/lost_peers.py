"""Texts that say that what a program depends on was not there or did not serve: the cause is at the other end."""

from __future__ import annotations

import re2

from signal_pipeline.causes.phrase import Phrase, any_of

MAX_TEXT_CHARS = 4_000


LOST_PEERS: tuple[Phrase, ...] = (
    Phrase("refused", r"\bconnection refused\b|\beconnrefused\b|\bconnect\w* .{0,60}\brefused\b|\bno route to host\b"
           r"|\bhost (?:is )?unreachable\b|\bnetwork is unreachable\b|\beconnreset\b|\bconnection reset\b"
           r"|\bresource temporarily unavailable\b",
           "connect ECONNREFUSED 10.96.14.3:7070"),
    Phrase("no_connection", r"\b(?:can ?not|can t|could not|unable to|failed to) (?:be )?(?:re ?)?connect\b"
           r"|\bcould not be established\b|\bno live upstreams\b|\bno (?:servers?|brokers?) available\b"
           r"|\bconnection (?:is |was )?closed\b|\blost connection to\b"
           r"|\bserver (?:has )?(?:closed the connection|gone away)\b|\bcode unavailable\b|\bservice unavailable\b",
           "Connection to node 1 could not be established. Broker may not be available."),
    Phrase("no_answer", r"\btimed? ?out\b|\bno reply\b|\bdid not (?:respond|answer|reply)\b|\bdeadline exceeded\b"
           r"|\bnot present in metadata\b",
           "Topic orders not present in metadata after 60000 ms"),
    Phrase("no_service", r"\bmisconf\b|\bnot primary\b|\bnot (?:the )?(?:leader|master)\b|\breadonly\b"
           r"|\bloading the dataset\b",
           "MISCONF Redis is configured to save snapshots, but is unable to persist to disk"),
    Phrase("breaker", r"\bdoes not permit further calls\b|\bcircuit ?breaker\b.{0,40}\bopen\b|\bbreaker is open\b",
           "CircuitBreaker 'stock' is OPEN and does not permit further calls"),
)  # fmt: skip
"""Patterns for normalised text (`statements.normalised`)."""
_ANY = re2.compile(any_of(LOST_PEERS))
_LOST = re2.compile(any_of(row for row in LOST_PEERS if row.name != "no_answer"))
_BREAKER = re2.compile(LOST_PEERS[-1].pattern)


def says_breaker_is_open(text: str) -> bool:
    """Of a normalised text: earlier failures of the other end, of whatever request, are the reason."""
    return bool(_BREAKER.search(text[:MAX_TEXT_CHARS]))


def says_peer_is_lost(text: str) -> bool:
    """Of a normalised text."""
    return bool(_ANY.search(text[:MAX_TEXT_CHARS]))


def says_only_late(text: str) -> bool:
    """Of a normalised text that says that a peer is lost: it says so by the time that passed, and in no other way."""
    return not _LOST.search(text[:MAX_TEXT_CHARS])
