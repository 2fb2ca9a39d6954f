"""The ordered table that gives an error its type. The first rule that matches decides.

Whether an entry is an error at all is decided before, in `error_detection.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.text_shapes.short_column import ShortColumn

RULES_VERSION = "2026-11-30.2"
# Changelog
# 2026-11-30.2  operators that a database does not have
# 2026-11-30  a database error needs a database; codes of sign-in, errno and PostgREST decide
# 2026-11-22.2  a fetch that failed is a network error, whatever browsers call it; dropped connections
# 2026-11-22  first table


@dataclass(frozen=True)
class ErrorRule:
    """`field` is what `pattern` is matched with: the exception class, or the message text."""

    field: Literal["class", "text"]
    pattern: str
    error_type: str
    example: str


ERROR_RULES: tuple[ErrorRule, ...] = (
    # 1. Names that say it all.
    ErrorRule("class", r"^HTTP (?:401|403|407|419|511)$", "AuthenticationError", "HTTP 401"),
    ErrorRule("class", r"^HTTP (?:408|504|522|524|598|599)$", "TimeoutError", "HTTP 504"),
    ErrorRule("class", r"^HTTP [0-9]+$", "NetworkError", "HTTP 503"),
    ErrorRule(
        "class", r"(?i)^(?:net::ERR|NS_ERROR)_\w*TIME(?:D_)?OUT", "TimeoutError", "net::ERR_CONNECTION_TIMED_OUT"
    ),
    ErrorRule(
        "class",
        r"^(?:net::ERR|NS_ERROR)_\w*(?:AUTH(?:_|ENT|$)|ACCESS_DENIED)",
        "AuthenticationError",
        "net::ERR_INVALID_AUTH_CREDENTIALS",
    ),
    ErrorRule("class", r"^(?:net::ERR_|NS_ERROR_)", "NetworkError", "net::ERR_NAME_NOT_RESOLVED"),
    # Browsers throw a TypeError when no answer came.
    ErrorRule(
        "text",
        r"\bTypeError: (?:Failed to fetch|NetworkError when attempting to fetch|Load failed|Network request failed"
        r"|fetch failed|cancelled$)|\bFailed to fetch dynamically imported module\b",
        "NetworkError",
        "TypeError: Failed to fetch",
    ),
    ErrorRule("class", r"^(?:ETIMEDOUT|ETIMEOUT|ESOCKETTIMEDOUT)$", "TimeoutError", "ETIMEDOUT"),
    ErrorRule(
        "class",
        r"^(?:ECONN|ENOTFOUND|EAI_|EHOST|ENET|EPIPE|EADDR|ENOTCONN|EPROTO|EISCONN|ERESOLVE|EDESTADDR)",
        "NetworkError",
        "ECONNREFUSED",
    ),
    ErrorRule("class", r"^(?:EACCES|EPERM|E40[13]|EOTP|ENEEDAUTH)$", "AuthenticationError", "EACCES"),
    ErrorRule("class", r"^(?:errno|os error) -?(?:1|13)$", "AuthenticationError", "errno 13"),
    ErrorRule("class", r"^(?:errno|os error) -?(?:60|110|10060)$", "TimeoutError", "errno 110"),
    ErrorRule(
        "class",
        r"^(?:errno|os error) -?(?:32|54|61|9[89]|10[0-9]|11[1-3]|1004[89]|1005[0-9]|10061|10065|1100[1-4])$",
        "NetworkError",
        "errno 111",
    ),
    ErrorRule("class", r"^PGRST(?:30[0-9])$", "AuthenticationError", "PGRST301"),
    ErrorRule("class", r"^PGRST003$", "TimeoutError", "PGRST003"),
    ErrorRule("class", r"^PGRST[0-9A-Z]{3}$", "DatabaseError", "PGRST116"),
    ErrorRule("class", r"^SQLSTATE 28", "AuthenticationError", "SQLSTATE 28P01"),
    ErrorRule("class", r"^(?:MySQL 1045|ORA-01017|ORA-28000|ORA-01031)", "AuthenticationError", "ORA-01017"),
    ErrorRule("class", r"^TNS-12535|^ORA-12170", "TimeoutError", "ORA-12170"),
    ErrorRule("class", r"^(?:SQLSTATE |ORA-|TNS-|PLS-|MySQL |SQL[0-9]|DPI-|DPY-)", "DatabaseError", "SQLSTATE 23505"),
    # 2. Exception classes by their last word.
    ErrorRule(
        "class",
        r"(?i)(?:auth(?:n|z|enticat\w*|enticity\w*|ori[sz]ation\w*)?|credential\w*|accessdenied\w*|permission\w*"
        r"|unauthori[sz]ed\w*|forbidden\w*|login\w*|token(?:expired|invalid)\w*|jwt\w*|jsonwebtoken\w*"
        r"|expiredsignature\w*|security\w*)(?:exception|error|denied|failure)?$",
        "AuthenticationError",
        "AccessDeniedException",
    ),
    ErrorRule(
        "class", r"(?i)(?:time-?d?-?out|deadlineexceeded)\w*$", "TimeoutError", "java.net.SocketTimeoutException"
    ),
    ErrorRule(
        "class",
        r"(?i)(?:sql|psycopg|sqlite|mysql|mongo|redis|jdbc|hibernate|activerecord|sequelize|prisma"
        r"|postgres|cassandra|pymysql|dataaccess|dataintegrity|database|springframework\.(?:dao|jdbc)"
        r"|[.]jpa[.]|persistence)",
        "DatabaseError",
        "java.sql.SQLException",
    ),
    ErrorRule(
        "class",
        r"(?i)(?:OperationalError|IntegrityError|ProgrammingError|DeadlockLoser\w*|DuplicateKey\w*"
        r"|ConstraintViolation\w*|UniqueViolation\w*|ForeignKeyViolation|UndefinedTable"
        r"|QueryFailedError)$",
        "DatabaseError",
        "IntegrityError",
    ),
    ErrorRule(
        "class",
        r"(?i)(?:json\w*|xml\w*|yaml\w*|toml\w*|sax\w*|parse\w*|parser\w*|syntax\w*|indentation|tab"
        r"|decode|malformed\w*|unexpectedtoken|numberformat|dateformat|scanner|compil(?:e|ation|er)"
        r"|grammar|lexer|MarkedYAML)(?:exception|error)$",
        "SyntaxError",
        "json.decoder.JSONDecodeError",
    ),
    ErrorRule(
        "class",
        r"(?i)(?:ReferenceError|NameError|UnboundLocalError|ClassNotFound\w*|NoClassDefFound\w*"
        r"|NoSuchMethod\w*|NoSuchField\w*|UnsatisfiedLinkError|ImportError|ModuleNotFoundError"
        r"|MissingMethodException|TypeLoadException|LoadError|UndefinedFunctionError|UndefVarError"
        r"|NoSuchBeanDefinition\w*|ERR_MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED)$",
        "ReferenceError",
        "NameError",
    ),
    ErrorRule(
        "class",
        r"(?i)(?:TypeError|NullPointerException|NullReferenceException|AttributeError"
        r"|ClassCastException|NoMethodError|InvalidCastException|ArgumentNullException"
        r"|ArrayStoreException|NilClass|NullArgument\w*|UnwrapFailed|ERR_INVALID_ARG_TYPE"
        r"|IllegalArgumentTypeException|KotlinNullPointerException"
        r"|UninitializedPropertyAccessException|NoSuchAttributeException)$",
        "TypeError",
        "TypeError",
    ),
    ErrorRule(
        "class",
        r"(?:Assert\w*Error|AssertionFailed\w*|KeyError|IndexError|OutOfBounds\w*|ZeroDivisionError"
        r"|ArithmeticException|RecursionError"
        r"|StackOverflow\w*|OutOfMemory\w*|MemoryError|FileNotFound\w*|FileExists\w*|NoSuchFile\w*"
        r"|NoSuchElement\w*)$",
        "GenericError",
        "AssertionError",
    ),
    # 3. What a generic class, or a network class, leaves open.
    ErrorRule(
        "text",
        r"(?i)\b(?:status(?:[ _]?code)?|HTTP(?:/[0-9.]+)?|HTTP error)[ :=\"]+(?:401|403|407)\b",
        "AuthenticationError",
        "Request failed with status code 401",
    ),
    ErrorRule(
        "text",
        r"(?i)\b(?:status(?:[ _]?code)?|HTTP(?:/[0-9.]+)?|HTTP error)[ :=\"]+(?:408|504)\b",
        "TimeoutError",
        "Request failed with status code 504",
    ),
    ErrorRule(
        "text",
        r"(?i)\bauthentication (?:failure|failed|error)|\bfailed password\b|\binvalid user\b"
        r"|\buser unknown\b|\bpermission denied\b|\baccess (?:is )?denied\b|\bunauthori[sz]ed\b"
        r"|\bforbidden\b|\bnot authori[sz]ed\b|\blogin (?:failed|incorrect|failure)"
        r"|\bbad credentials\b|\binvalid (?:credentials|token|password|api key|login)"
        r"|\btoken (?:has )?expired\b|\bpassword authentication\b|\bcheck pass\b|\bbreak-in attempt\b"
        r"|\bauth(?:entication)? fail|\bwrong password\b|\binvalid signature\b|\bcsrf\b"
        r"|\btoo many authentication\b|\bcouldn't authenticate\b|\bno more user authentication\b"
        r"|\boperation not permitted\b|\b(?:bad|incorrect|wrong) (?:password|credentials)\b|\bwrongpass\b"
        r"|\bfailed (?:\w+ )?(?:login|logon)\b|\bfailed (?:keyboard-interactive|publickey|hostbased|none)\b"
        r"|\blogin attempts?\b|\b(?:no such|unknown|illegal) user\b|\bnot known to the underlying authentication\b"
        r"|\bauthentication .{1,80}\brejected\b|\bpassword (?:does not|doesn't) match\b|\blogon denied\b"
        r"|\bquery .{1,80}\bdenied\b|\bunauthenticated\b|\bnot (?:logged|signed) in\b"
        r"|\b(?:login|authentication) required\b"
        r"|\b(?:must|need to|have to) (?:be logged in|log ?in|sign ?in|authenticate)\b"
        r"|\b(?:access_denied|access_refused|invalid_(?:grant|client|token|scope)|unauthorized_client|login_required"
        r"|insufficient_scope|token_expired)\b"
        r"|\brole [\"'`]?[^\s\"'`]{1,64}[\"'`]? (?:does not exist|is not permitted to log in)"
        r"|\b(?:code|error:?) E40[13]\b|\bAccessDenied\b|\bnot authori[sz]ed\b|\blogin refused\b"
        r"|\bno pg_hba\.conf entry\b|\bincorrect or missing password\b",
        "AuthenticationError",
        "Failed password for root",
    ),
    ErrorRule(
        "text",
        r"(?i)\btim(?:ed|ing|es)[ -]?out\b|\btime-?out\b|\bdeadline (?:exceeded|has elapsed)\b"
        r"|\btook too long\b|\bcontext canceled\b|\bwatchdog\b",
        "TimeoutError",
        "request timed out",
    ),
    ErrorRule(
        "class",
        r"(?i)(?:connect\w*|socket\w*|network\w*|http\w*|ssl\w*|tls\w*|unknownhost\w*|noroutetohost\w*"
        r"|eof|brokenpipe|urlerror|gaierror|fetch\w*|dns\w*|axios\w*|grpc\w*|rpc\w*|remote\w*|url"
        r"|request|bind|channel\w*|transport\w*|unreachable\w*|serviceunavailable"
        r"|protocol)(?:exception|error)?$",
        "NetworkError",
        "ConnectionError",
    ),
    # 4. Wording, most telling first.
    ErrorRule(
        "text",
        r"(?i)(?:^|[^\w./\\-])(?:sql(?:ite|state)?|postgres(?:ql)?|mysqld?|mariadb|mongo(?:db|d|s)?|redis|jdbc)"
        r"(?:[^\w./\\@-]|[.,;-](?:\s|$)|$)"
        r"|(?:^|[^\w./\\-])database(?:[^\w/\\.@-]|[.](?:\s|$)|$)|\bduplicate (?:key|entry)\b"
        r"|\bdeadlock (?:found|detected)\b|\b(?:unique|check|not null|primary key|foreign key|exclusion) constraint\b"
        r"|\bconstraint (?:[^\s]{1,80} )?(?:failed|violat|fails)|\bviolates \S+ constraint\b"
        r"|\b(?:relation|column|table|schema|sequence|extension|tablespace) [\"'`]?[^\s\"'`]{1,80}[\"'`]?"
        r"(?: of relation [^\s]{1,80})? (?:doesn't|does not) exist\b"
        r"|\bno such (?:table|column)\b|\btransaction (?:is |was |has been )?(?:abort|roll|dead|fail|read-?only|log"
        r"|block|time)|\bcurrent transaction\b|\bserializ\w+ (?:failure|access)"
        r"|\bforeign key\b|\bquery failed\b|\block wait\b"
        r"|\btoo many connections\b|\bconnection slots\b|\bunknown column\b|\bpq: |\boperator does not exist\b",
        "DatabaseError",
        "duplicate key value violates",
    ),
    ErrorRule(
        "text",
        r"(?i)\bsyntax ?error\b|\bunexpected (?:token|end of|eof|identifier|character|indent|string"
        r"|number|symbol)|\bparse (?:error|failure)|\bparsing (?:error|failed)|\bfailed to parse\b"
        r"|\bcannot parse\b|\bcould not parse\b|\binvalid (?:json|xml|yaml|syntax|character|escape"
        r"|number)|\bmalformed (?:json|xml|yaml|csv|toml|html|utf|unicode|escape|regular|expression|array"
        r"|input|string|literal)"
        r"|\bnot well-?formed\b|\bunterminated\b|\bexpecting (?:value"
        r"|property name)|\bexpected .{1,20} (?:but )?(?:found|got)\b|\bis not valid json\b"
        r"|\bunmarshal\b|\binvalid utf-?8\b",
        "SyntaxError",
        "Unexpected token < in JSON",
    ),
    ErrorRule(
        "text",
        r"(?i)\bis not defined\b|\bundefined (?:reference|symbol|variable|name|method|local)"
        r"|\bunresolved (?:reference|external|symbol|import)|\bno module named\b"
        r"|\bcannot find (?:module|symbol|name|package|value|function|type|macro|struct|trait|class)"
        r"|\bdoes not exist in the current context\b|\bcould not find (?:or load )?(?:main )?class\b"
        r"|\bclass not found\b|\bmodule not found\b|\bcannot import\b|\bunknown (?:function|identifier"
        r"|symbol|variable)|\bundeclared\b|\bwas not declared\b|\bbefore initialization\b"
        r"|\bundefined: |\bcall to undefined\b|\bcannot open shared object\b|\bsymbol lookup error\b"
        r"|\bcommand not found\b|\bunable to resolve (?:symbol|class|module|name|path to module)\b"
        r"|\bnot in scope\b|\bcannot find .{1,60} in (?:this )?scope\b|\bcan't locate (?:object method|[\w/:]+\.pm)"
        r"|\bunbound (?:value|module|constructor|type constructor)\b|\bis not recognized as (?:the name|an internal)\b",
        "ReferenceError",
        "foo is not defined",
    ),
    ErrorRule(
        "text",
        r"(?i)\bis not a function\b|\bundefined is not\b|\bnull is not\b|\bcannot (?:read|set) propert"
        r"|\bof (?:undefined|null)\b|\bnil pointer\b|\bnull pointer\b|\bnonetype\b"
        r"|\bhas no attribute\b|\bcannot be cast\b|\bunsupported operand\b|\bis not (?:iterable"
        r"|callable|subscriptable|a constructor|an object|a string|assignable)|\bnil:nilclass\b"
        r"|\bundefined method\b|\bnull reference\b|\bobject reference not set\b|\btype mismatch\b"
        r"|\bmismatched types\b|\binvalid memory address\b|\bcannot convert\b|\bincompatible types?\b"
        r"|\bmust be of (?:the )?type\b|\bexpected type\b|\binterface conversion\b|\bon null\b"
        r"|\bon a .?none.? value\b",
        "TypeError",
        "x is not a function",
    ),
    ErrorRule(
        "text",
        r"(?i)\bconnection (?:was )?(?:refused|reset|closed|aborted|lost|broken|dropped|to .{1,40} (?:failed|refused)"
        r"|error|failed|failure)|\bconnect(?:ion)? failed\b|\bbroken pipe\b|\b(?:host|network"
        r"|destination) (?:is )?(?:unreachable|down)\b|\bno route to host\b"
        r"|\bname or service not known\b|\bname resolution\b|\bdns\b|\bsocket\b|\bssl\b|\btls\b"
        r"|\bhandshake\b|\bcertificate\b|\bbad gateway\b|\bservice unavailable\b|\breset by peer\b"
        r"|\bfailed to (?:connect|fetch)\b|\b(?:cannot|could not|couldn't|can't|unable to) (?:connect"
        r"|resolve|reach|open channel)\b|\bnot connected\b|\bunknown host\b|\bgetaddrinfo\b"
        r"|\bdisconnect(?:ed)?\b|\bupstream\b|\bnetwork error\b|\bno such host\b"
        r"|\baddress already in use\b|\bport (?:[0-9]+|<NUM>|<PORT>) (?:is|was) already in use\b"
        r"|\bunexpected eof\b|\bi/o error while (?:reading|writing)\b"
        r"|\bremote (?:host|end)\b|\bconnection broken\b|\bHTTP (?:error|status) ",
        "NetworkError",
        "Connection refused",
    ),
)


_RULES = [(rule.field, ascii_pattern(rule.pattern), rule.error_type) for rule in ERROR_RULES]

PATTERNS = tuple(pattern for _, pattern, _ in _RULES)


def error_type(exception_class: pl.Expr, text: pl.Expr | None = None) -> pl.Expr:
    """One of the eight types, never null; by the class alone where there is no text."""
    subject = [exception_class.alias("class"), *([] if text is None else [text.alias("text")])]
    return pl.struct(subject).map_batches(_error_types, return_dtype=pl.String())


def _error_types(subjects: pl.Series) -> pl.Series:
    subject = subjects.struct.unnest()
    columns = {name: ShortColumn(subject[name]) for name in subject.columns}
    answers = [
        pl.when(pl.col(field).str.contains(pattern)).then(pl.lit(error_type))
        for field, pattern, error_type in _RULES
        if field in columns and columns[field].may_contain(pattern)
    ]
    return subject.with_columns(pl.coalesce(*answers, pl.lit("GenericError")).alias("type"))["type"]
