"""The quality checks of `clusters`: what each watches, and which of them hold a re-clustering back.

The numbers behind them are in the materialization's metadata, where Dagster draws them over time.
"""

from __future__ import annotations

from signal_pipeline.catalog.golden_set import RECALL
from signal_pipeline.clustering.quality import CHURN, JUDGED_FROM, LARGEST_SHARE, PRECISION
from signal_pipeline.orchestration import checks

CLUSTER_QUALITY = [
    checks.check(
        "clusters",
        checks.NO_GIANT,
        f"No cluster holds more than {LARGEST_SHARE:.0%} of {JUDGED_FROM} signatures and more. A failure holds a"
        " re-clustering back.",
    ),
    checks.check(
        "clusters",
        checks.GOLDEN_PRECISION,
        f"The calibrated algorithm joins pairs of the golden set at a precision of at least {PRECISION:g}. A failure"
        " holds a re-clustering back.",
    ),
    checks.check(
        "clusters",
        checks.GOLDEN_RECALL,
        f"On the golden set precision is at least {PRECISION:g} and recall {RECALL:g}, whatever the algorithm.",
        severity="WARN",
    ),
    checks.check("clusters", checks.RADIUS, "The median radius of clusters is within the threshold.", severity="WARN"),
    checks.check(
        "clusters", checks.SINGLES, "Not far more signatures are alone than in the clustering before.", severity="WARN"
    ),
    checks.check(
        "clusters",
        checks.CHURN,
        f"At most {CHURN:.0%} of the signatures have other company than in the clustering before.",
        severity="WARN",
    ),
]
