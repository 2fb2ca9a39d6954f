"""Keys that stand where names are expected: labels of hosts, segments of paths, names of parameters."""

from __future__ import annotations

from signal_pipeline.redaction.parts import is_segment_key, opaque_segments
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.rules.shapes import UNREST
from signal_pipeline.redaction.tokens import VALUE
from signal_pipeline.redaction.words import is_opaque

_KEY_PATHS = (
    r"(?:[a-z]+[_-])?(?:reset|tokens?|invit(?:e|ations?)|verify|confirm(?:ation)?|activat(?:e|ion)|magic-?links?|unsubscribe|secrets?|web-?hooks?"
    r"|hooks|recover(?:y)?|unlock|shared?|signup)(?:[_-][a-z]+)?"
)
GATE = rf"(?i:/{_KEY_PATHS}/[A-Za-z0-9_~!$%*-]{{6}})"
"""The row for segments after telling words; the others need a run of characters, which the gate asks for anyway."""

RULES = (
    Rule(
        "opaque_in_url",
        r"(?:[A-Za-z][A-Za-z0-9+.-]*:(?:\\?/){2}|(?:^|[\s\"'(=])/)(?P<v>[^\s\"'<>\\]+)",
        VALUE,
        (
            "https://YYRokS3Me72EbkeY.example.com/v1",
            "GET https://h/reset/YP8FtAJQm06cGSlF",
            "https://h/items?e9ncIUxFC00oVFXD=1",
        ),
        (
            "https://h/v1/users/42/orders",
            "GET /assets/index-BxQ7zK2pLm3.js HTTP/1.1",
            "https://web-7d4b9c6f5-x2x9z.svc/x",
        ),
        ("/",),
        parts=opaque_segments,
        gate=rf"{UNREST}|{GATE}",
    ),
    Rule(
        "opaque_parameter",
        r"[?&](?P<v>[A-Za-z0-9_~-]{8,})(?:[=&\s]|$)",
        VALUE,
        ("x?page&M7saLA0nk60AJptq",),
        ("?callback_url_v2=",),
        ("?", "&"),
        is_opaque,
        repeat=True,
        gate=UNREST,
        needs=("&?",),
    ),
    Rule(
        "key_segment",
        rf"(?i)/{_KEY_PATHS}/(?P<v>[A-Za-z0-9_~!$%*-]{{6,}})",
        VALUE,
        ("open /var/run/secrets/YP8FtAJQm06cGSlF", "/password/reset/8uHt5XBN413keGdo"),
        ("/secrets/database", "/reset/password", "/hooks/1234567"),
        ("/",),
        is_segment_key,
        gate=GATE,
        needs=("/",),
    ),
    Rule(
        "opaque_host",
        r"(?:^|[\s\"'(@=/])(?P<v>[A-Za-z0-9_-]{10,63})\.(?:[a-z0-9-]{1,63}\.)+[a-z]{2,12}(?:[^A-Za-z0-9_.(-]|$)",
        VALUE,
        ("request to YP8FtAJQm06cGSlF.internal.example.com timed out",),
        ("Http2ConnectionHandler.java", "ip-10-0-0-1.eu-west-1.compute.internal"),
        (".",),
        is_opaque,
        gate=UNREST,
        needs=(".",),
    ),
)
