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
        "status",
        r"(?:status|response|return(?:ed)?)(?:[ _-]?code)?[\"']?[ :=]+(?:of )?[\"']?[1-5][0-9]{2}",
        "status code 404",
    ),
    KeptCode(
        "status_phrase",
        r"\b[45][0-9]{2} \(?(?:Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not|Not Accept"
        r"|Proxy Auth|Request (?:Time|Entity|URI|Header)|Conflict\b|Gone\b|Length Required|Precondition|Payload Too"
        r"|URI Too|Unsupported Media|Range Not|Expectation Failed|Unprocessable|Locked\b|Failed Dep|Too (?:Many|Early)"
        r"|Internal Server|Not Impl|Bad Gateway|Service (?:Temporarily )?Unavail|Gateway Time|HTTP Version|Variant Also"
        r"|Insufficient Storage|Loop Detected|Network Auth|Client Error|Server Error)",
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
    KeptCode("error_number_named", r"err(?:or)?[ _-]?(?:code|number|no\.?|id|status): ?-?[0-9]+", "Error Number: 1146"),
    KeptCode("code", r"code[ :=#(\[]{1,3}-?[0-9]+", "exit code: 137"),
    KeptCode("exit", r"exit(?:ed|s)?(?: with)?(?: (?:status|value))?[ :=(]{1,2}-?[0-9]+", "exited with 1"),
    KeptCode("signal", r"(?:signal|sig)[ :=#(]{1,2}[0-9]+", "killed by signal 9"),
    KeptCode("sqlstate", r"(?:SQLSTATE|SQLCODE)[ :=(\[]{1,3}-?[0-9A-Z]+(?:\] \[-?[0-9]+)?", "SQLSTATE[HY000] [2002]"),
    KeptCode("sql_server", r"(?-i:Msg [0-9]+), Level", "Msg 208, Level x"),
    KeptCode("smtp", r"\b[245][0-9]{2}[ -](?:[245]\.[0-9]{1,3}\.[0-9]{1,3}|<VERSION>)", "550 5.1.1 User unknown"),
    KeptCode("reply", r"\b(?:ftp|smtp)(?: error| reply| response)?[ :=]+[1-5][0-9]{2}\b", "SMTP error 535"),
    KeptCode("grpc", r"grpc-?status(?:[ _-]?code)?[ :=]+[0-9]+", "grpc-status: 14"),
    KeptCode("curl", r"curl: \([0-9]+", "curl: (28) Operation timed out"),
    KeptCode("tls_alert", r"\b(?:tls|ssl)[a-z0-9._ ]{0,20}alert(?: number)?[ :=(]+[0-9]+", "tls alert 48"),
    KeptCode("letters_dash", r"(?-i:\b[A-Z]{2,6}-[0-9]{3,6}\b)", "ORA-00942"),
)
KEPT_HEX: tuple[KeptCode, ...] = (
    KeptCode(
        "hex_code",
        r"(?:error|code|status|result|hresult|exception|stop)[ :=(]{0,3}0x[0-9A-F]{1,8}",
        "error code 0x80070005",
    ),
    KeptCode("hresult", r"0x(?:8|C)0[0-9A-F]{6}", "(0xc0000005)"),
)


KEPT_VERSIONS: tuple[KeptCode, ...] = (
    KeptCode("delivery_status", r"\bdsn[ :=]+[245]\.[0-9]{1,3}\.[0-9]{1,3}", "dsn=5.1.1"),
)
KEPT_NAMES: tuple[str, ...] = (
    # Algorithms, encodings, types: the number is part of the name.
    *("sha", "shake", "aes", "rsa", "dsa", "ecdsa", "ed", "dh", "rc", "des", "md", "ripemd", "blake", "crc", "hmac"),
    *("hs", "rs", "es", "ps", "utf", "iso", "cp", "windows", "latin", "ascii", "base", "int", "uint", "float", "ms"),
    *("mp", "avx", "sse", "win", "amd", "arm", "ppc", "mips", "riscv", "python", "java", "php", "ruby", "node", "gcc"),
    # What comes before a code.
    *("http", "https", "status", "code", "error", "err", "errno", "exit", "signal", "sig", "sql", "sqlstate", "rfc"),
    *("warning", "fatal", "event", "rule", "lint", "ver", "version"),
)
"""Words whose number names something: `sha256` and `sha512` are two things, `storage256` and `storage512` are not."""


def alternation(codes: tuple[KeptCode, ...]) -> str:
    """All contexts as one case-insensitive alternative."""
    return ascii_pattern("(?i:" + "|".join(code.pattern for code in codes) + ")")


ANY_KEPT = alternation(KEPT_NUMBERS + KEPT_HEX + KEPT_VERSIONS)
"""A message without a match has no code, and its errors may be told apart by its reduced line."""
