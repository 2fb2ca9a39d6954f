"""Why a request got no answer, in the words of whichever program recorded it. A table of the places they use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter

from signal_pipeline.parsing.har.entry import Entry

# Where producers put it, the most exact first.
_RESPONSE_FIELDS = attrgetter("error", "error_message", "error_text", "failure_text", "charles_error")
_ENTRY_FIELDS = attrgetter("error", "error_message", "error_text", "failure_text")
_ENDINGS = ("aborted", "failed", "no-response", "tls-error", "timeout")
"""How HTTP Toolkit says that a request came to nothing; its other words say that it did not."""
_MEMBERS = ("code", "errno", "name", "message", "text")
# Names of network errors: Chromium, Gecko, errno as Node and libuv write it, errno as Python does, curl, Apple.
_NAME = re.compile(
    r"net::ERR_[A-Z0-9_]{2,60}|NS_(?:ERROR|BINDING)_[A-Z0-9_]{2,60}|\bE(?:CONN|TIMED|NOT|HOST|NET|PIPE|PROTO|AI_)[A-Z_]{0,20}\b"
    r"|\[Errno -?\d{1,5}\]|\bCURLE_[A-Z_]{2,40}|\bkCFError\w{2,40}|\bNSURLError\w{2,40}|\b(?:DNS|SSL|TLS)_[A-Z_]{3,60}"
)
_SHORT_PHRASE = re.compile(r"[A-Za-z][A-Za-z0-9_:' -]{1,59}")
_NO_PHRASES = frozenset({"", "ok", "unknown", "no response", "none", "null"})
_MAX_TEXT = 2_000


def net_error(entry: Entry, status: int | None) -> tuple[str | None, str | None]:
    """(short name, whole text) of the network error of an entry; both None without one. Not redacted."""
    for text in _stated(entry):
        found = _NAME.search(text)
        if found:
            return found[0], text
        if _SHORT_PHRASE.fullmatch(text):
            return text, text
        return None, text
    comment = _text(entry.comment) or _text(entry.response.comment if entry.response else None)
    found = _NAME.search(comment or "")
    if found:
        return found[0], found[0]
    phrase = _text(entry.response.status_text) if entry.response and not status else None
    if phrase and phrase.lower() not in _NO_PHRASES and _SHORT_PHRASE.fullmatch(phrase):
        return phrase, phrase
    return None, None


def _stated(entry: Entry) -> Iterator[str]:
    for holder, fields in ((entry.response, _RESPONSE_FIELDS), (entry, _ENTRY_FIELDS)):
        for value in fields(holder) if holder is not None else ():
            text = _text(value) if value is not None else None
            if text:
                yield text
        ending = getattr(holder, "request_status", None)
        if isinstance(ending, str) and ending in _ENDINGS:
            yield ending


def _text(value: object) -> str | None:
    """The text of a field that is a string, or an object with a code or a message."""
    if isinstance(value, dict):
        parts = [str(value[name]) for name in _MEMBERS if isinstance(value.get(name), (str, int))]
        value = ": ".join(dict.fromkeys(parts))
    return value[:_MAX_TEXT].strip() or None if isinstance(value, str) else None
