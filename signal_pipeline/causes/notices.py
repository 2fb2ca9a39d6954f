"""Warnings that announce and do not tell of a failure: what will be removed, what is set in an old way."""

from __future__ import annotations

import re

from signal_pipeline.causes.browser_words import is_browser_noise
from signal_pipeline.causes.records import EntryRecord

_NOTICE = re.compile(
    r"\b(?:deprecat\w+|obsolet\w+|will be (?:removed|dropped|ignored)|(?:may|might|to) be removed|for removal"
    r"|no longer supported in|backwards? compatib\w+|experimental (?:feature|api|warning)|end of life|out of date"
    r"|please (?:update|upgrade|set|use|migrate))\b",
    re.IGNORECASE,
)


def is_notice(entry: EntryRecord) -> bool:
    """Of warnings alone: an error that mentions a deprecated option is an error. What a browser writes on most pages is
    none either.
    """
    if is_browser_noise(entry.message):
        return True
    return entry.error_type is None and entry.exception is None and bool(_NOTICE.search(entry.message))
