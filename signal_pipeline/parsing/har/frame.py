"""Facts of entries as frames of the PARSED columns: the step where unredacted text becomes redacted text."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import polars as pl

from signal_pipeline.errors import RejectionCode, SignalRejected
from signal_pipeline.fault_isolation import done_apart
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.har.clean_text import cleaned
from signal_pipeline.parsing.har.facts import Facts
from signal_pipeline.parsing.har.neighbours import note_neighbours
from signal_pipeline.parsing.per_value import redacted_per_value
from signal_pipeline.parsing.request_urls import redacted_urls
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.schemas import PARSED

MAX_URL_CHARS = 2_048
MAX_NAME_CHARS = 200
FRAME_ROWS = 4_000
FRAME_TEXT_CHARS = 4 * 1024 * 1024
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_REASON = (
    r"(?i)^(?:[0-9]{3}|ok|error|unknown|none|undefined|failed|(?:request )?(?:entity|payload|uri|header fields?) too .*"
    r"|.*gateway.?time-?out|unprocessable .*|i'?m a teapot|internal server error|unauthori[sz]ed|authorization required"
    r"|object not found|page not found|forbidden|not authorized|service unavailable.*|too many requests)$"
)
"""Reason phrases that say no more than the status, though they are not the standard's."""
_STATUS_TITLE = r"^[0-9]{3}:? [a-z][a-z -]{1,40}$"
_CALM = frozenset(("no_request", "no_response", "cancelled", "cors_stopped", "aborted_after_answer"))
"""What these flag is no failure, or not the one that counts."""


@dataclass(frozen=True)
class Place:
    """Where in its file an entry stands; the offset is None where the file's own bytes are not known."""

    entry_index: int
    byte_offset: int | None
    byte_length: int | None


class FrameBuilder:
    """Collects entries, unredacted and in memory only; `take` returns them redacted and starts again."""

    def __init__(self, redactor: Redactor, limits: Limits) -> None:
        self._redactor = redactor
        self._limits = limits
        self._exchanges: list[tuple[Facts, Place]] = []
        self._chars = 0
        # Text columns and how much of each is kept after redaction: a cut before it could halve a secret.
        self._kept_chars = {
            "error_text": limits.max_message_chars,
            "net_text": limits.max_message_chars,
            "stack_trace": limits.max_stack_chars,
            "net_error": MAX_NAME_CHARS,
            "exception_class": MAX_NAME_CHARS,
            "reason": MAX_NAME_CHARS,
            "mime_type": MAX_NAME_CHARS,
            "odd_trace_id": MAX_NAME_CHARS,
            "odd_request_id": MAX_NAME_CHARS,
            "url": MAX_URL_CHARS,
            "component": MAX_NAME_CHARS,
        }
        self._schema = {
            **{name: dtype for name, dtype in PARSED.polars.items() if name != "flags"},
            "flags": pl.List(pl.String()),
            **dict.fromkeys((*self._kept_chars, "usual_reason"), pl.String()),
        }

    def __len__(self) -> int:
        return len(self._exchanges)

    @property
    def full(self) -> bool:
        return len(self._exchanges) >= FRAME_ROWS or self._chars > FRAME_TEXT_CHARS

    def add(self, facts: Facts, place: Place) -> None:
        """Keeps one entry for the next frame."""
        self._exchanges.append((facts, place))
        for text in (facts.problem.text, facts.problem.stack_trace, facts.net_error_text, facts.url):
            self._chars += len(text) if text is not None else 0

    def _row(self, facts: Facts, place: Place) -> dict[str, object]:
        level = _level(facts)
        row: dict[str, object] = {
            "entry_index": place.entry_index,
            "byte_offset": place.byte_offset,
            "byte_length": place.byte_length,
            "timestamp": facts.moment.at,
            "timestamp_zone": facts.moment.zone,
            "level": level,
            "trace_id": facts.trace_id.value if facts.trace_id.is_plain else None,
            "request_id": facts.request_id.value if facts.request_id.is_plain else None,
            "method": facts.method,
            "status": facts.status,
            "usual_reason": None if facts.status is None else _PHRASES.get(facts.status),
            "duration_ms": facts.duration.total_ms,
            "slowest_phase": facts.duration.slowest_phase,
            "response_bytes": facts.response_bytes,
            "flags": facts.flags,
        }
        texts = {
            "error_text": facts.problem.text,
            "net_text": facts.net_error_text,
            "stack_trace": facts.problem.stack_trace,
            "net_error": facts.net_error,
            "exception_class": facts.problem.exception_class,
            "reason": facts.reason if level != "info" else None,
            "mime_type": facts.mime_type,
            "odd_trace_id": None if facts.trace_id.is_plain else facts.trace_id.value,
            "odd_request_id": None if facts.request_id.is_plain else facts.request_id.value,
            "url": facts.url,
            "component": facts.host,
        }
        for name, text in texts.items():
            if text is not None:
                row[name], had_nul = cleaned(text)
                if had_nul:
                    facts.flags.append("nul_replaced")
        return row

    def drop_from(self, start: int) -> int:
        """Forgets the entries from the `start`-th on; returns how many."""
        gone = len(self._exchanges) - start
        del self._exchanges[start:]
        return gone

    def take(self, producer: str, first_ordinal: int) -> tuple[pl.DataFrame, bool, int]:
        """The entries as PARSED columns without ids, numbered from `first_ordinal`; whether a text was cut; and how
        many entries were lost to a fault of this program."""
        exchanges, self._exchanges, self._chars = self._exchanges, [], 0
        note_neighbours([facts for facts, _ in exchanges], self._limits)
        made, lost = done_apart(
            exchanges,
            len(exchanges),
            lambda some, start, end: some[start:end],
            lambda some: self._frame([self._row(facts, place) for facts, place in some], producer),
            lambda _: None,
            what="making a table of HAR entries",
        )
        if not made:
            raise SignalRejected(RejectionCode.INTERNAL_ERROR)
        frame = pl.concat([frame for frame, _ in made])
        ordinal = pl.int_range(pl.len(), dtype=pl.Int64) + first_ordinal
        frame = frame.with_columns_seq(ordinal=ordinal)
        frame = frame.select_seq(name for name in PARSED.names if name in frame.columns)
        return frame, any(capped for _, capped in made), lost

    def _frame(self, rows: list[dict[str, object]], producer: str) -> tuple[pl.DataFrame, bool]:
        frame = pl.DataFrame(rows, schema=self._schema)
        frame = frame.with_columns_seq(self._hosts(frame["component"]))
        frame = frame.with_columns_seq(
            self._redacted(frame[name]) for name in self._kept_chars if frame[name].null_count() < frame.height
        )
        too_long = [pl.col(name).str.len_chars() > limit for name, limit in self._kept_chars.items()]
        frame = frame.with_columns_seq(capped=pl.any_horizontal(too_long).fill_null(False)).with_columns_seq(
            pl.col(name).str.slice(0, limit) for name, limit in self._kept_chars.items()
        )
        said = pl.coalesce(pl.when(_says_more("error_text")).then("error_text"), _own_reason())
        frame = frame.with_columns_seq(error_text=said)
        flags = pl.when("capped").then(pl.col("flags").list.concat(pl.lit(["text_capped"]))).otherwise("flags")
        frame = frame.with_columns_seq(
            kind=pl.lit("har"),
            format=pl.lit(producer),
            trace_id=pl.coalesce("trace_id", "odd_trace_id"),
            request_id=pl.coalesce("request_id", "odd_request_id"),
            message=_message(),
            error_text=pl.coalesce("error_text", pl.when(pl.col("net_error").is_null()).then("net_text")),
            flags=flags.list.unique(maintain_order=True).list.join(",").replace("", None),
        )
        return frame.select_seq(name for name in PARSED.names if name in frame.columns), bool(frame["capped"].any())

    def _redacted(self, values: pl.Series) -> pl.Series:
        if values.name == "url":
            return redacted_urls(values, self._redactor, lambda paths: redacted_per_value(paths, self._redactor))
        return redacted_per_value(values, self._redactor)

    def _hosts(self, hosts: pl.Series) -> pl.Series:
        """In lower case, after keys are masked: a label that is a key looks like a name without its capitals."""
        masked = self._redactor.url_template(hosts)
        return masked.zip_with((masked != hosts).fill_null(False), hosts.str.to_lowercase())


