"""What a logger writes between its header and the message: its name and the ids of the request. Text columns only.

`shop.server [trace_id=9cc8 request_id=req-1] Message`: the name becomes the component, the ids become the
trace_id and the request_id, and the message begins at `Message`. Ids in the message would make every occurrence a text
of its own.
"""

from __future__ import annotations

import polars as pl

from signal_pipeline.parsing.logs.formats.context_keys import ID_FIELDS, PLAIN_ID, SPOKEN_ID, TRACEPARENT
from signal_pipeline.text_shapes.short_column import contains

_HEX = "[0-9a-fA-F]"
_UUID = rf"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"
_VALUE = r"(?:\"[^\"]*\"|[^\s,;\"'\[\](){}]*)"
_ITEM = rf"[A-Za-z_@][0-9A-Za-z_.@\-]*[=:] ?{_VALUE}"
_ITEMS = rf"{_ITEM}(?:(?:, ?|; ?| ){_ITEM}){{0,19}},?"
_ID_KEY = "(?i:" + "|".join(field.key for field in ID_FIELDS) + ")"
_BARE = rf"(?:{_ID_KEY}=[^\s,;\"'\[\](){{}}]+(?:, | ))+"
_MDC = rf"\[(?:[0-9A-Za-z_.\-]+,)?(?:{_HEX}{{16}}|{_HEX}{{32}})?,(?:{_HEX}{{16}})?(?:,(?:true|false)?)?\]"
_LONE_ID = rf"\[(?:{_UUID}|{_HEX}{{32}}|{_HEX}{{16}}|req-{_HEX}{{6,36}})\]"
_LEAD = rf"(?:\[{_ITEMS}\]|\({_ITEMS}\)|\{{{_ITEMS}\}}|{_MDC}|{_LONE_ID}|{_BARE})"
_SEPARATOR = r" *(?:[:|]|-+(?: |$))? *"
_NAME = r"[A-Za-z_][0-9A-Za-z_.$/\-]*"

_GATE = rf"^(?:{_NAME}:? )?[\[({{][^\s]*[=,:\]]|^(?:{_NAME}:? )?{_ID_KEY}="
"""Cheap: most messages have no such beginning."""
_WHOLE = rf"^(?:(?P<name>{_NAME}):? )?(?P<lead>{_LEAD}{_SEPARATOR}(?:{_LEAD}{_SEPARATOR})?)(?P<rest>[^\s].*)$"
_KNOWN_LEAD = rf"(?:^|[\[({{,; ]){_ID_KEY}[=:]|^{_MDC}|^{_LONE_ID}"
_OUTCOME_KEY = r"(?i)(?:code|errno|error|err|status|reason|state|signal|result|exception)[=:]"
"""A group that says how it went is part of the message, whatever else is in it."""
_LOGGER = r"[._$/]|^(?:root|app|main|api|web|server|worker|werkzeug|uvicorn|gunicorn|celery|django|flask|rails)$"
_IDS_AS_NAME = rf"^(?:(?:{_ITEMS}[,; ] ?)?{_ID_KEY}[=:]{_VALUE}(?:[,; ].*)?|{_MDC[2:-2]}|{_LONE_ID[2:-2]})$"
_NAMED_REST = r"^(?P<name>[A-Za-z_$][0-9A-Za-z_$]*(?:(?:\.|::|/)[0-9A-Za-z_$]+)+)(?:: | - )(?P<rest>[^\s].*)$"


def with_context(records: pl.DataFrame) -> pl.DataFrame:
    """`records` with component, ids and the bare message taken from what comes before the message.

    Nothing that the record states itself is overwritten. Unredacted text in, unredacted text out.
    """
    for column in ("component", "thread"):
        records = _without_ids_in(records, column)
    rows = contains(records["message"], _GATE).fill_null(False).arg_true()
    if len(rows):
        records = _without_lead(records, rows)
    return _with_spoken_ids(records)


