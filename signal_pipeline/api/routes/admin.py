"""The operator's page, and runtime settings for people and programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from signal_pipeline.api.context import Admin, ApiContext, Context, Reader
from signal_pipeline.api.identity import Scope
from signal_pipeline.api.problems import Problem, problems_of
from signal_pipeline.api.routes.pages import html
from signal_pipeline.api.sessions import Sessions
from signal_pipeline.api.watch import HealthWatch
from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.operations.dashboard import load_operations
from signal_pipeline.operations.runtime_settings import change_setting, reset_setting, runtime_settings
from signal_pipeline.pages.admin import Visitor, admin_html
from signal_pipeline.pages.index import page_policy

router = APIRouter(tags=["settings"])
Value = str | int | float | None
PRINTABLE_ASCII = r"^[!-~]*$"


class SettingModel(BaseModel):
    """A setting that can be changed at run time."""

    name: str
    group: str
    value: Value
    source: Literal["environment", "file", "operator"]
    default: Value
    bounds: str
    description: str
    changed_by: str | None
    changed_at: datetime | None


class SettingList(BaseModel):
    """All settings that can be changed at run time."""

    items: list[SettingModel]


class NewValue(BaseModel):
    """The new value of a setting."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    value: Value


@router.get("/admin", include_in_schema=False)
async def admin(
    request: Request, context: Context, who: Reader, done: Annotated[str | None, Query(max_length=100)] = None
) -> HTMLResponse:
    return await _page(request, context, who, changed=f"{done} is changed" if done else None)


async def _page(
    request: Request,
    context: Context,
    who: Reader,
    *,
    changed: str | None = None,
    refused: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    watch: HealthWatch = request.app.state.watch
    sessions: Sessions = request.app.state.sessions
    health = await watch.health()
    found = await run_in_threadpool(load_operations, context.platform)
    visitor = Visitor(who.name, sessions.form_key(who) if who.scope >= Scope.ADMIN else None)
    text = admin_html(found, health, visitor, dagster=context.settings.dagster_url, changed=changed, refused=refused)
    return html(text, page_policy(), status)


@router.post("/admin/settings", include_in_schema=False)
async def change_by_form(
    request: Request,
    context: Context,
    who: Admin,
    key: Annotated[str, Form(max_length=200, pattern=PRINTABLE_ASCII)],
    name: Annotated[str, Form(max_length=100)],
    do: Annotated[Literal["set", "reset"], Form()],
    value: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    sessions: Sessions = request.app.state.sessions
    if not sessions.is_form_key(key, who):
        raise Problem(403, "foreign_form", "this form is not from your session; reload the page")
    try:
        if do == "reset":
            await run_in_threadpool(reset_setting, context.platform, name, who.name)
        else:
            await run_in_threadpool(change_setting, context.platform, name, value.strip() or None, who.name)
    except SettingsInvalid as error:
        return await _page(request, context, who, refused=str(error), status=422)
    return RedirectResponse(f"/admin?done={name}#settings", 303)


@router.get("/v1/settings", response_model=SettingList, responses=problems_of(), summary="Settings in force")
def list_settings(context: Context, _: Admin) -> dict[str, Any]:
    return {"items": [vars(setting) for setting in runtime_settings(context.platform)]}


@router.put("/v1/settings/{name}", response_model=SettingModel, responses=problems_of(), summary="Change a setting")
def change(context: Context, who: Admin, name: str, new: NewValue) -> dict[str, Any]:
    """Takes effect with the next run, tick or request. 422 names the allowed values."""
    change_setting(context.platform, name, new.value, who.name)
    return _one(context, name)


@router.delete(
    "/v1/settings/{name}",
    response_model=SettingModel,
    responses=problems_of(),
    summary="Reset a setting to the environment's value",
)
def reset(context: Context, who: Admin, name: str) -> dict[str, Any]:
    reset_setting(context.platform, name, who.name)
    return _one(context, name)


def _one(context: ApiContext, name: str) -> dict[str, Any]:
    return next(vars(setting) for setting in runtime_settings(context.platform) if setting.name == name)
