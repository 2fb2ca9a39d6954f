"""Credentials that their surroundings give away: JWT and kin, Bearer and Basic, URL credentials, key blocks, DSNs."""

from __future__ import annotations

from signal_pipeline.redaction.checks import looks_like_credentials
from signal_pipeline.redaction.rules.rule import BORDER, Rule
from signal_pipeline.redaction.tokens import CRED, JWT, PEM, SECRET, TOKEN
from signal_pipeline.redaction.words import is_expected_secret, is_said

_BODY = r"[A-Za-z0-9+/=\\\s:,.|>\"'*_-]*"


def _not_a_port(value: str) -> bool:
    """`user:pa/ss@` is a credential, `host:80/path@` is not."""
    after = value.partition(":")[2]
    return not after.split("/")[0].isdigit()


KEY_RULES = (
    Rule(
        "private_key_closed",
        r"(?s)-{2,5} ?BEGIN [A-Z0-9 _]{1,60}-{2,5}.*?-{2,5} ?END [A-Z0-9 _]{1,60}(?:-{2,5})?",
        PEM,
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----",),
        ("BEGIN TRANSACTION",),
        ("begin ",),
    ),
    Rule(
        "private_key_unclosed",
        rf"-{{2,5}} ?BEGIN [A-Z0-9 _]{{1,60}}-{{2,5}}{_BODY}",
        PEM,
        ("-----BEGIN PRIVATE KEY-----\\nMIIEvQ\\nabc", "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ---- ab"),
        ("--- begin of dump ---",),
        ("begin ",),
    ),
    Rule(
        "private_key_tail",
        r"(?:[A-Za-z0-9+/=]+(?:\\n|\s)*)?-{5}END [A-Z0-9 ]{0,40}(?:KEY|CERTIFICATE)[A-Z ]*-{0,5}",
        PEM,
        ("Qm9i==\n-----END RSA PRIVATE KEY-----",),
        ("-----END OF LOG",),
        ("-end ",),
    ),
    Rule(
        "age_key",
        r"(?i)AGE-SECRET-KEY-1[0-9A-Z]{8,}",
        PEM,
        ("AGE-SECRET-KEY-1QQQQPPPP",),
        (),
        ("age-secret-key",),
    ),
)
"""Keys of several lines: before all rules that end at a line."""

_EASY_CONNECT = r"(?://)?[A-Za-z0-9.-]+(?::[0-9]{2,5})?/[A-Za-z0-9]"
EASY_CONNECT = rf"[A-Za-z0-9_.$#-]/[^\s@/:\"']{{4,}}@{_EASY_CONNECT}"
"""The gate of the row for databases of Oracle."""

