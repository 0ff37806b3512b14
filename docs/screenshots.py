"""Takes the pictures in docs from a finished demo: the asset graph, a list, a report.

``make screenshots`` runs it after ``make demo``. It needs Debian's Chromium.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from contracts.errors import DataMissing
from contracts.months import parse_month
from contracts.workspace import REPOSITORY, Workspace, default_root
from releases import latest_release

MONTH = "2026-10"
PICTURES = REPOSITORY / "docs" / "pictures"
GRAPH = "/asset-groups"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESKTOP, PHONE = 1280, 320


def main() -> int:
    """Take all pictures; 1 where there is nothing to photograph."""
    workspace = Workspace(root=default_root(), place="northmere")
    lists = _lists(workspace)
    chromium = shutil.which("chromium")
    if not lists or chromium is None:
        sys.stderr.write("Run make demo first, and install Chromium.\n")
        return 1
    report = workspace.releases / lists[-1].parent.name / "fairness-report.html"
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, page in (("list", lists[0]), ("report", report)):
            for width in (DESKTOP, PHONE):
                suffix = "" if width == DESKTOP else "-phone"
                _photograph(browser, page.as_uri(), PICTURES / f"{name}{suffix}.png", width)
        with dagster_pages() as address:
            _graph(browser, address + GRAPH)
        browser.close()
    return 0


@contextmanager
def dagster_pages() -> Iterator[str]:
    """Dagster's pages on a free port of this machine, for as long as the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    home = os.environ.get("DAGSTER_HOME", str(REPOSITORY / "dagster_home"))
    server = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [
            *(sys.executable, "-m", "dagster_webserver", "-m", "pipelines.definitions"),
            *("-h", "127.0.0.1", "-p", str(port)),
        ],
        cwd=REPOSITORY,
        env={**os.environ, "DAGSTER_HOME": home},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


def _lists(workspace: Workspace) -> list[Path]:
    try:
        release = latest_release(workspace, parse_month(MONTH))
    except DataMissing:
        return []
    return sorted((workspace.outbox / release.name).glob("*.html"))


def _wait(address: str) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"{address}/server_info", timeout=2):  # noqa: S310 - loopback
                return
        except OSError:
            time.sleep(1)
    raise TimeoutError("Dagster's pages did not come up within two minutes.")


def _photograph(browser: Browser, address: str, target: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), 2400)
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=target)
    page.close()


def _graph(browser: Browser, address: str) -> None:
    width, height = 2600, 2900
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.wait_for_selector("foreignObject", timeout=120_000)
    # The layout is worked out in the background, first of the groups and then of what is in them.
    page.wait_for_timeout(6_000)
    page.keyboard.press("Alt+KeyE")
    page.wait_for_timeout(8_000)
    page.mouse.dblclick(width - 200, 400)
    page.wait_for_timeout(5_000)
    page.screenshot(path=PICTURES / "graph.png")
    page.close()


if __name__ == "__main__":
    sys.exit(main())
