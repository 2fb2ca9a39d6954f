"""A headless Chromium for tests, in a thread of its own: its event loop must not be that of the tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from playwright.sync_api import Browser as ChromiumBrowser
from playwright.sync_api import Page, sync_playwright

T = TypeVar("T")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass
class Seen:
    """What happened on a page besides what was asked for."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


class Browser:
    """Opens pages; each in a fresh context."""

    def __init__(self, program: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="browser")
        self._call(self._start, program)

    def visit(
        self,
        url: str,
        read: Callable[[Page], T],
        *,
        width: int = 1280,
        height: int = 900,
        scripts: bool = True,
        ready: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[T, Seen]:
        """What `read` returns of the page at `url`, once the selector `ready` is there."""
        return self._call(self._visit, url, read, width, height, scripts, ready, headers)

    def close(self) -> None:
        self._call(self._stop)
        self._thread.shutdown()

    def _call(self, work: Callable[..., T], *arguments: Any) -> T:
        return self._thread.submit(work, *arguments).result(timeout=120)

    def _start(self, program: str) -> None:
        self._playwright = sync_playwright().start()
        self._browser: ChromiumBrowser = self._playwright.chromium.launch(executable_path=program, args=list(FLAGS))

    def _stop(self) -> None:
        self._browser.close()
        self._playwright.stop()

    def _visit(
        self,
        url: str,
        read: Callable[[Page], T],
        width: int,
        height: int,
        scripts: bool,
        ready: str | None,
        headers: dict[str, str] | None,
    ) -> tuple[T, Seen]:
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, extra_http_headers=headers or {}
        )
        seen = Seen()
        try:
            page = context.new_page()
            page.on("request", lambda request: seen.requests.append(request.url))
            page.on("console", lambda message: seen.complaints.append(message.text))
            page.on("pageerror", lambda error: seen.complaints.append(str(error)))
            page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
            page.goto(url)
            if ready:
                page.wait_for_selector(ready, timeout=60_000)
            return read(page), seen
        finally:
            context.close()
