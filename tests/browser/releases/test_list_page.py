"""A list as a browser shows it: readable by everybody, at a desk and on a phone, and on paper."""

import itertools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from releases import write_lists
from tests.browser import checks
from tests.unit.releases.kit import Kit, steady_place


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    kit = Kit(place=steady_place(), folder=tmp_path_factory.mktemp("list"), listed=38)
    approved = kit.approved(audit="needs_reason")
    return {path.name: path for path in write_lists(approved, outbox=kit.workspace.outbox)}


@pytest.fixture
def shown(paths):
    return paths["N1.html"]


def test_axe_finds_nothing(page, record_property):
    checks.axe_finds_nothing(page, record_property)


def test_nothing_runs_over_the_edge(page):
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]


def test_one_request_and_nothing_said(page):
    checks.one_request_and_nothing_said(page)


def test_every_link_leads_to_a_place_on_the_page(page):
    targets = page.eval_on_selector_all("a", "links => links.map(a => a.getAttribute('href'))")
    assert targets
    for target in targets:
        assert page.locator(f'[id="{target.removeprefix("#")}"]').count() == 1


def test_nothing_asks_to_be_pressed(page):
    for kind in ("button", "input", "select", "textarea", "form", "[role=button]"):
        assert page.locator(kind).count() == 0


def test_headings_come_in_order(page):
    levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_strengths_stand_beside_the_reasons_or_follow_them_at_once_on_a_phone(page):
    beside = page.viewport_size["width"] >= 641
    for card in page.locator(".app-household").all():
        boxes = [section.bounding_box() for section in card.locator(".app-two > section").all()]
        reasons, strengths = boxes
        if beside:
            assert strengths["y"] <= reasons["y"]
        else:
            assert 0 <= strengths["y"] - (reasons["y"] + reasons["height"]) <= 40


def test_the_first_key_press_offers_to_skip_to_the_list(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"


def test_the_marking_is_on_every_printed_page(page):
    css = page.locator("style").first.inner_text()
    assert re.search(r"@bottom-left\{content:\"OFFICIAL – SENSITIVE\"", css)  # noqa: RUF001 - en dash
    page.emulate_media(media="print")
    assert page.locator("text=What happened: for your paper record").first.is_visible()


def test_a_list_of_nobody_reads_well(browser, paths, tmp_path_factory):
    kit = Kit(place=steady_place(), folder=tmp_path_factory.mktemp("nobody"), listed=2)
    files = {path.name: path for path in write_lists(kit.approved(), outbox=kit.workspace.outbox)}
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.goto(files["N4.html"].as_uri())
    assert page.locator("text=No household in this neighbourhood is suggested").is_visible()
    assert Axe().run(page).violations_count == 0
    page.close()
