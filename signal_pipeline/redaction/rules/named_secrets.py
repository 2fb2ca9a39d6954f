"""Values hidden because of the name before them: headers, key=value, JSON, XML, multipart, calls."""

from __future__ import annotations

from signal_pipeline.redaction.checks import (
    is_assigned_secret,
    is_named_secret,
    is_quoted_secret,
    looks_random,
)
from signal_pipeline.redaction.rules.kept import NAMED as HARMLESS
from signal_pipeline.redaction.rules.kept import kept
from signal_pipeline.redaction.rules.names import HEADER, KEY, QUOTED, STRONG, TRIGGERS, WEAK
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.rules.shapes import NAMED
from signal_pipeline.redaction.tokens import SECRET

_KEY_END = r"\\*[\"'`\])]{0,2}"
_SEPARATOR = r"\s*(?::=|=>|={1,3}|:{1,2})\s*"
_HEADER_TRIGGERS = (
    *("author", "cookie", "auth", "token", "key", "secret", "session", "csrf", "xsrf"),
    *("signature", "password", "credential", "sec-websocket", "dpop", "cf-access"),
)
# Ends at an escaped line end too: dumps of whole requests are often one line.
_KEPT = kept(HARMLESS)
_LINE = r"(?:[^\r\n\\]|\\[^rn])*"
_BARE = r"[^\s\"'`&;{\[\\<,)\]}=][^\s\"'&;]*"

_ASSIGNED_VALUE = r"(?is)(?:old)?pwd=/[^\s;]*|[^=:]*(?::=|=>|={1,3})\s*(?P<v>.+)"
_COLON_VALUE = r"(?s)[^:]*:{1,2}\s*(?P<v>.+)"
_QUOTED_VALUE = rf"(?is)[^=:]*{_SEPARATOR}[bru]?(?:[\"']{{3}}|[\"'])(?P<v>.+)"

HEADER_RULES = (
    Rule(
        "slice_of_strings",
        rf"(?i)\b(?:{HEADER}|{QUOTED})\\*[\"']?\s*:\s*\[\](?:string|byte|interface ?\{{\}}|any)\{{\s*\\*[\"'](?P<v>[^\"'\\]+)",
        SECRET,
        ('http.Header{"Authorization":[]string{"ab"}}', 'url.Values{"password":[]string{"ab"}}'),
        ('http.Header{"Accept":[]string{"ab"}}',),
        TRIGGERS,
        needs=("{", ":", "\"'"),
    ),
    Rule(
        "header_quoted_line",
        rf"(?is)[\"']{HEADER}\s*:\s*(?P<v>[^\"'\s][^\"']*)",
        SECRET,
        ("curl -H 'Authorization: Bearer abc' https://x", 'add_header("X-Api-Key: 12 34")'),
        ('"authorized: no"',),
        _HEADER_TRIGGERS,
        is_named_secret,
        needs=(
            ":",
            "\"'",
        ),
    ),
    Rule(
        "header_line",
        rf"(?i)\b{HEADER}\s*:\s*(?P<v>[^\s\"'\\{{\[(]{_LINE})",
        SECRET,
        ("Authorization: Digest u=1, r=2", "< set-cookie: a=b; Path=/", "COOKIE: x=1; y=2"),
        ("authorization: failed", "Author: Jane"),
        _HEADER_TRIGGERS,
        is_named_secret,
        needs=(":",),
    ),
    Rule(
        "header_map",
        rf"(?i)\b{HEADER}{_KEY_END}\s*[=:]>?\s*(?P<v>\[[^\]\r\n]*\]?|\([^)\r\n]*\)?|\{{[^}}\r\n]*\}}?)",
        SECRET,
        ("{Cookie=[a=b, c=d], Host=[x]}", '"set-cookie": ["a=b", "c=d"]'),
        ("{Host=[x]}",),
        _HEADER_TRIGGERS,
        needs=(
            ":=",
            "([{",
        ),
    ),
    Rule(
        "header_assigned",
        rf"(?i)\b{HEADER}\s*=\s*(?P<v>[^\s\"'\\{{\[(,}}][^\r\n\"',}}\]]*)",
        SECRET,
        ("{Authorization=Basic YTpi, Host=x}",),
        ("cookie=none",),
        _HEADER_TRIGGERS,
        is_named_secret,
        needs=("=",),
    ),
    Rule(
        "cookie_array",
        r"(?i)\\*[\"']cookies\\*[\"']\s*:\s*(?P<v>\[[^\]]+\]?)",
        SECRET,
        ('"cookies":[{"name":"a","value":"b"}]',),
        ('"cookies":[]',),
        ("cookies",),
        needs=("[",),
    ),
)

