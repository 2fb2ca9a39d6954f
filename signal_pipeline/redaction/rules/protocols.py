"""Secrets in dialogues of servers and in lines of their configuration: AUTH, PASS, LOGIN, `requirepass x`."""

from __future__ import annotations

from signal_pipeline.redaction.checks import is_named_secret
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.tokens import SECRET, is_sealed
from signal_pipeline.redaction.words import is_expected_secret, is_lone_secret, is_said, is_said_secret

_CRLF = r"(?:\r?\n|\\+r\\+n|\s+)"
_QUOTED = r"\\*[\"']?(?P<v>[^\s\"'\\]+)"
# A client's line in a dialogue: its prompt, its arrow, or the beginning of the text.
_CLIENT = r"(?:^|[\n;>:\]]\s*|C: ?|>>> ?|---> ?|-> ?|=> ?|quote\s+|sent\s+|send\s+|command\s+|cmd=\\*[\"']?)"

GATE = (
    r"\bAUTH\\*[\"']?\s|AUTH\\+r|(?i:nickserv)|requirepass|masterauth|\bPASS\s|\bLOGIN\s|IDENTIFY\s|(?i:bind_?pw|rootpw|(?:auth_basic|basic_?auth|httpauth|proxyuser)[\s:=]|>[^\s<>]{3,}\s+[~&+]"
    r"|snmp-server\s|(?:enable|shared)\s+secret|(?:username\s+[^\s]+(?:\s+privilege\s+[0-9]+)?|chap|pap|enable)\s+(?:password|secret)\s|\b(?:tacacs|radius)"
    r"|r[ow]community6?\s|-password(?:-value)?\s|stats\s+auth\s|login=[^\s:]+:|inline:|WIFI:|:\s*(?:PSK|EAP|XAUTH)\s|\bOPER\s|CHAP2?-[a-z]+\s*=|community\s*=|cookie[^\n]{0,40}value|\s\\*[\"']?[^\s\"'\\]{6,}\\*[\"']?\s+\*|\]:[0-9]{2,5}\s+[^\s:]+:|:(?:[0-9]{4,5}|\*):[^\s:]+:[^\s:]+:[^\s:]|rtmps?://|[a-z0-9]_passw?d?\s"
    r"|key-string|pre-shared-key|wpa-psk|\b(?:auth|priv)[a-z]*\s+(?:md5|sha|aes|des)|X-[a-z-]*key\s|hello [23] auth)"
    r"|\b334\s+[A-Za-z0-9+/]{8,}=*\s*(?:\r?\n|\\r|\\n|C:)"
)
"""Every row below."""

_MECHANISMS = frozenset(
    (
        "PLAIN",
        "LOGIN",
        "CRAM-MD5",
        "DIGEST-MD5",
        "XOAUTH",
        "XOAUTH2",
        "NTLM",
        "OAUTHBEARER",
        "GSSAPI",
        "SCRAM-SHA-1",
        "SCRAM-SHA-256",
    )
)


def _is_dialogue_secret(value: str) -> bool:
    return len(value) >= 3 and not is_sealed(value) and not is_said(value)


