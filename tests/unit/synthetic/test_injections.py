"""Planted differences: each touches whom it names, at its strength, in any kind of place."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import polars as pl
import pytest

from contracts.errors import SettingsError
from synthetic.build import build_world
from synthetic.injections import INJECTIONS, PRESETS, chosen_preset, parse_injections
from synthetic.settings import EVEN_FAULTS, Size, Switches
from synthetic.simulate import context_of, pseudonym_key, records
from tests.unit.synthetic.conftest import LAST

SIZE = Size(households=1_500, months=14, futures=1)
NUMBERED = [f"B{number}" for number in range(1, 9)]


@pytest.fixture(scope="module")
def planted(northmere):
    """One place with everything planted, for the tests that only look whom it touched."""
    preset = chosen_preset("average_unitary", dict.fromkeys(NUMBERED, 1.0))
    world = build_world(seed=4, size=SIZE, preset=preset, neighbourhoods=4, last_month=LAST)
    context = context_of(world, preset, pseudonym_key(4))
    frames = records(context, northmere, lambda _: None)
    return context, frames, context.log.planted()


def households(planted, name: str) -> np.ndarray:
    return planted[2].filter(pl.col("injection") == name)["household"].unique().to_numpy()


def test_the_truth_says_whom_each_touched(planted):
    assert set(planted[2]["injection"]) == set(NUMBERED)


def test_lower_contact_is_for_migrants_and_older_private_renters(planted):
    h = planted[0].world.households
    rows = households(planted, "B1")
    assert np.all(h.migrant[rows] | ((h.tenure[rows] == 3) & (h.age_band[rows] >= 3)))
    plain = build_world(
        seed=4, size=SIZE, preset=PRESETS["B0"], neighbourhoods=4, last_month=LAST
    ).households
    moved = plain.contact - h.contact
    assert np.allclose(moved[rows], 0.5)
    assert np.allclose(np.delete(moved, rows), 0.0)


def test_unlinked_names_are_of_the_pools_that_are_transliterated(planted):
    persons = planted[2].filter(pl.col("injection") == "B3")["person"].drop_nulls().to_numpy()
    groups = planted[0].world.people.group[persons]
    assert len(persons)
    assert (groups == 0).mean() < 0.5


def test_silent_landlords_send_nothing(planted):
    landlords = set(planted[1]["rent_tenancy"].filter(pl.col("tenure") != "TEMP_ACCOM")["landlord"])
    assert landlords == {"COUNCIL"}
    held = pl.concat(planted[0].links).filter(pl.col("source") == "rent")
    known = planted[1]["rent_person"].select(
        pl.concat_str("tenancy_ref", "person_local_id", separator="|").alias("local_id")
    )
    assert held.join(known, on="local_id", how="anti").height == 0


def test_one_practice_of_ten_is_silent(planted):
    patient = planted[1]["gp_patient"]
    silent = patient.filter(~pl.col("practice_dsa_in_place"))["practice_ods"].n_unique()
    assert silent == 1


def test_large_homes_have_a_second_live_account(planted):
    second = planted[1]["ctax_account"].filter(pl.col("account_ref").str.starts_with("CU"))
    assert second.height > 0
    party = planted[1]["ctax_party"].filter(pl.col("account_ref").str.starts_with("CU"))
    assert set(party["account_ref"]) == set(second["account_ref"])


def test_opting_out_more_touches_only_the_group(planted):
    rows = households(planted, "B6")
    assert set(planted[0].world.households.group[rows].tolist()) <= {1, 2}


@pytest.mark.parametrize("name", INJECTIONS)
def test_nothing_else_is_switched(name: str):
    plain, now = asdict(Switches()), asdict(chosen_preset("outer_london", {name: 1.0}).switches)
    assert [key for key in plain if plain[key] != now[key]]
    assert len([key for key in plain if plain[key] != now[key]]) <= 2


def test_strength_scales_the_size():
    half = chosen_preset("average_unitary", {"B3": 0.5}).switches
    assert half.unlinked_names == pytest.approx(0.05)


def test_fair_faults_go_with_any_kind_of_place():
    preset = chosen_preset("outer_london", {"B0": 1.0, "B3": 1.0})
    assert preset.faults == EVEN_FAULTS
    assert preset.kind.deprived == 0.25
    assert preset.switches == Switches(unlinked_names=0.10)


@pytest.mark.parametrize("wrong", [{"B9": 1.0}, {"B7": 2.0}, {"B1": 0.0}])
def test_what_cannot_be_planted_is_refused(wrong: dict[str, float]):
    with pytest.raises(SettingsError, match="cannot be planted"):
        chosen_preset("average_unitary", wrong)


def test_texts_are_read_with_and_without_a_strength():
    assert parse_injections(["B3=0.5", "B1"]) == {"B3": 0.5, "B1": 1.0}
    with pytest.raises(SettingsError, match="B3=much"):
        parse_injections(["B3=much"])
