"""The hourly clean-up, which forgets every session, those in use as well.

python -m shop.session_cleanup --database shop.db
"""

from __future__ import annotations

import argparse
from pathlib import Path

from shop.store import connect


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", type=Path, required=True)
    with connect(parser.parse_args().database) as connection:
        # A shop that is busy keeps the lock for longer than its own requests would wait.
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("UPDATE sessions SET token = 'expired ' || token")
    print("ready", flush=True)


if __name__ == "__main__":
    main()
