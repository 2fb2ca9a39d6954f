"""What Dagster starts by the clock."""

import dagster as dg

from signal_pipeline.defs.catalog_asset import signature_catalog

update_catalog = dg.define_asset_job(
    "update_catalog",
    selection=dg.AssetSelection.assets(signature_catalog),
    description="Brings the catalog of problems up to date. `signal-pipeline catalog update` does the same.",
)

nightly_catalog = dg.ScheduleDefinition(
    name="nightly_catalog",
    job=update_catalog,
    cron_schedule="30 3 * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Reports place their new signatures themselves; what changes known ids is done at night, with checks.",
)
