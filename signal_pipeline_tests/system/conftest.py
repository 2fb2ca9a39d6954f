"""The whole product on this machine, once for all tests of this folder; what it leaves behind is checked at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from signal_pipeline.local.lock import is_held
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.preparation import prepared_stack
from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.termination import processes_with_token, wait_until
from signal_pipeline_tests.system.large_log import write_large_log
from signal_pipeline_tests.system.product import Product

LINES = 250_000
# Short, so that a lost worker is noticed and tried again while a test waits.
PATIENCE = {
    "LEASE_SECONDS": "12",
    "RETRY_DELAY_SECONDS": "0.5",
    "UNKNOWN_REPORT_GRACE_SECONDS": "3",
    "INTAKE_WAIT_SECONDS": "4",
    "MAX_CONCURRENT_TASKS": "2",
}


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, model_dir: Path) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("system")
    temp_dir = folder / "temp"
    temp_dir.mkdir()
    # The processes of Dagster inherit these as they are started; afterwards no other test should see them.
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**PATIENCE, "TEMP_DIR": str(temp_dir)}.items():
            patch.setenv(name, value)
        stack = prepared_stack(folder / "home", ports=random_ports(), environment={"MODEL_DIR": str(model_dir)})
        stack.__enter__()
        settings = stack.settings()
    try:
        with Platform(settings) as platform:
            yield Product(stack, platform, folder)
        token = stack._running.record.token
    finally:
        stack.__exit__(None, None, None)
    assert wait_until(lambda: not processes_with_token(token), 30), "processes of the stack are still there"
    assert not is_held(stack.folder.lock_file)
    assert not stack.folder.record_file.exists()
    assert [str(path) for path in temp_dir.rglob("*")] == [], "unredacted copies of files were left behind"


@pytest.fixture(scope="session")
def large_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_large_log(tmp_path_factory.mktemp("large") / "large.log", LINES)


@pytest.fixture(autouse=True)
def whole(product: Product) -> Iterator[None]:
    """Each test finds and leaves a stack of which every part works."""
    yield
    assert wait_until(product.is_whole, 120), product.parts()
    assert product.stack.failure is None
