"""Kinds of place: shares, deprivation and structure as they were asked for."""

from __future__ import annotations

import numpy as np
import pytest

from contracts.place import load_place
from synthetic.kinds import KINDS, decile_gradient
from synthetic.population import draw_areas, draw_households
from synthetic.settings import Switches
from synthetic.streams import Streams

PLACES = {
    "average_unitary": "northmere",
    "northern_metro": "ironbridge_cross",
    "outer_london": "wexley",
    "coastal_two_tier": "saltcoast",
    "shire_low": "fairshire",
}


@pytest.mark.parametrize("name", KINDS)
def test_tenure_groups_and_deprivation_are_those_asked_for(name: str):
    kind, streams = KINDS[name], Streams(1)
    areas = draw_areas(streams, 35_000, 4, kind)
    assert np.mean(areas.decile <= 2) == pytest.approx(kind.deprived, abs=0.03)
    h = draw_households(
        streams,
        areas,
        initial=12_000,
        arrivals=np.zeros(0, dtype=np.int64),
        reserve=0,
        switches=Switches(),
        kind_of_place=kind,
    )
    tenure = np.bincount(h.tenure, minlength=5) / h.n
    assert np.allclose(tenure[:3], kind.tenure[:3], atol=0.012)
    assert tenure[3] + tenure[4] == pytest.approx(kind.tenure[3], abs=0.012)
    assert 1000 * tenure[4] == pytest.approx(kind.temporary, rel=0.4)
    assert np.mean(h.group != 0) == pytest.approx(1 - kind.groups[0], abs=0.02)


def test_shares_are_shares():
    for kind in KINDS.values():
        assert sum(kind.tenure) == pytest.approx(1.0)
        assert sum(kind.groups) == pytest.approx(1.0)


def test_rates_follow_where_a_places_areas_stand():
    assert KINDS["average_unitary"].scaled("arrears") == pytest.approx(1.0, abs=0.01)
    assert KINDS["northern_metro"].scaled("arrears") > 1.3
    assert KINDS["shire_low"].scaled("arrears") < 0.75
    assert decile_gradient("uc")[[0, 4, 9]] == pytest.approx([1.9, 0.95, 0.35])


@pytest.mark.parametrize("name", PLACES)
def test_each_kind_has_a_place_with_its_structure(name: str):
    kind, place = KINDS[name], load_place(PLACES[name])
    assert place.invented
    codes = {district.code for district in kind.districts}
    for source in ("ctax", "rent", "hclic", "shbe"):
        holders = set(place.sources[source].holders)
        assert codes <= holders if codes else holders == {""}
    assert len(place.neighbourhoods) >= max(1, len(codes))


def test_the_coast_has_two_feeds_a_successor_and_no_health():
    place = load_place("saltcoast")
    assert set(place.sources["uc"].holders) == {"northern", "southern"}
    assert "saltcoast" in place.sources["ctax"].holders
    assert "crosswalk" in place.sources
    assert not {"gp", "mh", "ecds"} & set(place.sources)
