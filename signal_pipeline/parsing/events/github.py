"""Which webhook of GitHub a payload is."""

from __future__ import annotations

from signal_pipeline.parsing.events.envelope import Object

GITHUB_FAMILIES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("review", "pull_request"), "pull_request_review"),
    (("thread", "pull_request"), "pull_request_review_thread"),
    (("comment", "pull_request"), "pull_request_review_comment"),
    (("comment", "issue"), "issue_comment"),
    (("comment", "discussion"), "discussion_comment"),
    (("check_run",), "check_run"),
    (("check_suite",), "check_suite"),
    (("deployment_status",), "deployment_status"),
    (("workflow_job",), "workflow_job"),
    (("workflow_run",), "workflow_run"),
    (("pull_request",), "pull_request"),
    (("issue",), "issues"),
    (("release",), "release"),
    (("forkee",), "fork"),
    (("starred_at",), "star"),
    (("discussion",), "discussion"),
    (("ref", "before", "after"), "push"),
    (("deployment",), "deployment"),
    (("milestone",), "milestone"),
    (("label",), "label"),
    (("hook",), "ping"),
)  # fmt: skip
"""Which webhook of GitHub a payload is, by keys that are all there; the header that says it is rarely kept."""


def is_github(event: Object) -> bool:
    repository = event.get("repository") or event.get("organization")
    return (
        isinstance(repository, dict)
        and isinstance(event.get("sender"), dict)
        and ("action" in event or "ref" in event or "forkee" in event)
    )


def github_family(event: Object) -> str:
    """`issues`, `push`; empty where no row says."""
    return next((name for keys, name in GITHUB_FAMILIES if all(key in event for key in keys)), "")
