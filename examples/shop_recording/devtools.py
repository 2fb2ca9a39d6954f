"""A thin client of the Chrome DevTools Protocol: commands out, events in. Knows no page and no HAR."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

Event = dict[str, Any]
COMMAND_SECONDS = 30


class CommandRefused(Exception):
    """The browser answered a command with an error."""


class DevTools:
    """One connection to one page. `events` holds every event in the order of arrival."""

    def __init__(self, connection: ClientConnection) -> None:
        self.events: list[Event] = []
        self._connection = connection
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, url: str) -> DevTools:
        return cls(await connect(url, max_size=None))

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The command's result. Raises CommandRefused."""
        number = next(self._ids)
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        await self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        answer = await asyncio.wait_for(future, COMMAND_SECONDS)
        if "error" in answer:
            raise CommandRefused(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    async def close(self) -> None:
        await self._connection.close()
        await self._reader

    async def _read(self) -> None:
        async for text in self._connection:
            message = json.loads(text)
            if "id" in message:
                self._waiting.pop(message["id"]).set_result(message)
            else:
                self.events.append(message)
