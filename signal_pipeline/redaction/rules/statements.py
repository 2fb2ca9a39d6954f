"""Secrets in statements of databases and in what drivers log of them: values by column, bound parameters, rejected rows."""

from __future__ import annotations

from signal_pipeline.redaction.parts import by_column, by_selected_column
from signal_pipeline.redaction.rules.names import QUOTED, WEAK
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.tokens import SECRET, VALUE

_BRACKETED = r"(?:[\[(](?:[^\[\](){}]|\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\})*[\])}]?)"

GATE = (
    r"(?i:\bvalues?\s*(?:row\s*)?\(|\)\s*select\s|'(?:::[a-z]+)?\s+as\s|\)\s*=\s*\(|\)\s+from\s+stdin|\bparameters\b|\bparams\b|\b(?:md5|sha[0-9]*|digest|encode)\s*\(\s*n?'|\sin\s*\(\s*'|(?:<>|!=|~\*?|\blike)\s*'|duplicate key (?:value|row)|'\s+[\"`\[]?[a-z_]+[\"`\]]?\s*(?:[,)]|from\b)|\bbinds?\b|\bbinding|\bbound\b|failing row"
    r"|duplicate entry|password\s*\(|crypt\s*\(|set\s+password|password\s*=\s*n'|sp_addlogin|sp_password|set_config|args=[\[(]|[$:@?][0-9]+\s*=\s*'"
    r"|\b(?:pgp_sym_|aes_)?(?:en|de)crypt|line [0-9]+[,:])"
)
"""Every row below."""

