"""What a request can fail with on purpose. Anything else that is raised is a fault of the shop."""

from __future__ import annotations


class Problem(Exception):
    """An answer other than 2xx, told to the page as application/problem+json."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        self.status = status
        self.title = title
        self.detail = detail
        super().__init__(detail)


class PaymentUnavailable(Exception):
    """The payment service at `url` did not take the connection."""

    def __init__(self, detail: str, url: str) -> None:
        self.url = url
        super().__init__(detail)


class SearchTooSlow(Exception):
    """The search did not end before its deadline."""
