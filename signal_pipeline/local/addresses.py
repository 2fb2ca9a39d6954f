"""Where the servers of an environment are, without the passwords: for people."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit


def addresses(
    environment: Mapping[str, str], dagster_url: str | None, api_url: str | None = None
) -> list[tuple[str, str]]:
    """(what, where) in the order in which a person wants them."""
    found = [("Reports", api_url), ("Operator's page", None if api_url is None else f"{api_url}/admin")]
    pages = [(what, where) for what, where in [*found, ("Dagster UI", dagster_url)] if where is not None]
    nats = urlsplit(environment["NATS_URL"])
    return [
        *pages,
        (
            "Postgres",
            f"{environment.get('DB_HOST', '')}:{environment.get('DB_PORT', '5432')}"
            f"/{environment.get('DB_NAME', 'signal_pipeline')}",
        ),
        ("NATS", f"{nats.scheme}://{nats.hostname}:{nats.port or 4222}"),
        ("S3", f"{environment.get('S3_ENDPOINT', 'AWS')} bucket {environment.get('S3_BUCKET', 'bug-repro-artifacts')}"),
    ]


def without_login(environment: Mapping[str, str], dagster_url: str | None) -> str | None:
    """A sentence that names the pages which any user of this machine may use; None where there is none."""
    has_tokens = any(environment.get(name) for name in ("API_ADMIN_TOKEN", "API_TOKENS_FILE"))
    pages = ["the Dagster UI", *([] if has_tokens else ["the API and its pages"])]
    if dagster_url is None:
        return None
    ask = "asks" if len(pages) == 1 else "ask"
    return f"For a machine of your own: {' and '.join(pages)} {ask} no user of this machine for a login (docs/team.md)."