VALUE_RULES = (
    Rule(
        "named_pair",
        rf"(?is)(?:name|key|id|header|field|path|type|label|title|kind|property|attribute|column|param(?:eter)?|variable|argument|selector|placeholder|input)\\*[\"']?\s*[:=]\s*\\*[\"']/?(?:{QUOTED}|{HEADER})\\*[\"']"
        rf"[\s,>/]*(?:[a-z]+=\"[^\"]*\"\s*)?\\*[\"']?(?:new_?|old_?|current_?|raw_?|default_?|string_?)?(?:value|val|text|content|answer)\\*[\"']?\s*[:=]\s*\\*[\"'](?P<v>[^\"']*?)(?:\\*[\"']|$)",
        SECRET,
        (
            '{"name":"Cookie","value":"a=b"}',
            '<add key="ApiKey" value="x"/>',
            '{\\"name\\":\\"otp\\",\\"value\\":\\"1\\"}',
        ),
        ('{"name":"Host","value":"x"}',),
        ("val", "text", "content", "answer"),
        is_quoted_secret,
        needs=(
            ":=",
            "\"'",
        ),
    ),
    Rule(
        "named_pair_reversed",
        rf"(?is)\bvalue\\*[\"']?\s*[:=]\s*\\*[\"'](?P<v>[^\"']*?)\\*[\"'][\s,]*\\*[\"']?(?:name"
        rf"|key)\\*[\"']?\s*[:=]\s*"
        rf"\\*[\"'](?:{QUOTED}|{HEADER})\\*[\"']",
        SECRET,
        ('{"value":"abc","name":"Authorization"}',),
        ('{"value":"abc","name":"Accept"}',),
        ("value",),
        is_quoted_secret,
        needs=(
            ":=",
            "\"'",
        ),
    ),
    Rule(
        "named_nested",
        rf"(?is){QUOTED}\\*[\"']\s*:\s*\{{\s*\\*[\"'](?:_?value_?|plain|[_#]?text|secret|data|_cdata|raw|stringvalue|[sn$])\\*[\"']\s*:\s*\\*[\"'](?P<v>[^\"'\\]+)",
        SECRET,
        ('{"password":{"value":"hunter"}}',),
        ('{"name":{"value":"hunter"}}',),
        TRIGGERS,
        is_quoted_secret,
        needs=("{", "\"'"),
        gate=NAMED,
    ),
    Rule(
        "named_double_quoted",
        rf"(?is){QUOTED}{_KEY_END}{_SEPARATOR}[bru]?\"(?:\"\")?(?P<v>(?:[^\"\\]|\\.)+)",
        SECRET,
        ('{"password": "x"}', 'pwd="two words"', '"access_token" => "t"', '"pass":"wrong"', '"token":"un\\"closed'),
        ('"password":""', '"token": "null"', '"tokenizer": "bert"'),
        TRIGGERS,
        is_quoted_secret,
        kept=_KEPT,
        gate=NAMED,
        value=_QUOTED_VALUE,
        needs=(
            '"',
            ":=",
        ),
    ),
    Rule(
        "named_single_quoted",
        rf"(?is){QUOTED}{_KEY_END}{_SEPARATOR}[bru]?'(?:'')?(?P<v>(?:[^'\\]|\\.)+)",
        SECRET,
        ("{'password': 'x y'}", "sid='1'"),
        ("'password': ''",),
        TRIGGERS,
        is_quoted_secret,
        kept=_KEPT,
        gate=NAMED,
        value=_QUOTED_VALUE,
        needs=(
            "'",
            ":=",
        ),
    ),
    Rule(
        "named_escaped",
        rf"(?is){QUOTED}{_KEY_END}{_SEPARATOR}\\+[\"'](?P<v>[^\"']+?)(?:\\+[\"']|[\"']|$)",
        SECRET,
        (r"{\"token\":\"ab\"}", r"\\\"password\\\": \\\"x\\\""),
        (r"{\"token\":null}",),
        TRIGGERS,
        is_quoted_secret,
        gate=NAMED,
        needs=(
            "\\",
            ":=",
            "\"'",
        ),
    ),
    Rule(
        "named_number_or_list",
        rf"(?is){QUOTED}\\*[\"']\s*:\s*(?P<v>-?[0-9][0-9.eE+-]*|\[[^\]]+\]?)",
        SECRET,
        ('{"pin": 1234}', '"tokens": ["a", "b"]'),
        ('"token": null', '"otp": []'),
        TRIGGERS,
        kept=_KEPT,
        gate=NAMED,
        needs=(
            ":",
            "\"'",
        ),
    ),
    Rule(
        "xml_element",
        rf"(?is)<(?:[a-z0-9_]+:)?(?:{QUOTED}|securityToken)(?:\s[^<>]*)?>(?:<!\[CDATA\[)?(?P<v>[^<\]]+)",
        SECRET,
        ("<password>x</password>", '<wsse:Password Type="t">abc</wsse:Password>', "<ApiKey><![CDATA[q]]></ApiKey>"),
        ("<p>token</p>", "<password/>", "<Password></Password>"),
        ("<",),
        is_quoted_secret,
        needs=(
            "<",
            ">",
        ),
    ),
    Rule(
        "xml_entry",
        rf"(?is)<[a-z]+\s[^<>]*(?:key|name|id)=\\*[\"'](?:{QUOTED})\\*[\"'][^<>]*>(?P<v>[^<]+)",
        SECRET,
        ('<entry key="password">x</entry>',),
        ('<entry key="host">x</entry>',),
        ("<",),
        is_quoted_secret,
        needs=(
            "<",
            ">",
            "=",
        ),
    ),
    Rule(
        "multipart_field",
        rf"(?is)\bname=\\*[\"']?(?:{QUOTED}|code|state|key)\\*[\"']?(?:;[^\r\n\\]*)?"
        r"(?:(?:\r?\n|\\+r\\+n|\\+n)[a-z-]+:[^\r\n\\]*)*(?:\s*\r?\n|\\+r\\+n|\\+n){2}(?P<v>[^\r\n\\]+)",
        SECRET,
        ('form-data; name="password"\r\n\r\nabc\r\n--x', r"form-data; name=\"otp\"\r\n\r\n12\r\n--b"),
        ('form-data; name="city"\r\n\r\nabc',),
        ("form-data",),
    ),
    Rule(
        "strong_assigned",
        rf"(?i)\b(?:OLD)?PWD=/[^\s;]*|{STRONG}{_KEY_END}\s*(?::=|=>|={{1,3}})\s*(?P<v>{_BARE}|\{{[^}}\s]*\}}?"
        rf"|\[[^\]\s]+\]?)",
        SECRET,
        ("password=hunter2", "PGPASSWORD = abc", "AWS_SECRET_ACCESS_KEY=a/b+c", "Pwd={a;b};", "pin=12"),
        ("secret=None", "PWD=/var/tmp", "password=***", "password = ", "passwordLength=8"),
        TRIGGERS,
        is_named_secret,
        kept=_KEPT,
        gate=NAMED,
        value=_ASSIGNED_VALUE,
        needs=(":=",),
    ),
    Rule(
        "strong_colon",
        rf"(?i){STRONG}{_KEY_END}(?: is)?\s*:{{1,2}}\s*(?P<v>{_BARE})",
        SECRET,
        ("password: hunter", "pin:77", "client_secret:  Zx"),
        ("password: incorrect", "(using password: YES)", "secret: not found"),
        TRIGGERS,
        is_named_secret,
        kept=_KEPT,
        gate=NAMED,
        value=_COLON_VALUE,
        needs=(":",),
    ),
    Rule(
        "weak_assigned",
        rf"(?i){WEAK}{_KEY_END}\s*(?::=|=>|={{1,3}})\s*(?P<v>{_BARE})",
        SECRET,
        ("token=abc123", "sig=8%2Fd9", "csrfmiddlewaretoken=abcdef", "export TOKEN=abcdef"),
        ("session=closed", "key=value", "tokens=512", "auth=none", "token=Token{a64f992"),
        TRIGGERS,
        is_assigned_secret,
        kept=_KEPT,
        gate=NAMED,
        needs=(":=",),
    ),
    Rule(
        "weak_colon",
        rf"(?i)(?:{WEAK}{_KEY_END}\s*:{{1,2}}|{KEY}{_KEY_END}\s*(?:={{1,3}}|:))\s*(?P<v>{_BARE})",
        SECRET,
        ("X-Session: f00dF00d", "auth: a8s7", "token:abc123", "key=9f86d081"),
        ("token: expired", "auth: failed", "tokens: 5"),
        TRIGGERS,
        looks_random,
        kept=_KEPT,
        gate=NAMED,
        needs=(":=",),
    ),
    Rule(
        "named_tuple",
        rf"(?is)[\[(]\s*b?\\*[\"'](?:{QUOTED}|{HEADER})\\*[\"']\s*,\s*b?\\*[\"'](?P<v>[^\"']+?)\\*[\"']\s*[\])]",
        SECRET,
        ('[["Cookie","a=b"],["Accept","x"]]', "[('Authorization', 'Token ab')]", "[b'authorization', b'ab']"),
        ('["email", "password", "name"]', '["Accept","x"]'),
        TRIGGERS,
        is_quoted_secret,
        needs=(
            ",",
            ")]",
            "\"'",
            "([",
        ),
    ),
    Rule(
        "call_argument",
        rf"(?i){STRONG}\(\s*\\*[\"'](?P<v>[^\"'\\]+)",
        SECRET,
        ('setPassword("abcdef")', ".api_key('x')"),
        ('getParameter("password")',),
        TRIGGERS,
        is_quoted_secret,
        needs=(
            "(",
            "\"'",
        ),
    ),
    Rule(
        "basic_tuple",
        r"(?i)\bauth\s*=\s*\(\s*[\"'][^\"']*[\"']\s*,\s*[\"'](?P<v>[^\"']+)",
        SECRET,
        ("get(url, auth=('bob', 'abc'))",),
        ("auth=('bob',)",),
        ("auth",),
        is_quoted_secret,
        needs=(
            "(",
            "=",
            "\"'",
        ),
    ),
)
