"""What holds of every page that a browser shows."""

from __future__ import annotations

import itertools

from axe_playwright_python.sync_playwright import Axe


def open_all(page):
    """Unfold every part of the page."""
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")


def axe_finds_nothing(page, record_property):
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    record_property("axe-violations", found.violations_count)
    assert found.violations_count == 0, found.generate_report()


def nothing_runs_over_the_edge(page):
    open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]


def one_request_and_nothing_said(page):
    assert [url.startswith("file:") for url in page.asked] == [True]
    assert page.told == []


def every_link_leads_to_a_place_on_the_page(page, *, least=0):
    links = page.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href'))")
    assert len(links) >= least
    for link in links:
        assert link.startswith("#")
        assert page.locator(link).count() == 1, link


def headings_go_down_one_step_at_a_time(page):
    levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
