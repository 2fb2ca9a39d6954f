"""Words that make a line without a level an error, and the harmless phrases that hold such words.

Tables only; `error_detection.py` says when they are asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.classification.ascii_pattern import ascii_pattern


@dataclass(frozen=True)
class Wording:
    """A case-insensitive pattern and a line that it is about."""

    name: str
    pattern: str
    example: str


HARMLESS: tuple[Wording, ...] = (
    Wording(
        "none_of_them",
        r"\b(?:no|0+|zero|without|any|not an?|never)[ _-](?:\w+ ){0,2}?(?:errors?|failures?"
        r"|exceptions?|failed|fail|timeouts?|crash(?:es)?|panics?|problems?)\b",
        "finished with 0 errors",
    ),
    Wording(
        "empty_field",
        r"\b[\w.-]*(?:err|errors?|failures?|failed|fails?|exceptions?|timeouts?|aborted|errno"
        r"|error_?code|error_?count|denied|refused|invalid|unreachable|missing|corrupt(?:ed)?"
        r"|violations?|rejected|expired|crash(?:es|ed)?)(?:[ _]?(?:count|num|total|code"
        r"|rate))?[\"']?\s*[=:]\s*(?:[\"']?0+(?:\.0+)?%?(?:[\s,;\"')\]}.]|$)"
        r"|(?:[\"']?(?:null|none|nil|false|no|ok|success|n/a)[\"']?|\[\]|\{\}|\"\"|''|-)(?:[,;)\]}.]|\s*$"
        r"|\s+[\w.-]+[=:]))",
        "errors: 0",
    ),
    Wording("empty_tail", r"\b(?:error|err|exception|errors)=(?:[\s,;]|$)", "status=ok error="),
    Wording("zero_behind", r"\b(?:0|no) (?:\w+ ){0,2}(?:errors?|failed|failures?|skipped)\b", "12 passed, 0 failed"),
    Wording(
        "name_of_a_thing",
        r"\b(?:error|failure|exception|fail|panic|crash|abort|timeout|failover"
        r"|fatal)[ _.-]?(?:handl(?:er|ers|ing)|pages?|logs?|level|logging|reporting|reporter|rate"
        r"|boundary|recovery|detection|threshold|budget|documents?|mode|policy|policies|listener"
        r"|callback|filter|mapper|count(?:er)?s?|correction|correcting|checking|messages?|stream"
        r"|output|queue|dump|tolerance|tolerant|safe|fast|over|back|detector|limit|set(?:ting)?s?"
        r"|value|interval|window|period|seconds|ms)\b",
        "error handler installed",
    ),
    Wording(
        "settings",
        r"\b[\w.-]*time-?outs?(?:[_.-]?(?:ms|sec|seconds|s|millis))?[\"']?\s*(?:[=:]|is|of|set to"
        r"|to)\s*[\"']?[0-9]",
        "timeout=30",
    ),
    Wording(
        "file_names",
        r"[\w./-]*(?:error|exception|fail|panic|crash|fatal|timeout)s?[\w-]*\.(?:log|txt|html?|jsx?"
        r"|tsx?|py|rb|go|java|c|cc|cpp|h|rs|php|json|xml|ya?ml|css|svg|png|conf|cfg|mk|test|o|so|a|dll"
        r"|class|jar)\b",
        "writing error.log",
    ),
    Wording(
        "paths",
        r"(?:/[\w.@%+-]*)*/[\w.@%+-]*(?:error|exception|fail|panic|crash|fatal|timeout|denied)[\w.@%+/-]*",
        "GET /errors/new",
    ),
    Wording("flags", r"--?[\w-]*(?:error|fail|fatal|timeout|abort|panic)[\w-]*", "run with --fail-fast"),
    Wording(
        "daemons",
        r"\bfail2ban\b|\bfailover\b|\bfailsafe\b|\bfail-?fast\b|\berr(?:or)?[-_]?free\b|\bdefault\b",
        "fail2ban started",
    ),
    Wording(
        "recovered",
        r"\b(?:recovered|recovering|recover) from (?:\w+ ){0,3}(?:errors?|failures?|crash(?:es)?)\b",
        "recovered from error",
    ),
    Wording(
        "cleared",
        r"\b(?:errors?|failures?|exceptions?|crash(?:es)?) (?:cleared|resolved|corrected|fixed|ignored"
        r"|suppressed|handled)\b",
        "error cleared",
    ),
)

SAYS_ERROR: tuple[Wording, ...] = (
    Wording("error", r"\berr(?:or)?s?\b|[a-z]errors?\b|_err(?:or)?\b|\berror_", "error: cannot open"),
    Wording(
        "exception",
        r"\bexceptions?\b|[a-z]exception\b|\bkeyboardinterrupt\b|\btraceback \(most recent\b",
        "NullPointerException",
    ),
    Wording("fatal", r"\bfatal(?:ly)?\b|\bpanic(?:ked|s|:)?|\bemerg(?:ency)?\b|\bcritical\b", "panic: runtime error"),
    Wording("failed", r"\bfail(?:ed|ure|ures|s|ing)?\b|\bunsuccessful(?:ly)?\b", "mount failed"),
    Wording(
        "crash",
        r"\bseg(?:mentation )?faults?\b|\bsegv\b|\bsig(?:segv|abrt|bus|ill|fpe|kill)\b|\bcore dumped\b"
        r"|\bcrash(?:ed|es|ing)?\b|\bbus error\b"
        r"|\bstack overflow\b|\bout of memory\b|\boom[- ]?kill(?:er|ed)?\b|\bgeneral protection\b"
        r"|\bkernel bug\b|\boops:|\baborted\b|\bhas died\b|\babnormally\b|\baccess violation\b"
        r"|\buse-after-free\b|\bbuffer-overflow\b",
        "segfault at 0 ip 00007f",
    ),
    Wording(
        "refused",
        r"\b(?:connection|request|permission|access|login|operation)? ?(?:was )?(?:refused|denied"
        r"|reject(?:ed|ing|s)?|forbidden|unauthori[sz]ed|disallowed|prohibited)\b|\bnot (?:permitted|allowed"
        r"|authori[sz]ed)\b",
        "connection refused",
    ),
    Wording(
        "authentication",
        r"\binvalid user\b|\buser unknown\b|\bunknown user\b|\bbad password\b|\bwrong password\b"
        r"|\bbreak-in attempt\b|\billegal user\b|\btoo many authentication\b|\bpossible (?:\w+ )?attack\b"
        r"|\blogin attempts?\b.{0,20}\bexceeded\b|\bwrongpass\b|\bpassword (?:does not|doesn't) match\b",
        "Invalid user admin from 10.0.0.1",
    ),
    Wording(
        "timed_out",
        r"\btim(?:ed|ing|es)[ -]?out\b|\btime-?out\b|\bdeadline exceeded\b|\bexpired\b",
        "request timed out",
    ),
    Wording(
        "network",
        r"\breset by peer\b|\blost connection\b|\bbroken pipe\b|\bunreachable\b|\bno route to host\b"
        r"|\bconnection (?:lost"
        r"|reset|aborted|closed unexpectedly)\b"
        r"|\bname or service not known\b|\bname resolution\b|\bbad gateway\b|\bservice unavailable\b"
        r"|\bhost is down\b|\bnot connected\b",
        "Connection reset by peer",
    ),
    Wording(
        "named_codes",
        r"\b(?-i:E(?:CONN|NOENT|ACCES|PERM|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND|ADDR|NOSPC|NOMEM|MFILE"
        r"|INVAL|EXIST|IO\b|AI_AGAIN)\w*)"
        r"|\b(?-i:ERR_[A-Z]\w+|NS_ERROR_\w+|ORA-[0-9]{5}|SQLSTATE\b)"
        r"|\bHTTP(?:/[0-9.]+)?\"?[ :=]+(?:status |error |code )?[45][0-9]{2}\b"
        r"|\b(?:status|response)(?:[ _]code)?[ :=]+[45][0-9]{2}\b|\bexit(?:ed)?(?: with)?(?: status"
        r"| code| value)+[ :=(]{1,2}[1-9]",
        "connect ECONNREFUSED 127.0.0.1:5432",
    ),
    Wording(
        "cannot",
        r"\bcan(?:not|'t| not)\b|\bcould(?: not|n't)\b|\bunable to\b|\brefus(?:ing|es) to\b|\bdoes(?: not"
        r"|n't) exist\b"
        r"|\bno such (?:file|device|table|host|process|user)\b|\bwas not found\b|\bnot found\b"
        r"|\bmissing\b.{0,20}\brequired\b",
        "cannot open device",
    ),
    Wording(
        "wrong",
        r"\binvalid\b|\billegal\b|\bmalformed\b|\bcorrupt(?:ed|ion)?\b|\bunexpected\b|\bunhandled\b"
        r"|\buncaught\b|\bviolat(?:es|ed|ion|ions)\b|\bassert(?:ion)?\b|\bdeadlock(?:ed)?\b"
        r"|\bundefined (?:reference|symbol|variable|method|function)\b|\bmismatch\b|\bdata loss\b"
        r"|\bdisk full\b|\bno space left\b|\bexceed(?:ed|s)\b|\btoo many open\b|\bunrecoverable\b"
        r"|\bbad (?:request|address|file|block|magic)\b",
        "invalid argument",
    ),
)


REFUSED_LOGIN = (
    r"(?i)\bauthentication (?:failure|failed|error)\b|\binvalid (?:user|password|credentials)\b"
    r"|\b(?:login|logon|password|auth)\w* (?:failure|failed|incorrect|rejected|denied)\b"
    r"|\bfailed (?:\w+ )?(?:login|logon|password|authentication)\b"
)
"""Wordings of a login that was refused."""


def any_of(table: tuple[Wording, ...]) -> str:
    """All rows as one case-insensitive pattern."""
    return ascii_pattern("(?i)" + "|".join(f"(?:{row.pattern})" for row in table))
