"""What a visitor does, and which fault it meets. A table of scenarios; each one is a few clicks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from shop.accounts import PASSWORDS

from shop_recording.browser import Page
from shop_recording.processes import ShopProcesses

TEST_CARD = "4242 4242 4242 4242"


@dataclass(frozen=True)
class Visitor:
    """One person and the products this person meets, so that a fault comes back with other ids."""

    name: str
    without_price: int
    without_image: int
    quoting_reviews: int
    long_reviews: int
    words: str
    campaign: str
    postcode: str


VISITORS = (
    Visitor("ada", 7, 5, 4, 6, "linen lamp", "SUMMER-2207", "10115"),
    Visitor("bob", 11, 13, 9, 14, "copper kettle", "EASTER-0419", "20095"),
    Visitor("carol", 19, 21, 16, 22, "wool rug", "NEWYEAR-31", "80331"),
)


@dataclass(frozen=True)
class Stage:
    page: Page
    shop: ShopProcesses
    visitor: Visitor


async def log_in(stage: Stage, password: str | None = None) -> None:
    name = stage.visitor.name
    await stage.page.type("username", name)
    await stage.page.type("password", password or PASSWORDS[name])
    await stage.page.click("log-in")


async def _opening(stage: Stage) -> None:
    await stage.page.open()
    await log_in(stage)


async def _browsing(stage: Stage) -> None:
    for product in (1, 2, 3):
        await stage.page.click(f"open-{product}")
    await stage.page.click("reviews-1")
    await stage.page.type("suggest", "Lin")
    await stage.page.leave("suggest")
    await _buy(stage)
    await stage.page.click("my-orders")


async def _buy(stage: Stage) -> None:
    await stage.page.click("new-cart")
    await stage.page.type("postcode", stage.visitor.postcode)
    await stage.page.click("rates")
    await stage.page.type("card", TEST_CARD)
    await stage.page.click("pay")


async def _missing_price(stage: Stage) -> None:
    await stage.page.click(f"open-{stage.visitor.without_price}")
    await stage.page.click(f"compare-{stage.visitor.without_price}")


async def _missing_image(stage: Stage) -> None:
    await stage.page.click(f"open-{stage.visitor.without_image}")


async def _reviews_not_escaped(stage: Stage) -> None:
    await stage.page.click(f"reviews-{stage.visitor.quoting_reviews}")


async def _reviews_cut(stage: Stage) -> None:
    await stage.page.click(f"reviews-{stage.visitor.long_reviews}")


async def _share_wishlist(stage: Stage) -> None:
    await stage.page.click("share")


async def _search_too_slow(stage: Stage) -> None:
    await stage.page.type("words", stage.visitor.words)
    await stage.page.click("search")


async def _suggestions_aborted(stage: Stage) -> None:
    await stage.page.type("suggest", stage.visitor.words[:2])
    await stage.page.leave("suggest")


async def _coupon_of_ended_campaign(stage: Stage) -> None:
    await stage.page.click("new-cart")
    await stage.page.type("coupon", stage.visitor.campaign)
    await stage.page.click("use-coupon")


async def _order_twice(stage: Stage) -> None:
    await _buy(stage)
    await stage.page.click("pay")


async def _guest_without_mail(stage: Stage) -> None:
    await stage.page.click("guest")
    await _buy(stage)
    await stage.page.click("guest")


async def _database_locked(stage: Stage) -> None:
    await stage.page.click("new-cart")
    with stage.shop.stock_import():
        await stage.page.type("card", TEST_CARD)
        await stage.page.click("pay")


async def _payment_down(stage: Stage) -> None:
    with stage.shop.payment_down():
        await _buy(stage)


async def _invoice_dropped(stage: Stage) -> None:
    await stage.page.click("new-cart")
    await stage.page.click("pay")
    await stage.page.type("invoice-number", str(1000 + stage.visitor.without_price))
    await stage.page.click("invoice")


async def _wrong_password(stage: Stage) -> None:
    await log_in(stage, f"FAKE-wrong-password-of-{stage.visitor.name}")


async def _session_expired(stage: Stage) -> None:
    stage.shop.forget_sessions()
    for button in ("my-account", "my-orders", "my-wishlist"):
        await stage.page.click(button)
    await log_in(stage)


@dataclass(frozen=True)
class Scenario:
    """`error_type` is what a reader of the recordings should call the fault; None when all is well."""

    name: str
    fault: str
    error_type: str | None
    run: Callable[[Stage], Awaitable[None]]


OPENING = Scenario("stats-host-gone", "the visitor statistics' host does not resolve", "NetworkError", _opening)

SCENARIOS = (
    Scenario("browsing", "none: looking around and buying", None, _browsing),
    Scenario("missing-price", "a product without a price breaks the page", "TypeError", _missing_price),
    Scenario("missing-image", "a picture's file is missing", "NetworkError", _missing_image),
    Scenario("reviews-not-escaped", "a quote in a review breaks the JSON", "SyntaxError", _reviews_not_escaped),
    Scenario("reviews-cut", "the cached reviews are cut in mid-string", "SyntaxError", _reviews_cut),
    Scenario("share-wishlist", "the share button calls what does not exist", "ReferenceError", _share_wishlist),
    Scenario("search-too-slow", "the search passes its deadline: 504", "TimeoutError", _search_too_slow),
    Scenario("suggestions-aborted", "the page gives up on slow suggestions", "TimeoutError", _suggestions_aborted),
    Scenario("ended-campaign", "a coupon's campaign is unknown: KeyError", "GenericError", _coupon_of_ended_campaign),
    Scenario("order-twice", "a paid cart is ordered again: unique constraint", "DatabaseError", _order_twice),
    Scenario("guest-without-mail", "a guest's order breaks not-null: no mail", "DatabaseError", _guest_without_mail),
    Scenario("database-locked", "an import holds the write lock at checkout", "DatabaseError", _database_locked),
    Scenario("payment-down", "the payment service refuses connections: 502", "NetworkError", _payment_down),
    Scenario("invoice-dropped", "the invoice's answer never comes", "NetworkError", _invoice_dropped),
    Scenario("wrong-password", "a mistyped password: 401", "AuthenticationError", _wrong_password),
    Scenario("session-expired", "the clean-up forgot live sessions: 401", "AuthenticationError", _session_expired),
)  # fmt: skip

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
