"""How bad one error is, by itself: an ordered table, the first row that holds decides.

| severity | when |
|---|---|
| critical | level critical, or the text or class tells of a crash, exhausted memory or disk, or lost data |
| low | no answer because the client gave up or blocked the request; HTTP 404, 410 and the like; a warning |
| medium | other HTTP 4xx; failed logins and permissions; time-outs; only that a command of a build failed |
| high | HTTP 5xx; no answer at all; every other error |

How often an error happens is not looked at here: frequency is counted apart.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.classification.roles import by_role

SEVERITY_VERSION = "2026-11-22"
# Changelog
# 2026-11-22  first table

CRASH_CLASS = (
    r"OutOfMemory|^MemoryError$|^SIG(?:SEGV|ABRT|BUS|ILL|FPE|KILL)$|StackOverflow|^panic|InternalError$|^ENOSPC$"
    r"|VirtualMachineError|Panic$|AccessViolation|^0xC0000005$|^exit (?:137|139|134)$"
)
CRASH_TEXT = (
    r"(?i)\bfatal\b|\bpanic(?:ked)?\b|\bout of memory\b|\boom[- ]?kill|\bsegfault\b"
    r"|\bsegmentation fault\b|\bcore dumped\b"
    r"|\bcrashed\b|\bdata (?:loss|corruption)\b|\bcorrupt(?:ed|ion)\b|\bno space left\b"
    r"|\bdisk full\b|\bkernel bug\b|\bemergency\b"
    r"|\bstack overflow\b|\buse-after-free\b|\bbuffer-overflow\b|\baccess violation\b"
    r"|\bunrecoverable\b|\bcannot allocate memory\b"
)
CONSEQUENCE = (
    r"(?i)^\W*(?:the )?(?:process|command|script|step|job|task|test|action|build)\b.{0,80}\b(?:exit code|exit status"
    r"|exited with|return code|returned non-zero)\b|^\W*(?:got )?exit(?:ed)?(?: with)?(?: code| status) [0-9]+\W*$"
    r"|^g?make(?:\[[0-9]+\])?: \*\*\* |^ninja: build stopped|^failed: (?:\[code=[0-9]+\] )?[^\s]+\.(?:o|obj)\b"
    r"|^error: could not compile |^collect2: error: |^error: subprocess-exited|\belifecycle\b"
)
"""That something else failed; what it was stands in another error."""
GAVE_UP = r"ERR_ABORTED|ERR_BLOCKED|BINDING_ABORTED|ERR_CANCELED"


def severity(exception_class: pl.Expr, text: pl.Expr, error_type: pl.Expr) -> pl.Expr:
    """critical, high, medium or low, from these and the columns role, level, status, net_error."""
    name, status, level = exception_class.fill_null(""), pl.col("status"), pl.col("level")
    crash = name.str.contains(ascii_pattern(CRASH_CLASS)) | text.str.contains(ascii_pattern(CRASH_TEXT))
    code = pl.coalesce(pl.when(status > 0).then(status), name.str.extract(r"^HTTP ([0-9]+)$").cast(pl.Int32))
    record = (
        pl.when((level == "critical").fill_null(False))
        .then(pl.lit("critical"))
        .when(crash.fill_null(False))
        .then(pl.lit("critical"))
        .when(name.str.contains(GAVE_UP) | code.is_in([404, 410, 416, 304, 405, 406]).fill_null(False))
        .then(pl.lit("low"))
        .when((level == "warning").fill_null(False))
        .then(pl.lit("low"))
        .when(text.str.contains(ascii_pattern(CONSEQUENCE)).fill_null(False))
        .then(pl.lit("medium"))
        .when((code >= 500).fill_null(False))
        .then(pl.lit("high"))
        .when((code >= 400).fill_null(False) | error_type.is_in(["AuthenticationError", "TimeoutError"]))
        .then(pl.lit("medium"))
        .otherwise(pl.lit("high"))
    )
    return by_role(lambda rules: rules.severity(error_type), record)
