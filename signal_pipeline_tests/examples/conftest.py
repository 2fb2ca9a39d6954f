"""The example's folders and a running shop. No browser in here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from signal_pipeline_tests.examples.shop_client import ShopClient

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def examples() -> Path:
    return ROOT / "examples"


@pytest.fixture(scope="session")
def sample_report() -> Path:
    return ROOT / "signal_pipeline" / "local" / "sample_report"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Iterator[ShopClient]:
    """A shop of real processes on free loopback ports, with ada logged in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(examples))
        from shop_recording.processes import ShopProcesses

        with ShopProcesses(tmp_path_factory.mktemp("shop")) as processes:
            client = ShopClient(processes)
            client.log_in("ada")
            yield client
