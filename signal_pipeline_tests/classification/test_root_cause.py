"""The exception at the bottom of a trace tells problems apart that one log message hides; requests keep their route."""

from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline_tests.classification.frames import har_frame, log_frame

FRAMES = 'Traceback (most recent call last):\n  File "/srv/shop/orders.py", line 9, in place\n    insert(order)\n'
DIRECT = "\nThe above exception was the direct cause of the following exception:\n\n"
HANDLING = "\nDuring handling of the above exception, another exception occurred:\n\n"
JAVA = "java.lang.RuntimeException: no sale\n\tat com.acme.Shop.sell(Shop.java:3)\n"


def classified(message: str, trace: str | None = None) -> dict[str, object]:
    return classify_entries(log_frame([message], "error", trace)).row(0, named=True)


TEMPLATES = [
    ("python", f"{FRAMES}sqlite3.IntegrityError: UNIQUE failed: a.b", "IntegrityError: UNIQUE failed: a.b"),
    ("numbers are masked", f"{FRAMES}ValueError: no row 17", "ValueError: no row <NUM>"),
    ("direct cause", f"{FRAMES}OSError: disk full\n{DIRECT}{FRAMES}ShopError: no sale", "OSError: disk full"),
    ("handling", f"{FRAMES}OSError: disk full\n{HANDLING}{FRAMES}ShopError: no sale", "ShopError: no sale"),
    ("java", JAVA, "RuntimeException: no sale"),
    ("java cause", f"{JAVA}Caused by: java.io.IOException: disk full\n\tat a.B.c(B.java:1)", "IOException: disk full"),
    ("javascript", "RangeError: bad size\n    at add (/srv/cart.js:12:5)", "RangeError: bad size"),
    ("only a key", f"{FRAMES}KeyError: 'SUMMER'", None),
    ("no message", f"{FRAMES}TimeoutError", None),
]


def test_the_root_exception_takes_part_in_the_template():
    head = "cannot place the order"
    templates = classify_entries(pl.concat(log_frame([head], "error", trace) for _, trace, _ in TEMPLATES))["template"]
    found = {name: template for (name, _, _), template in zip(TEMPLATES, templates, strict=True)}
    assert found == {name: f"{head} | {added}" if added else head for name, _, added in TEMPLATES}


def test_what_the_message_says_already_is_not_said_twice():
    assert (
        classified("cannot add: ValueError: bad", f"{FRAMES}ValueError: bad")["template"]
        == "cannot add: ValueError: bad"
    )


def test_a_long_exception_message_is_cut():
    template = classified("cannot add", f"{FRAMES}ValueError: {'word ' * 500}")["template"]
    assert len(str(template)) < 300


def test_constraints_of_one_class_are_two_signatures():
    one = classified("Database error", f"{FRAMES}sqlite3.IntegrityError: UNIQUE constraint failed: orders.number")
    other = classified("Database error", f"{FRAMES}sqlite3.IntegrityError: NOT NULL constraint failed: orders.email")
    assert one["signature_hash"] != other["signature_hash"]


def test_a_generic_class_gets_the_type_of_its_root():
    trace = f"{FRAMES}ConnectionRefusedError: [Errno 111] refused\n{DIRECT}{FRAMES}shop.PaymentUnavailable: no answer"
    found = classified("cannot charge", trace)
    assert (found["error_type"], found["exception_class"]) == ("NetworkError", "shop.PaymentUnavailable")


BODIES = [
    (500, "Database error: database is locked", "DatabaseError"),
    (500, "Something went wrong", "NetworkError"),
    (502, "Database error: database is locked", "NetworkError"),
    (401, "Database error: database is locked", "AuthenticationError"),
]


@pytest.mark.parametrize(("status", "text", "expected"), BODIES)
def test_a_failed_server_is_typed_by_what_its_body_says(status, text, expected):
    row = {"method": "GET", "url": "https://h/x", "status": status, "net_error": None, "error_text": text}
    assert classify_entries(har_frame([row]))["error_type"].item() == expected


def test_an_error_that_a_body_reports_under_200_is_one():
    row = {"method": "POST", "url": "https://h/graphql", "status": 200, "net_error": None, "level": "error"}
    row |= {"error_text": "TypeError: x is not a function", "flags": "reported_in_body"}
    found = classify_entries(har_frame([row, row | {"level": "info", "flags": None, "error_text": None}]))
    assert found["is_error"].to_list() == [True, False]
    assert found["error_type"][0] == "TypeError"


def requests(*rows: tuple[str, str, int]) -> list[str]:
    frame = log_frame([f"{method} {url} {status} (No)" for method, url, status in rows], "error")
    return classify_entries(
        frame.with_columns(
            pl.Series("method", [row[0] for row in rows]),
            pl.Series("url", [row[1] for row in rows]),
            pl.Series("status", [row[2] for row in rows], dtype=pl.Int32),
        )
    )["signature_hash"].to_list()


def test_a_request_in_a_log_is_told_by_route_and_status_alone():
    found = requests(
        ("GET", "https://a.example/api/orders/17?x=1", 401),
        ("GET", "https://b.example/api/orders/99?x=2", 401),
        ("GET", "https://a.example/api/orders/17?x=1", 500),
        ("GET", "https://a.example/api/account", 401),
        ("POST", "https://a.example/api/account", 401),
    )
    assert found[0] == found[1]
    assert len(set(found)) == 4


def test_a_request_in_a_log_is_not_named_by_the_frames_below_it():
    """As Chromium's console has them."""
    frame = log_frame(["POST https://a.example/api/orders/17 504 (Gateway Timeout)"] * 2, "error").with_columns(
        pl.Series("method", ["POST"] * 2),
        pl.Series("url", ["https://a.example/api/orders/17"] * 2),
        pl.Series("status", [504] * 2, dtype=pl.Int32),
        pl.Series("stack_trace", ["send @ api.js:34\npost @ api.js:41", None]),
    )
    assert classify_entries(frame)["template"].to_list() == ["POST /api/orders/{id} -> 504"] * 2
