"""Whether an object is the one that was accepted, and asking a second time for one that is not.

What was accepted is what is recorded of it: size and SHA-256 where the file came through us, nothing or a size where
an object is only referred to. What does not belong here: the object store's own errors (storage/object_store.py).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from signal_pipeline.errors import BadObjectAnswer, RejectionCode, SignalRejected
from signal_pipeline.storage.object_store import StoredObject
from signal_pipeline.storage.reports import Signal

PAUSE_SECONDS = 0.5
_HEAD_BYTES = 1024
# What a proxy or a store says in place of an object: a page, or S3's own error.
_ERROR_DOCUMENT = re.compile(
    rb"\s{0,64}(?:<\?xml[^>]{0,200}>\s{0,64})?(?:<!doctype\s{1,8}html|<html[\s>]|<Error>\s{0,64}<Code>)", re.IGNORECASE
)

Found = TypeVar("Found")


def check_size(signal: Signal, stored: StoredObject) -> None:
    """Before a byte is read. SignalRejected(CHANGED) when the object is not as long as what was accepted."""
    if signal.size_bytes is not None and signal.size_bytes != stored.size_bytes:
        raise SignalRejected(RejectionCode.CHANGED)


def check_content(signal: Signal, sha256: str, copy: Path) -> None:
    """SignalRejected: CHANGED for other bytes than were accepted, ERROR_DOCUMENT for a page where nothing is known."""
    if signal.sha256 is not None:
        if signal.sha256 != sha256:
            raise SignalRejected(RejectionCode.CHANGED)
    elif is_error_document(copy):
        raise SignalRejected(RejectionCode.ERROR_DOCUMENT)


def is_error_document(copy: Path) -> bool:
    with copy.open("rb") as file:
        return _ERROR_DOCUMENT.match(file.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf")) is not None


def asked_twice(ask: Callable[[], Found]) -> Found:
    """A difference and a bad answer may be over a moment later, when a cache or a proxy has caught up; once more is
    enough. SignalRejected when it was not: BAD_ANSWER, CHANGED, ERROR_DOCUMENT."""
    try:
        return ask()
    except BadObjectAnswer:
        pass
    except SignalRejected as rejected:
        if rejected.code not in (RejectionCode.CHANGED, RejectionCode.ERROR_DOCUMENT):
            raise
    time.sleep(PAUSE_SECONDS)
    try:
        return ask()
    except BadObjectAnswer:
        raise SignalRejected(RejectionCode.BAD_ANSWER) from None
