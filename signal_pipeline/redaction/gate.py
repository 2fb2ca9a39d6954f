"""Which texts need an exact scan, as a few small patterns; and how a pattern is written for polars.

The gates must match wherever a row of the table or an encoding could mask something; they may match more.
A few patterns instead of one per row, and not one for all: a lazy automaton of all rows at once outgrows its cache on
varied logs and becomes fifty times slower, each of these stays at one pass of a small automaton.
"""

from __future__ import annotations

import re

from signal_pipeline.redaction.encodings import ESCAPE_SIGN
from signal_pipeline.redaction.rules import (
    announced,
    commands,
    credentials,
    identity,
    markup,
    places,
    protocols,
    spoken,
    statements,
    structures,
    traces,
)
from signal_pipeline.redaction.rules.names import STEMS
from signal_pipeline.redaction.rules.shapes import (
    BASE32_TEXT,
    BASE85_TEXT,
    HEX_TEXT,
    NUMBERED_TEXT,
    NUMBERS,
    VERSION_NOT_ADDRESS,
    WIDE_HEX_TEXT,
)

ESCAPED = rf"{ESCAPE_SIGN}|[\"'] ?(?:\+|\.|\|\||<>) ?[\"']"

# How keys begin whose rest may be one kind of character only; the rest of the table shows as unrest.
_KEY_STARTS = (
    r"ey[A-Z]|A(?:KIA|SIA|ROA|IDA|3T|BIA|CCA|GPA|NPA|NVA|IPA|BSK|TATT|TCTT|TBB|TSTT|Iza|AAA|KCp|KID|QVN)|EAA"
    r"|gh[pousr]_|github_pat_|gl[a-z]{2,5}[-_]|GR1348941|xox|xapp-|SG\.|sk[-_]|[rp]k_|whsec_|npm_|pypi-|hf_"
    r"|api_org_"
    r"|rubygems_|x(?:key|smtp)sib-|dapi|do[oprs]_v1|shp[a-z]{2}_|sq0|NR[A-Z]{2}-|sntry|HRKU|hv[sbr]\.|lin_|ntn_"
    r"|dp\."
    r"|pul-|pscale_|PMAK|dt0|fo1_|fm[12]|EZ[AT]K|FLW|rzp_|pn[ub]_|rdme_|tfp_|fio-u-|CLOJARS|duffel|dckr_|sq[uap]_"
    r"|p8e-"
    r"|LTAI|gsk_|xai-|pplx-|r8_|tskey|sb[ps]?_|ops_|vc[pkair]_|nf[pcuo]_|fig[dou]|CFPAT|API-|GOCSPX|ya29|hooks\."
    r"|[0-9]{6,12}:A"
)
_URL_TEXT = "[!#-&(-;=?-~]"
_KEYS = rf"(?:^|[^A-Za-z0-9])(?:{_KEY_STARTS})|[0-9]Q~"
_ADDRESSES = "|".join(
    (
        ESCAPED,
        rf":\\*/\\*/{_URL_TEXT}*(?:<IP:[0-9]+>)?{_URL_TEXT}*@",
        r":[!#-&(-.0-9;-?A-~]+@(?:(?:tcp|udp|unix)\(|[A-Za-z0-9.-]+:[0-9])",
        r"[A-Za-z0-9_%+'-](?:@|\(at\)|\[at\])[A-Za-z0-9-]+\.",
        credentials.EASY_CONNECT,
        r"-- ?(?:BEGIN|END) ",
        r"-(?:u|U|-user|-proxy-user)(?:[\"']\s*,\s*[\"']|[ =]?[\"']?)[^\s:\"'/]+:",
        r"\$(?:apr1|[1567y]|2[abxy]?|gy|argon2(?:id|i|d)|scrypt|[PHS]|pbkdf2[a-z0-9-]*)\$[A-Za-z0-9./=,]+\$|\$[PHS]\$[A-Za-z0-9./]{20}|A3-[A-Z0-9]{6}-|access-(?:sandbox|production|development)-|(?:sdk|mob|api)-[0-9a-f]{8}-|key-[0-9a-f]{16}|SECRET-KEY-1|jdbc:oracle|hooks\.|\bv[1-4]\.(?:local"
        r"|public)\.|\bv1\.0-|FlyV1 ",
    )
)
SHAPES = (
    NUMBERS, VERSION_NOT_ADDRESS, _KEYS, _ADDRESSES, *identity.GATES, f"{places.GATE}|{HEX_TEXT}|{BASE32_TEXT}",
    f"{WIDE_HEX_TEXT}|{NUMBERED_TEXT}|{BASE85_TEXT}",
)  # fmt: skip
SHAPE = "|".join(SHAPES)
"""`SHAPES` are the same, for engines that take several small patterns better than one."""

