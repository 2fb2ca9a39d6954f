from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.signature import canonical_form, signature_hash
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.classification.different_signature_cases import DIFFERENT
from signal_pipeline_tests.classification.frames import har_frame, log_frame
from signal_pipeline_tests.classification.same_signature_cases import SAME
from signal_pipeline_tests.classification.signature_known_wrong import KNOWN_WRONG

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


AROUND = {
    "bare": "{}",
    "prefix": "cannot add the item: {}",
    "suffix": "{} failed badly",
    "both": "cannot add {} to the cart",
}


@pytest.mark.parametrize("where", AROUND)
def test_what_never_matters(where):
    """As in the product, the redactor sees the messages first."""
    pairs = [(name, AROUND[where].format(a), AROUND[where].format(b)) for name, a, b in SAME]
    messages = pl.Series([message for _, *both in pairs for message in both])
    found = classify_entries(log_frame(Redactor(b"test").column(messages).to_list(), "error"))
    hashes, templates = found["signature_hash"].to_list(), found["template"].to_list()
    wrong = {
        name: templates[2 * at : 2 * at + 2]
        for at, (name, _, _) in enumerate(pairs)
        if hashes[2 * at] != hashes[2 * at + 1]
    }
    assert wrong == {}


@pytest.mark.parametrize("where", AROUND)
def test_what_always_matters(where):
    themes = [(theme, AROUND[where].format(message)) for theme, messages in DIFFERENT.items() for message in messages]
    found = classify_entries(log_frame([message for _, message in themes], "error"))["signature_hash"]
    first: dict[tuple[str, str], str] = {}
    shared = []
    for (theme, message), signature in zip(themes, found, strict=True):
        if (other := first.setdefault((theme, signature), message)) != message:
            shared.append((other, message))
    assert shared == []


def test_known_wrong_is_still_wrong():
    for one, other, same, _ in KNOWN_WRONG:
        assert (signature(one) == signature(other)) is same, one


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
