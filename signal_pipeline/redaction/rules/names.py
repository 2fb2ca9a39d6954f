"""The names under which secrets travel, as regex fragments. No rule stands here."""

from __future__ import annotations

# After these names any value that is no status word is hidden, in every form of writing.
STRONG_WORDS = (
    r"pass[_.\- ]?w(?:or)?d",
    r"pass[_.\- ]?phrase",
    r"pass[_.\- ]?code",
    r"passwort",
    r"kennwort",
    r"contrase(?:ñ|n)a",
    r"mot[_-]de[_-]passe",
    r"senha",
    r"pwd",
    r"secret",
    r"credentials?",
    r"private[_.\-]?key",
    r"(?:api|app|application|access|account|master|signing|encryption|shared|service|license|auth|session|storage"
    r"|hmac|aes|cipher|crypto|jwt|cookie|webhook|wallet|decryption|primary|secondary|subscription|consumer|publishable|deploy|ssh|admin|root|function|host)[_.\- ]?key",
    r"secret[_.\-]?(?:access[_.\-]?)?key",
    r"shared[_.\-]?access[_.\-]?(?:key|signature)",
    r"(?:auth|access|refresh|id|bearer|session|security|personal|private|deploy|oauth|csrf|xsrf|api|bot|user"
    r"|device|push|registration|verification|reset|invite|magic|webhook|service|app|admin|web|sso|sas|jwt|client"
    r"|request|login|remember|recovery|registry|job|trigger|runner|build|mfa|totp|otp|two[_-]?factor)[_.\- ]?token",
    r"set[_-]?cookie",
    r"cookie",
    r"authorization",
    r"(?:web[_-]?)?hook[_.\-]?secret",
    r"code[_-]?verifier",
    r"(?:client[_-])?assertion",
    r"saml[_-]?(?:request|response|art)",
    r"(?:j|asp\.?net_?|php)sess(?:ion)?[_.]?id",
    r"sess(?:ion)?[_.\-]?id",
    r"aws[_-]?access[_-]?key[_-]?id",
    r"x-(?:amz|goog|ms)-(?:signature|credential|security-token)",
    r"(?:one[_-]?time|mfa|otp|totp|2fa|sms|verification|recovery|backup|auth(?:entication|orization)?|security"
    r"|activation|confirmation)[_.\- ]?(?:code|pin|password)s?",
    r"sas[_-]?(?:uri|url)?",
    r"connection[_.\-]?string",
    r"(?:security|secret)[_.\-]?answer",
    r"seed[_.\- ]?phrase",
    r"mnemonic",
    r"community[_.-]?string",
    r"(?:store|key|trust|require|ks|ssl)[_-]?pass(?:wd)?",
    r"master[_-]?auth",
    r"(?:db|user|usr|mysql|redis|admin|smtp|mail|root|ftp|pg|postgres|sql|mongo|ldap|http|proxy|api|keystore"
    r"|truststore"
    r"|store|login|auth|svc|service|rabbitmq|sudo|ssh|sftp|vpn|wifi|wpa|imap|backup|basic|bind|become)[_.-]?pass",
)

# Short ones hide inside ordinary words (shopping, residence), so they must begin after a border.
SHORT_STRONG_WORDS = (
    r"passwd",
    r"psk",
    r"pin",
    r"otp",
    r"totp",
    r"cvv2?",
    r"cvc2?",
    r"jwt",
    r"salt",
    r"ssn",
    r"[a-z]*pw",
    r"psw",
    r"pswd",
    r"passkey",
    r"userpass",
)

# These are words of error messages too ("session closed"), so bare values must look random.
WEAK_WORDS = (
    r"token",
    r"session",
    r"auth",
    r"csrf",
    r"xsrf",
    r"signature",
    r"nonce",
    r"apikey",
    r"ticket",
    r"bearer",
)
SHORT_WEAK_WORDS = (r"sig", r"sid", r"hmac", r"pass", r"tok")

