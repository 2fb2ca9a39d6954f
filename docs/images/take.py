"""Takes the pictures of the documents: the sample report's page, the operator's page and the list, with a real browser.

make screenshots            # into docs/images
python docs/images/take.py FOLDER --all    # every page, light and dark, wide and on a phone, to be looked at
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from signal_pipeline import local
from signal_pipeline.cli.demo import SAMPLE_FILES
from signal_pipeline.local.api_process import ApiProcess, api_answers
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.preparation import prepare_model, prepare_servers
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.platform.platform import Platform
from signal_pipeline.processes.termination import wait_until
from signal_pipeline_tests.browser import FLAGS, chromium
from signal_pipeline_tests.worked_report import submit_and_work

SAMPLE = Path(str(local.__file__)).parent / "sample_report"
WIDE, PHONE = (1280, 900), (390, 844)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--all", action="store_true", help="also dark, also on a phone, each as long as it is")
    parser.add_argument("--url", help="the API of a pipeline that runs; not given: servers of its own")
    parser.add_argument("--report", help="a report there")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    running = nullcontext((arguments.url, arguments.report)) if arguments.url else worked_sample()
    with running as (base, report):
        pages = {"report": f"{base}/reports/{report}", "admin": f"{base}/admin", "reports": f"{base}/"}
        take(pages, arguments.folder, everything=arguments.all)


@contextmanager
def worked_sample() -> Iterator[tuple[str, str]]:
    """The API's address and the sample report's id, on servers that go when this ends."""
    with (
        tempfile.TemporaryDirectory(prefix="pictures-") as home,
        LocalStack(Path(home), with_dagster=False, ports=random_ports(), environment={}) as stack,
    ):
        prepare_servers(stack.settings(), lambda _: None)
        prepare_model(stack.settings(), stack, lambda _: None)
        with Platform(stack.settings()) as platform:
            # Twice: the second one has been seen before.
            for _ in range(2):
                report = submit_and_work(platform, [SAMPLE / name for name in SAMPLE_FILES], "Web shop: checkout fails")
        port = random_ports()["api"]
        command = ApiProcess(stack.folder.run, port, stack.environment()).prepare()
        with (stack.folder.logs / "api.log").open("ab") as log:
            process = subprocess.Popen(
                command.argv, cwd=command.folder, env=dict(command.environment), stdout=log, stderr=log
            )
        try:
            if not wait_until(lambda: api_answers(port), 60):
                raise SystemExit((stack.folder.logs / "api.log").read_text(encoding="utf-8")[-3000:])
            yield f"http://127.0.0.1:{port}", str(report)
        finally:
            process.terminate()
            process.wait(30)


def take(pages: dict[str, str], folder: Path, *, everything: bool) -> None:
    program = chromium()
    if program is None:
        raise SystemExit("no Chromium is on this machine; say CHROMIUM=/path/to/chromium")
    looks = [("light", WIDE)] if not everything else [(s, w) for s in ("light", "dark") for w in (WIDE, PHONE)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        for scheme, (width, height) in looks:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            suffix = "" if not everything else f"-{scheme}-{width}"
            for name, url in pages.items():
                page = context.new_page()
                page.goto(url)
                time.sleep(0.5)  # for charts that are drawn after the page is there
                shoot(page, folder / f"{name}{suffix}.png", whole=everything)
                page.close()
            context.close()
        browser.close()


def shoot(page: Page, path: Path, *, whole: bool) -> None:
    if "/reports/" in page.url:
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=path, full_page=whole)
    print(path, f"{path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