_WARNS = frozenset(("slow", "not_recorded"))


def _level(facts: Facts) -> str:
    """error: the server failed or nothing came; warning: the request was refused, or slow; else info."""
    status = facts.status
    if not _CALM.isdisjoint(facts.flags):
        return "info"
    if not _WARNS.isdisjoint(facts.flags) or (status is not None and 400 <= status < 500 and not facts.net_error_text):
        return "warning"
    failed = status == 0 or (status is not None and status >= 500)
    return "error" if failed or facts.net_error or facts.net_error_text or facts.problem.text else "info"


def _message() -> pl.Expr:
    """`GET https://host/path -> 503 Service Unavailable: what the body says`, or `... -> 200`."""
    status = pl.col("status")
    phrase = pl.when(pl.col("level") != "info").then(pl.coalesce("reason", "usual_reason"))
    answer = (
        pl.when(status == 0)
        .then(pl.lit("no answer"))
        .otherwise(pl.concat_str(status.cast(pl.String()).fill_null("?"), phrase, separator=" ", ignore_nulls=True))
    )
    head = pl.concat_str(
        pl.col("method").fill_null("-"), pl.col("url").fill_null("-").str.split("?").list.first(), separator=" "
    )
    return pl.concat_str(
        pl.concat_str(head, answer, separator=" -> "),
        pl.coalesce(pl.when(~pl.col("error_text").eq_missing(pl.col("reason"))).then("error_text"), "net_text"),
        separator=": ",
        ignore_nulls=True,
    )


def _own_reason() -> pl.Expr:
    """A reason phrase of the server's or a proxy's own: "Fiddler - DNS Lookup Failed"."""
    failed = (pl.col("status") >= 400) & (pl.col("level") != "info")
    usual = pl.col("reason").str.contains(_REASON)
    return pl.when(failed & ~usual & _says_more("reason")).then("reason")


def _says_more(name: str) -> pl.Expr:
    """The text is not just the status once more, as the title of many an error page is: "504 Gateway Time-out"."""
    usual = pl.col("usual_reason")
    text = pl.col(name).str.to_lowercase()
    numbered = text.str.starts_with(pl.col("status").cast(pl.String())) & text.str.contains(_STATUS_TITLE)
    return ~(text.eq(usual.str.to_lowercase()) | (numbered & usual.is_not_null())).fill_null(False)
