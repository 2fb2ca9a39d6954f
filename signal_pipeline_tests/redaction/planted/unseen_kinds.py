"""A second batch of kinds that no rule was written with, as `unseen_systems`: what is a secret by its own shape or by its
name, what it stands in, and how that is encoded.
"""

from __future__ import annotations

import base64
import gzip
import html
import json
import quopri
import random
import string
from collections.abc import Callable
from urllib.parse import quote

from signal_pipeline_tests.redaction import checkdigits as check
from signal_pipeline_tests.redaction.planted.values import ALNUM, HEX, Make, digits, numbered, run

UPPER = string.ascii_uppercase + string.digits
URL64 = ALNUM + "-_"


def _shape(*parts: str | tuple[str, int]) -> Make:
    return lambda rng: "".join(part if isinstance(part, str) else run(rng, *part) for part in parts)


def _segment(rng: random.Random, content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def _jwt(rng: random.Random) -> str:
    claims = {"email": f"{run(rng, string.ascii_lowercase, 9)}@x.example", "iat": 1}
    return f"{_segment(rng, {'typ': 'JWT', 'alg': 'RS256'})}.{_segment(rng, claims)}.{run(rng, URL64, 86)}"


def _mail(rng: random.Random) -> str:
    return f"{run(rng, string.ascii_lowercase, 8)}.{run(rng, string.ascii_lowercase, 6)}@{run(rng, string.ascii_lowercase, 7)}.co.uk"


def _card(prefix: str, size: int, groups: tuple[int, ...] = (), separator: str = " ") -> Make:
    def make(rng: random.Random) -> str:
        whole, out = check.luhn_completed(prefix + run(rng, string.digits, size - 1 - len(prefix))), []
        for width in groups:
            out.append(whole[:width])
            whole = whole[width:]
        return separator.join(out) if out else whole

    return make


def _iban(country: str, form: str, *, grouped: bool = False) -> Make:
    def make(rng: random.Random) -> str:
        account = "".join(rng.choice(string.digits if c == "9" else string.ascii_uppercase) for c in form)
        whole = check.iban(country, account)
        return " ".join(whole[n : n + 4] for n in range(0, len(whole), 4)) if grouped else whole

    return make


def _ssn(rng: random.Random) -> str:
    return f"{rng.randint(100, 665)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}"


def _ip(rng: random.Random) -> str:
    return f"{rng.choice((81, 93, 145, 178, 203))}.{rng.randint(11, 250)}.{rng.randint(11, 250)}.{rng.randint(11, 250)}"


def _ipv6(rng: random.Random) -> str:
    return "2a02:" + ":".join(f"{rng.randint(4096, 65535):x}" for _ in range(7))


def _mac(separator: str, width: int = 2) -> Make:
    return lambda rng: separator.join(run(rng, HEX, width) for _ in range(12 // width))


def _imei(rng: random.Random) -> str:
    return check.luhn_completed("35" + run(rng, string.digits, 12))


def _user(form: str) -> Make:
    return lambda rng: form.replace("*", run(rng, string.ascii_lowercase, 9))


def _pem(rng: random.Random) -> str:
    return f"-----BEGIN PRIVATE KEY-----\\n{run(rng, ALNUM, 64)}\\n{run(rng, ALNUM, 40)}\\n-----END PRIVATE KEY-----"


SHAPES: dict[str, Make] = {
    "jwt": _jwt,
    "jwe": lambda rng: ".".join((_segment(rng, {"alg": "RSA-OAEP", "enc": "A256GCM"}), run(rng, URL64, 80), run(rng, URL64, 16), run(rng, URL64, 60), run(rng, URL64, 22))),
    "paseto": _shape("v4.public.", (URL64, 90)),
    "aws_key_id": _shape("ASIA", (UPPER, 16)),
    "aws_bedrock": _shape("ABSK", (ALNUM, 109)),
    "github_app": _shape("ghs_", (ALNUM, 36)),
    "gitlab_runner": _shape("glrt-", (URL64, 20)),
    "gitlab_deploy": _shape("gldt-", (URL64, 20)),
    "slack_user": _shape("xoxp-", (string.digits, 12), "-", (string.digits, 12), "-", (HEX, 32)),
    "slack_app": _shape("xapp-1-A", (UPPER, 10), "-", (string.digits, 13), "-", (HEX, 64)),
    "slack_hook": _shape("https://hooks.slack.com/services/T", (UPPER, 10), "/B", (UPPER, 10), "/", (ALNUM, 24)),
    "discord_hook": _shape("https://discord.com/api/webhooks/", (string.digits, 18), "/", (URL64, 68)),
    "teams_hook": _shape("https://acme.webhook.office.com/webhookb2/", (HEX, 8), "-1111-4111-8111-", (HEX, 12), "@", (HEX, 8), "-1111-4111-8111-111111111111/IncomingWebhook/", (HEX, 32), "/", (HEX, 8), "-1111-4111-8111-111111111111"),
    "stripe_restricted": _shape("rk_live_", (ALNUM, 99)),
    "stripe_test": _shape("sk_test_", (ALNUM, 24)),
    "openai_old": _shape("sk-", (ALNUM, 20), "T3BlbkFJ", (ALNUM, 20)),
    "openai_service": _shape("sk-svcacct-", (URL64, 74), "T3BlbkFJ", (URL64, 74)),
    "anthropic_admin": _shape("sk-ant-admin01-", (URL64, 93), "AA"),
    "openrouter": _shape("sk-or-v1-", (HEX, 64)),
    "google_api": _shape("AIzaSy", (URL64, 33)),
    "google_secret": _shape("GOCSPX-", (URL64, 28)),
    "google_refresh": _shape("1//0g", (URL64, 60)),
    "npm": _shape("npm_", (ALNUM, 36)),
    "pypi": _shape("pypi-AgENdGVzdC5weXBpLm9yZw", (URL64, 70)),
    "huggingface_org": _shape("api_org_", (string.ascii_letters, 34)),
    "sendgrid": _shape("SG.", (URL64, 22), ".", (URL64, 43)),
    "databricks": _shape("dapi", (HEX, 32), "-2"),
    "azure_secret": _shape((ALNUM, 3), "7Q~", (ALNUM + "~_.-", 34)),
    "azure_devops": _shape((ALNUM, 76), "AZDO", (ALNUM, 4)),
    "twilio_key": _shape("SK", (HEX, 32)),
    "mailchimp": _shape((HEX, 32), "-us12"),
    "mailgun": _shape("key-", (HEX, 32)),
    "telegram": _shape("7", (string.digits, 9), ":AAH", (URL64, 32)),
    "square": _shape("EAAA", (URL64, 60)),
    "shopify": _shape("shpss_", (HEX, 32)),
    "digitalocean": _shape("doo_v1_", (HEX, 64)),
    "grafana_cloud": _shape("glc_eyJ", (ALNUM, 80)),
    "grafana_service": _shape("glsa_", (ALNUM, 32), "_", (HEX, 8)),
    "vault_batch": _shape("hvb.AAAAAQ", (URL64, 140)),
    "terraform": _shape((ALNUM, 14), ".atlasv1.", (URL64, 67)),
    "atlassian": _shape("ATATT3xFfGF0", (URL64, 170), "=", (UPPER, 8)),
    "bitbucket": _shape("ATBB", (ALNUM, 32)),
    "sentry": _shape("sntrys_eyJpYXQiOjE3MDA", (ALNUM, 60), "_", (ALNUM, 43)),
    "sentry_user": _shape("sntryu_", (HEX, 64)),
    "rubygems": _shape("rubygems_", (HEX, 48)),
    "nuget": _shape("oy2", (string.ascii_lowercase + string.digits, 43)),
    "crates": _shape("cio", (ALNUM, 32)),
    "artifactory": _shape("AKCp", (ALNUM, 69)),
    "docker": _shape("dckr_pat_", (URL64, 27)),
    "heroku": _shape("HRKU-AA", (URL64, 58)),
    "newrelic": _shape("NRAK-", (UPPER, 27)),
    "newrelic_licence": _shape("eu01xx", (HEX, 30), "NRAL"),
    "dynatrace": _shape("dt0c01.", (UPPER, 24), ".", (UPPER, 64)),
    "datadog_app": _shape("ddapp_", (ALNUM, 34)),
    "figma": _shape("figd_", (URL64, 40)),
    "airtable": _shape("pat", (ALNUM, 14), ".", (HEX, 64)),
    "notion_old": _shape("secret_", (ALNUM, 43)),
    "postman": _shape("PMAK-", (HEX, 24), "-", (HEX, 34)),
    "pulumi": _shape("pul-", (HEX, 40)),
    "planetscale": _shape("pscale_pw_", (URL64, 43)),
    "supabase": _shape("sbp_", (HEX, 40)),
    "onepassword": _shape("ops_eyJ", (ALNUM, 250)),
    "age": _shape("AGE-SECRET-KEY-1", ("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),
    "facebook": _shape("EAACEdEose0cBA", (ALNUM, 100)),
    "dropbox": _shape("sl.", (URL64, 140)),
    "asana": _shape("1/", (string.digits, 16), ":", (HEX, 32)),
    "plaid": _shape("access-sandbox-", (HEX, 8), "-1111-4111-8111-", (HEX, 12)),
    "paypal": _shape("access_token$production$", (string.ascii_lowercase + string.digits, 16), "$", (HEX, 32)),
    "mws": _shape("amzn.mws.", (HEX, 8), "-1111-4111-8111-", (HEX, 12)),
    "firebase_server": _shape("AAAA", (URL64, 7), ":APA91b", (URL64, 134)),
    "flyio": _shape("FlyV1 fm2_", (ALNUM + "+/", 100)),
    "tailscale": _shape("tskey-auth-", (ALNUM, 12), "CNTRL-", (ALNUM, 32)),
    "groq": _shape("gsk_", (ALNUM, 52)),
    "xai": _shape("xai-", (ALNUM, 80)),
    "replicate": _shape("r8_", (ALNUM, 37)),
    "perplexity": _shape("pplx-", (ALNUM, 48)),
    "langsmith": _shape("lsv2_pt_", (HEX, 32), "_", (HEX, 10)),
    "readme": _shape("rdme_", (string.ascii_lowercase + string.digits, 70)),
    "mapbox": _shape("sk.eyJ1Ijoi", (ALNUM, 60), ".", (ALNUM, 22)),
    "bcrypt": _shape("$2b$12$", (ALNUM + "./", 53)),
    "sha512_crypt": _shape("$6$", (ALNUM, 16), "$", (ALNUM + "./", 86)),
    "argon2": _shape("$argon2id$v=19$m=65536,t=3,p=4$", (ALNUM, 22), "$", (ALNUM, 43)),
    "pbkdf2": _shape("pbkdf2_sha256$600000$", (ALNUM, 22), "$", (ALNUM, 43), "="),
    "apr1": _shape("$apr1$", (ALNUM, 8), "$", (ALNUM + "./", 22)),
    "ssha": _shape("{SSHA}", (ALNUM, 38), "=="),
    "pem_escaped": _pem,
    "blob_base64": lambda rng: base64.b64encode(rng.randbytes(48)).decode(),
    "blob_hex": _shape((HEX, 64)),
    "mail": _mail,
    "mail_plus": _user("*+shop@mail.example.com"),
    "mail_umlaut": _user("*@bücher.example"),
    "card_visa": _card("4", 16, (4, 4, 4, 4)),
    "card_master": _card("53", 16, (4, 4, 4, 4), "-"),
    "card_amex": _card("37", 15, (4, 6, 5)),
    "card_bare": _card("4", 16),
    "iban_de": _iban("DE", "9" * 18, grouped=True),
    "iban_gb": _iban("GB", "AAAA" + "9" * 14),
    "iban_fr": _iban("FR", "9" * 23),
    "iban_nl": _iban("NL", "AAAA" + "9" * 10, grouped=True),
    "ssn": _ssn,
    "ip": _ip,
    "ipv6": _ipv6,
    "mac_colon": _mac(":"),
    "mac_dash": _mac("-"),
    "mac_cisco": _mac(".", 4),
    "home": _user("/home/*/shop/app.py"),
    "home_mac": _user("/Users/*/shop/app.py"),
    "home_windows": _user("C:\\Users\\*\\shop\\app.py"),
    "home_unc": _user("\\\\srv\\Users\\*\\app.py"),
    "home_file_url": _user("file:///home/*/a.js"),
    "phone_us": numbered("+1 (499) 999-9999"),
    "phone_us_dots": numbered("+1.499.999.9999"),
    "phone_fr": numbered("+33 6 99 99 99 99"),
    "phone_in": numbered("+91 99999 99999"),
    "phone_cn": numbered("+86 139 9999 9999"),
    "phone_ru": numbered("+7 999 999-99-99"),
    "phone_it": numbered("+39 349 999 9999"),
    "phone_de_00": numbered("0049 170 9999999"),
    "phone_br": numbered("+55 11 99999-9999"),
    "phone_jp": numbered("+81-90-9999-9999"),
    "phone_e164": numbered("+31699999999"),
}  # fmt: skip

NAMED: dict[str, Make] = {
    "phone: §": numbered("499 999 9999"),
    "Tel. §": numbered("0621 999999"),
    "mobile=§": numbered("09999999999"),
    "call me at §": numbered("(499) 999-9999"),
    "WhatsApp §": numbered("349 999 9999"),
    "Telefon: §": numbered("0601 999 999"),
    "telefone (§)": numbered("(21) 99999-9999"),
    "тел. §": numbered("8 999 999 99 99"),
    "手机号：§": numbered("139 9999 9999"),
    '"phoneNumber":"§"': numbered("4999999999"),
    "msisdn=§": numbered("4917999999999"),
    "SMS to § failed": numbered("+4917999999999"),
    "imei=§": _imei,
    "IMEI: §": _imei,
    "imsi §": _shape("26201", (string.digits, 10)),
    "iccid: §": _shape("894902", (string.digits, 13)),
    "ssn=§": lambda rng: _ssn(rng).replace("-", ""),
    "social security number §": _ssn,
    "CPR: §": _shape("010170-", (string.digits, 4)),
    "fødselsnummer §": _shape("010170", (string.digits, 5)),
    "rodné číslo §": _shape("855730/", (string.digits, 4)),
    "CNP: §": _shape("1850730", (string.digits, 6)),
    "TC kimlik no: §": lambda rng: digits(rng, 11),
    "NIF: §": lambda rng: digits(rng, 9),
    "PPS number §": _shape((string.digits, 7), "T"),
    "PAN: §": _shape(("ABCDEFGHJK", 5), (string.digits, 4), ("ABCDEFGHJK", 1)),
    "CUIL §": _shape("20-", (string.digits, 8), "-3"),
    "RUT: §": _shape("12.", (string.digits, 3), ".", (string.digits, 3), "-5"),
    "주민등록번호: §": _shape("850730-1", (string.digits, 6)),
    "NRIC §": _shape("S", (string.digits, 7), "D"),
    "身份证号：§": lambda rng: check.chinese_id("110105198507" + run(rng, string.digits, 5)),
    "passport no. §": _shape("C01X", (UPPER, 5)),
    "Reisepass §": _shape("C01X", (UPPER, 5)),
    "driver's license §": _shape("D", (string.digits, 7)),
    "tax id: §": lambda rng: digits(rng, 11),
    "date of card: CVV §": lambda rng: digits(rng, 3),
    "cvc=§": lambda rng: digits(rng, 3),
    '"cvv2":"§"': lambda rng: digits(rng, 3),
    "PIN: §": lambda rng: digits(rng, 4),
    "Your verification code is §": lambda rng: digits(rng, 6),
    "§ is your verification code": lambda rng: digits(rng, 6),
    "Use § as your login code": lambda rng: digits(rng, 6),
    "Your OTP is §. Do not share it": lambda rng: digits(rng, 6),
    "one-time password: §": lambda rng: digits(rng, 6),
    "2FA code § rejected": lambda rng: digits(rng, 6),
    "TOTP § invalid for alice": lambda rng: digits(rng, 6),
    "Ihr Bestätigungscode lautet §": lambda rng: digits(rng, 6),
    "votre code de vérification est §": lambda rng: digits(rng, 6),
    "su código de verificación es §": lambda rng: digits(rng, 6),
    "код подтверждения: §": lambda rng: digits(rng, 6),
    "验证码：§": lambda rng: digits(rng, 6),
    "sms code=§": lambda rng: digits(rng, 6),
    "mnemonic: § abandon zoo": lambda rng: " ".join(rng.choice(("ribbon", "velvet", "orbit", "tunnel", "gravity", "sausage", "pumpkin", "kiwi", "lizard", "mosquito", "noodle", "walnut")) for _ in range(10)),
    "seed phrase: §": lambda rng: " ".join(rng.choice(("ribbon", "velvet", "orbit", "tunnel", "gravity", "sausage", "pumpkin", "kiwi", "lizard", "mosquito", "noodle", "walnut")) for _ in range(12)),
    "private_key=0x§": _shape((HEX, 64)),
    "wif: §": _shape("5K", (ALNUM, 49)),
    "xprv §": _shape("xprv9s21ZrQH143K", (ALNUM, 95)),
    "Signature: §": _shape((HEX, 64)),
    "AccountKey=§;": _shape((ALNUM, 86), "=="),
    "aws secret §": _shape((ALNUM, 40)),
    "X-Client-IP: §": _ip,
    "client=§:51234": _ip,
    "from § port 51234 ssh2": _ip,
    "rhost=§ user=alice": _ip,
    "[§]:443": _ipv6,
    "peer ::ffff:§": _ip,
    "ip-§.example.com": lambda rng: _ip(rng).replace(".", "-"),
    "a[href=mailto:§]": _mail,
    "MAIL FROM:<§> SIZE=9": _mail,
    "Author: Alice A <§>": _mail,
    "to=<§>, relay=none": _mail,
    "emailAddress=§, CN=x": _mail,
    "user § (7) signed in": _mail,
    "JID §/phone": _mail,
    "sip:§;transport=udp": _mail,
    "username=§": _mail,
    "uid=§,ou=people": _mail,
    "name§": lambda rng: " <" + _mail(rng) + ">",
}  # fmt: skip
"""What is known by the words around it only."""

AROUND = (
    "refused § for alice",
    "value=§",
    "value: '§', next: 1",
    '{"data":"§","n":1}',
    "https://x.example.com/a?v=§&w=1",
    "ValueError: could not parse §",
    "GET /a/§ failed",
    "(§)",
    "[§] done",
    "x=1;y=§;z=2",
    "<v>§</v>",
    '<v a="§"/>',
    "--value=§",
    "--value § --next",
    "X-Value: §",
    "§",
    "got §, expected none",
    "got §. Retrying",
    "«§»",
    "at f(§) in a.js:3",
    "key=§,other=2",
    'msg="lookup of § failed" level=error',
    "Cannot find module '§'",
    "§: no such user",
    "a|§|b",
    "a\t§\tb",
    "expected: <§> but was: <null>",
    "_id=§_1",
    "x-§-y is no name",
    "lookup §?",
)

ENCODINGS: dict[str, Callable[[str], str]] = {
    "percent": lambda text: quote(text, safe=""),
    "percent_all": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent_twice": lambda text: quote(quote(text, safe=""), safe=""),
    "json": lambda text: json.dumps(json.dumps({"v": text})),
    "json_thrice": lambda text: json.dumps(json.dumps(json.dumps({"v": text}))),
    "unicode": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "unicode_braces": lambda text: "".join(f"\\u{{{ord(char):x}}}" for char in text),
    "bytes": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "octal": lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
    "entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "entities_hex": lambda text: "".join(f"&#x{ord(char):x};" for char in text),
    "entities_named": lambda text: html.escape(f'"{text}"').replace("@", "&commat;").replace(":", "&colon;"),
    "quoted_printable": lambda text: "".join(f"={byte:02X}" for byte in text.encode()),
    "quoted_printable_some": lambda text: (
        quopri.encodestring(text.encode(), quotetabs=True).decode().replace("=\n", "")
    ),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64_url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64_twice": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    "base64_data_url": lambda text: "data:text/plain;base64," + base64.b64encode(text.encode()).decode(),
    "base64_mime_word": lambda text: f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?=",
    "base64_percent": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
    "base64_utf16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base85": lambda text: base64.b85encode(text.encode()).decode(),
    "ascii85": lambda text: base64.a85encode(text.encode(), adobe=True).decode(),
    "hex": lambda text: text.encode().hex(),
    "hex_spaced": lambda text: text.encode().hex(" "),
    "hex_colons": lambda text: text.encode().hex(":"),
    "hex_prefix": lambda text: "0x" + text.encode().hex(),
    "hex_utf16": lambda text: text.encode("utf-16-le").hex(),
    "hex_list": lambda text: "[" + ", ".join(f"0x{byte:02x}" for byte in text.encode()) + "]",
    "decimal_list": lambda text: "[" + ", ".join(str(byte) for byte in text.encode()) + "]",
    "binary": lambda text: " ".join(f"{byte:08b}" for byte in text.encode()),
    "gzip_base64": lambda text: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
    "fullwidth": lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
    "zero_width": "\u200b".join,
    "soft_hyphen": lambda text: text[:5] + "\u00ad" + text[5:],
    "colour": lambda text: text[:4] + "\x1b[31m" + text[4:] + "\x1b[0m",
    "bold_each": lambda text: "\x1b[1m" + text + "\x1b[0m",
    "concatenated": lambda text: f"'{text[:6]}' + '{text[6:]}'",
    "reversed_slash": lambda text: text.replace("/", "\\/"),
}
"""Of a text such as `password=§` or of a secret by its shape."""

PAIRS = (
    "password=§", '{"password":"§"}', "Authorization: Bearer §", "api_key: §", "user=alice&passwd=§&x=1",
    "postgres://alice:§@db1/shop", "the password is §",
)  # fmt: skip

PLACES = (
    "deploy-§.log", "§", "trace_§_2026.har", "export of §.zip", "report for § (copy).har",
)  # fmt: skip
"""File names, titles and sources of reports that hold a secret by its shape."""
