"""The model report as a browser shows it: at a desk, on a phone, by keyboard and on paper."""

from __future__ import annotations

import pytest

from models.page import write_model_report
from tests.browser import checks
from tests.unit.models.conftest import small_place
from tests.unit.models.evaluated import evaluation


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("month")
    evaluation().write(folder / "evaluation.json")
    return write_model_report(place=small_place(), folder=folder)


def test_axe_finds_nothing(page, record_property):
    checks.open_all(page)
    checks.axe_finds_nothing(page, record_property)


def test_nothing_runs_over_the_edge_and_nothing_is_fetched(page):
    checks.nothing_runs_over_the_edge(page)
    checks.one_request_and_nothing_said(page)


def test_links_headings_and_boxes(page):
    checks.every_link_leads_to_a_place_on_the_page(page)
    checks.headings_go_down_one_step_at_a_time(page)
    boxes = page.locator(".app-scroll")
    assert boxes.count() == page.locator(".app-scroll[tabindex='0'][role=region]").count()
    names = page.eval_on_selector_all(
        ".app-scroll", "all => all.map(box => box.getAttribute('aria-label'))"
    )
    assert len(set(names)) == len(names) > 15


def test_every_picture_says_what_it_shows_and_a_table_follows(page):
    pictures = page.locator("figure svg[role=img]")
    assert pictures.count() == 5
    for at in range(5):
        assert "table" in pictures.nth(at).locator("desc").text_content()
    assert page.locator("figure ~ .app-scroll table").count() >= 5


def test_the_marking_is_the_first_thing_and_folded_tables_are_open_on_paper(page):
    assert page.locator("body header p").first.inner_text().startswith("OFFICIAL")
    folded = page.locator("details:not([open]) table")
    assert folded.count() >= 5
    page.emulate_media(media="print")
    assert folded.last.bounding_box()["height"] > 50
