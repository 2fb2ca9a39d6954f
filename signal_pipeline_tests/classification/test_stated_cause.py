"""A field of a record, or the lines below its head, say what the cause was: it takes part in template and type."""

from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.stated_cause import CAUSES_BELOW
from signal_pipeline_tests.classification.frames import log_frame


def classified(message: str, trace: str | None = None, error_text: str | None = None) -> dict[str, object]:
    frame = log_frame([message], "error", trace).with_columns(pl.lit(error_text, pl.String).alias("error_text"))
    return classify_entries(frame).row(0, named=True)


FIELDS = [
    ("dial tcp 10.0.0.7:5432: connect: connection refused", "connection refused", "NetworkError"),
    ("context deadline exceeded", "context deadline exceeded", "TimeoutError"),
    ('pq: duplicate key value violates unique constraint "a_key"', "duplicate key value", "DatabaseError"),
    ("AccessDenied: not allowed to list buckets", "AccessDenied", "AuthenticationError"),
    ("oauth2: cannot fetch token: invalid_grant", "invalid_grant", "AuthenticationError"),
    ("connect ECONNRESET 10.0.0.9:443", "ECONNRESET", "NetworkError"),
]


@pytest.mark.parametrize(("stated", "said", "error_type"), FIELDS)
def test_the_error_field_is_part_of_the_template_and_decides_the_type(stated, said, error_type):
    row = classified("sync failed", error_text=stated)
    assert str(row["template"]).startswith("sync failed | ")
    assert said in str(row["template"])
    assert row["error_type"] == error_type


def test_one_message_with_two_causes_is_two_signatures_and_ids_are_none():
    hashes = [
        classified("sync failed", error_text=text)["signature_hash"]
        for text in ("no such bucket 17", "no such bucket 42", "quota used up")
    ]
    assert hashes[0] == hashes[1] != hashes[2]


INSIDE = [
    'Failed to sync pod err="cannot pull image: not authorized" pod="a/b"',
    "could not save\terror='cannot pull image: not authorized'",
    'could not save {"n": 1, "error": "cannot pull image: not authorized"}',
]


@pytest.mark.parametrize("message", INSIDE)
def test_a_sentence_as_value_of_a_field_inside_a_message_stays_readable(message):
    row = classified(message)
    assert "cannot pull image: not authorized" in str(row["template"])
    assert row["error_type"] == "AuthenticationError"


@pytest.mark.parametrize("row", CAUSES_BELOW, ids=lambda row: row.name)
def test_the_lines_below_a_head_say_the_cause(row):
    head, lines = row.example
    said = pl.Series([lines]).str.extract(row.pattern).item().splitlines()[0]
    template = str(classified(head, lines)["template"])
    assert template.startswith(f"{head} | ")
    assert said.split()[0] in template


def test_what_the_template_says_is_not_said_twice():
    assert classified("cannot save: disk is full", error_text="disk is full")["template"] == "cannot save: disk is full"


def test_the_innermost_exception_of_dotnet_is_the_cause():
    trace = (
        "Shop.SaleException: no sale\n ---> System.Net.Sockets.SocketException (111): Connection refused\n   at A.B()"
    )
    row = classified("Hosting failed", trace)
    assert "SocketException: Connection refused" in str(row["template"])
    assert row["error_type"] == "NetworkError"


NOT_OF_A_DATABASE = [
    "limit CONSTRAINT_NONE is set", "cannot load postgresql.slice", "failed to open /var/lib/mysql/a.pid",
    "transaction id is missing in header", "malformed request",
]  # fmt: skip


@pytest.mark.parametrize("message", NOT_OF_A_DATABASE)
def test_a_word_makes_no_database_error(message):
    assert classified(message)["error_type"] == "GenericError"


CODES = [
    ("code E401", "E401", "AuthenticationError"),
    ("read failed: errno 104", "errno 104", "NetworkError"),
    ("open failed: [Errno 13] no", "errno 13", "AuthenticationError"),
    ('{"code":"PGRST116","message":"no rows"}', "PGRST116", "DatabaseError"),
    ("JWT rejected, code PGRST301", "PGRST301", "AuthenticationError"),
    ('FATAL: role "shop" does not exist', None, "AuthenticationError"),
    ('column "a" does not exist at character 8', None, "DatabaseError"),
]


@pytest.mark.parametrize(("message", "name", "error_type"), CODES)
def test_codes_decide_the_type(message, name, error_type):
    row = classified(message)
    assert (row["exception_class"], row["error_type"]) == (name, error_type)
