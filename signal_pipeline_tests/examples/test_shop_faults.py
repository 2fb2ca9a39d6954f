"""The shop really has the faults that examples/README.md tells of."""

from __future__ import annotations

import http.client
import json

import pytest

from signal_pipeline.processes.termination import wait_until
from signal_pipeline_tests.examples.shop_client import TRACE_ID, ShopClient


def test_a_visitor_can_buy(shop: ShopClient) -> None:
    assert shop.ask("GET", "/").text.startswith("<!doctype html>")
    assert len(shop.ask("GET", "/api/products").json) == 24
    answer = shop.pay(shop.cart())
    assert answer.status == 201
    assert any(order["number"] == answer.json["number"] for order in shop.ask("GET", "/api/orders").json)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/static/main.js", 200),
        ("/images/product-0001.png", 200),
        ("/images/product-0005.png", 404),
        ("/images/../server.py", 404),
        ("/static/nothing.js", 404),
        ("/api/nothing", 404),
        ("/api/products/99", 404),
    ],
)
def test_files_and_routes(shop: ShopClient, path: str, status: int) -> None:
    assert shop.ask("GET", path).status == status


def test_a_product_has_no_price(shop: ShopClient) -> None:
    assert shop.ask("GET", "/api/products/7").json["price"] is None


@pytest.mark.parametrize("product", [4, 6])
def test_reviews_are_no_json(shop: ShopClient, product: int) -> None:
    answer = shop.ask("GET", f"/api/products/{product}/reviews")
    assert answer.status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)


def test_other_reviews_are_json(shop: ShopClient) -> None:
    assert shop.ask("GET", "/api/products/1/reviews").json[0]["author"] == "Edith"


def test_search_passes_its_deadline(shop: ShopClient) -> None:
    assert shop.ask("GET", "/api/search?q=lamp").json[0]["name"] == "Paper Lamp"
    answer = shop.ask("GET", "/api/search?q=paper+lamp")
    assert answer.status == 504
    assert "shop.problems.SearchTooSlow: search for 'paper lamp' timed out after 600 ms" in shop.log


def test_a_coupon_of_no_campaign(shop: ShopClient) -> None:
    cart = shop.cart()
    assert shop.ask("POST", f"/api/carts/{cart}/coupon", {"code": "SPRING-1"}).json == {"rebate": 0.15}
    assert shop.ask("POST", f"/api/carts/{cart}/coupon", {"code": "SUMMER-1"}).status == 500
    assert "KeyError: 'SUMMER'" in shop.log


def test_three_orders_fail_for_three_reasons(shop: ShopClient) -> None:
    ordered = shop.cart()
    assert shop.pay(ordered).status == 201
    twice = shop.pay(ordered)
    guest = shop.pay(shop.cart(), guest=True)
    cart = shop.cart()
    with shop.processes.stock_import():
        locked = shop.pay(cart)
    assert [answer.status for answer in (twice, guest, locked)] == [500, 500, 500]
    assert "UNIQUE constraint failed: orders.number" in twice.json["detail"]
    assert "NOT NULL constraint failed: orders.email" in guest.json["detail"]
    assert "database is locked" in locked.json["detail"]
    assert "sqlite3.OperationalError: database is locked" in shop.log
    assert shop.pay(cart).status == 201, "after the import the order goes through"


def test_the_payment_service_is_down(shop: ShopClient) -> None:
    cart = shop.cart()
    with shop.processes.payment_down():
        assert shop.pay(cart).status == 502
    assert "ConnectionRefusedError: [Errno 111] Connection refused" in shop.log
    assert shop.pay(cart).status == 201, "after it is back the order goes through"


def test_the_invoice_never_comes(shop: ShopClient) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        shop.ask("GET", "/api/orders/1041/invoice")
    assert "UnicodeEncodeError: 'latin-1' codec can't encode character" in shop.log


def test_a_wrong_password(shop: ShopClient) -> None:
    assert shop.ask("POST", "/api/login", {"username": "ada", "password": "no"}).status == 401


def test_the_clean_up_forgets_live_sessions(shop: ShopClient) -> None:
    shop.processes.forget_sessions()
    paths = ("/api/account", "/api/orders", "/api/wishlist")
    assert [shop.ask("GET", path).status for path in paths] == [401, 401, 401]
    shop.log_in("ada")
    assert [shop.ask("GET", path).status for path in paths] == [200, 200, 200]


def test_the_log_has_the_page_s_ids(shop: ShopClient) -> None:
    shop.ask("GET", "/api/products/2")
    # The line is written once the answer has gone.
    assert wait_until(lambda: "GET /api/products/2 200" in shop.log, 20)
    line = next(line for line in shop.log.splitlines() if "GET /api/products/2 200" in line)
    assert f"[trace_id={TRACE_ID} request_id=req-1]" in line
