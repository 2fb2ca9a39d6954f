"""For the signature_catalog asset: bring the catalog up to date, and say what the UI shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

import dagster as dg
from pydantic import Field

from signal_pipeline.catalog.causes import ListedProblem, listed_problems
from signal_pipeline.catalog.golden_set import RECALL, golden_findings, golden_warnings
from signal_pipeline.catalog.update import (
    CHURN,
    JUDGED_FROM,
    CatalogUpdate,
    update_catalog,
)
from signal_pipeline.clustering.quality import PRECISION, radius_findings, singles_findings
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.orchestration import asset_metadata as show
from signal_pipeline.orchestration import checks
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.signature_map import POINTS, catalog_map
from signal_pipeline.storage.known_causes import count_causes

ASSET = "signature_catalog"
IDS_SURVIVE = "ids_survive"
TOP = 15

CATALOG_CHECKS = [
    checks.check(
        ASSET,
        IDS_SURVIVE,
        f"At most {CHURN:.0%} of {JUDGED_FROM} signatures and more get another problem in one update, and no problem"
        " swallows others. A failure keeps the changes of known ids from being published.",
    ),
    checks.check(
        ASSET,
        checks.GOLDEN_PRECISION,
        f"The catalog's settings join pairs of the golden set at a precision of at least {PRECISION:g}. A failure keeps"
        " the changes of known ids from being published.",
    ),
    checks.check(ASSET, checks.GOLDEN_RECALL, f"Recall on the golden set is at least {RECALL:g}.", severity="WARN"),
    checks.check(ASSET, checks.RADIUS, "The median radius of problems is within the threshold.", severity="WARN"),
    checks.check(
        ASSET, checks.SINGLES, "Not far more signatures are alone than in the update before.", severity="WARN"
    ),
]


class MapMethod(Enum):
    """How the picture is made."""

    auto = "auto"
    umap = "umap"
    pca = "pca"
    none = "none"


class CatalogConfig(dg.Config):
    """Config of the signature_catalog asset."""

    map_method: MapMethod = Field(
        MapMethod.auto,
        description="How the picture is made. auto: UMAP where it is installed and there are enough signatures, else"
        " principal components. none: no picture.",
    )
    map_points: int = Field(
        POINTS, ge=2, le=20_000, description="The most frequent signatures that it shows, 2 to 20,000."
    )


def catalog_result(platform: Platform, config: CatalogConfig, run_id: str) -> dg.MaterializeResult[Any]:
    update = update_catalog(platform, run_id)
    with platform.database.transaction() as connection:
        problems = listed_problems(connection, limit=TOP)
        causes = count_causes(connection)
    return dg.MaterializeResult(
        metadata=_metadata(update)
        | {"problems": causes, "top_problems": _table(problems)}
        | _picture(platform, config),
        check_results=_checks(update),
    )


def _metadata(update: CatalogUpdate) -> dict[str, Any]:
    numbers = update.quality.as_dict() | update.golden.as_dict()
    counts = {"signatures": update.quality.signatures, "error_groups": update.quality.clusters} | update.counts()
    return {
        "dagster/row_count": update.quality.clusters,
        "published": update.published,
        **({} if update.published else {"held_because": "; ".join(update.blocking)}),
        **counts,
        **{
            name: dg.MetadataValue.float(float(value))
            for name, value in numbers.items()
            if value is not None and name not in ("signatures", "clusters")
        },
        "settings": ClusterSettings().as_dict(),
        "changes_plot": show.bar_plot({name: count for name, count in update.counts().items() if count}, "this update"),
    }


def _table(problems: Sequence[ListedProblem]) -> dg.TableMetadataValue | dg.TextMetadataValue:
    return show.table(
        [
            {
                "problem": str(one.problem.id),
                "reports": one.problem.reports,
                "incidents": one.problem.incidents,
                "symptoms": len(one.symptoms),
                "type": one.problem.error_type,
                "name": one.problem.label,
                "template": one.problem.title[:200],
                "last_seen": f"{one.problem.last_seen:%Y-%m-%d %H:%M}" if one.problem.last_seen else "",
            }
            for one in problems
        ]
    )


def _picture(platform: Platform, config: CatalogConfig) -> dict[str, Any]:
    if config.map_method is MapMethod.none:
        return {}
    drawn = catalog_map(platform, config.map_method.value, config.map_points)
    if drawn is None:
        return {"map": "there is no signature to draw"}
    return {"map": show.picture(drawn.svg, "map of signatures"), "map_made_by": drawn.note}


def _checks(update: CatalogUpdate) -> list[dg.AssetCheckResult]:
    found = {
        IDS_SURVIVE: [one for one in update.blocking if one not in golden_findings(update.golden, ClusterSettings())],
        checks.GOLDEN_PRECISION: golden_findings(update.golden, ClusterSettings()),
        checks.GOLDEN_RECALL: golden_warnings(update.golden),
        checks.RADIUS: radius_findings(update.quality, ClusterSettings()),
        checks.SINGLES: singles_findings(update.quality, update.before),
    }
    return [
        dg.AssetCheckResult(
            check_name=spec.name,
            passed=not found[spec.name],
            severity=dg.AssetCheckSeverity[str((spec.metadata or {})["severity"])],
            description="\n".join(found[spec.name]) or "holds",
        )
        for spec in CATALOG_CHECKS
    ]
