"""The report as a browser shows it: readable by everybody, at a desk, on a phone and on paper."""

from __future__ import annotations

import pytest

from fairness import run_audit, write_report
from tests.browser import checks
from tests.unit.fairness.invented import MONTH, households, month_warehouse, northmere


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("month")
    with month_warehouse(households(count=4000, dates=3, harmed=("age_band", "65+"))) as con:
        run_audit(con, place=northmere(), month=MONTH, folder=folder)
        return write_report(con, place=northmere(), month=MONTH, folder=folder)


@pytest.mark.parametrize("opened", [False, True], ids=["folded", "opened"])
def test_axe_finds_nothing(page, opened, record_property):
    if opened:
        checks.open_all(page)
    checks.axe_finds_nothing(page, record_property)


def test_nothing_runs_over_the_edge(page):
    checks.nothing_runs_over_the_edge(page)


def test_one_request_and_nothing_said(page):
    checks.one_request_and_nothing_said(page)


def test_every_link_leads_to_a_place_on_the_page(page):
    checks.every_link_leads_to_a_place_on_the_page(page, least=5)


def test_headings_go_down_one_step_at_a_time(page):
    checks.headings_go_down_one_step_at_a_time(page)


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
