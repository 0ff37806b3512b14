"""A browser for each module, and a page at each width that remembers what it asked and said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = (1280, 320)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the pages of a module, closed after it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser, shown: Path) -> Iterator[Page]:
    """The file that the module's ``shown`` fixture names."""
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    page.asked, page.told = [], []
    page.on("request", lambda asked: page.asked.append(asked.url))
    page.on("console", lambda told: page.told.append(told.text))
    page.goto(shown.as_uri())
    yield page
    page.close()
