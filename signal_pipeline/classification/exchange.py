"""HTTP exchanges: which of them are errors, of what type, and how bad. Log records are judged elsewhere.

What the reader noted about an exchange and its neighbours are marks among its flags; the tables here say what each
means. An exchange is an error when no answer came, the status is 400 and more, or a mark says so; unless a mark says
that nothing failed.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.classification.error_rules import error_type
from signal_pipeline.classification.network_signature import request_and_outcome, time_out_phase
from signal_pipeline.classification.role_rules import RoleRules
from signal_pipeline.classification.template import error_templates
from signal_pipeline.frame_schema import EXCHANGE

EXCHANGE_VERSION = "2026-11-30"
# Changelog
# 2026-11-30  first tables, taken out of the rules for all entries; marks of the reader, codes in bodies


@dataclass(frozen=True)
class Mark:
    """`severity` None leaves it to the rules below; `error` False says that the exchange did not fail."""

    name: str
    meaning: str
    error: bool | None = None
    severity: str | None = None
    error_type: str | None = None


MARKS: tuple[Mark, ...] = (
    Mark("reported_in_body", "the body reports a failure under a status of success", True),
    Mark("cors", "stopped by the rules of cross-origin sharing", True, "high", "NetworkError"),
    Mark("cors_stopped", "its preflight has the error", False),
    Mark("mixed_content", "http asked for by a page over https", True, "high", "NetworkError"),
    Mark("policy", "blocked by a policy of the site or the browser", True, "medium", "NetworkError"),
    Mark("html_for_code", "a page in place of a script, a stylesheet or JSON", True, "high", "NetworkError"),
    Mark("redirect_loop", "the last request of a circle of redirects", True, "high", "NetworkError"),
    Mark("slow", "succeeded, and took long", True, "medium", "TimeoutError"),
    Mark("renewed", "refused, and the same request passed later", None, "low"),
    Mark("handshake", "a round of a login or of a persisted query that another one follows", None, "low"),
    Mark("extension", "a request of a browser extension", None, "low"),
    Mark("not_recorded", "no answer, no error and no time were recorded", None, "low"),
    Mark("no_request", "data:, about: and the like are no requests", False),
    Mark("no_response", "the file has the request alone", False),
    Mark("cancelled", "given up for the next page", False),
    Mark("aborted_after_answer", "given up when the answer had come", False),
)
_NAMES = "|".join(sorted((mark.name for mark in MARKS), key=len, reverse=True))

# Codes that decide the type, whatever the status; in the text of the body, the first row that matches.
BODY_CODES: tuple[tuple[str, str, str], ...] = (
    (
        "AuthenticationError",
        r"(?i)\b(?:access_denied|invalid_grant|invalid_client|unauthorized_client|invalid_token|expired_token|token_expired"
        r"|login_required|consent_required|interaction_required|insufficient_scope|unauthenticated|permission_denied|invalid_login"
        r"|invalid_credentials|invalid_api_key|authentication_error|unauthorized|forbidden|AccessDenied(?:Exception)?"
        r"|ExpiredToken(?:Exception)?|InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClientException"
        r"|InvalidAuthenticationToken|AuthenticationFailed|AuthorizationFailed|NotAuthorizedException"
        r"|OAuthException|jwt expired"
        r"|EMAIL_NOT_FOUND|INVALID_PASSWORD|INVALID_LOGIN_CREDENTIALS|USER_DISABLED|TOKEN_EXPIRED"
        r"|SQLSTATE 28...|ORA-01017)\b",
        "invalid_grant: Token has been expired or revoked.",
    ),
    (
        "DatabaseError",
        r"\bSQLSTATE[ \[:(=]{1,3}[0-9A-Z]{5}|\b(?:ORA|PLS|TNS)-[0-9]{4,5}\b|\bPGRST[0-9]{3}\b|\bSQLITE_[A-Z]+"
        r"|\bSQL0?[0-9]{4}N\b"
        r"|\bP[12][0-9]{3}: |\bER_[A-Z_]{4,}|\bE11000 duplicate key",
        "SQLSTATE 23502: null value in column",
    ),
    (
        "TimeoutError",
        r"\b(?:DEADLINE_EXCEEDED|GATEWAY_TIMEOUT|REQUEST_TIMEOUT|ETIMEDOUT|ESOCKETTIMEDOUT)\b|(?i:\brequest_timeout\b)",
        "DEADLINE_EXCEEDED: context deadline exceeded",
    ),
)
DATABASE_WORDS = (
    r"(?i)\bdatabase (?:is locked|error|connection)|\bunique constraint\b|\bduplicate key value\b|\bduplicate entry\b"
    r"|\bviolates (?:not-null|foreign key|check|unique) |\bdeadlock (?:found|detected)|\bno such (?:table|column)\b"
    r"|\brelation .{1,80} does not exist\b|\bunknown column\b|\bforeign key constraint\b"
)
"""A gateway that says so speaks of another server, and is a failure of the network all the same."""
GATEWAY = (502, 503, 504)
# What a body under a status of success says when the request was at fault, not the server.
CALLERS_FAULT = (
    r"\b(?:INVALID_ARGUMENT|NOT_FOUND|ALREADY_EXISTS|FAILED_PRECONDITION|OUT_OF_RANGE|BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED"
    r"|GRAPHQL_PARSE_FAILED|BAD_REQUEST|VALIDATION_ERROR|validation-failed|VALIDATION|CANCELLED"
    r"|invalid_request(?:_error)?|HTTP 4[0-9]{2}"
    r"|(?i:(?:validation|invalid (?:input|argument|parameter|request))\b))"
)
GAVE_UP = (
    r"^(?:net::)?ERR_(?:ABORTED|CANCELED|BLOCKED_BY_(?:CLIENT|ADMINISTRATOR|PRIVACY_CHECKS|ENROLLMENT_CHECK_PENDING|INSPECTOR))"
    r"|BINDING_ABORTED|NS_ERROR_(?:TRACKING|BLOCKED)\w*|(?i)^(?:cancell?ed|aborted)$"
)
"""No answer because the user, or what the user installed, did not want one."""
POLICY = r"ERR_BLOCKED_BY_|NS_ERROR_DOM_(?:CORP|COEP)_FAILED|NS_ERROR_CONTENT_BLOCKED"
"""The site's own headers forbid it: CSP, ORB, CORP."""
LACKS = (404, 410, 416, 304, 405, 406)
_CODE_FILE = r"\.(?:m?js|cjs|css|wasm)(?:\?\S*)? -> "
_PROGRAM_CLASS = r"(?i)(?:syntax|parse|compil)\w*(?:error|exception)$"


