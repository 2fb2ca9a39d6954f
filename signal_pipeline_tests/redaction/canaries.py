"""Plants secrets that no person owns in lines of logs: the leak test's generator.

Every canary is random from a seed, unique, valid in form (check digits, prefixes, JWT shape) and listed in
the manifest. Nothing here knows the redaction rules.
"""

from __future__ import annotations

import base64
import gzip
import json
import random
import string
from collections.abc import Callable
from dataclasses import dataclass

from signal_pipeline_tests.redaction.checkdigits import iban, luhn_completed

_ALNUM = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"
_UPPER = string.ascii_uppercase + string.digits


@dataclass(frozen=True)
class Canary:
    """One planted secret: `value` must not pass; `planted` is its encoded form as it was written."""

    secret: str
    position: str
    encoding: str
    value: str
    planted: str


def _run(rng: random.Random, alphabet: str, size: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(size))


def _jwt(rng: random.Random) -> str:
    def part(content: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    claims = {"sub": _run(rng, string.digits, 10), "name": _run(rng, string.ascii_letters, 12)}
    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}.{_run(rng, _ALNUM + '-_', 43)}"


def _pem(rng: random.Random) -> str:
    body = "\n".join(_run(rng, _ALNUM + "+/", 64) for _ in range(3))
    return f"-----BEGIN {'RSA '}PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----"


def _card(rng: random.Random) -> str:
    return luhn_completed("4" + _run(rng, string.digits, 14))


def _ssn(rng: random.Random) -> str:
    return f"{rng.randint(100, 665):03d}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}"


def _ip(rng: random.Random) -> str:
    # None of the host itself (127.…), which is kept.
    return ".".join(str(rng.randint(128, 199)) for _ in range(4))


def _ipv6(rng: random.Random) -> str:
    return "2001:db8:" + ":".join(_run(rng, _HEX[1:], 4) for _ in range(6))


def _mac(rng: random.Random) -> str:
    return ":".join(_run(rng, _HEX, 2) for _ in range(6))


Make = Callable[[random.Random], str]


def _shape(prefix: str, alphabet: str, size: int, suffix: str = "") -> Make:
    return lambda rng: prefix + _run(rng, alphabet, size) + suffix


# Recognisable by their own shape, wherever they stand.
SELF_EVIDENT: dict[str, Make] = {
    "jwt": _jwt,
    "aws_access_key": _shape("AKIA", _UPPER, 16),
    "github": _shape("ghp_", _ALNUM, 36),
    "github_fine": lambda rng: f"github_pat_{_run(rng, _ALNUM, 22)}_{_run(rng, _ALNUM, 59)}",
    "gitlab": _shape("glpat-", _ALNUM, 20),
    "slack_bot": lambda rng: f"xoxb-{_run(rng, string.digits, 11)}-{_run(rng, _ALNUM, 24)}",
    "stripe": _shape("sk_" + "live_", _ALNUM, 24),
    "stripe_webhook": _shape("whsec_", _ALNUM, 32),
    "openai": _shape("sk-proj-", _ALNUM, 48),
    "anthropic": _shape("sk-ant-api03-", _ALNUM, 60),
    "google": _shape("AIza", _ALNUM, 35),
    "google_oauth": _shape("ya29.", _ALNUM, 60),
    "npm": _shape("npm_", _ALNUM, 36),
    "pypi": _shape("pypi-AgEIcHlwaS5vcmc", _ALNUM, 50),
    "huggingface": _shape("hf_", string.ascii_letters, 34),
    "sendgrid": lambda rng: f"SG.{_run(rng, _ALNUM, 22)}.{_run(rng, _ALNUM, 43)}",
    "databricks": _shape("dapi", _HEX, 32),
    "azure_client": lambda rng: f"{_run(rng, _ALNUM, 3)}8Q~{_run(rng, _ALNUM, 34)}",
    "twilio": _shape("SK", _HEX, 32),
    "digitalocean": _shape("dop_v1_", _HEX, 64),
    "shopify": _shape("shpat_", _HEX, 32),
    "telegram": lambda rng: f"{_run(rng, '123456789', 9)}:AA{_run(rng, _ALNUM, 33)}",
    "discord": lambda rng: f"M{_run(rng, _ALNUM, 23)}.{_run(rng, _ALNUM, 6)}.{_run(rng, _ALNUM, 27)}",
    "atlassian": _shape("ATATT3xFf", _ALNUM, 60),
    "square": _shape("sq0atp-", _ALNUM, 22),
    "mailgun": _shape("key-", _HEX, 32),
    "newrelic": _shape("NRAK-", _UPPER, 27),
    "vault": _shape("hvs.", _ALNUM, 40),
    "linear": _shape("lin_api_", _ALNUM, 40),
    "notion": _shape("ntn_", _ALNUM, 46),
    "grafana": _shape("glsa_", _ALNUM, 41),
    "doppler": _shape("dp.pt.", _ALNUM, 43),
    "private_key": _pem,
    "email": lambda rng: f"{_run(rng, string.ascii_lowercase, 12)}@{_run(rng, string.ascii_lowercase, 9)}.example.com",
    "card": _card,
    "iban": lambda rng: iban("DE", _run(rng, string.digits, 18)),
    "ssn": _ssn,
    "ip": _ip,
    "ipv6": _ipv6,
    "mac": _mac,
    "phone": lambda rng: f"+4917{_run(rng, string.digits, 9)}",
    "random_hex": _shape("", _HEX, 40),
    "random_base64": _shape("", _ALNUM, 44),
}

