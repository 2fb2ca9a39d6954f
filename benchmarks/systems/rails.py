"""A site in Rails with jobs in Sidekiq."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.systems import formats
from benchmarks.systems.story import Story, Truth

WEB, JOBS, DATABASE = "production.log", "sidekiq.log", "postgresql-15-main.log"
_RENDERS = {WEB: formats.rails, JOBS: formats.sidekiq, DATABASE: formats.postgres}
SITE = "https://forum.example"


def _id(which: str) -> dict[str, str]:
    return {"request_id": f"5c1f6a2e-8f0b-4f6e-9a51-00000000{int(which, 36):04x}"}


def _started(story: Story, at: float, method: str, path: str, which: str) -> None:
    story.log(
        WEB, at, "info", "rails", f'Started {method} "{path}" for 10.4.2.7 at 2026-03-03 09:30:00 +0000', ids=_id(which)
    )


def _story(name: str) -> Story:
    story = Story(f"rails/{name}", _RENDERS)
    for number, at in enumerate((2.0, 9.0, 18.0, 51.0)):
        path = f"/topics/{number}"
        story.request(at, "GET", SITE + path, 200, ids={"x_request_id": _id(f"h{number}")["request_id"]})
        _started(story, at, "GET", path, f"h{number}")
        story.log(
            WEB,
            at + 0.03,
            "info",
            "rails",
            "Completed 200 OK in 27ms (Views: 12.1ms | ActiveRecord: 3.0ms)",
            ids=_id(f"h{number}"),
        )
    story.log(JOBS, 4.0, "info", "", "done", ids={"class": "DigestJob", "jid": "b4a577edbccf1d805744efa9"})
    return story


def stories() -> Iterator[Story]:
    yield no_method()
    yield dead_job()
    yield deadlock()
    yield missing_asset()


def _failed(story: Story, at: float, method: str, path: str, which: str, raised: str, *frames: str) -> None:
    _started(story, at, method, path, which)
    story.log(
        WEB,
        at + 0.04,
        "info",
        "rails",
        "Completed 500 Internal Server Error in 41ms (ActiveRecord: 8.2ms)",
        ids=_id(which),
    )
    story.log(WEB, at + 0.05, "fatal", "rails", "  ", "\n".join([raised, "  ", *frames]), ids=_id(which))
    story.request(at - 0.01, method, SITE + path, 500, 70.0, ids={"x_request_id": _id(which)["request_id"]})


def no_method() -> Story:
    story = _story("no_method")
    for number in range(2):
        _failed(story, 30.0 + 7 * number, "GET", "/users/8/badges", f"a{number}",
                "NoMethodError (undefined method `granted_at' for nil:NilClass):",
                "app/models/badge_grant.rb:31:in `sort_key'", "app/controllers/badges_controller.rb:12:in `index'")  # fmt: skip
    story.truths = [Truth((WEB,), "undefined method `granted_at'")]
    return story


def dead_job() -> Story:
    story = _story("dead_job")
    ids = {"class": "ThumbnailJob", "jid": "c17d2b8f0a9e4d6c5b3a2f1e"}
    for number in range(3):
        at = 25.0 + 15 * number
        trace = "app/services/thumbnailer.rb:22:in `resize'\napp/jobs/thumbnail_job.rb:9:in `perform'"
        story.log(JOBS, at, "info", "", "start", ids=ids)
        story.log(JOBS, at + 0.5, "info", "", "fail", ids=ids)
        story.log(
            JOBS,
            at + 0.51,
            "warn",
            "",
            "MiniMagick::Error: `convert /tmp/mini.heic -resize 200x200` failed with status: 1 and error: no decode delegate for this image format `HEIC'",
            trace,
            ids=ids,
        )
    story.truths = [Truth((JOBS,), "no decode delegate")]
    return story


def deadlock() -> Story:
    story = _story("deadlock")
    said = "deadlock detected"
    below = "DETAIL:  Process 311 waits for ShareLock on transaction 8812; blocked by process 318.\nHINT:  See server log for query details.\nSTATEMENT:  UPDATE topics SET posts_count = posts_count + 1 WHERE id = 9"
    for number in range(2):
        at = 33.0 + 6 * number
        story.log(DATABASE, at, "error", "forum@forum", said, below, thread="311")
        _failed(story, at - 0.03, "POST", "/topics/9/posts", f"b{number}",
                "ActiveRecord::Deadlocked (PG::TRDeadlockDetected: ERROR:  deadlock detected):",
                "app/models/topic.rb:77:in `bump!'", "app/controllers/posts_controller.rb:20:in `create'")  # fmt: skip
    story.truths = [Truth((WEB, DATABASE), "deadlock detected")]
    return story


def missing_asset() -> Story:
    story = _story("missing_asset")
    _failed(story, 36.0, "GET", "/signup", "c0",
            "ActionView::Template::Error (The asset \"signup.css\" is not present in the asset pipeline.):",
            "app/views/users/new.html.erb:3", "app/views/layouts/application.html.erb:18")  # fmt: skip
    story.truths = [Truth((WEB,), "signup.css")]
    return story
