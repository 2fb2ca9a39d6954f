"""The shop's database: its tables and what they hold at the start. No rules of the shop in here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY_SECONDS = 0.25
"""How long a writer waits for another one. Too short for the stock import, which is the point."""

SCHEMA = """
CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, amount REAL, currency TEXT, stock INTEGER NOT NULL);
CREATE TABLE reviews (product INTEGER NOT NULL REFERENCES products (id), author TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE carts (number INTEGER PRIMARY KEY, owner TEXT NOT NULL);
CREATE TABLE cart_items (cart INTEGER NOT NULL REFERENCES carts (number), product INTEGER NOT NULL);
CREATE TABLE orders (number INTEGER PRIMARY KEY, owner TEXT NOT NULL, email TEXT NOT NULL, total REAL NOT NULL);
CREATE TABLE sessions (token TEXT PRIMARY KEY, owner TEXT NOT NULL);
"""

NAMES = (
    "Oak Shelf", "Linen Towel", "Copper Kettle", "Wool Blanket", "Tin Lantern", "Clay Teapot",
    "Birch Stool", "Felt Slippers", "Paper Lamp", "Glass Carafe", "Cork Board", "Brass Hook",
    "Jute Rug", "Ash Bench", "Slate Coaster", "Steel Grater", "Pine Crate", "Silk Scarf",
    "Rattan Chair", "Enamel Mug", "Marble Mortar", "Hemp Rope", "Cedar Box", "Bamboo Tray",
)  # fmt: skip

WITHOUT_PRICE = (7, 11, 19)
WITHOUT_IMAGE = (5, 13, 21)
QUOTING_REVIEWS = (4, 9, 16)
LONG_REVIEWS = (6, 14, 22)

FIRST_CART = 1041


@contextmanager
def connect(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection whose work is committed at the end, or rolled back when it raised."""
    connection = sqlite3.connect(database, timeout=BUSY_SECONDS)
    connection.row_factory = sqlite3.Row
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def create(database: Path) -> None:
    """Make the tables and fill them. The same every time."""
    with connect(database) as connection:
        connection.executescript(SCHEMA)
        connection.executemany("INSERT INTO products VALUES (?, ?, ?, ?, ?)", _products())
        connection.executemany("INSERT INTO reviews VALUES (?, ?, ?)", _reviews())
        connection.execute("INSERT INTO carts VALUES (?, 'opening')", (FIRST_CART - 1,))


def _products() -> Iterator[tuple[int, str, float | None, str | None, int]]:
    for number, name in enumerate(NAMES, start=1):
        amount = None if number in WITHOUT_PRICE else round(4.9 + number * 3.35, 2)
        yield number, name, amount, None if amount is None else "EUR", 3 + number % 5


def _reviews() -> Iterator[tuple[int, str, str]]:
    for number, name in enumerate(NAMES, start=1):
        yield number, "Edith", f"The {name} arrived in two days and looks as in the picture."
        if number in QUOTING_REVIEWS:
            yield number, "Konrad", f'My sister calls the {name} "a keeper" and so do I.'
        if number in LONG_REVIEWS:
            yield number, "Vera", f"The {name} has been in use every day since spring. " * 14
