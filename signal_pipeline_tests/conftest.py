"""Which tests `make fast` runs, and which run on one worker. The servers' fixtures are in servers.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from signal_pipeline_tests.rings import DOMAIN

# Tests that share what is long to start: on one worker, so that it is started once.
GROUPS = {"system": "system", "leaks": "leaks", "test_dagster.py": "local dagster", "pages": "pages", "api": "pages"}
# Tests of whole stacks mostly wait: first, beside those that compute.
FIRST = ("system", "leaks", "local dagster")
# What `make fast` leaves out, beside what is marked slow: tests of other rings, and tests with one of these fixtures.
SERVERS = {"stack", "settings", "platform", "database", "model_dir", "worked_platform", "sample_report_id", "browser"}
FAST_FILES = {*(f"test_{room}.py" for room in DOMAIN), "test_rings.py", "test_words.py"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fast", action="store_true", help="only tests of the domain that need no server, no model and no real data"
    )


def pytest_configure(config: pytest.Config) -> None:
    if not config.option.fast:
        config.pluginmanager.import_plugin("signal_pipeline_tests.servers")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Other folders are not imported: importing Dagster and the API takes longer than many tests."""
    if not config.option.fast or collection_path.parent != Path(__file__).parent:
        return None
    return collection_path.name not in (DOMAIN if collection_path.is_dir() else FAST_FILES)


def _is_fast(item: pytest.Item) -> bool:
    return not (
        any(item.get_closest_marker(name) for name in ("slow", "real_data"))
        or SERVERS & set(getattr(item, "fixturenames", ()))
    )


def _group(item: pytest.Item) -> str | None:
    return next((group for name, group in GROUPS.items() if name in item.path.parts), None)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Not in the hook below: there pytest-xdist has read the groups before any conftest is asked."""
    if group := _group(item):
        item.add_marker(pytest.mark.xdist_group(group))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.fast:
        config.hook.pytest_deselected(items=[item for item in items if not _is_fast(item)])
        items[:] = [item for item in items if _is_fast(item)]
    items.sort(key=lambda item: _group(item) not in FIRST)
