"""A code location small enough to see that a stack runs one."""

import dagster as dg


@dg.asset
def seven() -> int:
    return 7


defs = dg.Definitions(assets=[seven])
