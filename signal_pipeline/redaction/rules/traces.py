"""Arguments of calls in stack traces and in messages about calls: they stand without a name."""

from __future__ import annotations

from signal_pipeline.redaction.parts import quoted_arguments
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.tokens import VALUE

_CALLS = (
    r"(?:[a-z0-9_]*(?:log_?in|log_?on|sign_?in|sign_?up|authenticat|authoriz|credential|passw|bind|connect|verify|check_?pass"
    r"|change_?pass|reset_?pass|unlock|decrypt|encrypt|compare_?pass|hash_?pass|crypt|register|create_?user|add_?user|auth)[a-z0-9_]*)"
)
GATE = (
    r"(?i:#[0-9]+ [^\r\n]*\([^\r\n]*(?:[\"']|<<)|^PHP\s|\bPHP\s+[0-9]+\.\s"
    rf"|{_CALLS}(?:/?[0-9]*\s*\([^()\r\n]*(?:[\"']|<<)|'?\s*,\s*\[|\s+\\*\")|\bargs:|\barguments:|function_clause|badarg|undef,\[)"
)
"""Every row below."""

RULES = (
    Rule(
        "php_frame",
        r"(?m)#[0-9]+ (?:[^\r\n(]*\([0-9]+\): |\[internal function\]: |\{main\}|[^\r\n(]*?)[A-Za-z_0-9\\:>{}$-]*\((?P<v>[^\r\n]*)\)",
        VALUE,
        ("#0 /var/www/a.php(3): Auth->login('bob', 'hunter')", "#1 [internal function]: PDO->__construct('mysql:x', 'root', 'pw')"),
        ("#0 /var/www/a.php(3): run(3, Object(App))", "#3 0x4005 in main (argc=1) at x.c:3"),
        ("#",),
        parts=quoted_arguments,
        gate=GATE,
        needs=('#', '(', ')',),
    ),
    Rule(
        "php_xdebug_frame",
        r"(?m)PHP\s+[0-9]+\. [A-Za-z_0-9\\:>{}$-]*\((?P<v>[^\r\n]*)\)",
        VALUE,
        ("PHP   4. App->check($user = 'bob', $pw = 'hunter') /x.php:9",),
        ("PHP   1. {main}() /x.php:0",),
        ("php",),
        parts=quoted_arguments,
        gate=GATE,
        needs=('.', '(', ')',),
    ),
    Rule(
        "credential_call",
        rf"(?i)\b{_CALLS}/?[0-9]*\s*\((?P<v>[^()\r\n]*)",
        VALUE,
        ("login('bob', 'hunter')", 'authenticate("bob", "hunter") failed', "connect('db1', 'root', 'hunter') takes 2"),
        ("login(user, pw)", "connect(3)"),
        ("log", "sign", "auth", "cred", "passw", "bind", "connect", "verify", "pass", "unlock", "crypt", "regist", "user"),
        parts=quoted_arguments,
        gate=GATE,
        needs=('(',),
    ),
    Rule(
        "lisp_call",
        rf"(?i)\(\s*{_CALLS}\s+(?P<v>\\*\"[^()\r\n]*)",
        VALUE,
        ('(login "bob" "hunter")',),
        ("(login bob)",),
        ("log", "sign", "auth", "cred", "passw", "bind", "connect", "verify", "pass", "unlock", "crypt", "regist", "user"),
        parts=quoted_arguments,
        gate=GATE,
        needs=('(', '"',),
    ),
    Rule(
        "erlang_frame",
        rf"(?i)\{{\s*[a-z0-9_']+\s*,\s*'?{_CALLS}'?\s*,\s*\[(?P<v>[^\r\n]*?)\]\s*,\s*\[",
        VALUE,
        ('{function_clause,[{auth,login,["bob","hunter"],[{line,3}]}]}',),
        ("{auth,login,2,[{line,3}]}",),
        ("log", "sign", "auth", "cred", "passw", "bind", "connect", "verify", "pass", "unlock", "crypt", "regist", "user"),
        parts=quoted_arguments,
        gate=GATE,
        needs=('[', '{', ']',),
    ),
    Rule(
        "task_arguments",
        r"(?i)\bargs:\s*(?P<v>[\[(][^\r\n]*?[\])])\s*,?\s*(?:kwargs|keywords)\b",
        VALUE,
        ("Task shop.login[41d2] args: ['bob', 'hunter'] kwargs: {}",),
        ("args: none",),
        ("args:",),
        gate=GATE,
        needs=(')]', '([',),
    ),
    Rule(
        "named_call_arguments",
        rf"(?i)\bargs:\s*(?P<v>[\[(][^\r\n\])]*[\])])[^\r\n]*?(?:method|function|call|action|operation)[:=]\s*{_CALLS}",
        VALUE,
        ("Args: [bob, hunter] Method: signIn",),
        ("Args: [3] Method: show",),
        ("args",),
        gate=GATE,
        needs=(')]', '([',),
    ),
)  # fmt: skip