# Known only by the name before them.
NAMED: dict[str, tuple[str, Make]] = {
    "password": ("password", _shape("", string.ascii_lowercase, 14)),
    "db_password": ("DB_PASSWORD", _shape("", _ALNUM + "!$%*-", 12)),
    "client_secret": ("client_secret", _shape("", _ALNUM, 16)),
    "api_key": ("apiKey", _shape("", _ALNUM, 18)),
    "access_token": ("access_token", _shape("", _ALNUM, 16)),
    "session_id": ("sessionId", _shape("", _ALNUM, 12)),
    "csrf": ("csrf_token", _shape("", _HEX, 12)),
    "otp": ("otp", _shape("", string.digits, 10)),
    "passphrase": ("passphrase", _shape("", string.ascii_lowercase, 16)),
}
_SECRET_HEADERS = ("Authorization", "Cookie", "X-Api-Key", "X-Auth-Token", "Set-Cookie", "Proxy-Authorization")
_ONLY_HEADER = ("authorization", "cookie")


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(c):04x}" for c in text)


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "percent": lambda text: "".join(f"%{b:02X}" for b in text.encode()),
    "double_percent": lambda text: "".join(f"%25{b:02X}" for b in text.encode()),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "unicode": _escaped,
    "html": lambda text: "".join(f"&#x{ord(c):x};" for c in text),
    "gzip_base64": lambda text: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
}

# Text positions: `{}` is a secret that is evident by itself.
LOG_POSITIONS: dict[str, str] = {
    "message": "2024-05-01 12:00:00,123 ERROR worker: refused {} for this request",
    "key_value": "level=error msg=refused ref={} attempt=3",
    "json_log": '{{"level":"error","msg":"refused","detail":"{}"}}',
    "escaped_json": '{{"msg":"body was {{\\"detail\\":\\"{}\\"}}"}}',
    "stack_message": "java.lang.IllegalStateException: cannot use {}",
    "url_query": "GET https://api.example.com/v1/items?page=2&ref={} failed with 500",
    "url_fragment": "redirect to https://app.example.com/done#ref={} failed",
    "url_path": "GET https://api.example.com/v1/reset/{}/confirm HTTP/1.1 500",
    "url_user": "clone https://{}@git.example.com/x.git failed",
    "relative_query": '10.9.8.7 - - "GET /cb?ref={} HTTP/1.1" 502 0',
    "quoted": "invalid argument '{}'",
    "bracketed": "worker[17]: retry ({}) failed",
    "file_name": "cannot open upload-{}.har",
    "xml": "<fault><detail>{}</detail></fault>",
    "object_key": "NoSuchKey: s3://bucket/tenant/{}/part-1",
}

