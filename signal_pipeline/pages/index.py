"""The list of reports, and the page that asks for a token."""

from __future__ import annotations

from collections.abc import Sequence

from signal_pipeline.pages.environment import own_text, policy, render
from signal_pipeline.storage.report_lists import ReportEntry


def page_policy() -> str:
    """Pages without scripts; their forms go back to where they came from."""
    return policy(styles=["report.css"], scripts=[]).replace("form-action 'none'", "form-action 'self'")


def index_html(
    reports: Sequence[ReportEntry], *, older: str | None, name: str, dagster: str | None, has_session: bool = False
) -> str:
    """`has_session`: whether whoever looks signed in, and so can sign out."""
    return render(
        "index.html.jinja",
        reports=reports,
        older=older,
        name=name,
        dagster=dagster,
        has_session=has_session,
        policy=page_policy(),
        style=own_text("report.css"),
    )


def login_html(*, wrong: bool) -> str:
    return render("login.html.jinja", wrong=wrong, policy=page_policy(), style=own_text("report.css"))
