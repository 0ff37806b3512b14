"""A source's page, the register and a certificate, as a browser shows them."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from contracts.workspace import Workspace
from contracts.zones import Zone
from linkage.quality.docs import source_docs, write_page
from linkage.rights.register import register_lines, write_register
from linkage.rights.retention import apply_retention
from tests.browser import checks
from tests.unit.ingest.deliveries import TODAY, northmere
from tests.unit.quality.test_docs import MONTH, landed


@pytest.fixture(scope="module", params=["source", "register", "certificate"])
def shown(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    place = northmere()
    zones = Workspace(root=folder, place=place.name).warehouse()
    with zones.write(Zone.IDENTITY) as con:
        landed(con, folder / "landing")
        if request.param == "source":
            docs = source_docs(con, place=place, source="rent", month=MONTH)
            return write_page(docs, place=place, folder=folder)
        if request.param == "register":
            lines = register_lines(con, place=place, today=TODAY)
            return write_register(lines, place=place, today=TODAY, folder=folder)
    (made,) = apply_retention(
        zones, place=place, today=date(2030, 1, 1), certificates=folder / "certificates"
    )
    return made.with_suffix(".html")


def test_axe_finds_nothing(page, record_property):
    checks.open_all(page)
    checks.axe_finds_nothing(page, record_property)


def test_nothing_runs_over_the_edge_or_asks_for_more(page):
    checks.nothing_runs_over_the_edge(page)
    checks.one_request_and_nothing_said(page)


def test_headings_and_links_hold(page):
    levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    links = page.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href'))")
    assert all(page.locator(link).count() == 1 for link in links)