# Text positions: `{n}` is the name and `{v}` the value.
NAMED_POSITIONS: dict[str, str] = {
    "assignment": "connect failed {n}={v} host=db1",
    "spaced_assignment": "option {n} = {v}",
    "colon": "config {n}: {v}",
    "json": '{{"user":"x","{n}":"{v}","ok":false}}',
    "escaped_json": '{{"body":"{{\\"{n}\\":\\"{v}\\"}}"}}',
    "python_dict": "payload {{'{n}': '{v}'}} rejected",
    "form": "body a=1&{n}={v}&b=2",
    "query": "POST https://x.example.com/login?a=1&{n}={v} 401",
    "xml": "<login><{n}>{v}</{n}></login>",
    "xml_attribute": '<login {n}="{v}"/>',
    "pair": '{{"name":"{n}","value":"{v}"}}',
    "option": "run --{n} {v} --verbose",
    "multipart": 'Content-Disposition: form-data; name="{n}"\\r\\n\\r\\n{v}\\r\\n--b',
    "graphql": '{{"query":"mutation L($p: String!)","variables":{{"{n}":"{v}"}}}}',
}
HEADER_POSITIONS: dict[str, str] = {
    "header_line": "> {n}: {v}",
    "header_upper": "sent {N}: {v}",
    "header_json": '{{"headers":{{"{n}":"{v}"}}}}',
    "header_map": "headers={{{n}=[{v}], Host=[x]}}",
    "header_curl": "curl -H '{n}: {v}' https://x.example.com/",
    "header_pair": '[{{"name":"{n}","value":"{v}"}}]',
}


def planted_lines(seed: int, encodings: tuple[str, ...] = tuple(ENCODINGS)) -> tuple[list[str], list[Canary]]:
    """Log lines (one may hold several physical lines), one canary each, and their manifest."""
    rng = random.Random(seed)
    lines: list[str] = []
    manifest: list[Canary] = []

    def plant(secret: str, position: str, encoding: str, value: str, line: str, text: str = "") -> None:
        manifest.append(Canary(secret, position, encoding, value, text or ENCODINGS[encoding](value)))
        lines.append(line)

    for secret, make in SELF_EVIDENT.items():
        for number, (position, template) in enumerate(LOG_POSITIONS.items()):
            value = make(rng)
            plant(secret, position, "plain", value, template.format(value))
            encoding = encodings[number % len(encodings)]
            value = make(rng)
            plant(secret, position, encoding, value, template.format(ENCODINGS[encoding](value)))
    for secret, (name, make) in NAMED.items():
        for position, template in NAMED_POSITIONS.items():
            value = make(rng)
            plant(secret, position, "plain", value, template.format(n=name, v=value))
        for encoding in encodings:
            value = make(rng)
            pair = ENCODINGS[encoding](f'{{"{name}":"{value}"}}')
            plant(secret, "encoded_pair", encoding, value, "body " + pair, pair)
    for name in _SECRET_HEADERS:
        for position, template in HEADER_POSITIONS.items():
            for scheme in ("", "Bearer ", "Basic ", "sid="):
                value = _run(rng, string.ascii_letters, 14)
                line = template.format(n=name, N=name.upper(), v=scheme + value)
                plant(f"header_{name.lower()}", position, "plain", value, line)
    return lines, manifest


def planted_json_log(seed: int) -> tuple[bytes, list[Canary]]:
    """The lines as JSON log records, UTF-8, and the manifest."""
    lines, manifest = planted_lines(seed)
    records = [
        json.dumps({"ts": f"2024-05-01T12:00:{n % 60:02d}Z", "level": "error", "msg": x}) for n, x in enumerate(lines)
    ]
    return ("\n".join(records) + "\n").encode(), manifest


def planted_text_log(seed: int) -> tuple[bytes, list[Canary]]:
    """The lines as a plain log, UTF-8, and the manifest."""
    lines, manifest = planted_lines(seed)
    stamped = [f"2024-05-01 12:00:{n % 60:02d},000 ERROR [main] app.Service - {x}" for n, x in enumerate(lines)]
    return ("\n".join(stamped) + "\n").encode(), manifest


def secrets_alone(seed: int, lines: int, each: int = 4) -> list[str]:
    """Lines that hold nothing but some secrets each, all different."""
    rng = random.Random(seed)
    shown = [make for secret, make in SELF_EVIDENT.items() if secret != "private_key"]
    named = [lambda rng, name=name, make=make: f"{name}={make(rng)}" for name, make in NAMED.values()]
    makers = [*shown, *named]
    return [" ".join(rng.choice(makers)(rng) for _ in range(each)) for _ in range(lines)]