RULES = (
    Rule(
        "redis_auth",
        rf"\bAUTH\\*[\"']?\s+(?:\\*[\"']?[a-z][a-z0-9_.-]*\\*[\"']?\s+)?{_QUOTED}\\*[\"']?\s*(?:$|[\r\n;,.)\]]|sent\b|->|=>)",
        SECRET,
        ("redis> AUTH hunter", "AUTH alice Xk3jq9Lp", '"AUTH" "hunter"', "AUTH hunter sent to cache1"),
        ("AUTH failed", "AUTH required"),
        ("auth",),
        _is_dialogue_secret,
        gate=GATE,
    ),
    Rule(
        "redis_auth_quoted",
        r"\bAUTH\\*[\"']\s+(?:\\*[\"'][^\s\"'\\]+\\*[\"']\s+)?\\*[\"'](?P<v>[^\s\"'\\]+)\\*[\"']",
        SECRET,
        ('1700000000.1 [0 cache1:51234] "AUTH" "hunter" refused',),
        ('"AUTH" refused',),
        ("auth",),
        _is_dialogue_secret,
        gate=GATE,
        needs=("\"'",),
    ),
    Rule(
        "redis_auth_within",
        rf"\bAUTH\\*[\"']?\s+(?:\\*[\"']?[a-z][a-z0-9_.-]*\\*[\"']?\s+)?{_QUOTED}",
        SECRET,
        ("AUTH Xk3jq9Lp refused", "AUTH alice Xk3jq9Lp refused"),
        ("AUTH failed for alice",),
        ("auth",),
        is_lone_secret,
        gate=GATE,
    ),
    Rule(
        "redis_wire",
        rf"(?i)AUTH{_CRLF}(?:\$[0-9]+{_CRLF}[^\s\\]+{_CRLF})?\$[0-9]+{_CRLF}(?P<v>[^\s\\]+)",
        SECRET,
        (r"*2\r\n$4\r\nAUTH\r\n$6\r\nhunter\r\n", "*3\r\n$4\r\nAUTH\r\n$5\r\nalice\r\n$6\r\nhunter\r\n"),
        (r"*1\r\n$4\r\nAUTH\r\n",),
        ("auth",),
        gate=GATE,
        needs=('$',),
    ),
    Rule(
        "mail_auth",
        r"\bAUTH\s+(?:PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|XOAUTH2?|NTLM|OAUTHBEARER|SCRAM-SHA-[0-9A-Z-]+|GSSAPI)\s+"
        r"(?P<v>[A-Za-z0-9+/=_.-]{4,})",
        SECRET,
        ("AUTH PLAIN AGFsaWNlAGh1bnRlcg==", "C: AUTH LOGIN aHVudGVy"),
        ("250-AUTH PLAIN LOGIN", "AUTH PLAIN failed"),
        ("auth",),
        lambda value: _is_dialogue_secret(value) and value not in _MECHANISMS,
        gate=GATE,
    ),
    Rule(
        "mail_challenge",
        r"(?:\b334\s+(?:UGFzc3dvcmQ6?|VXNlcm5hbWU6?|[A-Za-z0-9+/]{8,}=*)=*\s*(?:\r?\n|\\r\\n|\\n|\bC:)[^\r\n]{0,60}?)(?P<v>[A-Za-z0-9+/]{4,}={0,2})(?:$|[\s\\])",
        SECRET,
        ("S: 334 UGFzc3dvcmQ6\nC: aHVudGVyMg==", "S: 334 UGFzc3dvcmQ6 C: aHVudGVyMg=="),
        ("334 lines",),
        ("334",),
        gate=GATE,
    ),
    Rule(
        "sent_password",
        rf"(?:{_CLIENT}|^|\s)PASS\s+{_QUOTED}",
        SECRET,
        ("> PASS hunter", "PASS hunter", "ftp: ---> PASS hunter", "USER alice\nPASS hunter"),
        ("PASS ok", "test PASS in 3 s"),
        ("pass",),
        lambda value: _is_dialogue_secret(value) and (is_lone_secret(value) or _is_no_test(value.partition(".")[0])),
        gate=GATE,
    ),
    Rule(
        "imap_login",
        rf"\bLOGIN\s+\\*[\"']?[^\s\"']+?\\*[\"']?\s+{_QUOTED}",
        SECRET,
        ("a001 LOGIN alice hunter", 'C: A1 LOGIN alice "hunter"'),
        ("LOGIN FAILED for", "LOGIN alice failed"),
        ("login",),
        _is_dialogue_secret,
        gate=GATE,
    ),
    Rule(
        "irc_identify",
        r"(?:\bIDENTIFY|(?i:nickserv\s*:?\s*identify))\s+(?P<v>[^\s;,]+(?:\s+[^\s;,]+)?)",
        SECRET,
        ("NickServ IDENTIFY hunter", "PRIVMSG NickServ :identify alice hunter", "IDENTIFY alice hunter"),
        ("IDENTIFY DEVICE failed",),
        ("identify",),
        lambda value: _is_dialogue_secret(value) and not value.split()[0].isupper(),
        gate=GATE,
    ),
    Rule(
        "config_word",
        rf"(?i)\b(?:(?:root)?bind_?pw|rootpw|requirepass|masterauth|sasl_passwd|auth_pass|smtp_pass|r[ow]community6?|(?:plain-text|encrypted)-password(?:-value)?)\\*[\"']?\s+{_QUOTED}",
        SECRET,
        ("requirepass hunter", "bindpw hunter", "CONFIG SET requirepass hunter", '"SET" "requirepass" "hunter"', "rocommunity hunter"),
        ("requirepass is set",),
        ("bindpw", "bind_pw", "rootpw", "requirepass", "masterauth", "sasl_passwd", "auth_pass", "smtp_pass", "community", "-password"),
        is_said_secret,
        gate=GATE,
    ),
    Rule(
        "redis_acl",
        r"(?i)\b(?:ACL\s+SETUSER|user\s+[^\s]+\s+(?:on|off))\s[^\r\n]*?[>#<](?P<v>[^\s]+)",
        SECRET,
        ("ACL SETUSER alice on >hunter ~* +@all", "user alice on >hunter ~* +@all"),
        ("ACL SETUSER alice on ~*",),
        ("setuser", "user"),
        gate=GATE,
        needs=('>#<',),
    ),
    Rule(
        "configured_pair",
        r"(?i)(?:\bstats\s+auth\s+[^\s:]+:|\bcache_peer\s[^\r\n]*?\slogin=[^\s:]+:|\[[a-z0-9.-]+\]:[0-9]{2,5}\s+[^\s:]+:|\binline:)(?P<v>[^\s,|]{4,})",
        SECRET,
        ("stats auth admin:hunter", "cache_peer p1 parent 3128 0 login=alice:hunter", "[smtp.example.com]:587 alice:hunter", "a=crypto:1 AES_CM_128 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"),
        ("stats auth is off", "[::1]:8080 GET /x"),
        ("stats", "cache_peer", "]:", "inline:"),
        is_said_secret,
        gate=GATE,
        needs=(":_[",),
    ),
    Rule(
        "configured_secret",
        r"(?:(?i::\s*(?:PSK|EAP|XAUTH|PKCS8)\s+)\\*[\"'](?P<v>[^\"'\\]+))",
        SECRET,
        (': PSK "hunter"', "%any 10.1.1.1 : PSK 'hunter'", 'alice : EAP "hunter"'),
        (": PSK is unset",),
        ("psk", "eap", "xauth", "pkcs8"),
        gate=GATE,
        needs=(":", "\"'"),
    ),
    Rule(
        "configured_word",
        r"(?i)(?:\bOPER\s+[^\s]+\s+|\bcommunity\s*=\s*|\b(?:MS-)?CHAP2?-(?:Response|Password|Challenge)\s*=\s*(?:0x)?|(?:^|[\s;{])[a-z0-9]+_passw?d?\s+|[a-z0-9.*-]+:(?:[0-9]{4,5}|\*):[^\s:]+:[^\s:]+:|\brtmps?://[^\s/]+/[^\s/]+/)\\*[\"']?(?P<v>[^\s\"',:]{6,})",
        SECRET,
        ("OPER alice xkqzjwvb", "community=xkqzjwvb version=2c", "MS-CHAP2-Response = 0xkqzjwvbx", "http_passwd xkqzjwvb", "db1:5432:shop:alice:xkqzjwvb", "rtmp://live.example.com/app/xkqzjwvb"),
        ("OPER alice failed", "community=customers", "http_passwd missing", "a.c:1200:error:reading:settings"),
        ("oper", "community", "chap", "_pass", ":", "rtmp"),
        is_expected_secret,
        gate=GATE,
    ),
    Rule(
        "chap_secrets",
        r"(?:^|\s)\\*[\"']?[A-Za-z0-9_.@\\-]+\\*[\"']?\s+(?:\*|[A-Za-z0-9_.-]+)\s+\\*[\"']?(?P<v>[^\s\"'\\]{6,})\\*[\"']?\s+\*",
        SECRET,
        ("alice * xkqzjwvb *", '"alice" * "xkqzjwvb" *'),
        ("width * height * depth", "30 5 * * *"),
        ("*",),
        is_expected_secret,
        gate=GATE,
        needs=("*",),
    ),
    Rule(
        "wifi_code",
        r"WIFI:(?:[^;\s]*;)*P:(?P<v>[^;\s]+)",
        SECRET,
        ("WIFI:S:office;T:WPA;P:hunter;;",),
        ("WIFI:S:office;;",),
        ("wifi:",),
        gate=GATE,
        needs=(":",),
    ),
    Rule(
        "cookie_object",
        r"(?i)\bcookie[^\r\n]{0,40}?\bvalue\s*[:=]\s*\\*[\"']?(?P<v>[^\s\"',;\])\\]+)",
        SECRET,
        ("Cookie[name=sid, value=hunter]", "cookie: name sid value: hunter"),
        ("cookie value: none",),
        ("cookie",),
        is_named_secret,
        gate=GATE,
        needs=(":=",),
    ),
    Rule(
        "redis_hello",
        r"(?i)\bHELLO\s+[23]\s+AUTH\s+[^\s]+\s+(?P<v>[^\s]+)",
        SECRET,
        ("HELLO 3 AUTH default hunter",),
        ("HELLO 3",),
        ("hello",),
        gate=GATE,
    ),
    Rule(
        "network_device",
        r"(?i)\b(?:snmp-server\s+community|(?:enable|shared)\s+secret|(?:username\s+[^\s]+(?:\s+privilege\s+[0-9]+)?|chap|pap|enable)\s+(?:password|secret)"
        r"|(?:tacacs|radius)(?:-server)?\s+(?:shared\s+secret|key)|(?:tacacs|radius)-server\s+host\s+[^\s]+\s+key|pre-shared-key\s+address\s+[^\s]+\s+key|key-string|pre-shared-key|wpa-psk(?:\s+ascii)?"
        r"|(?:auth|authentication|priv|privacy)\s+(?:md5|sha[0-9]*|aes[0-9]*|des))\s+(?:[0-9]\s+)?(?P<v>[^\s]{3,})",
        SECRET,
        ("snmp-server community hunter RO", "enable secret 5 hunter", "username admin password 7 hunter", "tacacs-server key hunter"),
        ("enable secret is missing",),
        ("community", "secret", "password", "key", "psk", "auth", "priv"),
        is_said_secret,
        gate=GATE,
    ),
    Rule(
        "basic_user",
        r"(?i)\b(?:auth_basic|basic_auth|basicauth|httpauth|proxyuser)[\s:=]+\\*[\"']?[A-Za-z0-9_.@-]+:(?P<v>[^\s\"']+)",
        SECRET,
        ("auth_basic alice:hunter", "basicauth=alice:hunter"),
        ("auth_basic off;",),
        ("basic", "httpauth", "proxyuser"),
        gate=GATE,
        needs=(':',),
    ),
    Rule(
        "header_spoken",
        r"(?i)\bX-[a-z-]*(?:key|token|secret|auth)\s+(?P<v>[^\s:=]{6,})",
        SECRET,
        ("X-Auth-Key Xk3jq9Lp rejected",),
        ("X-Auth-Token missing", "X-Api-Key header"),
        ("x-",),
        is_lone_secret,
        gate=GATE,
        needs=('-',),
    ),
)  # fmt: skip


def _is_no_test(value: str) -> bool:
    """Tools for tests print PASS and the name of a test: with slashes, dots, capitals or underscores in it."""
    return value.isalnum() and not value.istitle() and not value.startswith(("Test", "test"))
