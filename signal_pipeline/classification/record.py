"""Log records: which of them are errors, by what template, of what type, and how bad. Other roles have their own files.

Which are errors; the first of these that applies decides:

1. Access log line (a status without a level): a status of 400 and more is an error, below it is not.
2. Level error or critical is an error. Level warning is one when the record carries an exception trace:
   programs log a caught exception so, and the trace is what a person looks for. Any other level is not,
   whatever its text mentions.
   But what `outcome_words.py` lists (a process that died, a test that failed) is an error at any level, and a record
   without a letter, a digit, a trace or a cause is not one at any.
3. No level: a stack trace is an error; else the words decide (`error_detection.py`).

How bad; the first row that holds decides. How often an error happens is counted apart.

| severity | when |
|---|---|
| critical | level critical, or the text or class tells of a crash, exhausted memory or disk, or lost data |
| low | the client gave up or blocked the request; HTTP 404, 410 and the like; a warning |
| medium | other HTTP 4xx; failed logins and permissions; time-outs; only that a command or a run of tests failed |
| high | HTTP 5xx; every other error |
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.classification.ascii_pattern import ascii_pattern
from signal_pipeline.classification.error_rules import error_type
from signal_pipeline.classification.exception_class import from_text
from signal_pipeline.classification.network_signature import (
    request_and_outcome,
    tells_of_exchange,
    tells_of_resource,
)
from signal_pipeline.classification.role_rules import RoleRules
from signal_pipeline.classification.route import route
from signal_pipeline.classification.template import coded_templates
from signal_pipeline.frame_schema import DOCUMENT, RECORD

SEVERITY_VERSION = "2026-11-30.2"
# Changelog
# 2026-11-30.2  that a run of tests failed is less than the tests that did
# 2026-11-30  what was killed, or ended by a signal, is critical
# 2026-11-22  first table

HAS_TRACE = (
    r"(?m)^\s*at \S|^Traceback \(most recent call last\)|^\s*File \"[^\"]+\", line [0-9]+|^goroutine [0-9]+ \["
    r"|^\s*#[0-9]+\s+|^Caused by: |^\s*from \S+:[0-9]+:in |[A-Za-z](?:Exception|Error)(?::|$)"
    r"|(?m)^(?:stack (?:backtrace|traceback)|Stacktrace|CallStack \(from HasCallStack\)):\s*$"
    r"|^\s*[^\s:]+\.rb:[0-9]+:in [`']"
    r"|^\s+[\w:]+\(.*\) called at [^\s]+ line [0-9]+"
    r"|^\s+[0-9]+: 0x|^\s+(?i:error|fatal|failure/error|panic)(?: \([0-9A-Z_]+\)|:) "
)
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
    r"|\bunrecoverable\b|\bcannot allocate memory\b|^\W*killed\W*$|^killed: 9|\bgot signal (?:4|6|7|8|11)\b"
    r"|\b(?:terminated|killed|died|exited) (?:by|with|on|due to) signal"
    r" (?:4|6|7|8|9|11|<NUM>|SIG(?:KILL|SEGV|ABRT|BUS|ILL|FPE))\b"
)
CONSEQUENCE = (
    r"(?i)^(?:\[[^\]]*\] )?\W*(?:the |unsuccessful |failed )?"
    r"(?:process|command|script|step|job|task|test|action|build)\b.{0,80}\b(?:exit code|exit status"
    r"|exited with|return code|returned non-zero)\b|^\W*(?:got )?exit(?:ed)?(?: with)?(?: code| status) [0-9]+\W*$"
    r"|^g?make(?:\[[0-9]+\])?: \*\*\* |\brecipe for target '[^']*' failed|^ninja: build stopped|^failed:"
    r" (?:\[code=[0-9]+\] )?[^\s]+\.(?:o|obj)\b"
    r"|^(?:error: )?could not compile |^test failed, to rerun|^(?:\*\* )?build failed\b|^errors while running ctest"
    r"|^\[ *failed *\] |^\s*❯ .*\| [0-9<NUM>]+ failed|^test result: failed\. |^test suite '.{1,200}' failed\b"
    r"|^\s*(?:tests|test suites|test files|test cases|assertions|failed!\s+- failed)\s*[: ]\s*[0-9<NUM>]+[ ,|]"
    r"|^(?:[0-9<NUM>]+% tests passed, )?[0-9<NUM>]+ (?:tests?|runs|examples?|specs?|scenarios?|assertions)(?: \w+)?,"
    r" [0-9<]"
    r"|^collect2: error: |^error: subprocess-exited|\belifecycle\b"
)
"""That something else failed; what it was stands in another error."""
GAVE_UP = r"ERR_ABORTED|ERR_BLOCKED|BINDING_ABORTED|ERR_CANCELED"


def _is_error() -> pl.Expr:
    """From columns format, level, status, message, stack_trace, error_text, exception_class, words and outcome."""
    level, status = pl.col("level"), pl.col("status")
    trace = pl.col("stack_trace").str.contains(ascii_pattern(HAS_TRACE)).fill_null(False)
    # Source code below a line looks like a trace, and what a text quotes need not have happened.
    trace &= pl.col("format").ne_missing(DOCUMENT)
    return (
        pl.when(status.is_null() & _says_nothing())
        .then(False)
        .when(level.is_in(["error", "critical"]) | (pl.col("outcome") & status.is_null()))
        .then(True)
        .when(level.is_null() & status.is_not_null())
        .then(status >= 400)
        .when(level == "warning")
        .then(trace)
        .when(level.is_not_null())
        .then(False)
        .otherwise(trace | pl.col("words").fill_null(False))
    )


def _says_nothing() -> pl.Expr:
    """No word, no number, no trace, no cause: a rule of dashes, a border, the empty line that a logger gave a head."""
    said = [
        pl.col(name).str.contains(r"[\pL\pN]").fill_null(False) for name in ("message", "stack_trace", "error_text")
    ]
    return ~pl.any_horizontal(*said, pl.col("exception_class").is_not_null())


def _template(errors: pl.DataFrame) -> pl.Expr:
    """The plain template, with codes where the message holds one; of a request, the request and its outcome."""
    base = pl.col("template")
    if errors["coded"].any():
        base = pl.coalesce(coded_templates(errors["message"].set(~errors["coded"], None)), "template")
    if errors["url"].null_count() == errors.height:
        return base
    named = pl.concat_str(base, pl.lit(": "), route(pl.col("url")))
    return (
        pl.when(tells_of_exchange()).then(request_and_outcome()).when(tells_of_resource()).then(named).otherwise(base)
    )


def _error_type(errors: pl.DataFrame) -> pl.Expr:
    """By class and text; where these are generic, by the root cause."""
    own = error_type(pl.col("exception_class"), pl.col("text"))
    if errors["cause"].null_count() == errors["cause_class"].null_count() == errors.height:
        return own
    root = error_type(pl.coalesce("cause_class", from_text(pl.col("cause"))), pl.col("cause"))
    return (
        pl.when((own == "GenericError") & (pl.col("cause_class").is_not_null() | pl.col("cause").is_not_null()))
        .then(root)
        .otherwise(own)
    )


def _severity(error_type: pl.Expr) -> pl.Expr:
    """From columns exception_class, text, level and status."""
    name, text = pl.col("exception_class").fill_null(""), pl.col("text")
    status, level = pl.col("status"), pl.col("level")
    crash = name.str.contains(ascii_pattern(CRASH_CLASS)) | text.str.contains(ascii_pattern(CRASH_TEXT))
    code = pl.coalesce(pl.when(status > 0).then(status), name.str.extract(r"^HTTP ([0-9]+)$").cast(pl.Int32))
    return (
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


RECORD_RULES = RoleRules(
    RECORD,
    is_error=_is_error,
    template=_template,
    exception_class=lambda: pl.lit(None, pl.String),
    error_type=_error_type,
    severity=_severity,
)
