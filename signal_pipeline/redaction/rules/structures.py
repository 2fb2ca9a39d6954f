"""Secrets under a name in ways of writing that are neither `name=value` nor JSON: YAML blocks, terms of Erlang and Lisp,
Rust and Swift wrappers, XML around XML, lines that go on below.
"""

from __future__ import annotations

from signal_pipeline.redaction.checks import is_named_secret, is_quoted_secret
from signal_pipeline.redaction.manifests import values_of_secrets
from signal_pipeline.redaction.rules.kept import NAMED, kept
from signal_pipeline.redaction.rules.names import QUOTED, STEMS, STRONG, TRIGGERS, WEAK
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.rules.spoken import ENGLISH, LATIN, OTHER, OTHER_GATE, WORD_TRIGGERS
from signal_pipeline.redaction.table_cells import is_separated_secret, secret_cells
from signal_pipeline.redaction.tokens import SECRET, TOKEN, VALUE
from signal_pipeline.redaction.words import is_expected_secret, is_said_secret

_NAME = rf"(?:{STRONG}|{WEAK}|{QUOTED})"
_NEWLINE = r"(?:[ \t]*\\?\r?\n|[ \t]*\\+n|[ \t]*\\+r\\+n)"
_HEREDOC = r"<<[-~]?[ \t]*\\*[\"']?[A-Za-z_]+\\*[\"']?"
_BINARY = r"(?:<<)?\\*[\"']?"
_BINARY_END = r"\\*[\"']?(?:>>)?"

GATE = (
    r"(?i:\bvariable\s+\\*\"|[|>][+-]?[0-9]?[ \t]*(?:\r?\n|\\n)|value\\*[\"']?\s*:\s*[^\s]|\{\s*(?:<<)?\\*[\"']?[a-z_]+\\*[\"']?(?:>>)?\s*,|(?:=>|:=)\s*(?:<<)?\\*[\"']"
    r"|[:=]\s*(?:[|>][+-]?[0-9]?|\\)\s+[^\s]|<<[-~\"'0-9a-z]|\s\.\s\\*[\"']|[:=]>?\s*[a-z]+\s*[(\[{](?:[0-9]+\)\s*|\s*)\\*[\"']|[\"']\s*\|\s*[\"']|>\s*<[^<>]*>[^<>\s]|<[^<>]*(?:attributevalue|nameid)|\\?\r?\n"
    rf"|(?:{'|'.join(STEMS)})[a-z0-9_.\x{{f1}}-]*(?: [a-z0-9_.-]+)?\\*[\"']?(?:\t| {{4}})"
    r"|:[a-z_-]+\s+\\*[\"']|;s:[0-9]+:|[\"']\s*(?:->|=>)\s*\\*[\"']|[a-z0-9_]\s*[?+]=|[a-z0-9_]<[^<>\s]{6,}>)|\\n"
)
"""Every row below."""


def _cell(words: str) -> str:
    """A cell of a table that holds nothing but such a name."""
    around = r"[ \\\"'`*]*"
    return (
        rf"(?i)(?:(?:^|[\n;,|\t│┃┆║^]|  |\\[nrt]){around}(?:{words}){around}(?:[;,|\t│┃┆║^]|  |\r?\n|\\+[nrt])"
        rf"|:(?:{words})(?::|\r?\n|\\+[nr]))"
    )


