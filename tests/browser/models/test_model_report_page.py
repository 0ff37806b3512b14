"""The model report as a browser shows it: at a desk, on a phone, by keyboard and on paper."""

from __future__ import annotations

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe

from models.page import write_model_report
from tests.unit.models.conftest import small_place
from tests.unit.models.evaluated import evaluation


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("month")
    evaluation().write(folder / "evaluation.json")
    return write_model_report(place=small_place(), folder=folder)


def _open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")


def test_axe_finds_nothing(page, record_property):
    _open_all(page)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    record_property("axe-violations", found.violations_count)
    assert found.violations_count == 0, found.generate_report()


def test_nothing_runs_over_the_edge_and_nothing_is_fetched(page):
    _open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]
    assert [url.startswith("file:") for url in page.asked] == [True]
    assert page.told == []


def test_links_headings_and_boxes(page):
    for link in page.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href'))"):
        assert link.startswith("#")
        assert page.locator(link).count() == 1, link
    levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
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
