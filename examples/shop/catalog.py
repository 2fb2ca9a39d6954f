"""Products, reviews and search. Deliberately faulty: missing prices, reviews that are not JSON, a slow search."""

from __future__ import annotations

import logging
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

from shop.problems import Problem, SearchTooSlow

log = logging.getLogger("shop.catalog")

SEARCH_SECONDS = 0.6
CACHED_REVIEW_CHARS = 512
SECONDS_PER_WORD_PAIR = 0.05


def products(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    return [_product(row) for row in connection.execute("SELECT * FROM products ORDER BY id LIMIT 24")]


def product(connection: sqlite3.Connection, number: int) -> dict[str, Any]:
    row = connection.execute("SELECT * FROM products WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise Problem(404, "Not Found", f"There is no product {number}")
    if row["amount"] is None:
        log.info("Product %d has no price in the price list", number)
    return _product(row)


def _product(row: sqlite3.Row) -> dict[str, Any]:
    price = None if row["amount"] is None else {"amount": row["amount"], "currency": row["currency"]}
    return {"id": row["id"], "name": row["name"], "price": price, "image": f"/images/product-{row['id']:04}.png"}


def reviews(connection: sqlite3.Connection, number: int) -> str:
    """The reviews as JSON text, glued by hand: quotes are not escaped, and the cached text ends at 512 characters."""
    rows = connection.execute("SELECT author, body FROM reviews WHERE product = ?", (number,))
    glued = ",".join('{"author":"' + row["author"] + '","body":"' + row["body"] + '"}' for row in rows)
    return ("[" + glued + "]")[:CACHED_REVIEW_CHARS]


def suggestions(connection: sqlite3.Connection, words: str) -> list[str]:
    """Names that begin like `words`. Short words match much and take long."""
    if len(words) < 3:
        time.sleep(1.2)
    rows = connection.execute("SELECT name FROM products WHERE name LIKE ? || '%'", (words,))
    return [row["name"] for row in rows]


def search(connection: sqlite3.Connection, words: str) -> list[dict[str, Any]]:
    """Products whose name is like any of the words. Raises SearchTooSlow after its deadline."""
    every = products(connection)
    with ThreadPoolExecutor(max_workers=1) as pool:
        try:
            return pool.submit(_compare, every, words.lower().split()).result(SEARCH_SECONDS)
        except FutureTimeout as error:
            raise SearchTooSlow(f"search for '{words}' timed out after {SEARCH_SECONDS * 1000:.0f} ms") from error


def _compare(every: list[dict[str, Any]], words: list[str]) -> list[dict[str, Any]]:
    found = []
    for item in every:
        time.sleep(SECONDS_PER_WORD_PAIR * (len(words) - 1))
        if any(word in item["name"].lower() for word in words):
            found.append(item)
    return found