def marks() -> pl.Expr:
    """The marks among the flags of an exchange, as ",cors,slow,"; null for log records and where there is none."""
    found = pl.col("flags").str.extract_all(rf"\b(?:{_NAMES})\b").list.unique().list.sort()
    named = pl.concat_str(pl.lit(","), found.list.join(","), pl.lit(","))
    return pl.when((pl.col("role") == EXCHANGE) & (found.list.len() > 0)).then(named).alias("marks")


def _has(name: str) -> pl.Expr:
    return pl.col("marks").str.contains(f",{name},", literal=True).fill_null(False)


def _any(names: list[str]) -> pl.Expr:
    return pl.col("marks").str.contains(f",(?:{'|'.join(names)}),").fill_null(False)


def _is_error() -> pl.Expr:
    """From columns status, net_error and marks."""
    status = pl.col("status")
    failed = ((status >= 400) | (status == 0) | pl.col("net_error").is_not_null()).fill_null(False)
    fine = _any([mark.name for mark in MARKS if mark.error is False])
    raised = _any([mark.name for mark in MARKS if mark.error])
    return (failed & ~fine) | raised


def _exception_class() -> pl.Expr:
    """The network error, the class or code that the body states, or the status."""
    stated = pl.col("exception_class").str.extract(r"^(.{2,200})$")
    plain = stated.str.to_lowercase().is_in(
        ["error", "exception", "fault", "failure", "http error", "httperror", "httpexception"]
    )
    coded = pl.col("text").str.extract(r"\b(SQLSTATE [0-9A-Z]{5}|(?:ORA|PLS|TNS)-[0-9]{4,5}|PGRST[0-9]{3})\b")
    status = pl.col("status")
    return pl.coalesce(
        pl.col("net_error"),
        pl.when(~plain.fill_null(False)).then(stated),
        coded,
        pl.when(status >= 400).then(pl.concat_str(pl.lit("HTTP "), status.cast(pl.String))),
        pl.when(status == 0).then(pl.lit("HTTP 0")),
    )


