"""Dead letters: messages and reports that failed, and replaying them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from signal_pipeline.api.context import Admin, Context, Reader
from signal_pipeline.api.paging import cursor_behind, place_in
from signal_pipeline.api.problems import Problem, problems_of
from signal_pipeline.api.routes.reports import CursorText, Limit
from signal_pipeline.api.shapes import DeadLetterDetail, DeadLetterList, Done
from signal_pipeline.intake.replay import replay_letters
from signal_pipeline.storage.dead_letters import letter_of, letter_page, payload_of

router = APIRouter(prefix="/v1/dead-letters", tags=["dead letters"])


@router.get("", response_model=DeadLetterList, responses=problems_of(), summary="List dead letters, newest first")
def list_letters(
    context: Context,
    _: Reader,
    limit: Limit = 50,
    cursor: CursorText = None,
    include_replayed: Annotated[bool, Query(description="include those already replayed")] = False,
) -> dict[str, Any]:
    kind = f"dead letters {include_replayed}"
    after = place_in(context.cursors, kind, cursor)
    with context.platform.database.transaction() as connection:
        found = letter_page(connection, limit=limit + 1, after=after, include_replayed=include_replayed)
    return {
        "items": [vars(letter) for letter in found[:limit]],
        "next_cursor": cursor_behind(
            context.cursors, kind, found, limit, lambda letter: (letter.created_at, letter.id)
        ),
    }


@router.get(
    "/{letter_id}",
    response_model=DeadLetterDetail,
    responses=problems_of(404),
    summary="One dead letter, with its message",
)
def show(context: Context, _: Reader, letter_id: UUID) -> dict[str, Any]:
    with context.platform.database.transaction() as connection:
        letter = letter_of(connection, letter_id)
        payload = payload_of(connection, letter_id)
    if letter is None:
        raise Problem(404, "not_found", "dead letter not found")
    text = None if payload is None else payload[0].decode("utf-8", "replace")
    return vars(letter) | {"payload": text, "payload_redacted": payload is not None and payload[1]}


@router.post(
    "/{letter_id}/replay",
    status_code=202,
    response_model=Done,
    responses=problems_of(404, 409),
    summary="Replay a dead letter",
)
def replay(context: Context, _: Admin, letter_id: UUID) -> dict[str, Any]:
    """409 says why it cannot be replayed now."""
    with context.platform.database.transaction() as connection:
        if letter_of(connection, letter_id) is None:
            raise Problem(404, "not_found", "dead letter not found")
    why = replay_letters(context.platform, [letter_id])[0][1]
    if why is not None:
        raise Problem(409, "not_replayed", why)
    return {"id": letter_id, "state": "replayed"}