_KNOWN_WORDS = (
    rf"(?i:(?:{'|'.join(STEMS)})[a-z0-9_.-]*\\*[\"'`\])]*"
    r"(?:\s*[=:>(,;|?+<]|\s+(?:id\s+)?(?:[a-z]+[\s:=(]\s*)?:?\s*(?:[\"'`(\[]|[a-z_.~+/=!@#$%^*-]*[0-9]))"
    r"|-[a-z0-9_-]*(?:pass|pwd|secret|token|key|auth|pin|otp|cred|cookie|sess|sid|csrf|jwt|code|salt"
    r"|signature)[a-z0-9_-]*[ \t]"
    r"|\b(?:bearer|basic|digest|negotiate|ntlm|apikey|hawk|jwt|oauth"
    r"|aws4-hmac-sha256)[\s:\"'=]{1,3}[a-z0-9._~+/=:-]{6}"
    r"|value\\*[\"']?\s*[:=]\s*\\*[\"']|form-data|(?:tel|phone|mobile|msisdn|fax)[a-z_]*\\*[\"']?\s*[:=]|(?:otp"
    r"|pin|code)(?:\s+[a-z]+|:)?\s+[\"']?[0-9]{4}"
    r"|login\s+\S+\s+password|identified\s|(?:with|set)\s+(?:encrypted\s+)?password\s|sshpass|[\s\"']-p\S"
    r"|webhook|zapier|ifttt|feishu|larksuite|api\.telegram|chat\.googleapis|pagerduty|googleusercontent)"
)

WORD_SETS = (
    _KNOWN_WORDS, spoken.GATE, commands.GATE, protocols.GATE, f"{statements.GATE}|{traces.GATE}", structures.GATE,
    markup.GATE, announced.GATE,
)  # fmt: skip
WORDS = "|".join(WORD_SETS)
"""`WORD_SETS` are the same, as for the shapes."""

FOREIGN = (
    rf"{spoken.FOREIGN_GATE}|"
    r"@|[\x{00aa}\x{00b2}\x{00b3}\x{00b9}\x{00ba}\x{017f}\x{02b0}-\x{02b8}\x{1d2c}-\x{1d6a}\x{2024}-\x{2026}"
    r"\x{2070}-\x{209c}\x{2100}-\x{214f}\x{2160}-\x{217f}\x{2460}-\x{24ea}\x{fe50}-\x{fe6b}\x{ff01}-\x{ff5e}"
    r"\x{1d400}-\x{1d7ff}\x{1f100}-\x{1f1ff}]|://[^\s]*@"
)
"""For texts with characters outside ASCII: addresses, and characters that NFKC turns into plain ones."""

_ASCII_SPACE = r"\t\n\x0c\r "
_PIECE = re.compile(r"\\x\{[0-9a-f]+\}|\\.|\[\^?\]?|\]|[^\\\[\]]+", re.DOTALL)


def for_polars(pattern: str) -> str:
    """The pattern with the ASCII classes that RE2 means by `\\s`, `\\S` and `\\b`, in Rust regex syntax."""
    out, in_class = [], False
    for piece in _PIECE.findall(pattern):
        if piece == r"\s":
            out.append(_ASCII_SPACE if in_class else f"[{_ASCII_SPACE}]")
        elif piece == r"\S":
            out.append(f"[^{_ASCII_SPACE}]")
        elif piece == r"\b":
            out.append(r"(?-u:\b)")
        elif piece.startswith("[") and in_class:
            out.append("\\" + piece)
        else:
            in_class = piece.startswith("[") or (in_class and piece != "]")
            out.append(piece)
    return "".join(out)
