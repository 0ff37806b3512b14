"""The report as a browser shows it: readable by everybody, at a desk, on a phone and on paper."""

from __future__ import annotations

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe

from fairness import run_audit, write_report
from tests.unit.fairness.invented import MONTH, households, month_warehouse, northmere


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("month")
    with month_warehouse(households(count=4000, dates=3, harmed=("age_band", "65+"))) as con:
        run_audit(con, place=northmere(), month=MONTH, folder=folder)
        return write_report(con, place=northmere(), month=MONTH, folder=folder)


def _open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")


@pytest.mark.parametrize("opened", [False, True], ids=["folded", "opened"])
def test_axe_finds_nothing(page, opened, record_property):
    if opened:
        _open_all(page)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    record_property("axe-violations", found.violations_count)
    assert found.violations_count == 0, found.generate_report()


def test_nothing_runs_over_the_edge(page):
    _open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]


def test_one_request_and_nothing_said(page):
    assert [url.startswith("file:") for url in page.asked] == [True]
    assert page.told == []


def test_every_link_leads_to_a_place_on_the_page(page):
    links = page.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href'))")
    assert len(links) >= 5
    for link in links:
        assert link.startswith("#")
        assert page.locator(link).count() == 1, link


def test_headings_go_down_one_step_at_a_time(page):
    levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_keyboard_reaches_the_skip_link_first_and_every_table(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    boxes = page.locator(".app-scroll")
    assert boxes.count() == page.locator(".app-scroll[tabindex='0'][role=region]").count()
    assert boxes.count() > 8


def test_folded_tables_are_open_on_paper(page):
    folded = page.locator("details:not([open]) table")
    assert folded.count() >= 2
    assert not folded.first.is_visible()
    page.emulate_media(media="print")
    for at in range(folded.count()):
        assert folded.nth(at).bounding_box()["height"] > 100


def test_the_marking_is_the_first_thing_and_there_is_no_form(page):
    assert page.locator("body header p").first.inner_text().startswith("OFFICIAL")
    assert page.locator("form, input, button, textarea").count() == 0