# Headers whose whole value, to the end of the line, is a secret.
HEADER_WORDS = (
    r"(?:proxy-|x-)?authorization",
    r"(?:set-)?cookie2?",
    r"x-[a-z0-9-]*(?:auth|token|key|secret|session|csrf|xsrf|signature|password|credential)[a-z0-9-]*",
    r"(?:[a-z0-9]+-)+(?:key|token|secret|session-?id|signature|credentials?)",
    r"(?:www|proxy)-authenticat(?:e|ion-info)",
    r"sec-websocket-(?:key|accept|protocol)",
    r"dpop",
    r"cf-access-[a-z-]+",
)

PREFIX = r"[A-Za-z0-9_.$\-]*"
BORDERED_PREFIX = r"(?:[A-Za-z0-9_.$\-]*[_.$\-])?\b"
SUFFIX = (
    r"(?:s|_?[0-9]{1,3}|[_\-]?(?:id|hash|digest|value|val|text|plain|raw|b64|base64|enc|encrypted"
    r"|old|new|confirm|confirmation|again|base|current|field|header|data|ref|secret|hint))?"
)


def alternation(words: tuple[str, ...]) -> str:
    """One group that matches any of the words."""
    return "(?:" + "|".join(words) + ")"


STRONG = f"(?:{PREFIX}{alternation(STRONG_WORDS)}|{BORDERED_PREFIX}{alternation(SHORT_STRONG_WORDS)}){SUFFIX}"
WEAK = f"(?:{PREFIX}{alternation(WEAK_WORDS)}|{BORDERED_PREFIX}{alternation(SHORT_WEAK_WORDS)}){SUFFIX}"
QUOTED = f"(?:{STRONG}|{PREFIX}{alternation(WEAK_WORDS)}{SUFFIX}|{BORDERED_PREFIX}(?:hmac|pass|sid))"
KEY = f"{BORDERED_PREFIX}key"
HEADER = alternation(HEADER_WORDS)

TRIGGERS = (
    "pass",
    "pwd",
    "kennwort",
    "contrase",
    "senha",
    "secret",
    "credential",
    "key",
    "token",
    "cookie",
    "authori",
    "auth",
    "assertion",
    "verifier",
    "saml",
    "sid",
    "sess",
    "x-amz",
    "x-goog",
    "x-ms",
    "code",
    "pin",
    "otp",
    "sas",
    "connection",
    "answer",
    "phrase",
    "mnemonic",
    "psk",
    "cvv",
    "cvc",
    "jwt",
    "salt",
    "ssn",
    "csrf",
    "xsrf",
    "signature",
    "nonce",
    "ticket",
    "bearer",
    "sig",
    "hmac",
    "tok",
    "dpop",
    "cf-access",
    "community",
    "pw",
    "masterauth",
    "master_auth",
    "master-auth",
    "psw",
)

STEMS = (
    *("pass", "pwd", "kennwort", "contrase", "mot[_-]de", "senha", "secret", "cred", "key", "token", "cookie", "auth"),
    *("assertion", "verifier", "saml", "sess", "x-amz", "x-goog", "x-ms", "pin", "otp", "sas", "connection[_.-]?str"),
    *(
        "phrase",
        "mnemonic",
        "psk",
        "cv[vc]",
        "jwt",
        "salt",
        "ssn",
        "csrf",
        "pw",
        "psw",
        "xsrf",
        "signature",
        "nonce",
        "ticket",
    ),
    *("bearer", "sig", "sid", "hmac", "tok", "dpop", "cf-access", "sec-websocket", "community"),
    *(
        "(?:security|secret)[_.-]?answer",
        "(?:sms|2fa|mfa|verification|recovery|backup|security|activation|confirmation)[_. -]?code",
        "code[_-]?verifier",
    ),
)
"""What some name of a secret contains, for the gate."""