RULES = (
    Rule(
        "table_cell",
        rf"(?s)(?P<v>.*(?:{_cell(f'{_NAME}|{ENGLISH}|{LATIN}')}).*)",
        SECRET,
        (
            "user;password\nalice;hunter", "id\tpasswd\n7\thunter", '"login","token"\n"alice","Xk3jq9Lp"', "| password | xkqzjwvb |",
            "| user | password |\n|------|----------|\n| alice | hunter |", " user | password \n------+---\n a | hunter",
            "NAME  SECRET  AGE\nweb  hunter  3d", "user:passwd:role\nalice:hunter:admin", "name,hasło\nalice,hunter",
        ),
        ("email,password,name", "| password | string |", "NAME  SECRETS  AGE\ndefault  1  3d", "user;password\nalice;none", "| key | value |\n|---|---|\n| a | b |"),
        (*TRIGGERS, *WORD_TRIGGERS),
        parts=secret_cells,
        value=r"(?s)(?P<v>.+)",
        needs=(";,|\t\n\\:\x80^ ",),
    ),
    Rule(
        "separated_value",
        rf"(?i)(?:^|[^A-Za-z0-9_.-])(?:{STRONG})\\*[\"']?;(?P<v>[^\s;,\"'()\[\]{{}}=]{{6,}})",
        SECRET,
        ("password;xkqzjwvb", "password;Xk3jq9Lp"),
        ("password;address2", "password;username;firstname", "password;charset=utf8"),
        TRIGGERS,
        is_separated_secret,
        needs=(";",),
    ),
    Rule(
        "table_cell_other",
        rf"(?s)(?P<v>.*(?:{_cell(OTHER)}).*)",
        SECRET,
        ("имя;пароль\nалиса;hunter", "| 密码 | xkqzjwvb |"),
        ("имя;пароль\nалиса;null",),
        parts=secret_cells,
        value=r"(?s)(?P<v>.+)",
        gate=OTHER_GATE,
    ),
    Rule(
        "manifest_secret",
        r"(?is)(?P<v>.*(?:\bkind\\*[\"']?\s*:\s*\\*[\"']?secret\b.*\b(?:string)?data\b|\b(?:string)?data\b.*\bkind\\*[\"']?\s*:\s*\\*[\"']?secret\b).*)",
        SECRET,
        ("kind: Secret\nstringData:\n  db: hunter\ntype: Opaque", '{"kind":"Secret","data":{"db":"aHVudGVyMg"}}'),
        ("kind: SecretList\ndata:\n  db: x", "kind: ConfigMap\ndata:\n  db: x"),
        ("secret",),
        parts=values_of_secrets,
        value=r"(?s)(?P<v>.+)",
        needs=(":",),
    ),
    Rule(
        "yaml_block",
        rf"(?i)(?:^|[^A-Za-z0-9_]){_NAME}\\*[\"']?\s*:\s*(?:![A-Za-z0-9_!-]+[ \t]+)?[|>][+-]?[0-9]?[ \t]*(?:\r?\n|\\+r?\\*n)"
        r"(?P<v>(?:[ \t]+[^\r\n\\]+)(?:(?:\r?\n|\\+n)[ \t]+[^\r\n\\]+)*)",
        SECRET,
        ("password: |\n  hunter\nuser: x", "db_password: >-\n    hunter"),
        ("description: |\n  text",),
        TRIGGERS,
        gate=GATE,
        needs=(':', '>|', '\n\\',),
    ),
    Rule(
        "folded_block",
        rf"(?i)(?:^|[^A-Za-z0-9_]){_NAME}\\*[\"']?\s*[:=]\s*(?:(?:bearer|basic)\s*)?(?:[|>][+-]?[0-9]?|\\|\$\(cat\s+{_HEREDOC}|{_HEREDOC})\s+(?P<v>[^\s\"']{{3,}}(?:\s+[^\s:\"']{{6,}})?)",
        SECRET,
        ("password: | hunter user: x", "password=\\ hunter", "PASSWORD=$(cat <<EOF hunter EOF )"),
        ("description: | text",),
        TRIGGERS,
        gate=GATE,
        needs=(":=",),
    ),
    Rule(
        "yaml_environment",
        rf"(?i)\bname\\*[\"']?\s*:\s*\\*[\"']?(?:[a-z0-9_.-]*_)?{_NAME}\\*[\"']?\s*,?(?:\s|\\+n)\s*\\*[\"']?value\\*[\"']?\s*:\s*\\*[\"']?(?P<v>[^\s\"'\\,}}]+)",
        SECRET,
        ("- name: DB_PASSWORD\n  value: hunter", "name: API_TOKEN, value: hunter"),
        ("- name: DB_HOST\n  value: db1",),
        ("value",),
        is_quoted_secret,
        gate=GATE,
    ),
    Rule(
        "erlang_term",
        rf"(?i)(?:\{{\s*{_BINARY}{_NAME}{_BINARY_END}\s*,|[{{,\[(\s]{_BINARY}{_NAME}{_BINARY_END}\s*(?:=>|:=))\s*(?:<<\\*[\"']|\\*[\"'])(?P<v>[^\"'\\]+)\\*[\"'](?:>>)?\s*[}}\],)]",
        SECRET,
        ('{password,"hunter"}', '{<<"token">>,<<"hunter">>}', '#{password => <<"hunter">>, a => 1}', "{secret,'hunter'}", '#{<<"token">> := <<"hunter">>}'),
        ('["email", "password", "name"]',),
        TRIGGERS,
        is_quoted_secret,
        gate=GATE,
        needs=("\"'", "={:", "),]}"),
    ),
    Rule(
        "erlang_binary",
        rf"(?i){_NAME}{_BINARY_END}\s*(?:,|=>|=|:)\s*<<(?P<v>[^>]+)",
        SECRET,
        ('password => <<"hunter">>', "{password,<<104,117,110,116>>}"),
        ("name => <<1>>",),
        TRIGGERS,
        gate=GATE,
        needs=('<',),
    ),
    Rule(
        "erlang_connection",
        r"(?i)amqp_params_(?:network|direct)\s*,\s*(?:<<)?[^,]{0,200},\s*(?:<<)?\\*[\"'](?P<v>[^\"'\\]+)\\*[\"']",
        SECRET,
        ('{amqp_params_network,<<"alice">>,<<"hunter">>,<<"/">>,"10.0.0.1"}',),
        ('{amqp_params_network,<<"alice">>,none,<<>>}',),
        ("amqp_params",),
        gate=GATE,
        needs=("\"'", ","),
    ),
    Rule(
        "erlang_credentials",
        r"(?i)\{\s*(?:<<)?\\*[\"']?(?:auth|basic_auth|credentials?|login|userpass|user_pass)\\*[\"']?(?:>>)?\s*,\s*\{(?P<v>[^{}]+)\}",
        SECRET,
        ('{auth,{"alice","hunter"}}',),
        ("{auth,{}}",),
        ("auth", "cred", "login", "user"),
        gate=GATE,
        needs=('{', '}',),
    ),
    Rule(
        "lisp_pair",
        rf"(?i)(?:\(\s*\\*[\"']?{_NAME}\\*[\"']?\s+\.\s+|:{_NAME}\s+)\\*[\"'](?P<v>[^\"'\\]+)",
        SECRET,
        ('(password . "hunter")', '("password" . "hunter")', '{:user "a" :password "hunter"}'),
        ('(name . "x")',),
        TRIGGERS,
        is_quoted_secret,
        gate=GATE,
        needs=('(:', '"\'',),
    ),
    Rule(
        "wrapped_value",
        rf"(?i){_NAME}\\*[\"']?\s*[:=]>?\s*(?:Some|Ok|Just|[A-Za-z]*Secret[A-Za-z]*|Optional|Option|String|Right|Value|Redacted|[A-Za-z]*(?:Sensitive|Password|Protected)[A-Za-z]*|Token)"
        r"\s*[(\[{]\s*\\*[\"']?(?P<v>[^\"')\]}\\]+)",
        SECRET,
        ('password: Some("hunter")', 'token=Optional["hunter"]'),
        ("password: None",),
        TRIGGERS,
        is_named_secret,
        gate=GATE,
        needs=(':=', '([{',),
    ),
    Rule(
        "default_of_a_variable",
        rf"(?i)\bvariable\s+\\*\"(?:{QUOTED})\\*\"\s*\{{[^{{}}]*?\bdefault\s*=\s*\\*\"(?P<v>[^\"\\]+)",
        SECRET,
        ('variable "db_password" { type = string\n default = "hunter" }',),
        ('variable "name" { default = "x" }',),
        ("variable",),
        is_quoted_secret,
        needs=("{", "=", '"'),
    ),
    Rule(
        "typed_value",
        rf"(?i){_NAME}\\*[\"']?\]?\s*(?:=>|[:=])\s*(?:string|str|varchar|char|text)\([0-9]+\)\s*\\*[\"'](?P<v>[^\"'\\]+)",
        SECRET,
        ('array(1) { ["password"]=> string(6) "hunter" }',),
        ('["name"]=> string(1) "x"',),
        TRIGGERS,
        is_quoted_secret,
        gate=GATE,
        needs=(':=', '(', '"\'',),
    ),
    Rule(
        "indexed_value",
        rf"(?i){STRONG}\\*[\"']?\]?(?:\[[0-9a-z_'\"]*\])+\s*=\s*\\*[\"']?(?P<v>[^\s\"'\\&]+)",
        SECRET,
        ("password[0]=hunter", "login['password']['new']='hunter'"),
        ("password[0]=None",),
        TRIGGERS,
        is_named_secret,
        needs=('[', '=',),
    ),
    Rule(
        "tabbed_value",
        rf"(?i)(?:^|[^A-Za-z0-9_]){STRONG}\\*[\"']?(?:\t+| {{4,}})\\*[\"']?(?P<v>[^\s\"'\\]{{3,}})",
        SECRET,
        ("password\thunter", "passwd     hunter"),
        ("password\tis missing",),
        TRIGGERS,
        is_said_secret,
        kept=kept(NAMED),
        gate=GATE,
        needs=('\t ',),
    ),
    Rule(
        "changed_value",
        rf"(?i){_NAME}\\*[\"']?\s*[:=]\s*\\*[\"'][^\"'\r\n]*[\"']\s*(?:->|=>)\s*\\*[\"'](?P<v>[^\"'\\]+)",
        SECRET,
        ('~ password = "x" -> "hunter"', 'token: "old" => "hunter"'),
        ('~ name = "x" -> "y"',),
        TRIGGERS,
        is_quoted_secret,
        gate=GATE,
        needs=("-=", "\"'", ":="),
    ),
    Rule(
        "default_value",
        rf"(?i)(?:^|[^A-Za-z0-9_]){STRONG}\s*[?+]=\s*\\*[\"']?(?P<v>[^\s\"'\\]+)",
        SECRET,
        ("DB_PASSWORD ?= hunter", "password += 'hunter'"),
        ("DB_HOST ?= x", "password += None"),
        TRIGGERS,
        is_named_secret,
        gate=GATE,
        needs=("=", "?+"),
    ),
    Rule(
        "generic_value",
        rf"(?i)(?:^|[^A-Za-z0-9_])(?:{STRONG})<(?P<v>[^<>\s]{{6,}})>",
        SECRET,
        ("password<xkqzjwvb>",),
        ("Password<String>", "Secret<Vec<u8>>"),
        TRIGGERS,
        is_expected_secret,
        gate=GATE,
        needs=("<", ">"),
    ),
    Rule(
        "printed_vector",
        rf"(?i)\${_NAME}(?:\r?\n|\\+n)\s*\[1\]\s*\\*[\"']?(?P<v>[^\s\"'\\]+)",
        SECRET,
        ('$password\n[1] "hunter"',),
        ('$name\n[1] "x"',),
        TRIGGERS,
        gate=GATE,
        needs=("[", "$"),
    ),
    Rule(
        "barred_value",
        rf"(?i)\\*[\"']{_NAME}\\*[\"']\s*\|\s*\\*[\"'](?P<v>[^\"'\\]+)",
        SECRET,
        ('"password"|"hunter"',),
        ('"name"|"x"',),
        TRIGGERS,
        is_quoted_secret,
        gate=GATE,
        needs=('|', '"\'',),
    ),
    Rule(
        "php_serialized",
        rf"(?i)s:[0-9]+:\\*\"{_NAME}\\*\";s:[0-9]+:\\*\"(?P<v>[^\"\\]+)",
        SECRET,
        ('s:8:"password";s:6:"hunter";',),
        ('s:4:"name";s:1:"x";',),
        TRIGGERS,
        gate=GATE,
        needs=('"', ';', ':',),
    ),
    Rule(
        "xml_nested",
        rf"(?is)(?:name|key|id)=\\*[\"'][^\"'<>]*?{_NAME}\\*[\"'][^<>]*>\s*<[^<>/]+>(?:<!\[CDATA\[)?(?P<v>[^<\]]+)",
        SECRET,
        ('<setting name="Password"><value>hunter</value></setting>',),
        ('<setting name="Host"><value>db1</value></setting>',),
        TRIGGERS,
        gate=GATE,
        needs=('<', '=', '"\'',),
    ),
    Rule(
        "saml_value",
        r"(?is)<(?:[a-z0-9_]+:)?(?:AttributeValue|NameID|SessionIndex|BaseID|SubjectID)(?:\s[^<>]*)?>(?P<v>[^<]+)",
        VALUE,
        ("<saml:AttributeValue>hunter</saml:AttributeValue>", '<saml:NameID Format="x">hunter</saml:NameID>'),
        ("<saml:AttributeValue/>",),
        ("attributevalue", "nameid", "sessionindex", "baseid", "subjectid"),
        gate=GATE,
        needs=('<',),
    ),
    Rule(
        "plist_pair",
        rf"(?is)<key>\s*[^<]*?{_NAME}\s*</key>\s*<(?:string|data)>(?P<v>[^<]+)",
        SECRET,
        ("<key>password</key><string>hunter</string>",),
        ("<key>name</key><string>x</string>",),
        ("<key>",),
        gate=GATE,
    ),
    Rule(
        "continued_value",
        rf"(?i)(?:^|[^A-Za-z0-9_]){_NAME}\\*[\"']?\s*(?:(?::=|[:=])[ \t]*(?:bearer|basic|token|\\*[\"'`]{{1,3}}|\$\(cat[ \t]+{_HEREDOC}|{_HEREDOC})?|{_HEREDOC}){_NEWLINE}\s*(?:[|>]\s*)?\\*[\"']?(?P<v>[^\s\"'\\,;:={{}}]{{3,}})",
        SECRET,
        ("password=\\\nhunter", "passwd:\nhunter", "password = \'\'\'\nhunter", "password=$(cat <<EOF\nhunter\nEOF", "Authorization: Bearer \\\n hunter"),
        ("token:\n  - a: 1",),
        TRIGGERS,
        is_said_secret,
        gate=GATE,
        needs=(':=<', '\n\\',),
    ),
    Rule(
        "continued_token",
        rf"(?i)\b(?:bearer|basic|negotiate|token)(?:\s*\\)?{_NEWLINE}\s*\\*[\"']?(?P<v>[A-Za-z0-9._~+/=-]{{8,}})",
        TOKEN,
        ("sent Bearer \\\n  Xk3jq9LpXk3jq9Lp",),
        ("bearer\nof bad news",),
        ("bearer", "basic", "negotiate", "token"),
        is_said_secret,
        gate=GATE,
        needs=('\n\\',),
    ),
)  # fmt: skip
