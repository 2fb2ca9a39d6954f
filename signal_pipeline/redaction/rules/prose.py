"""Secrets in sentences and on command lines: "token abc1", `--password x`, `mysql -px`, netrc."""

from __future__ import annotations

from signal_pipeline.redaction.checks import is_named_secret, is_prose_secret
from signal_pipeline.redaction.rules.kept import PROSE, kept
from signal_pipeline.redaction.rules.names import STRONG, TRIGGERS
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.tokens import SECRET

RULES = (
    Rule(
        "prose_code",
        r"(?i)\b(?:otp|pin|passcode|(?:verification|security|confirmation|activation|login|auth[a-z]*"
        r"|one[ -]time)[ _-]?code)"
        r"(?:\s+(?:is|was|of)|:)?\s+[\"']?(?P<v>[0-9]{4,8})\b",
        SECRET,
        ("Invalid OTP 482913 for user", "Your verification code is 482913"),
        ("pin 12 of 48", "status code is 1234"),
        ("otp", "pin", "code"),
    ),
    Rule(
        "command_line",
        rf"(?i)\B-{{1,2}}(?:{STRONG}|token|auth)[ \t]+(?P<v>[^\s\"'-][^\s\"']*|-[^\s\"'-][^\s\"']{{5,}})",
        SECRET,
        ("run --password hunter2 now", "--api-key k1", "--password -x!y2z3w4"),
        ("--password-file", "--token --verbose"),
        TRIGGERS,
        is_named_secret,
        needs=(
            "-",
            "\t ",
        ),
    ),
    Rule(
        "command_line_quoted",
        rf"(?i)\B-{{1,2}}(?:{STRONG}|token|auth)(?:[\"']\s*,\s*|[ \t=]*)[\"'](?P<v>[^\s\"',][^\"']*)",
        SECRET,
        ("--password 'a b'", "['pg_dump', '--password', 'hunter', 'shop']"),
        ("-v 'x'",),
        TRIGGERS,
        is_named_secret,
        needs=(
            "-",
            "\"'",
        ),
    ),
    Rule(
        "user_option",
        r"(?:\B-u|--user|--proxy-user|-U)(?:[\"']\s*,\s*[\"']|[ =]?[\"']?)[^\s:\"'/]+:(?P<v>[^\s\"'/][^\s\"']*)",
        SECRET,
        ("curl -u alice:s3cret https://x", "--user 'bob:pw'", "['curl', '-u', 'bob:pw']"),
        ("-u alice", "sort -u file"),
        ("-u",),
        needs=(
            "-",
            ":",
        ),
    ),
    Rule(
        "mysql_option",
        r"\b(?:(?:mysql|mariadb)[a-z-]*\b[^\r\n|;]*?(?:[ \t]|[ ,]\\*[\"'])-p|sshpass\b[^\r\n"
        r"|;]*?[ \t]-p[ \t]*)[\"']?(?P<v>[^\s\"']+)",
        SECRET,
        ("mysql -u root -ps3cret db", "['mysql', '-u', 'root', '-ps3cret']", "sshpass -p pw ssh h"),
        ("mysql -u root -p db",),
        ("mysql", "mariadb", "sshpass"),
    ),
    Rule(
        "netrc",
        r"(?i)\blogin\s+\S+\s+password\s+(?P<v>\S+)",
        SECRET,
        ("machine h login bob password pw",),
        ("login failed, password wrong",),
        ("login",),
        is_named_secret,
    ),
    Rule(
        "prose_quoted",
        r"(?i)\b(?:pass(?:word|phrase|code|wd)|pwd|secret|api[ _-]?key|otp|pin|access key|token value|credentials?)"
        r"(?:\s+(?:is|was|of|to|value|by|used|given|[a-z]+ing))?\s*:?\s+[\"'`](?P<v>[^\"'`]+)",
        SECRET,
        ("login with password 'hunter two'", 'the API key is "q"'),
        ("password for 'root' is wrong", "missing secret ''"),
        ("pass", "pwd", "secret", "key", "otp", "pin", "token", "credential"),
        is_named_secret,
        kept=kept(PROSE),
        needs=("\"'`",),
    ),
    Rule(
        "prose",
        r"(?i)\b(?:(?:client|app|shared|access|refresh|id|auth|bearer|csrf|xsrf|session|api)[_-])?"
        r"(?:pass(?:word|phrase|code|wd)|pwd|secret|(?:api|access|secret|private)[ _-]key|key|otp|pin|token"
        r"|nonce"
        r"|cookie|session(?: id)?|credentials?|signature|jwt)"
        r"(?:\s+(?:is|was|of|to|value|used|given|id|mismatch|invalid|expired|rejected|refused|revoked|incorrect|not found|[a-z]+ing))?(?:\s*[:=(]\s*"
        r"|\s+)[\"'`(\[]?(?P<v>[A-Za-z0-9_.~+/=!@#$%^*-]{6,})",
        SECRET,
        (
            "rejected token a8f7c2d9e1 for user",
            "password is hunter2022x",
            "client_secret a8f7c2d9e1 is wrong",
            "csrf token mismatch: a8f7c2d9e1",
        ),
        ("token expired", "Unexpected token < in JSON", "password for user", "session closed for user1234"),
        (
            "pass",
            "pwd",
            "secret",
            "key",
            "otp",
            "pin",
            "token",
            "nonce",
            "cookie",
            "session",
            "credential",
            "sign",
            "jwt",
        ),
        is_prose_secret,
        kept=kept(PROSE),
    ),
)
