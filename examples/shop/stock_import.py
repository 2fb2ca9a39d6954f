"""The nightly stock import, which keeps the database locked for as long as its input is open.

python -m shop.stock_import --database shop.db
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", type=Path, required=True)
    connection = sqlite3.connect(parser.parse_args().database, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE products SET stock = stock + 1")
    print("ready", flush=True)
    sys.stdin.read()
    connection.execute("COMMIT")


if __name__ == "__main__":
    main()
