from __future__ import annotations

import itertools

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.signature import canonical_form, signature_hash
from signal_pipeline_tests.classification.frames import har_frame, log_frame

JAVA = (
    "\tat com.acme.Cart.add(Cart.java:{a})\n\tat com.acme.Shop.sell(Shop.java:{b})\n"
    "\tat java.base/java.lang.Thread.run(Thread.java:829)"
)


def signature(message: str, trace: str | None = None) -> str:
    found = classify_entries(log_frame([message], "error", trace))["signature_hash"].item()
    assert isinstance(found, str)
    assert len(found) == 64
    return found


def exchange(**row: object) -> str:
    base = {"method": "GET", "url": "https://h/x", "status": 500, "net_error": None, "error_text": None}
    return classify_entries(har_frame([base | row]))["signature_hash"].item()


SAME = (
    ("connect ECONNREFUSED 10.0.0.1:5432", "connect ECONNREFUSED 10.9.8.7:6543"),
    ("cannot reach db1.example.com:5432", "cannot reach db-2.staging.example.org:5432"),
    ("order 17 not found", "order 99123 not found"),
    ("instance 38101a0b-2096-447d-96ea-a692162415ae lost", "instance 0b8c55f2-442d-4a29-be6f-b4da7a993ed9 lost"),
    (
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 broken",
        "commit 1111111111111111111111111111111111111111 broken",
    ),
    ("bad block blk_-1608999687919862906", "bad block blk_38865049064139660"),
    ("read at 0x7fff5fbff8c0 failed", "read at 0x55d0c0de1230 failed"),
    ("gave up after 30000 ms", "gave up after 1.5 s"),
    ("failed at 2024-03-01T12:00:00Z", "failed at 2025-11-30T23:59:59.999Z"),
    ("mail to <EMAIL:1f3a9c> failed", "mail to <EMAIL:0b77de> failed"),
    ("Failed password for root from 10.0.0.1 port 22 ssh2", "Failed password for oracle from 10.0.0.2 port 4242 ssh2"),
    ("pod web-7d9f8b6c5-x2x4z failed", "pod web-5c6d7e8f9-abcde failed"),
    ("java.lang.Object@1f2e3d4c is closed", "java.lang.Object@7a81197d is closed"),
    ("cannot open /srv/releases/20240301/app.conf", "cannot open /srv/releases/20240415/app.conf"),
    ("worker3 died", "worker11 died"),
)
DIFFERENT = (
    "connect ECONNREFUSED 10.0.0.1:5432",
    "connect ECONNRESET 10.0.0.1:5432",
    "connect EHOSTUNREACH 10.0.0.1:5432",
    "OSError: [Errno 13] failed",
    "OSError: [Errno 2] failed",
    "upstream answered HTTP 500",
    "upstream answered HTTP 503",
    "upstream answered HTTP 404",
    "request failed with status code 401",
    "request failed with status code 403",
    "ORA-00942: failed",
    "ORA-00060: failed",
    "SQLSTATE 23505: failed",
    "SQLSTATE 40001: failed",
    "error TS2345: bad",
    "error TS2304: bad",
    "task ended with exit code 1",
    "task ended with exit code 137",
    "killed by signal 9",
    "killed by signal 11",
    "SIGSEGV caught",
    "SIGABRT caught",
    "java.lang.NullPointerException: x",
    "java.lang.IllegalStateException: x",
    "KeyError: 'name'",
    "KeyError: 'email'",
    "ModuleNotFoundError: No module named 'requests'",
    "ModuleNotFoundError: No module named 'numpy'",
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_CONNECTION_RESET",
    "failed with error code 0x80070005",
    "failed with error code 0x80004005",
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_hosts_days_and_ids_do_not_matter(one, other):
    assert signature(one) == signature(other)


def test_classes_statuses_and_codes_never_share_a_signature():
    found = classify_entries(log_frame(DIFFERENT, "error"))["signature_hash"]
    signatures = dict(zip(DIFFERENT, found, strict=True))
    shared = [(a, b) for a, b in itertools.combinations(DIFFERENT, 2) if signatures[a] == signatures[b]]
    assert shared == []


def test_line_numbers_do_not_matter_but_frames_do():
    message = "java.lang.NullPointerException: order 7"
    here = signature(message, JAVA.format(a=12, b=40))
    assert here == signature(message, JAVA.format(a=19, b=51))
    assert here != signature(message, JAVA.format(a=12, b=40).replace("Cart.add", "Cart.remove"))
    assert here != signature("java.lang.IllegalStateException: order 7", JAVA.format(a=12, b=40))


def test_exchange_leaves_out_host_ids_and_query_values():
    one = exchange(url="https://shop.example.com/api/users/17/orders?sort=asc&page=1")
    assert one == exchange(url="https://staging.example.org:8443/api/users/99123/orders?page=7&sort=desc")
    assert one == exchange(url="https://h/api/users/0b8c55f2-442d-4a29-be6f-b4da7a993ed9/orders?page=&sort")


@pytest.mark.parametrize(
    "row",
    [
        {"method": "POST"},
        {"status": 503},
        {"status": 0, "net_error": "net::ERR_CONNECTION_REFUSED"},
        {"url": "https://h/y"},
        {"url": "https://h/x?page=1"},
        {"error_text": "insufficient_funds"},
    ],
)
def test_exchange_is_told_apart(row):
    assert exchange(**row) != exchange()


def test_exchange_body_is_masked():
    assert exchange(error_text="order 17 not found") == exchange(error_text="order 18 not found")


def test_canonical_form_has_no_two_readings():
    assert canonical_form("A", "b", "c", ["d"]) != canonical_form("A", "b", 'c","d', [])
    assert signature_hash("A", None, "c", None) == signature_hash("A", "", "c", [])


def test_entries_that_are_no_errors_have_none():
    out = classify_entries(log_frame(["all good"], "info"))
    assert out.select("signature_hash", "error_type", "severity", "exception_class").row(0) == (None,) * 4


def test_classes_of_a_field_win_over_the_text():
    frame = log_frame(["it broke: ValueError"], "error").with_columns(pl.lit("KeyError").alias("exception_class"))
    assert classify_entries(frame)["exception_class"].item() == "KeyError"
