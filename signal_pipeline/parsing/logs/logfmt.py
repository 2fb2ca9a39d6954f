"""logfmt: lines of key=value pairs. An allow list of keys is kept; the rest is dropped, so secrets in it
cannot leak.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.parsing.logs.any_times import read_any_times
from signal_pipeline.parsing.logs.heads import head_frame
from signal_pipeline.parsing.logs.levels import levels_of

_VALUE = r'(?:"(?:[^"\\]|\\.)*"|[^\s"]*)'
_PAIR = rf"[A-Za-z_@][0-9A-Za-z_.@/\-]*={_VALUE}"
_LINE = rf"^(?:{_PAIR}\s+){{2,}}|^(?:ts|time|t|level|lvl|msg)={_VALUE}\s+{_PAIR}\s*$"
_MARK = r"(?:^|\s)(?:level|lvl|severity|msg|message)=|^at=(?:info|error) "

KEYS: dict[str, tuple[str, ...]] = {
    "time": ("time", "ts", "t", "timestamp", "@timestamp", "datetime"),
    "level": ("level", "lvl", "severity", "loglevel", "log.level", "at"),
    "message": ("msg", "message", "event", "desc"),
    "component": ("logger", "component", "module", "name", "service", "source", "controller", "caller", "subsys"),
    "error_text": ("err", "error", "exception", "reason"),
    "exception_class": ("error_type", "exception_class", "error.type", "exc_type", "errorKind"),
    "stack_trace": ("stack", "stacktrace", "stack_trace", "error.stack"),
    "trace_id": ("trace_id", "traceID", "traceId", "trace", "request_id", "requestId", "req_id", "correlation_id"),
    "request_id": ("request_id", "requestId", "req_id", "correlation_id", "correlationId", "x_request_id"),
    "thread": ("thread", "pid", "goroutine"),
    "method": ("method", "http.method", "http_method"),
    "url": ("url", "uri", "path", "http.url", "http.path", "request_uri"),
    "status": ("status", "status_code", "http.status_code", "http.status"),
    "duration": ("duration_ms", "elapsed_ms", "took_ms", "latency_ms"),
}
"""By field: the keys that may hold it, the first that is there wins."""


def logfmt_heads(line: pl.Series, text: pl.Series) -> pl.DataFrame:
    """Heads of the lines of `text` that are logfmt (columns: heads.HEAD); lines of other kinds have no row."""
    fits = text.str.contains("=", literal=True) & text.str.contains(_MARK)
    fits = fits & text.str.contains(_LINE) if fits.any() else fits
    if not fits.any():
        return head_frame(0, {})
    line, text = line.filter(fits), text.filter(fits)
    fields = {name: _field(text, keys) for name, keys in KEYS.items()}
    times = read_any_times(_dated(fields["time"], text))
    message = pl.select(pl.coalesce(pl.lit(fields["message"]), pl.lit(fields["error_text"]), pl.lit(""))).to_series()
    kept = (
        "component", "error_text", "exception_class", "stack_trace", "trace_id", "request_id", "thread", "method",
        "url",
    )  # fmt: skip
    return head_frame(
        line.len(),
        {
            "line": line,
            "format": "logfmt",
            "bare": False,
            "timed": False,
            "timestamp": times.utc,
            "timestamp_zone": times.zone,
            "yearless": times.yearless,
            "level": levels_of(fields["level"], "words"),
            "message": message,
            "status": fields["status"].cast(pl.Int32(), strict=False),
            "duration_ms": fields["duration"].cast(pl.Float64(), strict=False),
            **{name: fields[name] for name in kept},
        },
    )


def _dated(time: pl.Series, text: pl.Series) -> pl.Series:
    """The times, those of day with the date that `date=` says beside them."""
    clock = time.str.contains(r"^[0-9]{2}:[0-9]{2}:[0-9]{2}").fill_null(False)
    if not clock.any():
        return time
    date = text.str.extract(r"(?:^|\s)date=\"?([0-9]{4}-[0-9]{2}-[0-9]{2})", 1)
    return (date + " " + time).zip_with(clock & date.is_not_null(), time)


def _field(text: pl.Series, keys: tuple[str, ...]) -> pl.Series:
    """The value of the first of `keys`, without its quotes."""
    empty = pl.repeat(None, text.len(), dtype=pl.String(), eager=True)
    found = [key for key in keys if text.str.contains(f"{key}=", literal=True).any()]
    values = [text.str.extract(rf"(?:^|\s){key.replace('.', '[.]')}=({_VALUE})", 1) for key in found]
    if not values:
        return empty
    value = pl.select(pl.coalesce([pl.lit(column.replace("", None)) for column in values])).to_series()
    return _unquoted(value)


def _unquoted(value: pl.Series) -> pl.Series:
    quoted = value.str.starts_with('"').fill_null(False)
    if not quoted.any():
        return value
    inner = value.str.slice(1).str.strip_suffix('"')
    for escape, character in ((r"\n", "\n"), (r"\t", "\t"), (r"\"", '"')):
        inner = inner.str.replace_all(escape, character, literal=True)
    return pl.select(pl.when(pl.lit(quoted)).then(pl.lit(inner)).otherwise(pl.lit(value))).to_series()