def _error_type(_: pl.DataFrame) -> pl.Expr:
    """One of the eight types: by mark, network error, status of a refusal, code in the body, words of a server's
    failure.
    """
    status, text = pl.col("status"), pl.col("text").fill_null("")
    null = pl.lit(None, pl.String)
    by_mark = pl.coalesce(
        *(pl.when(_has(mark.name)).then(pl.lit(mark.error_type)) for mark in MARKS if mark.error_type), null
    )
    answered = pl.when(status >= 400).then(pl.concat_str(pl.lit("HTTP "), status.cast(pl.String)))
    by_status = error_type(answered)
    by_net_error = error_type(pl.col("net_error"))
    codes = [pl.when(text.str.contains(ascii_pattern(pattern))).then(pl.lit(name)) for name, pattern, _ in BODY_CODES]
    words = text.str.contains(ascii_pattern(DATABASE_WORDS)) & ~status.is_in(GATEWAY).fill_null(False)
    servers = status.is_in([500, 501, 507, 508]) | (status < 400)
    stated = error_type(pl.col("exception_class"), text)
    # "Parse error" and "malformed request" are said of what was sent; the programming error has its class.
    programs = pl.col("exception_class").str.contains(_PROGRAM_CLASS).fill_null(False) | (status == 500)
    stated = pl.when((stated == "SyntaxError") & ~programs).then(pl.lit("GenericError")).otherwise(stated)
    return (
        pl.when(by_mark.is_not_null())
        .then(by_mark)
        .when(pl.col("net_error").is_not_null())
        .then(pl.when(by_net_error == "GenericError").then(pl.lit("NetworkError")).otherwise(by_net_error))
        .when(by_status.is_in(["AuthenticationError", "TimeoutError"]))
        .then(by_status)
        .otherwise(
            pl.coalesce(
                *codes,
                pl.when(words).then(pl.lit("DatabaseError")),
                pl.when(servers.fill_null(False) & (status > 0) & (stated != "GenericError")).then(stated),
                pl.when(status >= 400).then(by_status),
                pl.when(status == 0).then(pl.lit("NetworkError")),
                pl.lit("GenericError"),
            )
        )
    )


def _severity(error_type: pl.Expr) -> pl.Expr:
    """By mark; else low for what nobody wanted or what is not there, medium for what was refused, high for the rest."""
    status, net_error = pl.col("status"), pl.col("net_error").fill_null("")
    by_mark = [pl.when(_has(mark.name)).then(pl.lit(mark.severity)) for mark in MARKS if mark.severity]
    lacks = status.is_in(LACKS).fill_null(False)
    matters = (error_type == "DatabaseError") | pl.col("template").str.contains(_CODE_FILE)
    callers = (status < 400).fill_null(False) & pl.col("text").fill_null("").str.contains(ascii_pattern(CALLERS_FAULT))
    rest = (
        pl.when(net_error.str.contains(GAVE_UP))
        .then(pl.lit("low"))
        .when(net_error.str.contains(POLICY))
        .then(pl.lit("medium"))
        .when(lacks & ~matters)
        .then(pl.lit("low"))
        .when((status >= 500).fill_null(False))
        .then(pl.lit("high"))
        .when((status >= 400).fill_null(False) | error_type.is_in(["AuthenticationError", "TimeoutError"]) | callers)
        .then(pl.lit("medium"))
        .otherwise(pl.lit("high"))
    )
    return pl.coalesce(*by_mark, rest)


def _template(errors: pl.DataFrame) -> pl.Expr:
    """The request, its outcome, the phase of a time-out and the masked text of the answer."""
    answer = error_templates(errors["error_text"].fill_null(""))
    template = pl.concat_str(request_and_outcome(), time_out_phase(), answer, separator=" ", ignore_nulls=True)
    return template.str.strip_chars_end()


EXCHANGE_RULES = RoleRules(
    EXCHANGE,
    is_error=_is_error,
    template=_template,
    plain_template=request_and_outcome,
    exception_class=_exception_class,
    error_type=_error_type,
    severity=_severity,
    has_message=False,
)
