"""A headless Chromium that sees the shop and nothing else, and a page in it that a scenario can use."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.request import urlopen

from shop_recording.devtools import CommandRefused, DevTools

SHOP_URL = "http://shop.example/"
START_SECONDS = 60
SETTLE_SECONDS = 30
QUIET_SECONDS = 0.15
STOP_SECONDS = 20

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--window-size=1300,2000", "--remote-debugging-port=0",
)  # fmt: skip

# Trace ids come from crypto.getRandomValues; a counted generator makes them the same in every recording.
SEEDED_RANDOM = """(() => {
  const visit = Number(sessionStorage.getItem("visit") || %d);
  sessionStorage.setItem("visit", visit + 1);
  let state = (visit * 2654435761 + 97) >>> 0;
  const next = () => { state ^= state << 13; state ^= state >>> 17; state ^= state << 5; return (state >>> 0) & 255; };
  crypto.getRandomValues = (array) => { for (let i = 0; i < array.length; i++) array[i] = next(); return array; };
})()"""


def chromium() -> str | None:
    """The browser's path, from CHROMIUM or the PATH; None when there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


class Page:
    """The shop's page, used with real clicks and typing."""

    def __init__(self, devtools: DevTools) -> None:
        self.devtools = devtools
        self.bodies: dict[str, tuple[str, bool]] = {}
        """Response body and whether it is base64, by CDP request id."""

    async def start(self, seed: int) -> None:
        for domain in ("Page", "Runtime", "Log"):
            await self.devtools.send(f"{domain}.enable")
        await self.devtools.send("Network.enable", maxTotalBufferSize=50_000_000)
        await self.devtools.send("Page.addScriptToEvaluateOnNewDocument", source=SEEDED_RANDOM % seed)

    async def open(self) -> None:
        await self.devtools.send("Page.navigate", url=SHOP_URL)
        await self.settle()

    async def type(self, element: str, text: str) -> None:
        """Replace what is in the field."""
        script = f"(() => {{ const e = document.getElementById('{element}'); e.focus(); e.value = ''; }})()"
        await self.devtools.send("Runtime.evaluate", expression=script)
        await self.devtools.send("Input.insertText", text=text)

    async def leave(self, element: str) -> None:
        """Leave the field, which tells the page that it has changed."""
        await self.devtools.send("Runtime.evaluate", expression=f"document.getElementById('{element}').blur()")
        await self.settle()

    async def click(self, element: str) -> None:
        script = f"""(() => {{
          const e = document.getElementById('{element}');
          e.scrollIntoView({{block: 'center'}});
          const r = e.getBoundingClientRect();
          return [r.x + r.width / 2, r.y + r.height / 2];
        }})()"""
        answer = await self.devtools.send("Runtime.evaluate", expression=script, returnByValue=True)
        if "value" not in answer["result"]:
            raise LookupError(f"the page has no element {element}")
        x, y = answer["result"]["value"]
        for kind in ("mousePressed", "mouseReleased"):
            await self.devtools.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        await self.settle()

    async def settle(self) -> None:
        """Wait until no request is under way and nothing has happened for a moment; then keep the bodies."""
        deadline = asyncio.get_running_loop().time() + SETTLE_SECONDS
        seen = -1
        while seen != len(self.devtools.events) or self._under_way():
            if asyncio.get_running_loop().time() > deadline:
                raise TimeoutError("the page did not come to rest")
            seen = len(self.devtools.events)
            await asyncio.sleep(QUIET_SECONDS)
        for event in self.devtools.events:
            if event["method"] == "Network.loadingFinished" and event["params"]["requestId"] not in self.bodies:
                await self._keep_body(event["params"]["requestId"])

    def _under_way(self) -> bool:
        events = self.devtools.events
        begun = {e["params"]["requestId"] for e in events if e["method"] == "Network.requestWillBeSent"}
        ends = ("Network.loadingFinished", "Network.loadingFailed")
        return bool(begun - {e["params"]["requestId"] for e in events if e["method"] in ends})

    async def _keep_body(self, request_id: str) -> None:
        try:
            answer = await self.devtools.send("Network.getResponseBody", requestId=request_id)
        except CommandRefused:
            answer = {"body": "", "base64Encoded": False}
        self.bodies[request_id] = (answer["body"], answer["base64Encoded"])


@asynccontextmanager
async def browse(program: str, shop_port: int, profile: Path, seed: int) -> AsyncIterator[Page]:
    """A page in a new browser. shop.example leads to the shop; no other host resolves."""
    rules = f"MAP shop.example 127.0.0.1:{shop_port},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1"
    process = subprocess.Popen(
        [program, *FLAGS, f"--user-data-dir={profile}", f"--host-resolver-rules={rules}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TZ": "UTC"},
    )
    try:
        devtools = await DevTools.open(await _page_url(process, profile))
        page = Page(devtools)
        await page.start(seed)
        yield page
        await devtools.close()
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


async def _page_url(process: subprocess.Popen[bytes], profile: Path) -> str:
    """The WebSocket of the browser's first page. Raises RuntimeError when the browser did not start."""
    port_file = profile / "DevToolsActivePort"
    for _ in range(START_SECONDS * 10):
        if port_file.exists() and "\n" in port_file.read_text():
            port = port_file.read_text().splitlines()[0]
            with urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
                pages = [target for target in json.load(answer) if target["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
        if process.poll() is not None:
            raise RuntimeError(f"the browser ended at once with exit code {process.returncode}")
        await asyncio.sleep(0.1)
    raise RuntimeError(f"the browser was not ready after {START_SECONDS} s")
