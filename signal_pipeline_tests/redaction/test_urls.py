"""What is kept of a URL."""

from __future__ import annotations

import pytest

from signal_pipeline.redaction.redactor import Redactor

REDACTOR = Redactor(b"a key for tests")

CASES = (
    (
        "https://h.example.com:8443/a/b?page=2&token=x#frag",
        "https://h.example.com:8443/a/b?page=<VALUE>&token=<SECRET>",
    ),
    ("https://bob:pw@h/a", "https://<CRED>@h/a"),
    ("http://a@b@c/d", "http://<CRED>@c/d"),
    ("/relative;jsessionid=1F/x?X-Amz-Signature=ab", "/relative;jsessionid=<SECRET>?X-Amz-Signature=<SECRET>"),
    ("wss://h/socket?key", "wss://h/socket?key"),
    ("https://h/?9f86d081884c7d659a2feaa0c55ad015", "https://h/?<VALUE>"),
    ("https://h/?a%20b=1", "https://h/?<VALUE>"),
    ("https://h/cb#access_token=abc", "https://h/cb"),
    ("https://10.1.2.3/x", "https://<IP:10852659>/x"),
    ("https://h/users/9f86d081884c7d659a2feaa0c55ad015", "https://h/users/<BLOB>"),
    ("data:image/png;base64,iVBORw0KGgo", "data:image/png;base64,<BLOB>"),
    ("https://h/?", "https://h/"),
    ("", ""),
)


@pytest.mark.parametrize(("url", "expected"), CASES)
def test_values_credentials_and_fragment_are_dropped(url: str, expected: str) -> None:
    assert REDACTOR.url(url) == expected


MONSTERS = (
    "http://[::1",
    "http://h:99999/",
    "http://h:port/",
    "https://xn--80ak6aa92e.com/",
    "//",
    "?",
    "#",
    "http://" + "a" * 2_000_000,
    "http://h/?" + "&".join(f"p{n}=v" for n in range(10_000)),
    "data:text/html," + "x" * 5_000_000,
    "javascript:alert(1)",
    "\x00\ud800",
)


@pytest.mark.parametrize("url", MONSTERS, ids=range(len(MONSTERS)))
def test_monsters_give_short_text(url: str) -> None:
    assert len(REDACTOR.url(url)) <= 70_000