def _without_lead(records: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    columns = ("message", "component", "trace_id", "request_id")
    some = records.select(columns)[rows]
    parts = some["message"].str.extract_groups(_WHOLE).struct.unnest()
    name, lead, rest = pl.col("name"), pl.col("lead"), pl.col("rest")
    logger = name.str.contains(_LOGGER) | rest.str.contains(r"^[^a-z]")
    fits = lead.str.contains(_KNOWN_LEAD) & ~lead.str.contains(_OUTCOME_KEY) & (name.is_null() | logger)
    found = parts.with_columns(fits.fill_null(False).alias("fits")).with_columns(some)
    inner = rest.str.extract_groups(_NAMED_REST).struct
    found = found.with_columns(inner.field("name").alias("inner"), inner.field("rest").alias("inner_rest"))
    nameless = pl.col("component").is_null() & name.is_null() & pl.col("inner").is_not_null()
    found = found.select(
        pl.when("fits")
        .then(pl.when(nameless).then("inner_rest").otherwise(rest))
        .otherwise("message")
        .alias("message"),
        pl.coalesce("component", pl.when("fits").then(pl.coalesce(name, "inner"))).alias("component"),
        pl.coalesce("trace_id", pl.when("fits").then(_first_id(lead))).alias("trace_id"),
        pl.coalesce("request_id", pl.when("fits").then(_request_id(lead))).alias("request_id"),
    )
    return records.with_columns(records[column].clone().scatter(rows, found[column]) for column in columns)


def _without_ids_in(records: pl.DataFrame, column: str) -> pl.DataFrame:
    """Ids that a format took for the name of a logger or thread because they stand in its brackets."""
    rows = contains(records[column], _IDS_AS_NAME).fill_null(False).arg_true()
    if rows.is_empty():
        return records
    lead = "[" + records[column].gather(rows) + "]"
    found = pl.DataFrame({"lead": lead, "had": records["trace_id"].gather(rows)}).select(
        pl.coalesce("had", _first_id(pl.col("lead"))).alias("trace_id")
    )
    nothing = pl.repeat(None, len(rows), dtype=pl.String(), eager=True)
    return records.with_columns(
        records[column].clone().scatter(rows, nothing),
        records["trace_id"].clone().scatter(rows, found["trace_id"]),
    )


def _first_id(lead: pl.Expr) -> pl.Expr:
    """The id of the widest reach: of the trace rather than of the request, of the request rather than of the span."""
    keyed = [_keyed(lead, field.key) for field in ID_FIELDS]
    listed = lead.str.extract(rf"^\[(?:[0-9A-Za-z_.\-]+,)?({_HEX}{{32}}|{_HEX}{{16}}),")
    lone = lead.str.extract(rf"^\[({_UUID}|{_HEX}{{32}}|{_HEX}{{16}}|req-{_HEX}{{6,36}})\]")
    stated = [value.str.extract(r"^([^\s].*[^\s]|[^\s])$") for value in (*keyed, listed, lone)]
    return pl.coalesce([_said(value) for value in stated])


def _request_id(lead: pl.Expr) -> pl.Expr:
    return pl.coalesce([_said(_keyed(lead, field.key)) for field in ID_FIELDS if field.of_request])


def _keyed(lead: pl.Expr, key: str) -> pl.Expr:
    return lead.str.extract(rf"(?:^|[\[({{,; ])(?i:{key})[=:] ?\"?([^\s,;\"'\[\](){{}}]+)")


def _said(value: pl.Expr) -> pl.Expr:
    """Null for the words that loggers write where there is no id."""
    return pl.when(~value.str.contains(r"(?i)^(?:-|0+|null|none|nil|undefined|n/?a)$")).then(value)


def _with_spoken_ids(records: pl.DataFrame) -> pl.DataFrame:
    """Records without a trace id whose text states one in prose; the text stays."""
    trace = records["trace_id"]
    if trace.null_count() < records.height:
        parent = trace.str.extract(TRACEPARENT, 1)
        if parent.null_count() < records.height:
            trace = parent.zip_with(parent.is_not_null(), trace).alias("trace_id")
            records = records.with_columns(trace)
    rows = (contains(records["message"], SPOKEN_ID) & trace.is_null()).fill_null(False).arg_true()
    if rows.is_empty():
        return records
    found = records["message"].gather(rows).str.extract(SPOKEN_ID, 1)
    return records.with_columns(trace.clone().scatter(rows, found).alias("trace_id"))


def plain_ids(values: pl.Series) -> pl.Series:
    """Which values have the shape of an id and of nothing else: hex numbers, UUIDs, with a short prefix or without."""
    return values.str.contains(PLAIN_ID).fill_null(False)
