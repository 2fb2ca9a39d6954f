"""Changing a report: cancel, recluster, publish, delete."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, BackgroundTasks, Request

from signal_pipeline.api.cause_shapes import HealthyModel
from signal_pipeline.api.change_shapes import Cancelled, DeletionAsked, DeletionModel, ReclusterModel, ReclusterWish
from signal_pipeline.api.context import Admin, Context, Reader, Submitter
from signal_pipeline.api.problems import Problem, problems_of
from signal_pipeline.api.shapes import Done
from signal_pipeline.errors import ReportUnknown, SignalPipelineError, TransientError
from signal_pipeline.intake.deletion import delete_report, proof
from signal_pipeline.pipeline.cluster_settings import chosen_settings
from signal_pipeline.pipeline.publish import publish
from signal_pipeline.pipeline.recluster import recluster, reports_to_recluster
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.clustering_diff import outcome_json
from signal_pipeline.reports.decisions import refresh_causes, set_healthy, unset_healthy
from signal_pipeline.reports.problem_changes import outcome_changes
from signal_pipeline.storage.deletions import deletion_of, is_being_deleted, request_deletion
from signal_pipeline.storage.intake import cancel_requests
from signal_pipeline.storage.reports import report_exists

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/v1/reports/{report_id}", tags=["changing"])


@router.post("/cancel", response_model=Cancelled, responses=problems_of(404), summary="Cancel pending or running work")
def cancel(context: Context, who: Submitter, report_id: UUID) -> dict[str, Any]:
    """A running job stops within seconds; earlier results are kept. Cancelling a finished report changes nothing."""
    with context.platform.database.transaction() as connection:
        if not report_exists(connection, report_id):
            raise ReportUnknown(f"report {report_id} is not in the database")
        states = cancel_requests(connection, report_id, f"cancelled through the API by {who.name}")
    return {"report_id": report_id, "cancelled": len(states), "were": states}


@router.post(
    "/recluster",
    response_model=ReclusterModel,
    responses=problems_of(404, 409),
    summary="Cluster a report's signatures again, or show what would change",
)
def group_again(context: Context, _: Admin, report_id: UUID, wish: ReclusterWish) -> dict[str, Any]:
    """From stored vectors: no file is read and no model is loaded. Every clustering is kept; the new one becomes the
    current one, unless it is a dry run, is held, or its quality keeps it from being published."""
    platform = context.platform
    settings = chosen_settings(
        platform.settings,
        algorithm=wish.algorithm,
        similarity_threshold=wish.threshold,
        min_samples=wish.min_samples,
    )
    wanted = reports_to_recluster(platform, [report_id])
    _refuse_deleted(platform, report_id)
    hold = wish.hold or platform.settings.hold_reclusterings
    run_id = f"api-{uuid4()}"
    outcome = dict(recluster(platform, wanted, settings, run_id=run_id, hold=hold, dry_run=wish.dry_run))[report_id]
    if isinstance(outcome, SignalPipelineError):
        raise outcome
    if outcome.is_published and not wish.dry_run:
        refresh_causes(platform.database, report_id)
    problems = outcome_changes(platform.database, {report_id: outcome})[report_id]
    body = outcome_json(report_id, outcome, problems) | {"dry_run": wish.dry_run, "settings": settings.as_dict()}
    return body | {"published": outcome.is_published and not wish.dry_run}


@router.post(
    "/publish",
    response_model=Done,
    responses=problems_of(404, 409),
    summary="Publish a report's held clustering",
)
def publish_held(context: Context, _: Admin, report_id: UUID) -> dict[str, Any]:
    reports_to_recluster(context.platform, [report_id])
    if not publish(context.platform, [report_id]):
        raise Problem(409, "nothing_held", "this report has no held clustering")
    refresh_causes(context.platform.database, report_id)
    return {"id": report_id, "state": "published"}


@router.put(
    "/healthy",
    response_model=HealthyModel,
    responses=problems_of(404),
    summary="Mark a report as healthy",
)
def mark(context: Context, who: Admin, report_id: UUID) -> dict[str, Any]:
    """Its errors are background in the other reports of its source. The first mark stays."""
    return asdict(set_healthy(context.platform, report_id, by=who.name))


@router.delete(
    "/healthy", response_model=Done, responses=problems_of(404), summary="Remove the mark of a healthy report"
)
def unmark(context: Context, _: Admin, report_id: UUID) -> dict[str, Any]:
    unset_healthy(context.platform, report_id)
    return {"id": report_id, "state": "not marked"}


@router.delete(
    "", status_code=202, response_model=DeletionAsked, responses=problems_of(404), summary="Delete a report permanently"
)
def delete(request: Request, context: Context, _: Admin, report_id: UUID, later: BackgroundTasks) -> dict[str, Any]:
    """202 means that the deletion is recorded and will be carried out, even if this process ends now."""
    platform = context.platform
    with platform.database.transaction() as connection:
        if not report_exists(connection, report_id) and deletion_of(connection, report_id) is None:
            raise ReportUnknown(f"report {report_id} is not in the database")
        request_deletion(connection, report_id, "asked")
    request.app.state.page_cache.forget(report_id)
    later.add_task(_erase, platform, report_id)
    return {"report_id": report_id, "state": "deleting", "proof_url": f"/v1/reports/{report_id}/deletion"}


@router.get(
    "/deletion",
    response_model=DeletionModel,
    responses=problems_of(404),
    summary="What was removed of a deleted report, and what is left",
)
def deletion(context: Context, _: Reader, report_id: UUID) -> dict[str, Any]:
    """Every place is checked again for each request, not read from a record."""
    places = proof(context.platform, report_id)
    with context.platform.database.transaction() as connection:
        found = deletion_of(connection, report_id)
    assert found is not None
    state = "finished" if found.is_finished else "erased" if found.is_erased else "deleting"
    return {"report_id": report_id, "state": state, "places": [place.as_json() for place in places]}


def _refuse_deleted(platform: Platform, report_id: UUID) -> None:
    with platform.database.transaction() as connection:
        if is_being_deleted(connection, report_id):
            raise Problem(409, "being_deleted", "the report is being deleted")


def _erase(platform: Platform, report_id: UUID) -> None:
    """The sensor removes the rest."""
    try:
        delete_report(platform, report_id)
    except TransientError as error:
        logger.info("deletion of report %s will continue later: %s", report_id, error)
