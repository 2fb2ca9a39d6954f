"""Secrets that words announce without naming them beside the value: "the temporary password was sent to alice: x",
"recovery code x", "typed x into the password field".
"""

from __future__ import annotations

from signal_pipeline.redaction.rules.kept import NAMED, PROSE, kept
from signal_pipeline.redaction.rules.names import STRONG
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.rules.spoken import ENGLISH, LATIN
from signal_pipeline.redaction.tokens import SECRET
from signal_pipeline.redaction.words import is_expected_secret, is_lone_secret, is_said_secret

_PASSWORD = rf"(?:{ENGLISH}|{LATIN})(?:s|en|et|n)?"
_KEY = (
    r"(?:(?:api|access|secret|private|signing|encryption|decryption|licen[cs]e|client|service|deploy|webhook|product|session|auth"
    r"|master|root|bearer|csrf|xsrf|refresh|reset|bot)[ _-]?(?:keys?|tokens?|secrets?|id|code)|tokens?|(?:shared |client )?secret|psk"
    r"|(?:recovery|unlock|access|backup|activation|invit(?:e|ation)|reset|login|magic(?: link)?|security|door|gate) code|magic link"
    r"|community string|cookie [A-Z]{4,}|bearer|jwt)"
)
_GLUE = (
    r"(?:is|was|are|were|has|have|been|be|set|to|for|now|still|with|value|provided|supplied|given|used|received|got|sent"
    r"|entered|invalid|incorrect|wrong|bad|mismatch|id|code|the|a|of|changed|updated|rotated|generated|found|new|old"
    r"|temporary|current|default|initial|named|called|from|by|as|equals|string|stays|remains|just|again|currently)"
)
_VALUE = r"(?P<v>[^\s\"'`«»“”„’‘;,:=)(\]\[<>{}]{6,})"
_TYPED = r"(?:enter(?:s|ed|ing)?|typ(?:es?|ed|ing)|fill(?:s|ed|ing)?(?: in)?|send_?keys|set(?:s|ting)?|input(?:s|ting)?|put(?:s)?|tried|try|tries|value|wrote|pasted?)"
_LISTED = (
    r"zugangsdaten|anmeldedaten|identifiants?|credenciales|credenciais|credenziali|inloggegevens|dane logowania|учетные данные"
    r"|данные для входа|credentials?|creds|logins?|accounts?"
)
_WITH = r"(?:log(?:ged|ging)? ?(?:in|on)|login|logon|sign(?:ed|ing)? ?(?:in|on)|connect(?:ed|ing)?|authenticat(?:e|ed|ing)|bind|bound)"

GATE = (
    rf"(?i:(?:^|[^a-z0-9_]){_KEY}(?:[\s:=,(]+{_GLUE})*[\s:,(]+[\"'`]?[a-z0-9.~+/!@#$%^*_-]{{6}}"
    rf"|(?:^|[^a-z0-9_])(?:{_PASSWORD})\b[^\r\n:=\"'`]{{1,80}}:\s+[^\s]{{6}}|[\"'](?:\\+[rn])?[\"']?\s+(?:as|in|into|for|to|on|at|from|after)\s+(?:(?:the|a|an|my|field|column|element|input|textbox|box)\s+)*[\"'#\[(.]*[a-z0-9_-]*(?:pass|pwd|pin|secret|token|otp|key)"
    rf"|(?:^|[^a-z0-9_])(?:{_PASSWORD})\b[^\r\n=\"'`]{{0,60}}\s(?:expected|got|from|gave|entered|typed|tried|received|sent)\s+\\*[\"'`]?[^\s]{{6}}"
    rf"|(?:{_LISTED})\s*[:=]\s*[^\s]+\s+[^\s]|{_WITH} (?:with|as|using) [^\s/]+/|\bpass\s*:|[a-z]\s+pass\s|[a-z0-9]\s*\.{{3,}}\s*:?\s*[^\s.])"
)
"""Every row below."""

_PASSWORD_TRIGGERS = (
    "pass", "pwd", "pw", "kennwort", "losung", "contrase", "clave", "mot", "mdp", "code", "senha", "palavra", "chave", "has",
    "wachtwoord", "toegang", "senord", "parol", "adgang", "kodeord", "tunnus", "hesl", "ifre", "jelsz", "geslo", "lozinka", "slapta",
    "kata", "kh", "salas", "swor",
)  # fmt: skip

