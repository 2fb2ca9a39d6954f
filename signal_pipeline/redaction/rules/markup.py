"""Secrets beside their name in markup and in scripts that drive pages: cells of HTML, labels, bold names of Markdown,
fields that a test fills in.
"""

from __future__ import annotations

from signal_pipeline.redaction.checks import is_quoted_secret
from signal_pipeline.redaction.markup_cells import secrets_of_html_tables, secrets_of_json_rows
from signal_pipeline.redaction.rules.names import HEADER, QUOTED, STEMS, STRONG, TRIGGERS, WEAK
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.rules.spoken import ENGLISH, LATIN
from signal_pipeline.redaction.tokens import SECRET
from signal_pipeline.redaction.words import is_expected_secret, is_said_secret

_NAME = rf"(?:{STRONG}|{WEAK}|{QUOTED}|{ENGLISH}|{LATIN})"
_OPEN = r"(?:<[^<>/][^<>]*>\s*|\\+[nrt]|\s+)"
_CLOSE = r"(?:</[^<>]+>|\\+[nrt]|\s+)"
_STEMS = "|".join(STEMS)

GATE = (
    rf"(?i:(?:{_STEMS})[^<>\r\n]{{0,40}}(?:</[^<>]+>\s*)+:?(?:\\+[nrt]|\s)*<[^<>/]|(?:\*|_|`|<[a-z]+>)(?:{_STEMS})[a-z0-9 _.-]*:?\s*(?:\*|`|_|<)"
    rf"|(?:{_STEMS})[a-z0-9_-]*[\"']?\s+(?:value|content)=[^\"'\s]|<[^<>]*(?:{_STEMS})[^<>]*(?:value|content)=|(?:fill|type|send_?keys|set_?value|set_?text|press_?sequentially|enter)[a-z]*\(\s*[\"']|input password"
    rf"|<t[hdr][\s>]|(?:{_STEMS})[a-z0-9_ -]*\\*[\"']\s*[,\]].*\[\s*\\*[\"'0-9]|(?:{_STEMS})[a-z0-9_-]*\\*[\"']?\s*:?\s*(?:reg_[a-z]+|!!?[a-z]|&[a-z])\s*[^\s])"
)
"""Every row below."""

