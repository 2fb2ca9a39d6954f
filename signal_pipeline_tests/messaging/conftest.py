from __future__ import annotations

from collections.abc import Iterator

import pytest

from signal_pipeline.settings import Settings
from signal_pipeline.storage.database import Database


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    with Database(settings) as opened:
        yield opened
