"""Other kinds of place go the whole way to a sealed release."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contracts.months import parse_month
from contracts.zones import Zone
from releases import latest_release
from synthetic.kinds import KINDS
from tests.evaluation.truth import load_truth
from tests.pipeline.conftest import MONTH, Whole, prepared

# Each delivery takes its time, so sources that other tests load are left out here. Of 500
# households in the shire too few would have a crisis to learn from, and training would say so.
FURTHER = ("hreg", "asc", "cs", "school", "bbadge", "dwp_other")
PLACES = {
    "northern_metro": ("ironbridge_cross", "tiny", FURTHER),
    "outer_london": ("wexley", "tiny", FURTHER),
    "shire_low": ("fairshire", "village", FURTHER),
}


@pytest.fixture(scope="module", params=PLACES)
def kind_of_place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Whole]]:
    """A kind of place after a full run."""
    preset = request.param
    name, size, without = PLACES[preset]
    folder = tmp_path_factory.mktemp(name)
    whole = prepared(folder, name=name, preset=preset, size=size, at_once=True, without=without)
    for place in whole:
        yield preset, place


def test_a_release_is_sealed(kind_of_place: tuple[str, Whole]):
    _, place = kind_of_place
    release = latest_release(place.workspace, parse_month(MONTH))
    assert (release / "fairness-report.html").exists()


def test_nothing_was_refused(kind_of_place: tuple[str, Whole]):
    preset, place = kind_of_place
    with place.workspace.warehouse().read(Zone.IDENTITY) as con:
        rows = con.execute(
            """SELECT count(DISTINCT controller), sum(quarantined_rows) FROM raw.delivery
            WHERE table_name = 'ctax_account'"""
        ).fetchall()
    assert rows == [(max(1, len(KINDS[preset].districts)), 0)]


def test_the_place_is_of_its_kind(kind_of_place: tuple[str, Whole]):
    preset, place = kind_of_place
    run = load_truth(place.workspace).run
    found = {one["name"]: one for one in run["marginals"]}
    kind = KINDS[preset]
    assert run["preset"] == preset
    assert found["tenure OWNER"]["achieved"] == pytest.approx(kind.tenure[0], abs=0.06)
    assert found["head WHITE"]["achieved"] == pytest.approx(kind.groups[0], abs=0.08)
