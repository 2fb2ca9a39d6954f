"""Texts in which a server says that nobody waited for its answer: that follows from what the client did."""

from __future__ import annotations

import re2

from signal_pipeline.causes.phrase import Phrase, any_of

MAX_TEXT_CHARS = 8_000


GONE_WORDINGS: tuple[Phrase, ...] = (
    Phrase("went_away", r"(?i)\b(?:client|peer|remote|caller|browser|user agent|viewer)\b.{0,40}?\b(?:"
           r"went away|gone away|hung up|dis-?connected|closed the connection|aborted|abandoned|cancell?ed)\b",
           "Client went away: [Errno 32] Broken pipe"),
    Phrase("client_abort", r"\bClientAbortException\b|\bECONNABORTED\b",
           "org.apache.catalina.connector.ClientAbortException: java.io.IOException: Broken pipe"),
    Phrase("closed_request", r"(?i)\b499 client closed request\b|\bclient prematurely closed connection\b",
           "epoll_wait() reported that client prematurely closed connection"),
)  # fmt: skip
_ANY = re2.compile(any_of(GONE_WORDINGS))


def says_the_client_left(text: str) -> bool:
    return bool(_ANY.search(text[:MAX_TEXT_CHARS]))
