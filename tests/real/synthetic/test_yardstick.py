"""Invented places beside real ones: how far their neighbourhoods lie from published tables.

Each distance is stated where it is asserted. They are wide on purpose: a place is fitted to
national figures, and no list of real neighbourhoods went into it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import wasserstein_distance

from synthetic.causes import PROCESSES
from synthetic.dwellings import BANDS
from synthetic.kinds import KINDS, decile_gradient
from synthetic.national import TARGETS
from synthetic.population import Areas, Households, draw_areas, draw_households
from synthetic.settings import Switches
from synthetic.streams import Streams

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
AREAS, IN_EACH = 300, 120


def read(path: str) -> pl.DataFrame:
    if not (DATA / path).exists():
        pytest.skip(f"the public table {path} is not beside the repository")
    return pl.read_parquet(DATA / path).with_columns(pl.col(pl.Categorical).cast(pl.String))


@pytest.fixture(scope="module")
def drawn() -> tuple[Areas, Households]:
    """An average place of many areas: only who lives where, which takes a moment."""
    streams, n = Streams(5), AREAS * 700
    areas = draw_areas(streams, n, 4)
    households = draw_households(
        streams,
        areas,
        initial=AREAS * IN_EACH,
        arrivals=np.zeros(0, dtype=np.int64),
        reserve=0,
        switches=Switches(),
    )
    return areas, households


def by_area(drawn: tuple[Areas, Households], flag: np.ndarray) -> np.ndarray:
    areas, households = drawn
    n = len(areas.d)
    count = np.bincount(households.area, minlength=n)
    return np.bincount(households.area, weights=flag.astype(float), minlength=n) / count


def census(name: str, whole: str, *parts: str) -> pl.DataFrame:
    """Share of some columns in each English neighbourhood, with its deprivation decile."""
    table = read(f"uk_census2021_lsoa/{name}.parquet")
    columns = [c for c in table.columns if c.startswith(parts)]
    share = (pl.sum_horizontal(columns) / pl.col(whole)).alias("share")
    decile = read("uk_deprivation/imd2025_lsoa21.parquet").select("lsoa21_code", "IMD_decile")
    return table.select("lsoa21_code", share).join(decile, on="lsoa21_code")


TENURES = {"owner": ("Owned",), "social": ("Social",), "private": ("Private", "Lives rent")}
CODES = {"owner": (0,), "social": (1, 2), "private": (3, 4)}


@pytest.mark.parametrize(
    ("tenure", "distance"), [("owner", 0.12), ("social", 0.09), ("private", 0.09)]
)
def test_tenures_of_neighbourhoods(drawn, tenure: str, distance: float):
    real = census("tenure", "total_households", *TENURES[tenure])["share"].to_numpy()
    made = by_area(drawn, np.isin(drawn[1].tenure, CODES[tenure]))
    assert abs(real.mean() - made.mean()) < 0.03
    assert wasserstein_distance(real, made) < distance


def test_social_renting_rises_with_deprivation_as_it_does(drawn):
    real = census("tenure", "total_households", "Social")
    made = by_area(drawn, np.isin(drawn[1].tenure, (1, 2)))
    for decile in (1, 10):
        there = real.filter(pl.col("IMD_decile") == decile)["share"].mean()
        assert made[drawn[0].decile == decile].mean() == pytest.approx(there, abs=0.10)


def test_minority_shares_of_neighbourhoods(drawn):
    table = read("uk_census2021_lsoa/ethnic_group.parquet")
    real = (1 - table["White"] / table["total_residents"]).to_numpy()
    made = by_area(drawn, drawn[1].group != 0)
    assert abs(real.mean() - made.mean()) < 0.04
    assert wasserstein_distance(real, made) < 0.07


def test_household_sizes_of_a_real_borough():
    table = read("uk_trafford_borough/census2021_lsoa_long.parquet")
    size = table.filter(
        (pl.col("table") == "household_size") & ~pl.col("category").str.starts_with("0")
    )
    number = pl.col("category").str.extract(r"^(\d)").cast(pl.Int64).clip(1, 6)
    counts = size.group_by(number.alias("size")).agg(pl.col("value").sum()).sort("size")["value"]
    real = (counts / counts.sum()).to_numpy()
    meant = np.array([TARGETS[f"household size {n}"].value for n in range(1, 7)])
    assert 0.5 * np.abs(real - meant).sum() < 0.05


def test_household_types_of_a_real_borough():
    table = read("uk_trafford_borough/census2021_lsoa_long.parquet")
    kinds = table.filter(pl.col("table") == "household_composition")
    whole = kinds["value"].sum()

    def share(text: str) -> float:
        return kinds.filter(pl.col("category").str.contains(text))["value"].sum() / whole

    for text, name in {
        "Aged 66 years and over$": "one person 66 and over",
        "One-person household: Other": "one person under 66",
        "Lone parent family: With": "lone parent with dependent children",
    }.items():
        assert share(text) == pytest.approx(TARGETS[name].value, abs=0.03)


def test_bands_of_all_dwellings():
    table = read("uk_local_authority/council_tax_bands_dwellings.parquet")
    england = table.filter(pl.col("country").str.to_uppercase() == "ENGLAND")
    counts = np.array([england[f"count_band_{letter}"].sum() for letter in "ABCDEFGH"], dtype=float)
    assert 0.5 * np.abs(counts / counts.sum() - BANDS).sum() < 0.02


def test_deprived_shares_are_ones_that_real_districts_have():
    lsoa = read("uk_deprivation/imd2025_lsoa21.parquet")
    look = read("uk_geography/lsoa21_lookup.parquet")
    district = next(c for c in look.columns if c.startswith(("ltla", "lad")) and c.endswith("code"))
    share = (
        lsoa.join(look.select("lsoa21_code", district), on="lsoa21_code")
        .group_by(district)
        .agg((pl.col("IMD_decile") <= 2).mean().alias("share"))["share"]
    )
    for kind in KINDS.values():
        assert (share <= kind.deprived + 0.02).mean() > 0.05
        assert (share >= kind.deprived - 0.02).mean() > 0.05


def test_homelessness_is_as_common_as_the_latest_year():
    table = read("uk_homelessness_hclic/a1_initial_assessments_quarterly.parquet")
    england = table.filter(pl.col("area_name") == "ENGLAND").sort("quarter_end").tail(4)
    yearly = england["total_owed"].sum() / (1000 * england["hh_000s"].mean())
    assert TARGETS["duties a year per household"].value == pytest.approx(yearly, rel=0.15)


def test_temporary_homes_are_as_many_as_real_districts_have():
    table = read("uk_homelessness_hclic/tables_2025q4_long.parquet")
    rate = table.filter(
        (pl.col("table") == "TA1")
        & (pl.col("measure") == "Total number of households in TA per (000s)")
    )
    london = rate.filter(pl.col("area_code").str.starts_with("E09"))["value"].drop_nulls()
    other = rate.filter(pl.col("area_code").str.contains("^E0[678]"))["value"].drop_nulls()
    assert other.quantile(0.25) < KINDS["average_unitary"].temporary < other.quantile(0.95)
    assert london.quantile(0.25) < KINDS["outer_london"].temporary < london.quantile(0.9)


def test_depression_falls_with_deprivation_as_registers_show():
    table = read("uk_health_qof/qof_prevalence_imd_decile.parquet")
    real = table.filter(pl.col("group_code") == "DEP").filter(
        pl.col("imd_overall").is_in(["1", "10"])
    )
    by = dict(zip(real["imd_overall"], real["prevalence"], strict=True))
    meant = decile_gradient("depression")
    assert meant[0] / meant[9] == pytest.approx(by["1"] / by["10"], abs=0.25)


def test_claims_of_every_kind_of_place_are_ones_that_real_districts_have():
    claims = read("uk_local_authority/uc_households_may2025.parquet")
    homes = read("uk_local_authority/council_tax_bands_dwellings.parquet")
    joined = claims.join(homes, left_on="area_name", right_on="name")
    share = joined["uc_households_2025_05"] / joined["total_dwellings"]
    assert joined.height > 250
    for name, kind in KINDS.items():
        meant = TARGETS["households on Universal Credit"].value * kind.scaled("uc")
        assert share.quantile(0.02) < meant < share.quantile(0.98), name


def test_people_in_households_of_another_countrys_survey():
    table = read("household_eusilc_synthetic/eusilc.parquet").unique("db030")
    counts = np.bincount(table["hsize"].clip(1, 6).to_numpy(), minlength=7)[1:]
    meant = np.array([TARGETS[f"household size {n}"].value for n in range(1, 7)])
    assert 0.5 * np.abs(counts / counts.sum() - meant).sum() < 0.15


def test_every_process_that_follows_deprivation_has_a_gradient():
    assert {p.gradient for p in PROCESSES.values() if p.gradient} <= {
        "arrears",
        "uc",
        "emergency",
        "depression",
        "duty",
        "crisis",
    }
