"""Who may have how many requests in progress at once.

Whoever is known has the whole of API_IN_FLIGHT, and none of them more than half of it. Whoever is not known has a few
slots of their own, so that they can sign in, and takes none from the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from signal_pipeline.api.problems import Problem


@dataclass(frozen=True)
class Client:
    """`name` is that of a token or an address; None where nobody needs a token, and so all are one."""

    name: str | None
    is_known: bool = True


class WorkSlots:
    """For one event loop: nothing here waits."""

    def __init__(self) -> None:
        self._taken: Counter[Client] = Counter()
        self._known = self._unknown = 0

    @contextmanager
    def taken(self, client: Client, in_flight: int) -> Iterator[None]:
        """One slot for the length of the block; Problem 429 where none is free for this client."""
        own, all_of_kind = _shares(client, in_flight)
        if self._taken[client] >= own or (self._known if client.is_known else self._unknown) >= all_of_kind:
            self._forget(client)
            raise Problem(429, "too_busy", "too many requests at once; try again later", headers={"Retry-After": "1"})
        self._count(client, 1)
        try:
            yield
        finally:
            self._count(client, -1)
            self._forget(client)

    def _count(self, client: Client, by: int) -> None:
        self._taken[client] += by
        if client.is_known:
            self._known += by
        else:
            self._unknown += by

    def _forget(self, client: Client) -> None:
        if not self._taken[client]:
            del self._taken[client]


def _shares(client: Client, in_flight: int) -> tuple[int, int]:
    """How many for this one, and for all of its kind."""
    if not client.is_known:
        return max(1, in_flight // 16), max(1, in_flight // 8)
    return in_flight if client.name is None else max(1, in_flight // 2), in_flight