RULES = (
    Rule(
        "announced_key",
        rf"(?i)(?:^|[^A-Za-z0-9_]){_KEY}(?:[\s:=,(]+{_GLUE})*[\s:,(]+[\"'`]?{_VALUE}",
        SECRET,
        (
            "your API key is xkqzjwvb", "reset token is xkqzjwvb", "recovery code xkqzjwvb was used", "csrf token mismatch: got xkqzjwvb",
            "PSK for xkqzjwvb", "encryption key set to xkqzjwvb", "token xkqzjwvb has expired", "with cookie JSESSIONID xkqzjwvb",
        ),
        ("token expired at midnight", "access token for the mailbox", "the session id was not found"),
        ("key", "token", "secret", "psk", "code", "magic", "community", "cookie", "bearer", "jwt", "session", "auth", "csrf", "id"),
        is_expected_secret,
        kept=kept(PROSE, NAMED),
        gate=GATE,
    ),
    Rule(
        "announced_before_colon",
        rf"(?i)(?:^|[^A-Za-z0-9_])(?:{_PASSWORD}|psk)\b[^\r\n:=\"'`]{{1,80}}:\s+\\*[\"'`]?{_VALUE}",
        SECRET,
        (
            "A temporary password is generated for root@localhost: xkqzjwvb",
            "Password for the elastic user (reset with bin/reset): xkqzjwvb",
            "PSK for network home: xkqzjwvb",
        ),
        ("password authentication failed: timeout", "Password for the user was not found: NotFoundException"),
        (*_PASSWORD_TRIGGERS, "psk"),
        is_expected_secret,
        kept=kept(PROSE, NAMED),
        gate=GATE,
        needs=(":",),
    ),
    Rule(
        "announced_mismatch",
        rf"(?i)(?:^|[^A-Za-z0-9_])(?:{_PASSWORD})\b[^\r\n=\"'`]{{0,60}}?\s(?:expected|got|from|gave|entered|typed|tried|received|sent)\s+\\*[\"'`]?{_VALUE}",
        SECRET,
        ("password mismatch: expected 'xkqzjwvb'", "changing password from xkqzjwvb to another"),
        ("password mismatch: expected string", "changing password from settings page"),
        _PASSWORD_TRIGGERS,
        is_expected_secret,
        kept=kept(PROSE, NAMED),
        gate=GATE,
    ),
    Rule(
        "announced_later",
        rf"(?i)(?:{_TYPED}\s+)?\\*[\"'](?P<v>[^\s\"'`\\]{{4,64}})(?:\\+[rn])*\\*[\"']\s+(?:as|in|into|for|to|on|at|from|after)\s+(?:(?:the|a|an|my|field|column|element|input|textbox|box)\s+)*"
        rf"[\"'#\[(.]*(?:name=)?[\"']?[a-z0-9_-]*(?:password|passwd|passphrase|passcode|pwd|secret|token|otp|api[_-]?key)\b",
        SECRET,
        (
            "tried \"hunterx\" as the password", 'I enter "xkqzjwvb" into the password field', 'sendKeys "xkqzjwvb" to element #password',
            "typed 'xkqzjwvb' into field 'password'", 'value "xkqzjwvb" for column password is too long', 'send "xkqzjwvb\\r" after Password',
        ),
        ("renamed 'customer' to 'password'", "'default' as the password policy"),
        ("pass", "pwd", "secret", "token", "otp", "key"),
        is_expected_secret,
        gate=GATE,
        needs=("\"'",),
    ),
    Rule(
        "announced_list",
        rf"(?i)(?:^|[^A-Za-z0-9_])(?:{_LISTED})\s*[:=]\s*[A-Za-z0-9_.@+-]+(?:\s*[/:|]\s*|\s+){_VALUE}",
        SECRET,
        ("Zugangsdaten: alice / xkqzjwvb", "creds: alice xkqzjwvb (admin)", "identifiants : alice / xkqzjwvb"),
        ("credentials: none configured", "login: alice timeout", "account: billing / overview"),
        ("zugangs", "anmelde", "identifiant", "creden", "inlog", "dane", "данные", "creds", "login", "account"),
        is_expected_secret,
        gate=GATE,
        needs=(":=",),
    ),
    Rule(
        "announced_login",
        rf"(?i)\b{_WITH} (?:with|as|using) (?:user(?:name)? )?[A-Za-z0-9_.@+-]+(?:/|:){_VALUE}",
        SECRET,
        ("login with alice/xkqzjwvb", "connected as alice/xkqzjwvb"),
        ("login with username/password", "connect with http/https", "sign in with alice/settings"),
        ("log", "sign", "connect", "authenticat", "bind", "bound"),
        is_expected_secret,
        gate=GATE,
        needs=("/:",),
    ),
    Rule(
        "announced_pass",
        rf"(?i)(?:^|[^A-Za-z0-9_.])(?:(?:wi-?fi|db|root|admin|login|user|ssh|ftp|mail|vpn|his|her|my|the)\s+pass(?:\s+is)?\s+|pass\s*:\s*\\*[\"']?){_VALUE}",
        SECRET,
        ("pass: xkqzjwvb", "wifi pass xkqzjwvb works"),
        ("pass: complete", "the pass manager", "pass: TestServerShutdown (0.01s)"),
        ("pass",),
        lambda value: is_lone_secret(value) or (is_expected_secret(value) and value.islower()),
        gate=GATE,
    ),
    Rule(
        "announced_columns",
        rf"(?i)(?:^|[^A-Za-z0-9_])(?:{STRONG})\s*\.{{3,}}\s*:?\s*\\*[\"']?(?P<v>[^\s\"'.]{{3,}})",
        SECRET,
        ("Password ........ hunter", "Password ....... : hunter"),
        ("Password ... failed", "checking password... ok"),
        _PASSWORD_TRIGGERS,
        is_said_secret,
        gate=GATE,
        needs=(".",),
    ),
)  # fmt: skip