RULES = (
    Rule(
        "sql_values",
        r"(?is)\b(?:insert|replace|merge|upsert|copy)\b.*?(?P<v>\([^()']*\)\s*(?:output\s+[^()]*)?values?\s*(?:row\s*)?\(.*)",
        SECRET,
        ("INSERT INTO users (name, password) VALUES ('bob', 'hunter')", "insert into t(id,token) values (1,'a'),(2,'b')"),
        ("INSERT INTO users (name, age) VALUES ('bob', 3)",),
        ("values", "value"),
        parts=by_column,
        gate=GATE,
        needs=('(', ')',),
    ),
    Rule(
        "sql_selected",
        r"(?is)\b(?:insert|replace|merge|upsert)\b.*?(?P<v>\([^()']*\)\s*select\s.*?(?:\bfrom\b|;|$))",
        SECRET,
        ("INSERT INTO users (name, password) SELECT 'bob', 'hunter' FROM dual",),
        ("INSERT INTO users (name, age) SELECT 'bob', 3",),
        ("select",),
        parts=by_selected_column,
        gate=GATE,
        needs=('(', ')',),
    ),
    Rule(
        "sql_alias",
        rf"(?i)'(?P<v>[^']+)'(?:::[a-z]+)?\s+as\s+\\*[\"'`\[]?(?:{QUOTED})\b",
        SECRET,
        ("SELECT 'hunter' AS password",),
        ("SELECT 'bob' AS name",),
        (" as ",),
        gate=GATE,
        needs=("'",),
    ),
    Rule(
        "sql_alias_alone",
        rf"(?i)\bselect\b[^;]*?'(?P<v>[^']+)'\s+\\*[\"'`\[]?(?:{QUOTED})\\*[\"'`\]]?\s*(?:[,)]|from\b)",
        SECRET,
        ("USING (SELECT 'bob' login, 'hunter' password) s",),
        ("SELECT 'bob' name, 3",),
        ("select",),
        gate=GATE,
        needs=("'",),
    ),
    Rule(
        "sql_compared",
        rf"(?i)(?:{QUOTED}|{WEAK})\\*[\"'`\]]?\s+(?:(?:not\s+)?in\s*\(\s*|<>\s*|!=\s*|~\*?\s*|i?like\s+)n?\\*'(?P<v>[^']+?)\\*'",
        SECRET,
        ("where token in ('hunter')", "where password <> 'hunter'"),
        ("where name in ('bob')",),
        (" in", "<>", "!=", "~", "like"),
        gate=GATE,
        needs=("'",),
    ),
    Rule(
        "sql_duplicate_key",
        rf"(?i)(?:'(?:[^']*[._])?(?:{QUOTED}|{WEAK})[a-z_]*'[^\r\n]{{0,80}}duplicate key value is\s*\((?P<v>[^()]+)\))",
        SECRET,
        ("unique index 'ix_api_key'. The duplicate key value is (hunter).",),
        ("unique index 'ix_name'. The duplicate key value is (bob).",),
        ("duplicate key",),
        gate=GATE,
        needs=("(", "'"),
    ),
    Rule(
        "sql_key",
        r"(?is)\bkey\s+(?P<v>\([^()]*\)\s*=\s*\(.*)",
        SECRET,
        ("Key (user_id, api_token)=(7, hunter) already exists.",),
        ("Key (user_id)=(7) already exists.",),
        ("key",),
        parts=by_column,
        gate=GATE,
        needs=('(', ')', '=',),
    ),
    Rule(
        "sql_failing_row",
        r"(?i)\bfailing row contains\s*(?P<v>\([^\r\n]*\)?)",
        VALUE,
        ("DETAIL:  Failing row contains (7, alice, hunter, null).",),
        (),
        ("failing row",),
        gate=GATE,
    ),
    Rule(
        "sql_duplicate",
        rf"(?i)\bduplicate entry\s+\\*['\"](?P<v>[^'\"]*?)\\*['\"]\s+for key\s+\\*['\"](?:[^'\"]*[._])?(?:{QUOTED}|{WEAK}|[a-z_]*hash|[a-z_]*key)[a-z_]*\\*['\"]",
        SECRET,
        ("Duplicate entry 'hunter' for key 'users.api_token'",),
        ("Duplicate entry '7' for key 'users.id'",),
        ("duplicate entry",),
        gate=GATE,
    ),
    Rule(
        "sql_parameters",
        rf"(?i)\b(?:parameters|bind(?:ing)?s|bind[ _](?:parameters|params|variables|values)|bound[ _](?:parameters|values)|query[ _]params)"
        rf"\\*[\"']?\]?\s*[:=]\s*(?P<v>{_BRACKETED})",
        VALUE,
        ("[parameters: ('alice', 'hunter')]", "binds: ['alice', 'hunter']", "bound parameters: [1, hunter]"),
        ("parameters: none",),
        ("parameters", "binds", "bindings", "params", "bind", "bound"),
        gate=GATE,
        needs=(':=', '([',),
    ),
    Rule(
        "sql_numbered_parameters",
        r"(?i)(?P<v>(?:[$:@?][0-9]+|\bp[0-9]+)\s*=\s*'(?:[^']|'')*'(?:\s*,\s*(?:[$:@?][0-9]+|p[0-9]+)\s*=\s*(?:'(?:[^']|'')*'|[^\s,']+))*)",
        VALUE,
        ("DETAIL:  parameters: $1 = 'alice', $2 = 'hunter'", "with :1='hunter'"),
        ("cost $1 = 3",),
        ("=",),
        gate=rf"{GATE}|(?i:[$:@?][0-9]+\s*=\s*')",
        needs=("'", '=',),
    ),
    Rule(
        "sql_typed_parameters",
        r"\b[Pp]arameters:\s*(?P<v>[^\r\n]*\((?:String|Integer|Long|Timestamp|Date|Boolean|BigDecimal|Double|Short|byte\[\]|LocalDateTime|LocalDate)\))",
        VALUE,
        ("==> Parameters: alice(String), hunter(String)",),
        ("Parameters: name(required)",),
        ("parameters:",),
        gate=GATE,
    ),
    Rule(
        "sql_bound",
        r"(?i)\bbinding\s+(?:parameter|param)\s*[\[(]?[0-9]+(?::[a-z0-9_]+)?[\])]?(?:\s+as\s+\[[a-z0-9_]+\])?\s*(?:-|<-|=|:|to)\s*"
        r"(?P<v>\[[^\r\n]*\]|\"[^\"]*\"|[^\s]+)",
        VALUE,
        ("binding parameter [2] as [VARCHAR] - [hunter]", "binding parameter (2:VARCHAR) <- [hunter]", "Binding param 1 = hunter"),
        ("binding parameter failed",),
        ("binding",),
        gate=GATE,
    ),
    Rule(
        "sql_args",
        r"(?i)(?:%s|\?|\$[0-9]|:[a-z_]+)[^\r\n]*?(?:;\s*args|\[params)\s*=\s*(?P<v>[\[(][^\r\n]*[\])])",
        VALUE,
        ("(0.002) SELECT 1 FROM u WHERE pw = %s; args=('alice', 'hunter')",),
        ("run; args=('x',)",),
        ("args", "params"),
        gate=GATE,
        needs=('=',),
    ),
    Rule(
        "sql_function",
        r"(?i)\b(?:password|old_password|crypt|encrypt|pgp_sym_(?:en|de)crypt(?:_bytea)?|aes_(?:en|de)crypt|sp_addlogin|sp_password|hmac|sha2?|md5)"
        r"\s*[( ]\s*(?:n?'[^']*'\s*,\s*)?n?\\*'(?P<v>[^']+?)\\*'",
        SECRET,
        ("pw = PASSWORD('hunter')", "SELECT crypt('hunter', gen_salt('bf'))", "EXEC sp_addlogin 'alice', 'hunter'"),
        ("password('')",),
        ("password", "crypt", "sp_addlogin"),
        gate=GATE,
        needs=("'",),
    ),
    Rule(
        "sql_set_password",
        r"(?i)\b(?:set\s+password\s+for\s+[^\s=]+(?:@[^\s=]+)?\s*=|(?:with\s+)?password\s*=)\s*(?:n|password\()?\s*\\*'(?P<v>[^']+?)\\*'",
        SECRET,
        ("SET PASSWORD FOR alice = 'hunter'", "ALTER LOGIN sa WITH PASSWORD = N'hunter'"),
        ("set password for alice",),
        ("password",),
        gate=GATE,
        needs=("'", '=',),
    ),
    Rule(
        "sql_setting",
        rf"(?i)\bset_config\s*\(\s*'[^']*?(?:{QUOTED}|{WEAK})'\s*,\s*'(?P<v>[^']+)'",
        SECRET,
        ("SELECT set_config('app.token', 'hunter', false)",),
        ("SELECT set_config('search_path', '', false)",),
        ("set_config",),
        gate=GATE,
    ),
    Rule(
        "sql_copy",
        r"(?is)\bcopy\s+[^\s(]+\s*\([^()]*pass[^()]*\)\s+from\s+stdin(?:.*?line\s+[0-9]+[,:](?:\s*column\s+[^:]*:)?|[^;\r\n]*;)\s*(?P<v>[^\r\n]+)",
        VALUE,
        ("COPY users (name, password) FROM stdin; line 3: alice\thunter", "COPY users (id, password) FROM stdin;\n7\thunter"),
        ("COPY users (name) FROM stdin",),
        ("copy",),
        gate=GATE,
    ),
)  # fmt: skip
