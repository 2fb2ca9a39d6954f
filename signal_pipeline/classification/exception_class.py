"""The exact name of what went wrong: exception class, errno, SQLSTATE, HTTP status, net error, signal.

From a field of the record, from its trace, or from its text, in this order. What kind of error that is, is
decided in `error_rules.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.text_shapes.short_column import ShortColumn

EXCEPTION_CLASS_VERSION = "2026-11-30.2"
# Changelog
# 2026-11-30.2  exceptions of OCaml, ABAP and C++; what Julia wraps
# 2026-11-30  codes of npm and PostgREST
# 2026-11-22.2  statuses before a phrase in parentheses
# 2026-11-22  first table


@dataclass(frozen=True)
class ClassPattern:
    """Where a name is in a text: group 1 is the name, `prefix` is put before it."""

    name: str
    pattern: str
    example: str
    prefix: str = ""


_ENDING = (
    r"(?:Exception|Error|Throwable|Failure|Fault|Interrupt|Exit|Abort|Warning|NotFound|Invalid"
    r"|Violation|Denied|Expired"
    r"|Refused|Unavailable|Timeout|DoesNotExist|RecordNotUnique)"
)
_ERRNO = (
    r"E(?:2BIG|ACCES|ADDRINUSE|ADDRNOTAVAIL|AFNOSUPPORT|AGAIN|AI_AGAIN|ALREADY|BADF|BUSY|CANCELED|CHILD|CONNABORTED"
    r"|CONNREFUSED|CONNRESET|DEADLK|DESTADDRREQ|DOM|DQUOT|EXIST|FAULT|FBIG|HOSTDOWN|HOSTUNREACH"
    r"|INPROGRESS|INTR|INVAL|IO|ISCONN"
    r"|ISDIR|LOOP|MFILE|MLINK|MSGSIZE|NAMETOOLONG|NETDOWN|NETRESET|NETUNREACH|NFILE|NOBUFS|NODEV"
    r"|NOENT|NOEXEC|NOLCK|NOMEM"
    r"|NOPROTOOPT|NOSPC|NOSYS|NOTCONN|NOTDIR|NOTEMPTY|NOTFOUND|NOTSOCK|NOTSUP|OPNOTSUPP|OVERFLOW|PERM|PIPE|PROTO"
    r"|PROTONOSUPPORT|RANGE|RESOLVE|ROFS|SOCKETTIMEDOUT|SPIPE|SRCH|STALE|TIMEDOUT|TIMEOUT|TXTBSY|WOULDBLOCK|XDEV)"
)

TEXT_PATTERNS: tuple[ClassPattern, ...] = (
    ClassPattern("net_error", r"\b(net::ERR_[A-Z0-9_]+|NS_ERROR_[A-Z_]+)", "net::ERR_CONNECTION_REFUSED"),
    ClassPattern("node_code", r"\b(ERR_[A-Z][A-Z0-9_]+)\b", "[ERR_MODULE_NOT_FOUND]"),
    ClassPattern(
        "namespaced",
        rf"\b((?:[a-zA-Z_$][\w$]*(?:\.|::|\\))+[A-Z][\w$]*{_ENDING})\b",
        "java.lang.NullPointerException: x",
    ),
    ClassPattern("sqlstate", r"(?i)\bSQLSTATE[ :=(\[]{0,3}([0-9A-Z]{5})\b", "SQLSTATE[23505]", "SQLSTATE "),
    ClassPattern(
        "vendor_dash",
        r"\b((?:ORA|TNS|PLS|DPI|DPY|RMAN|SQL|ADR|IMP|EXP|MSB|NU|LNK|KB|JDBC|HY)-?[0-9]{3,5}[A-Z]?)\b",
        "ORA-00942: table",
    ),
    ClassPattern("mysql", r"\bERROR ([0-9]{4} \([0-9A-Z]{5}\))", "ERROR 1045 (28000)", "MySQL "),
    ClassPattern("postgrest", r"\b(PGRST[0-9]{3}|PGRSTX00)\b", "code: PGRST116"),
    ClassPattern("npm", r"\b(?:code|error:?) (E(?:40[0-9]|5[0-9]{2}|OTP|NEEDAUTH|TARGET|INTEGRITY))\b", "code E401"),
    ClassPattern("errno_name", rf"\b({_ERRNO})\b", "connect ECONNREFUSED 127.0.0.1:5432"),
    ClassPattern("ruby", r"^\W{0,3}((?:[A-Z]\w*::)+[A-Z]\w*)(?:: |$)", "ActionController::BadRequest: x"),
    ClassPattern("abap", r"\b(CX_[A-Z]+(?:_[A-Z0-9]+)+)\b", "Except. CX_SY_ZERODIVIDE"),
    ClassPattern("ocaml", r"^(?:Fatal error: )?exception ([A-Z][\w.']*)(?:\(|\s*$)", "exception Not_found"),
    ClassPattern(
        "wrapped",
        r"\b(?:LoadError|InitError): (?:(?:LoadError|InitError): )*([A-Z]\w*(?:Error|Exception)):",
        "LoadError: UndefVarError: cart not defined",
    ),
    ClassPattern("c_plus_plus", r"\bthrowing an instance of '([^']+)'", "throwing an instance of 'std::bad_alloc'"),
    ClassPattern(
        "bare",
        r"\b([A-Z][A-Za-z0-9_]*(?:Exception|Error|Panic|Fault|Interrupt|Exit|Iteration|Timeout|DoesNotExist))\b",
        "ValueError: x",
    ),
    ClassPattern(
        "lower_dotted", r"\b([a-z_]\w*(?:\.\w+)*\.(?:error|timeout|gaierror|herror))\b", "socket.timeout: timed out"
    ),
    ClassPattern("compiler", r"\b(?:error|warning)[ :\[]{1,3}([A-Z]{1,4}[0-9]{3,5})\b", "error[E0382]: use of moved"),
    ClassPattern(
        "signal", r"\b(SIG(?:SEGV|ABRT|BUS|ILL|FPE|KILL|TERM|TRAP|SYS|PIPE|XCPU|QUIT))\b", "SIGSEGV: segmentation"
    ),
    ClassPattern(
        "http",
        r"(?i)\bHTTP(?:S|/[0-9.]+)?[\"']?[ :=]+(?:(?:status|error|response|code)[ :=]+){0,3}([45][0-9]{2})\b",
        "HTTP 503",
        "HTTP ",
    ),
    ClassPattern(
        "http_status", r"(?i)\bstatus(?:[ _-]?code)?[\"']?[ :=]+(?:of )?([45][0-9]{2})\b", "status code 404", "HTTP "
    ),
    ClassPattern(
        "http_phrase",
        r"\b([45][0-9]{2}) \(?(?:Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not"
        r"|Proxy Auth|Request Time"
        r"|Conflict|Gone|Unprocessable|Too Many|Internal Server|Not Implemented|Bad Gateway"
        r"|Service (?:Temporarily )?Un|Gateway Time|Client Error|Server Error)",
        "502 Bad Gateway",
        "HTTP ",
    ),
    ClassPattern("http_answer", r"HTTP/[0-9.]+\"? ([45][0-9]{2})\b", '"GET / HTTP/1.1" 500 12', "HTTP "),
    ClassPattern("errno_number", r"(?i)\berrno[ :=)\]]{0,3}(-?[0-9]+)", "[Errno 13]", "errno "),
    ClassPattern("os_error", r"\(os error ([0-9]+)\)", "Permission denied (os error 13)", "os error "),
    ClassPattern("hresult", r"(?i)\b(0x[8C]0[0-9A-F]{6})\b", "0x80070005"),
    ClassPattern("panic", r"^\W{0,3}(?:thread '[^']*' )?(panic(?:ked)?)(?::| at)", "panic: runtime error"),
    ClassPattern(
        "exit",
        r"(?i)\bexit(?:ed)?(?: with)?(?: status| code| value)*[ :=(]{1,3}([1-9][0-9]*)\b",
        "exit code 137",
        "exit ",
    ),
)


_NAMES = [(row.prefix, ascii_pattern(row.pattern)) for row in TEXT_PATTERNS]

PATTERNS = tuple(pattern for _, pattern in _NAMES)


def from_text(text: pl.Expr) -> pl.Expr:
    """The name that a message states; null when it states none. Table order decides, then position."""
    return text.map_batches(_names_in, return_dtype=pl.String())


def _names_in(texts: pl.Series) -> pl.Series:
    column = ShortColumn(texts)
    found = [
        pl.concat_str(pl.lit(prefix), pl.col("text").str.extract(pattern, 1))
        for prefix, pattern in _NAMES
        if column.may_contain(pattern)
    ]
    return texts.to_frame("text").with_columns(pl.coalesce(*found, pl.lit(None, pl.String)).alias("name"))["name"]


def from_http() -> pl.Expr:
    """The name of a failed HTTP exchange, from columns status and net_error."""
    status = pl.col("status")
    return pl.coalesce(
        pl.col("net_error"),
        pl.when(status >= 400).then(pl.concat_str(pl.lit("HTTP "), status.cast(pl.String))),
        pl.when(status == 0).then(pl.lit("HTTP 0")),
    )
