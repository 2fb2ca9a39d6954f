"""Numbers that name what went wrong and so are never masked in an error: HTTP statuses, errnos, exit codes.

Each pattern is the context with its number. Codes that begin with letters (ORA-00942, E1234, TS2345) need no
row: masks leave numbers inside words alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.classification.ascii_pattern import ascii_pattern


@dataclass(frozen=True)
class KeptCode:
    """A context in which a number is a code."""

    name: str
    pattern: str
    example: str


KEPT_NUMBERS: tuple[KeptCode, ...] = (
    KeptCode(
        "http", r"HTTP(?:S|/[0-9.]+)?[\"']?[ :=]+(?:(?:status|error|response|code)[ :=]+){0,3}[1-5][0-9]{2}", "HTTP 503"
    ),
    KeptCode(
        "status", r"(?:status|response|return(?:ed)?)(?:[ _-]?code)?[ :=]+(?:of )?[1-5][0-9]{2}", "status code 404"
    ),
    KeptCode(
        "status_phrase",
        r"\b[45][0-9]{2} \(?(?:Bad Request|Unauthorized|Payment|Forbidden|Not Found|Method|Not Accept|Proxy"
        r"|Request|Conflict|Gone"
        r"|Length|Precondition|Payload|URI|Unsupported|Range|Expectation|Unprocessable|Locked|Failed"
        r"|Too (?:Many|Early|Large)|Internal|Not Impl"
        r"|Bad Gateway|Service|Gateway|HTTP|Variant|Insufficient|Loop|Network|Client Error|Server Error)",
        "404 Not Found",
    ),
    KeptCode("http_answer", r"HTTP/[0-9.]+\"? [1-5][0-9]{2}", '"GET / HTTP/1.1" 500'),
    KeptCode(
        "masked_answer",
        r"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE) <PATH>\" [1-5][0-9]{2}",
        '"GET <PATH>" 500',
    ),
    KeptCode("errno", r"errno[ :=)\]]{0,3}-?[0-9]+", "[Errno 13]"),
    KeptCode(
        "error_number", r"err(?:or)?(?:[ _-]?(?:code|number|no\.?|id|status))?[ =#(\[]{1,2}-?[0-9]+", "error 1045"
    ),
    KeptCode("code", r"code[ :=#(\[]{1,3}-?[0-9]+", "exit code: 137"),
    KeptCode("exit", r"exit(?:ed|s)?(?: with)?(?: (?:status|value))?[ :=(]{1,2}-?[0-9]+", "exited with 1"),
    KeptCode("signal", r"(?:signal|sig)[ :=#(]{1,2}[0-9]+", "killed by signal 9"),
    KeptCode("sqlstate", r"(?:SQLSTATE|SQLCODE)[ :=(\[]{1,3}-?[0-9A-Z]+", "SQLSTATE[23505]"),
    KeptCode("letters_dash", r"(?-i:\b[A-Z]{2,6}-[0-9]{3,6})", "ORA-00942"),
)
KEPT_HEX: tuple[KeptCode, ...] = (
    KeptCode(
        "hex_code",
        r"(?:error|code|status|result|hresult|exception|stop)[ :=(]{0,3}0x[0-9A-F]{1,8}",
        "error code 0x80070005",
    ),
    KeptCode("hresult", r"0x(?:8|C)0[0-9A-F]{6}", "(0xc0000005)"),
)


def alternation(codes: tuple[KeptCode, ...]) -> str:
    """All contexts as one case-insensitive alternative."""
    return ascii_pattern("(?i:" + "|".join(code.pattern for code in codes) + ")")


ANY_KEPT = alternation(KEPT_NUMBERS + KEPT_HEX)
"""A message without a match has no code, and its errors may be told apart by its reduced line."""
