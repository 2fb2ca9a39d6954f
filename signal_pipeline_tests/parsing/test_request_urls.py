"""URLs redacted as a column are the same as URLs redacted one by one."""

from __future__ import annotations

import polars as pl
import pytest

from signal_pipeline.parsing.request_urls import redacted_urls
from signal_pipeline.redaction.redactor import Redactor

_KEY = b"0123456789abcdef0123"
_URLS = (
    "/", "/cart", "/cart?", "/cart?id=1", "/cart?id=1&token=abc;q=2&flag", "/cart?a=b=c&&=x&%61=1",
    "/users/jo@shop.example/orders?page=2", "https://u:p@shop.example:8443/a/10.1.2.3?code=1", "//cdn.example/x?y",
    "/a;jsessionid=12?b=c", "/a?b=c#d?e=f", "/a#b", "/a?b=1?c=2", "/a?b c=d", "/a?name =1", "/a ", "/a?b\t", "/a\u00a0",
    "data:text/plain;base64,aGVsbG8=?x", "mailto:jo@shop.example?subject=1", "HTTP://SHOP.example/a?b=c",
    "shop.example:443", "*", "", "/caf\u00e9?sch\u00f6n=1", "/a?" + "&".join(f"p{n}=1" for n in range(80)),
    "/" + "a/" * 3_000 + "?b=c",
)  # fmt: skip


@pytest.mark.parametrize("url", _URLS)
def test_a_column_of_urls_is_redacted_like_each_of_them(url: str) -> None:
    redactor = Redactor(_KEY)
    redacted = redacted_urls(pl.Series("url", [url, None, url]), redactor, redactor.column)
    expected = Redactor(_KEY).url(url)
    assert redacted.to_list() == [expected, None, expected]


def test_urls_of_all_kinds_stay_in_their_rows() -> None:
    redactor = Redactor(_KEY)
    urls = pl.Series("url", [None, *_URLS, None], dtype=pl.String())
    redacted = redacted_urls(urls, redactor, redactor.column)
    assert redacted.name == "url"
    assert redacted.to_list() == Redactor(_KEY).url_column(urls).to_list()


def test_masked_query_values_are_counted_by_occurrence() -> None:
    redactor = Redactor(_KEY)
    redacted_urls(pl.Series("url", ["/a?b=1&c=2", "/a?b=3&c=4", "/d"]), redactor, redactor.column)
    assert redactor.counts["query_value"] == 4


def test_a_column_without_a_url_is_left_alone() -> None:
    redactor = Redactor(_KEY)
    urls = pl.Series("url", [None, None], dtype=pl.String())
    assert redacted_urls(urls, redactor, redactor.column).to_list() == [None, None]