RULES = (
    Rule(
        "jwt",
        rf"{BORDER}(?P<v>ey[A-Z][A-Za-z0-9_-]{{5,}}={{0,2}}(?:\.[A-Za-z0-9_-]*={{0,2}}){{1,4}})",
        JWT,
        ("eyJhbGciOi.eyJzdWIi.c2ln", "x=eyJhbGciOi.eyJzdWIi", "eyJlbmMiOi..aXY.Y3Q.dGFn"),
        ("keyJournal.flush", "eyes.open"),
        ("ey",),
        begins=("eyj",),
        needs=(".",),
    ),
    Rule(
        "jwt_part",
        rf"{BORDER}(?P<v>eyJ[A-Za-z0-9_+/-]{{9,}}={{0,2}})",
        JWT,
        ("cut eyJhbGciOiJIUzI1Ni",),
        ("monkeyJournalWriter", "eyJ short"),
        ("eyj",),
        begins=("eyj",),
    ),
    Rule(
        "paseto",
        r"\bv[1-4]\.(?:local|public)\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?",
        JWT,
        ("v2.local.QAxIpVe-ECVNI1z4", "v4.public.eyJkYXRhIjoi.abc"),
        ("v2.local.net",),
        (".local.", ".public."),
    ),
    Rule(
        "password_hash",
        r"\$2[abxy]?\$[0-9]{2}\$[./A-Za-z0-9]{16,}|\$(?:1|apr1|5|6|7|y|gy)\$(?:[./A-Za-z0-9=]{1,40}\$){1,2}[./A-Za-z0-9]{16,}"
        r"|\$(?:argon2(?:id|i|d)|scrypt|pbkdf2[a-z0-9-]*)\$[A-Za-z0-9./=,$+-]{16,}|\$[PHS]\$[./A-Za-z0-9]{20,}",
        SECRET,
        (
            "$apr1$abcdefgh$abcdefghijklmnopqrstuv",
            "alice:$6$saltsalt$abcdefghijklmnop",
            "$2b$12$abcdefghijklmnopqrstuv",
        ),
        ("costs $1$ each", "MainKt$main$1$invokeSuspend$$inlined$map$1.collect"),
        ("$",),
        needs=("$",),
    ),
    Rule(
        "url_credentials",
        r"[A-Za-z0-9]:(?:\\?/){2}(?P<v>[^\s/?#\"'<>\\]+@)",
        CRED + "@",
        ("postgres://bob:pw@db/x", "https://tok3n@host/", "http://a@b@c", r"redis:\/\/:pw@h"),
        ("https://host/@user", "see http://host a@b"),
        ("://", ":\\/\\/"),
        needs=("@",),
    ),
    Rule(
        "url_credentials_unescaped",
        r"[A-Za-z0-9]://(?P<v>[^\s/?#@:\"'<>\\]*:[^\s@\"'<>]+@)",
        CRED + "@",
        ("amqp://bob:p/w#x@mq/v",),
        ("http://host:80/a@b",),
        ("://",),
        _not_a_port,
        needs=("@",),
    ),
    Rule(
        "dsn_credentials",
        r"(?:^|[\s\"'=(,])(?P<v>[A-Za-z0-9_.-]+:[^\s@/:\"']+@)(?:(?:tcp|udp|unix)\(|[A-Za-z0-9.-]+:[0-9]{2,5}\b)",
        CRED + "@",
        ("dsn root:pw@tcp(127.0.0.1:3306)/db", "bob:pw@host:5432"),
        ("image name:tag@sha256", "from:alice@host"),
        ("@",),
        needs=(
            "@",
            ":",
        ),
    ),
    Rule(
        "oracle_easy_connect",
        rf"(?:^|[\s\"'=(,])[A-Za-z0-9_.$#-]+/(?P<v>[^\s@/:\"']{{4,}}@){_EASY_CONNECT}",
        CRED + "@",
        ("scott/xkqzjwvb@db1:1521/shop", "connect scott/Xk3jq9Lp@//db1/shop"),
        ("origin/main@host/x",),
        ("@",),
        lambda value: is_expected_secret(value.partition("@")[0]),
        needs=("@", "/"),
    ),
    Rule(
        "oracle_thin",
        r"(?i)jdbc:oracle:[a-z0-9]+:(?P<v>[^/\s@]+/[^@\s]+@)",
        CRED + "@",
        ("jdbc:oracle:thin:scott/tiger@db:1521:x",),
        ("jdbc:oracle:thin:@db:1521:x",),
        ("jdbc:oracle",),
    ),
    Rule(
        "sql_identified_by",
        r"(?i)\b(?:identified\s+(?:(?:with\s+\S+\s+)?by|with\s+\S+\s+as)|(?:with"
        r"|set)\s+(?:encrypted\s+)?password)\s+[\"']?(?P<v>[^\s\"';]+)",
        SECRET,
        ("IDENTIFIED BY 'pw'", "ALTER ROLE x WITH PASSWORD 'pw'"),
        ("identified by a", "SET PASSWORD FOR alice"),
        ("identified", "password"),
        lambda value: len(value) > 1 and not is_said(value, by_suffix=False),
    ),
    Rule(
        "scheme_in_prose",
        r"(?i)\b(?:bearer|basic|digest|negotiate|ntlm|apikey|hawk|jwt|oauth|aws4-hmac-sha256)"
        r"[\s:\"'=]{1,3}(?P<v>[A-Za-z0-9._~+/=:-]{6,})",
        TOKEN,
        ("sent Bearer abc123def", "Basic YWxpY2U6aHVudGVy", "NTLM TlRMTVNTUAAB"),
        ("bearer token expired", "Basic authentication failed", "token expired", "Basic Authentication"),
        ("bearer", "basic", "digest", "negotiate", "ntlm", "apikey", "hawk", "jwt", "oauth", "aws4"),
        looks_like_credentials,
    ),
)
