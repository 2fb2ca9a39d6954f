"""Whether what surrounds the entries is a HAR: what may come before it, what it must hold, how it ends."""

from __future__ import annotations

import json
import re

from signal_pipeline.errors import PartialReason, RejectionCode, SignalRejected
from signal_pipeline.parsing.har.outline import HarOutline

# What may come before the first bracket: nothing, or a function call or assignment around the document.
_WRAPPED = re.compile(rb"(?:/\*{1,4}/)?\s{0,20}[A-Za-z_$][\w.$ ]{0,100}\s{0,20}[=(]\s{0,20}\(?\s{0,20}[\[{]")
_XSSI_PREFIX = b")]}'"
_BEGINNING = b'{"log":{'
_BETWEEN = re.compile(r"[\s,;)\x1e\x00]*")
_PLACEHOLDER = 0
_DECODER = json.JSONDecoder(strict=False, parse_int=lambda text: int(text != "0"), parse_float=lambda _: 1)


def unwrap_head(block: bytes) -> bytes:
    """The first block with anti-hijacking prefix blanked. Raises SignalRejected(NOT_HAR) for other text."""
    text = block.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(_XSSI_PREFIX):
        text = text[len(_XSSI_PREFIX) :].lstrip(b",").lstrip()
    if not text.startswith((b"{", b"[")) and not _WRAPPED.match(text):
        raise SignalRejected(RejectionCode.NOT_HAR, 0)
    return text.rjust(len(block))


def check_shape(outline: HarOutline, head: bytes) -> set[PartialReason]:
    """What is wrong with the document that `outline` has read to its end; `head` is how it began.

    Raises SignalRejected: HAR_SHAPE for JSON that is no HAR, NOT_HAR for what is not JSON.
    """
    path = outline.path
    if outline.unfinished:
        if path.log_found or outline.bare_entries or _begins_like_har(head):
            return {PartialReason.TRUNCATED}
        raise SignalRejected(RejectionCode.NOT_HAR)
    documents, has_tail = (None, False) if outline.skeleton_full else _documents(bytes(outline.skeleton))
    if documents is None and not (path.entries or outline.bare_entries):
        raise SignalRejected(RejectionCode.NOT_HAR)
    if not path.entries_found and not outline.bare_entries:
        raise SignalRejected(RejectionCode.HAR_SHAPE)
    has_tail |= outline.overran or path.documents - outline.bare_entries > 1
    trailing = {PartialReason.TRAILING_DATA} if has_tail else set()
    if documents is None or path.mismatched:
        return {PartialReason.BAD_VALUES} | trailing
    lists = [_entry_list(document) for document in documents]
    if not outline.bare_entries and all(entries is None for entries in lists):
        raise SignalRejected(RejectionCode.HAR_SHAPE)  # a later key of the same name took the list away
    others = sum(entry != _PLACEHOLDER or isinstance(entry, bool) for entries in lists for entry in entries or ())
    return trailing | ({PartialReason.BAD_ENTRIES} if others or outline.other_documents else set())


def _begins_like_har(head: bytes) -> bool:
    compact = b"".join(head[:4096].split())
    return len(compact) >= 2 and (compact.startswith(_BEGINNING) or _BEGINNING.startswith(compact))


def _documents(skeleton: bytes) -> tuple[list[object] | None, bool]:
    """The JSON documents of the skeleton, one after another or in a list, and whether other text follows the last;
    None when it is not JSON."""
    text = skeleton.decode("utf-8", "replace")
    starts = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    at = min(starts, default=len(text))
    found: list[object] = []
    while at < len(text):
        try:
            document, at = _DECODER.raw_decode(text, at)
        except ValueError:
            return (None, False) if not found or text[at] in "{[" else (found, True)
        found.extend(document if isinstance(document, list) else [document])
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]  # matches nothing as well
    return found, False


def _entry_list(document: object) -> list[object] | None:
    log = document.get("log", document) if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    return entries if isinstance(entries, list) else None
