"""Whether an event reports a failure, by its name, its status or an error inside; and what it says about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from signal_pipeline.parsing.events.envelope import value_at
from signal_pipeline.parsing.events.event import Event

FAILED_NAME = re.compile(
    r"(?:^|[._:/\-]|(?<=[a-z]))(?:fail(?:ed|ure|s)?|errors?|errored|declined|rejected|refused|denied|timed_?out|timeout"
    r"|aborted|crashed|bounced?|undeliverable|undelivered|dead_?letter(?:ed)?|disputed|payment_action_required)$",
    re.I,
)
"""The last words of a name that reports a failure: `payment.failed`, `OrderRejected`, `delivery_timeout`."""
FAILED_STATUS = frozenset(
    {
        "failed",
        "failure",
        "error",
        "errored",
        "declined",
        "rejected",
        "timed_out",
        "timeout",
        "aborted",
        "crashed",
        "undelivered",
        "undeliverable",
        "denied",
        "refused",
        "bounced",
    }
)
STATUS_KEYS = ("status", "state", "result", "outcome", "conclusion")
SUCCESS_KEYS = ("success", "succeeded", "successful", "is_success", "isSuccess")
ERROR_KEYS = ("error", "failure", "last_payment_error", "last_error", "exception", "last_setup_error", "problem")
CODE_KEYS = ("code", "error_code", "errorCode", "decline_code", "failure_code", "type", "reason_code", "name", "class")
TEXT_KEYS = (
    "message", "error_message", "errorMessage", "failure_message", "failureMessage", "detail", "description", "reason",
    "failure_reason", "failureReason", "title",
)  # fmt: skip
FLAT_CODES = ("error_code", "errorCode", "failure_code", "failureCode", "decline_code", "reason_code", "ErrorCode")
FLAT_TEXTS = (
    "error_message", "errorMessage", "failure_message", "failureMessage", "failure_reason", "failureReason", "reason",
    "error", "message", "ErrorMessage", "description", "summary",
)  # fmt: skip
_STATUS_KEY = re.compile(
    r"(?!(?:previous|prev|old|before|last|from|original)[_A-Z]).{0,40}?(?:_status|Status|_state|State)"
)
_FAILED_VALUES = dict.fromkeys(SUCCESS_KEYS, frozenset({"false"}))
MAX_STATUS_CHARS = 20
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{1,60}|[0-9]{3,5}")
MAX_TEXT_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Failure:
    """`code` names the failure as the producer does, `text` is a sentence about it; not redacted."""

    code: str | None
    text: str | None


def failure_of(event: Event) -> Failure | None:
    """What failed; None for an event that reports no failure."""
    data = event.data if isinstance(event.data, dict) else {}
    error = next((found for key in ERROR_KEYS if isinstance(found := data.get(key), dict) and found), None)
    says = event.is_failure or _is_failed_name(event.name) or _is_failed_status(data)
    if error is not None and (says or _first(error, TEXT_KEYS)):
        return Failure(_code(_first(error, CODE_KEYS)), _first(error, TEXT_KEYS))
    if not says:
        return None
    text = _first(data, FLAT_TEXTS)
    if text is None and event.whole is not data:
        text = _first(event.whole, FLAT_TEXTS)
    return Failure(_code(_first(data, FLAT_CODES)), text)


def _is_failed_status(data: Mapping[str, Any]) -> bool:
    """By a status of its own, or one that says whose it is (`payment_status`, `MessageStatus`); or by no success."""
    for key, value in data.items():
        if isinstance(value, str):
            if (
                len(value) <= MAX_STATUS_CHARS
                and _is_status(key)
                and value.lower() in _FAILED_VALUES.get(key, FAILED_STATUS)
            ):
                return True
        elif value is False and key in SUCCESS_KEYS:
            return True
    return False


@lru_cache(maxsize=4_096)
def _is_status(key: str) -> bool:
    return key in STATUS_KEYS or key in SUCCESS_KEYS or _STATUS_KEY.fullmatch(key) is not None


@lru_cache(maxsize=4_096)
def _is_failed_name(name: str) -> bool:
    return FAILED_NAME.search(name) is not None


def _first(value: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        found = value_at(value, key)
        if isinstance(found, str) and found.strip():
            return found.strip()[:MAX_TEXT_CHARS]
        if type(found) is int:
            return str(found)
    return None


def _code(text: str | None) -> str | None:
    return text if text is not None and _CODE.fullmatch(text) else None
