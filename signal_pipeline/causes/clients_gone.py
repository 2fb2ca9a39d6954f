"""Texts in which a server says that nobody waited for its answer: that follows from what the client did."""

from __future__ import annotations

from dataclasses import dataclass

import re2

MAX_TEXT_CHARS = 8_000


@dataclass(frozen=True)
class GoneWording:
    """`example` is matched in a test."""

    name: str
    pattern: str
    example: str


GONE_WORDINGS: tuple[GoneWording, ...] = (
    GoneWording("went_away", r"(?i)\b(?:client|peer|remote|caller|browser|user agent|viewer)\b.{0,40}?\b(?:"
                r"went away|gone away|hung up|dis-?connected|closed the connection|aborted|abandoned|cancell?ed)\b",
                "Client went away: [Errno 32] Broken pipe"),
    GoneWording("client_abort", r"\bClientAbortException\b|\bECONNABORTED\b",
                "org.apache.catalina.connector.ClientAbortException: java.io.IOException: Broken pipe"),
    GoneWording("closed_request", r"(?i)\b499 client closed request\b|\bclient prematurely closed connection\b",
                "epoll_wait() reported that client prematurely closed connection"),
)  # fmt: skip
_ANY = re2.compile("|".join(f"(?:{wording.pattern})" for wording in GONE_WORDINGS))


def says_the_client_left(text: str) -> bool:
    return bool(_ANY.search(text[:MAX_TEXT_CHARS]))
