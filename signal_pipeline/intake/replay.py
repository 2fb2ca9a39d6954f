"""Working dead letters again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from signal_pipeline.errors import TransientError
from signal_pipeline.messaging.publish import publish_raw
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.dead_letters import listed, mark_replayed, payload_of, request_of
from signal_pipeline.storage.intake import reopen


def replay_letters(platform: Platform, letter_ids: Sequence[UUID] | None) -> list[tuple[UUID, str | None]]:
    """Replay these, or all that were not replayed yet; for each the reason why not, or None when it was."""
    if letter_ids is None:
        with platform.database.transaction() as connection:
            letter_ids = [letter.id for letter in listed(connection)]
    return [(letter_id, _replay_or_say_why(platform, letter_id)) for letter_id in letter_ids]


def _replay_or_say_why(platform: Platform, letter_id: UUID) -> str | None:
    """A letter that cannot be replayed now does not hide what became of the others."""
    try:
        return _replay(platform, letter_id)
    except TransientError as error:
        return str(error)


def _replay(platform: Platform, letter_id: UUID) -> str | None:
    with platform.database.transaction() as connection:
        request = request_of(connection, letter_id)
        if request is not None:
            if not reopen(connection, request):
                return "the report is being processed"
            mark_replayed(connection, letter_id)
            return None
        message = payload_of(connection, letter_id)
        if message is None:
            return "dead letter not found"
        payload, is_redacted = message
        if is_redacted:
            return "its content was redacted or cut, so it cannot be sent again as it was"
        # Published before the mark is committed: a crash between the two can repeat it, and never lose it.
        publish_raw(platform.settings, payload)
        mark_replayed(connection, letter_id)
        return None
