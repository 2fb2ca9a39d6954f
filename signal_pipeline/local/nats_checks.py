"""What `doctor`, and every start, asks of NATS, embedded or not. A server that does not respond raises our errors."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from signal_pipeline.errors import BrokerUnavailable
from signal_pipeline.local.finding import Finding, ok, warning, wrong
from signal_pipeline.messaging.monitoring import ask_server
from signal_pipeline.settings import Settings

_PATIENCE_SECONDS = 6.0
# So many servers hold each message that no power cut takes all of them at once.
_ENOUGH_REPLICAS = 3


def check_nats(settings: Settings) -> list[Finding]:
    from nats.aio.client import Client
    from nats.js.errors import NotFoundError

    from signal_pipeline.messaging.connection import connected
    from signal_pipeline.messaging.stream_configs import stream_config

    place = urlsplit(settings.nats_url)

    async def findings(client: Client) -> list[Finding]:
        seen = client.connected_server_version
        version = f"NATS {seen.major}.{seen.minor}.{seen.patch}"
        found = [ok("nats", f"{place.hostname}:{place.port or 4222}, {version}")]
        try:
            info = await client.jetstream().stream_info(settings.nats_stream)
        except NotFoundError:
            return [*found, wrong("stream", f"no stream {settings.nats_stream}", "`signal-pipeline init` creates it")]
        wanted = stream_config(settings)
        differs = [
            name
            for name in ("retention", "storage", "discard", "subjects", "duplicate_window")
            if getattr(info.config, name) != getattr(wanted, name)
        ]
        replicas = info.config.num_replicas or 1
        found.append(_fsync_finding(settings, replicas))
        if differs:
            advice = "`signal-pipeline init` brings the stream to the settings that lose nothing"
            return [*found, wrong("stream", f"other {', '.join(differs)} than wanted", advice)]
        return [*found, ok("stream", f"{settings.nats_stream}: {info.state.messages} messages wait")]

    async def connect_and_check() -> list[Finding]:
        try:
            # The client itself would try a wrong password, or a server that is down, for minutes.
            async with asyncio.timeout(_PATIENCE_SECONDS), connected(settings, "operator") as client:
                return await findings(client)
        except TimeoutError:
            raise BrokerUnavailable(
                f"{place.hostname}:{place.port or 4222} does not respond, or refuses the password"
            ) from None

    return asyncio.run(connect_and_check())


def _fsync_finding(settings: Settings, replicas: int) -> Finding:
    """The effective value, from the server: in its file, `2m` without quotes means 23 days."""
    name = "nats fsync"
    if settings.nats_monitor_url is None:
        return warning(name, "not known", "set NATS_MONITOR_URL to have sync_interval checked")
    status, seen = ask_server(settings.nats_monitor_url, "varz")
    store = seen.get("jetstream", {}).get("config", {})
    if status != 200:
        return warning(name, "the monitoring address does not respond", "check NATS_MONITOR_URL")
    if store.get("sync_always"):
        return ok(name, "every message is on disk before it is acknowledged (sync_interval: always)")
    seconds = store.get("sync_interval", 0) / 1e9
    if replicas >= _ENOUGH_REPLICAS:
        return ok(name, f"sync_interval is {seconds:.0f} s, and {replicas} servers hold each message")
    loses = f"sync_interval is {seconds:.0f} s: a power cut loses the messages of that time"
    return wrong(name, loses, "set `sync_interval: always` in the jetstream block of the server's configuration")