RULES = (
    Rule(
        "html_table",
        r"(?is)(?P<v>.*<t[hd][\s>].*)",
        SECRET,
        ("<table><tr><th>user</th><th>password</th></tr><tr><td>alice</td><td>hunter</td></tr></table>",),
        ("<table><tr><th>user</th><th>age</th></tr><tr><td>alice</td><td>31</td></tr></table>",),
        ("<th", "<td"),
        parts=secrets_of_html_tables,
        value=r"(?s)(?P<v>.+)",
        gate=GATE,
        needs=("<",),
    ),
    Rule(
        "json_rows",
        rf"(?is)(?P<v>.*\[[^\[\]]*\\*[\"'](?:{_NAME})\\*[\"'][^\[\]]*\].*\[.*)",
        SECRET,
        ('{"columns":["user","password"],"rows":[["alice","hunter"]]}', '[["user","password"],["alice","hunter"]]'),
        ('{"required":["user","password"],"properties":["a"]}',),
        TRIGGERS,
        parts=secrets_of_json_rows,
        value=r"(?s)(?P<v>.+)",
        gate=GATE,
        needs=("[", "\"'", "]"),
    ),
    Rule(
        "html_cell",
        rf"(?is)<(?:td|th|dt|name|key|property|label|stringProp|var|param)\b[^<>]*>\s*(?:<[^<>/][^<>]*>\s*)?(?:{_NAME})\s*:?\s*{_CLOSE}+"
        rf"(?:<(?:td|dd|th|value|string|stringProp|val|span|code|b|pre|kbd)\b[^<>]*>\s*){{1,3}}(?P<v>[^<\s][^<\\]*)",
        SECRET,
        (
            "<tr><td>Password</td><td>hunter</td></tr>", "<dt>Password</dt><dd>hunter</dd>", "<label>Password</label><span>hunter</span>",
            "<th>API key:</th><td><code>hunter</code></td>", "<name>db.password</name><value>hunter</value>", "<td>password</td>\n<td>hunter</td>",
        ),
        ("<td>password</td><td>required</td>", "<th>Password</th><th>Role</th>", "<label>Password</label><input type=password>"),
        TRIGGERS,
        lambda value: " " not in value.strip() and (is_expected_secret(value) or (value.islower() and is_said_secret(value))),
        gate=GATE,
        needs=("<", ">"),
    ),
    Rule(
        "marked_name",
        rf"(?is)(?:\*{{1,3}}|__|`|<(?:b|strong|em|i|u|code|span|p|li)\b[^<>]*>)(?:{_NAME})\s*(?::\s*(?:\*{{1,3}}|__|`|</[^<>]+>)+|(?:\*{{1,3}}|__|`|</[^<>]+>)+\s*(?::|=)|:\s*(?:`|\*{{1,2}}|<[^<>/][^<>]*>))\s*"
        r"(?:`|\*{1,2}|<[^<>/][^<>]*>\s*)*(?P<v>[^\s<>`*\\]{3,})",
        SECRET,
        ("**Password:** hunter", "*Password*: hunter", "<b>Password:</b> hunter", "<li>password: <em>hunter</em>", "**Password**: `hunter`"),
        ("**Password:** required", "<b>Password:</b> wrong"),
        TRIGGERS,
        is_said_secret,
        gate=GATE,
        needs=("*_`<",),
    ),
    Rule(
        "html_attribute",
        rf"(?is)<[^<>]*\b(?:name|id|property|key)=\\*[\"']?(?:{QUOTED}|{HEADER})\\*[\"']?\s[^<>]*?\b(?:value|content)=\\*[\"']?(?P<v>[^\s\"'<>\\]+)",
        SECRET,
        ("<input type=hidden name=csrf_token value=hunter>", '<meta name="csrf-token" content="hunter" />'),
        ('<meta name="viewport" content="width">', '<input type="password" name="pw" value="">'),
        TRIGGERS,
        is_quoted_secret,
        gate=GATE,
        needs=("<", "="),
    ),
    Rule(
        "filled_field",
        rf"(?i)[\"'#\[(=][^\"'\r\n]{{0,40}}?(?:{STRONG})[^\"'\r\n]{{0,20}}[\"'][\])]*\s*[.,]?\s*(?:(?:clear_?and_?)?(?:fill|type|send_?keys|set_?value|set_?text|press_?sequentially|input|enter)[a-z_]*\(\s*)\\*[\"'](?P<v>[^\"'\\]+)",
        SECRET,
        (
            "getByLabel('Password').fill('hunter')", "cy.get('#password').type('hunter')", 'findElement(By.id("password")).sendKeys("hunter")',
            "$('input[name=password]').setValue('hunter')",
        ),
        ("cy.get('#email').type('x')",),
        TRIGGERS,
        is_quoted_secret,
        gate=GATE,
        needs=("(", "\"'"),
    ),
    Rule(
        "robot_password",
        r"(?i)\binput password(?:\s{2,}|\t)\s*[^\s]+(?:\s{2,}|\t)\s*(?P<v>[^\s]+)",
        SECRET,
        ("Input Password    id=field    hunter",),
        ("Input Password is missing",),
        ("input password",),
        gate=GATE,
    ),
    Rule(
        "tagged_value",
        rf"(?i)(?:^|[^A-Za-z0-9_])(?:{STRONG}|{WEAK})\\*[\"']?\s*(?::\s*(?:!!?[a-z/]+|&[a-z0-9_]+)|\s+REG_[A-Z_]+)\s+\\*[\"']?(?P<v>[^\s\"'\\]+)",
        SECRET,
        ("token: !!str hunter", "password: &pw hunter", "DefaultPassword REG_SZ hunter"),
        ("name: &pw hunter", "name: !!str x"),
        TRIGGERS,
        is_quoted_secret,
        gate=GATE,
        needs=(":_",),
    ),
)  # fmt: skip
