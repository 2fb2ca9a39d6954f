"""What speaks for and against a record belonging to a request, as log-odds. A table, read by outcome_records.py and
related_records.py.

Zero means "as often among records that belong together as among others". Weights were set by reasoning about how often
each thing is so by chance, and checked on recordings of a shop with known truth (`make bench BENCH=timeline`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Evidence:
    """`words` say it to a reader."""

    name: str
    weight: float
    words: str


EVIDENCE = {
    row.name: row
    for row in (
        Evidence("same_method", 0.3, "same method"),
        Evidence("other_method", -4.0, ""),
        Evidence("same_path", 2.5, "same path"),
        Evidence("same_route", 1.0, "same route"),
        Evidence("part_of_the_path", -0.5, ""),
        Evidence("other_path", -5.0, ""),
        Evidence("other_host", -1.0, ""),  # proxies rename hosts
        Evidence("same_status", 1.5, "same status"),
        Evidence("other_status", -5.0, ""),
        Evidence("same_net_error", 1.5, "same network error"),
        Evidence("other_net_error", -4.0, ""),
        Evidence("same_words", 4.0, "says what the answer says"),
        Evidence("fits_net_error", 3.0, "what is written when this happens"),
        # A server that cannot send its answer tells of a request that got none.
        Evidence("the_client_was_there", -4.0, ""),
        Evidence("same_thread", 1.0, "same thread"),
        Evidence("same_duration", 1.0, "same duration"),
        Evidence("longer_than_the_request", -3.0, ""),
        # Errors are seldom written while a request succeeds.
        Evidence("error_in_success", -3.0, ""),
        Evidence("warning_in_success", -2.0, ""),
        # A script's error after a failed request, with nothing in it that tells of that request.
        Evidence("script_error_without_a_sign", -1.0, ""),
    )
}


@dataclass(frozen=True)
class NetErrorSign:
    """What a server's log says of a request that the browser got no answer to, and how much later it may say so."""

    net_error: str
    record: str
    seconds_after: float


CLIENT_GONE = (
    r"(?i)broken pipe|client (?:went away|disconnected|closed|has? gone)|connection (?:was )?reset by (?:peer|client)"
    r"|EPIPE|ECONNRESET|ClientDisconnect|ClientAbort|prematurely closed|context canceled|request (?:was )?aborted"
    r"|\b499\b"
)
NET_ERROR_SIGNS = (
    NetErrorSign(r"ERR_ABORTED|NS_BINDING_ABORTED|ERR_TIMED_OUT|ERR_CONNECTION_CLOSED", CLIENT_GONE, 3.0),
    NetErrorSign(
        r"ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_CONNECTION_CLOSED|ERR_HTTP2|ERR_INCOMPLETE|ERR_CONTENT_LENGTH",
        r"(?i)without an? (?:answer|response)|(?:worker|process) (?:died|exited|crashed|was killed)|segfault|SIGSEGV"
        r"|SIGKILL|out of memory|premature|upstream (?:sent|closed)|panic",
        1.0,
    ),
    # How scripts in a browser call it.
    NetErrorSign(
        r"ERR_ABORTED|NS_BINDING_ABORTED|ERR_TIMED_OUT",
        r"(?i)\btimed? ?out\b|TimeoutError|AbortError|\baborted\b|\bcancell?ed\b",
        0.3,
    ),
    NetErrorSign(
        r"ERR_(?:[^A]|A[^B])|NS_ERROR",
        r"Failed to fetch|NetworkError when attempting|Network request failed|Network Error|\bLoad failed\b",
        0.3,
    ),
    NetErrorSign(r"ERR_CONNECTION_REFUSED", r"(?i)shutting down|stopp(?:ed|ing)|restart|address already in use", 30.0),
)

LEAST_SCALE_SECONDS = 0.003
"""How far apart the same moment usually stands, at least, in two files whose clocks have been set."""
CLIENT_FORMATS = ("chrome-console", "firefox-console", "browser-console", "safari-console", "webkit-console")
"""Files written where the request was made: a consequence of a failure is recorded there after it, not before."""


def weight(name: str) -> float:
    return EVIDENCE[name].weight


def words(name: str) -> str:
    return EVIDENCE[name].words
