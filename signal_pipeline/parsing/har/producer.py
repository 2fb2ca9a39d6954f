"""Which program recorded a HAR, by the name it gives itself. Names only; no version matters here."""

from __future__ import annotations

import msgspec

# (what the lower-case creator name holds, family); the first match wins, so special names come first.
FAMILIES: tuple[tuple[str, str], ...] = (
    ("webkit web inspector", "safari"),
    ("web inspector", "safari"),
    ("webinspector", "chrome"),
    ("firebug", "firebug"),
    ("firefox", "firefox"),
    ("f12 developer", "edge"),
    ("microsoft edge", "edge"),
    ("fiddler", "fiddler"),
    ("charles", "charles"),
    ("proxyman", "proxyman"),
    ("insomnia", "insomnia"),
    ("postman", "postman"),
    ("webpagetest", "webpagetest"),
    ("browsertime", "browsertime"),
    ("playwright", "playwright"),
    ("puppeteer", "puppeteer"),
    ("cypress", "cypress"),
    ("mitmproxy", "mitmproxy"),
    ("polly", "polly"),
    ("browsermob", "browsermob"),
    ("capture-har", "capture-har"),
    ("har capturer", "chrome-har-capturer"),
    ("selenium wire", "seleniumwire"),
    ("curl-to-har", "curl"),
    ("proxypin", "proxypin"),
    ("har-recorder", "har-recorder"),
    ("httpwatch", "httpwatch"),
    ("http toolkit", "httptoolkit"),
    ("httptoolkit", "httptoolkit"),
    ("burp", "burp"),
    ("zap", "zap"),
    ("requestly", "requestly"),
    ("reqable", "reqable"),
    ("k6", "k6"),
    ("postwoman", "hoppscotch"),
    ("hoppscotch", "hoppscotch"),
    ("paw", "paw"),
    ("rapidapi", "paw"),
    ("android", "android"),
    ("phantomjs", "phantomjs"),
    ("chrom", "chrome"),
    ("safari", "safari"),
    ("edge", "edge"),
    ("explorer", "internet-explorer"),
)
UNKNOWN = "har"


class _Producer(msgspec.Struct):
    name: object = None


def producer_family(raw: bytes) -> str:
    """The family of the program named in a `creator` or `browser` object; `har` when it is not known."""
    try:
        name = msgspec.json.decode(raw, type=_Producer).name
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return UNKNOWN
    lowered = name[:200].lower() if isinstance(name, str) else ""
    return next((family for part, family in FAMILIES if part in lowered), UNKNOWN)
