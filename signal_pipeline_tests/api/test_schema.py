"""Whatever the API's own schema allows, and what it does not, is answered as the schema says. Bounded in number."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS

from signal_pipeline_tests.api.conftest import Client

EXAMPLES = 10
LEAST_OPERATIONS = 25
# The first few try methods and tokens on their own account, which tests beside this one do by a table. The last wants
# everything accepted that fits the schema; which cursors were given out and which objects exist no schema can say.
SKIPPED = (
    "unsupported_method", "ignored_auth", "use_after_free", "ensure_resource_availability", "positive_data_acceptance",
)  # fmt: skip


@pytest.fixture(scope="module")
def operations(api: Client) -> list[Any]:
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{api.port}/openapi.json")
    return [found.ok() for found in schema.get_all_operations()]


def test_answers_are_what_the_schema_says(operations: list[Any]) -> None:
    assert len(operations) >= LEAST_OPERATIONS
    for operation in operations:
        _try(operation)


def _try(operation: Any) -> None:
    waits = {parameter.name for parameter in operation.query}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        # A route that may wait for a minute is asked to wait for a moment.
        if "wait_seconds" in waits and isinstance(case.query.get("wait_seconds", 5.0), float):
            case.query = {**(case.query or {}), "wait_seconds": 0.1}
        case.call_and_validate(excluded_checks=[CHECKS.get_one(name) for name in SKIPPED])

    ask()
