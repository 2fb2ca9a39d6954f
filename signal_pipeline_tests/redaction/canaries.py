"""Plants secrets that no person owns, and finds them again: the leak test's generator and its search.

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
from urllib.parse import quote

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
    return ".".join(str(rng.randint(101, 199)) for _ in range(4))


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


def planted_har(seed: int) -> tuple[bytes, list[Canary]]:
    """A HAR whose every corner holds a canary: one entry for each secret, and the manifest."""
    rng = random.Random(seed)
    manifest: list[Canary] = []
    makes = {**SELF_EVIDENT, **{name: make for name, (_, make) in NAMED.items()}}
    names = {secret: name for secret, (name, _) in NAMED.items()}

    def planted(secret: str, position: str, encoding: str = "plain") -> str:
        value = makes[secret](rng)
        planted_text = ENCODINGS[encoding](value)
        manifest.append(Canary(secret, position, encoding, value, planted_text))
        return planted_text

    entries = [_har_entry(lambda p, e="plain", s=s: planted(s, p, e), names.get(s, "ref")) for s in makes]
    pages = [{"id": "page_1", "title": planted("email", "page_title"), "startedDateTime": "2024-05-01T12:00:00Z"}]
    log = {"version": "1.2", "creator": {"name": "x", "version": "1"}, "pages": pages, "entries": entries}
    return json.dumps({"log": log}).encode(), manifest


def _har_entry(plant: Callable[..., str], name: str) -> dict[str, object]:
    def pair(header: str, position: str) -> dict[str, str]:
        return {"name": header, "value": plant(position)}

    query = quote(plant("query"), safe="")
    url = f"https://shop.example.com/api/{name}?{name}={query}#{name}={quote(plant('fragment'), safe='')}"
    body = json.dumps({"error": {"message": "refused"}, name: plant("response_json")})
    return {
        "startedDateTime": "2024-05-01T12:00:00.000Z",
        "time": 12.5,
        "request": {
            "method": "POST",
            "url": url,
            "httpVersion": "HTTP/1.1",
            "headers": [
                pair("AUTHORIZATION", "header_upper"),
                pair("cookie", "header_lower"),
                {"name": "Referer", "value": f"https://shop.example.com/?{name}={quote(plant('referer'), safe='')}"},
            ],
            "queryString": [{"name": name, "value": plant("query_array")}],
            "cookies": [{"name": "sid", "value": plant("cookie_array")}],
            "headersSize": -1,
            "bodySize": 10,
            "postData": {
                "mimeType": "application/x-www-form-urlencoded",
                "text": f"a=1&{name}={quote(plant('form'), safe='')}",
                "params": [{"name": name, "value": plant("form_param")}],
            },
        },
        "response": {
            "status": 500,
            "statusText": "Internal Server Error",
            "httpVersion": "HTTP/1.1",
            "headers": [pair("Set-Cookie", "set_cookie"), pair("X-Api-Key", "response_header")],
            "cookies": [],
            "content": {"size": len(body), "mimeType": "application/json", "text": body},
            "redirectURL": f"https://shop.example.com/cb?code={quote(plant('redirect'), safe='')}",
            "headersSize": -1,
            "bodySize": 10,
        },
        "cache": {"comment": plant("comment")},
        "timings": {"send": 1, "wait": 10, "receive": 1.5},
        "_initiator": {"type": "script", "stack": {"url": plant("initiator")}},
        "_webSocketMessages": [{"type": "send", "data": plant("websocket")}],
    }


def forms(value: str) -> dict[str, bytes]:
    """Every way in which a planted value is searched for, by name of the form."""
    raw = value.encode()
    found = {
        "plain": raw,
        "lower": value.lower().encode(),
        "percent": quote(value, safe="").encode(),
        "hex": raw.hex().encode(),
        "reversed": value[::-1].encode(),
        "json": json.dumps(value)[1:-1].encode(),
        "first": raw[:8],
        "last": raw[-8:],
    }
    for offset in range(3):
        inner = base64.b64encode(b"\0" * offset + raw)
        start, end = -(-offset * 4 // 3), len(inner) - (4 if (len(raw) + offset) % 3 else 0)
        found[f"base64_{offset}"] = inner[start + (1 if offset else 0) : end]
    return found


def _searched(canary: Canary) -> dict[str, bytes]:
    planted = {"planted": canary.planted.encode(), "planted_json": json.dumps(canary.planted)[1:-1].encode()}
    return {**forms(canary.value), **planted}


@dataclass(frozen=True)
class Leak:
    """A canary that was found, and the form it was found in. Holds no value."""

    secret: str
    position: str
    encoding: str
    form: str


def find_leaks(data: bytes, manifest: list[Canary]) -> list[Leak]:
    """The canaries of the manifest that stand in `data` in any form, at most one leak for each.

    First and last eight characters are skipped where they are not random (a common prefix or suffix).
    """
    shared = shared_ends(manifest)
    leaks = []
    for canary in manifest:
        for form, needle in _searched(canary).items():
            # Eight digits are found in any dump of vectors by chance.
            if needle in shared or len(needle) < 8 or (form in ("first", "last") and needle.isdigit()):
                continue
            if needle in data:
                leaks.append(Leak(canary.secret, canary.position, canary.encoding, form))
                break
    return leaks


def shared_ends(manifest: list[Canary]) -> set[bytes]:
    """Ends that belong to the form of a secret rather than to one canary ("-----BEG", "eyJhbGci")."""
    seen: dict[bytes, int] = {}
    for value in dict.fromkeys(canary.value for canary in manifest):
        for end in {value[:8].encode(), value[-8:].encode(), value[-8:].lower().encode()}:
            seen[end] = seen.get(end, 0) + 1
    return {end for end, count in seen.items() if count > 1}
