"""The legal register: nothing comes in, and nothing is made, without an entry in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contracts.errors import SettingsError
from contracts.holders import SourceSettings
from contracts.place import Place, load_place, place_names
from contracts.register import entry_of, faults_of, kept_until, require_in_force
from linkage.ingest import Outcome, load_delivery, load_landing
from linkage.rights.register import register_lines, register_table, write_register
from tests.unit.ingest.deliveries import TODAY, deliver, northmere


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as connection:
        yield connection


def changed(source: str, **entry: Any) -> Place:
    """Northmere with fields of one entry changed."""
    place = northmere()
    held = place.sources[source]
    made = held.legal["prevention"].model_copy(update=entry)
    return place.model_copy(
        update={
            "sources": place.sources
            | {source: held.model_copy(update={"legal": {"prevention": made}})}
        }
    )


def away(source: str) -> Place:
    """Northmere with a source absent, by way of its settings."""
    content = northmere().model_dump(mode="json", by_alias=True)
    content["sources"][source]["absent"] = True
    content["outcomes"].pop({"welfare": "O9"}.get(source), None)
    return Place.model_validate(content)


@pytest.mark.parametrize("name", ["expires_on", "privacy_notice", "dpia"])
def test_a_load_without_it_is_refused_by_the_name_of_the_setting(name, con, tmp_path):
    place = changed("rent", **{name: None})
    found = load_delivery(
        con, place=place, folder=deliver(tmp_path, place, "rent_tenancy"), today=TODAY
    )
    assert found.outcome is Outcome.REFUSED
    assert f"sources.rent.legal.prevention.{name} is missing" in found.message
    assert "absent = true" in found.next_step


def test_an_entry_that_ran_out_yesterday_refuses_today(con, tmp_path):
    place = changed("rent", expires_on=date(2026, 2, 28))
    folder = deliver(tmp_path, place, "rent_tenancy")
    found = load_delivery(con, place=place, folder=folder, today=TODAY)
    assert "expires_on: it ran out on 2026-02-28" in found.message
    on_its_day = changed("rent", expires_on=TODAY)
    assert load_delivery(con, place=on_its_day, folder=folder, today=TODAY).outcome == "loaded"


def test_special_category_data_needs_a_condition_and_health_an_opt_out_rule():
    place = northmere()
    bare = place.sources["mh"].model_copy(update={"art9_condition": None, "legal": {}})
    lacking = faults_of("mh", bare, TODAY)
    assert "sources.mh.legal.prevention.condition is missing" in lacking
    assert "sources.mh.legal.prevention.opt_out_within_days is missing" in lacking
    assert not any("opt_out" in one for one in faults_of("rent", bare, TODAY))
    assert faults_of("area", bare, TODAY) == (), "open data names nobody"


@pytest.mark.parametrize(
    ("applied", "outcome"), [("2026-01-11", "loaded"), ("2026-01-10", "refused")]
)
def test_national_opt_outs_may_not_be_older_than_agreed(applied, outcome, con, tmp_path):
    place = northmere()
    folder = deliver(tmp_path, place, "mh_referral", ndoo_applied_date=applied)
    found = load_delivery(con, place=place, folder=folder, today=TODAY)
    assert found.outcome == outcome
    assert outcome == "loaded" or "2026-01-10 (ndoo_applied_date)" in found.message


def test_a_step_is_refused_with_every_fault_at_once():
    place = changed("rent", expires_on=None, dpia=None)
    with pytest.raises(SettingsError) as caught:
        require_in_force(place, today=TODAY, step="features")
    for name in ("features", "legal.prevention.expires_on", "legal.prevention.dpia"):
        assert name in str(caught.value)
    assert "[sources.rent]" in caught.value.next_step
    require_in_force(northmere(), today=TODAY, step="features")


def test_an_absent_source_is_not_there_for_any_step_and_comes_back(con, tmp_path):
    place = northmere()
    deliver(tmp_path, place, "rent_tenancy")
    deliver(tmp_path, place, "welfare_award")
    load_landing(con, place=place, landing=tmp_path, today=TODAY)
    without = away("welfare")
    assert "welfare" not in without.sources
    require_in_force(without, today=TODAY, step="features")
    found = load_landing(con, place=without, landing=tmp_path, today=TODAY)
    assert [one.outcome for one in found.deliveries] == ["already_loaded", "set_aside"]
    count = "SELECT count(*) FROM raw.welfare_award"
    assert con.execute(count).fetchall() == [(0,)]
    assert con.execute("SELECT count(*) FROM raw.rent_tenancy").fetchall() == [(10,)]
    line = {one.source: one for one in register_lines(con, place=without, today=TODAY)}["welfare"]
    assert (line.state, line.held.rows) == ("Set aside", 10), "what is held is still told"
    load_landing(con, place=place, landing=tmp_path, today=TODAY)
    assert con.execute(count).fetchall() == [(10,)]


def test_an_absent_source_stays_absent_when_settings_are_sealed_and_read_again():
    without = away("welfare")
    again = Place.model_validate(without.model_dump(mode="json", by_alias=True))
    assert again == without


def test_the_sooner_of_two_dates_holds():
    entry = entry_of(northmere().sources["rent"])
    span = {"extract_to": date(2026, 1, 31), "retain_until": date(2028, 12, 31)}
    assert kept_until(entry, **span) == date(2028, 12, 31)
    short = entry.model_copy(update={"keep_months": 13})
    assert kept_until(short, **span) == date(2027, 2, 28)


def test_the_page_and_table_say_what_is_held_why_and_until_when(con, tmp_path: Path):
    place = changed("rent", dpia=None)
    deliver(tmp_path, northmere(), "rent_tenancy")
    load_landing(con, place=northmere(), landing=tmp_path, today=TODAY)
    lines = register_lines(con, place=place, today=TODAY)
    table = register_table(lines)
    row = table.filter(table["source"] == "rent").to_dicts()[0]
    assert (row["held_rows"], row["state"], row["agreement"]) == (10, "Not in force", "NM-003")
    assert row["last_deleted_after"] == date(2028, 12, 31)
    page = write_register(lines, place=place, today=TODAY, folder=tmp_path / "out").read_text()
    assert "sources.rent.legal.prevention.dpia is missing" in page
    assert "31 December 2028" in page


def districts(**register: Any) -> SourceSettings:
    """Rent of two districts, of which the second stands by a law of its own."""
    return SourceSettings.model_validate(
        {
            "lawful_basis": "public task",
            "controllers": {
                "east": {"controller": "East", "agreement": "E-1"},
                "west": {"controller": "West", "agreement": "W-1", "lawful_basis": "legal duty"},
            },
            "legal": {
                "prevention": {
                    "condition": "a test", "expires_on": TODAY, "privacy_notice": "A", "dpia": "D",
                    **register,
                }
            },
        }
    )  # fmt: skip


def test_each_controller_has_its_own_agreement_and_basis_under_the_sources_entry():
    source = districts()
    entries = [entry_of(source, code=code) for code in ("east", "west")]
    assert [one.agreement for one in entries] == ["E-1", "W-1"]
    assert [one.lawful_basis for one in entries] == ["public task", "legal duty"]
    assert faults_of("rent", source, TODAY) == ()


def test_a_fault_of_an_entry_that_controllers_share_is_told_once():
    assert faults_of("rent", districts(dpia=None), TODAY) == (
        "sources.rent.legal.prevention.dpia is missing",
    )


def test_a_controller_with_another_purpose_needs_an_entry_for_it():
    content = districts().model_dump(mode="json")
    content["controllers"]["west"]["purpose"] = "research"
    source = SourceSettings.model_validate(content)
    assert faults_of("rent", source, TODAY, code="east") == ()
    assert all("legal.research." in one for one in faults_of("rent", source, TODAY))
    assert len(faults_of("rent", source, TODAY, code="west")) == 4


def test_the_register_has_a_line_for_each_controller_with_what_is_held_of_it(con, tmp_path):
    place = northmere()
    place = place.model_copy(update={"sources": place.sources | {"rent": districts()}})
    deliver(
        tmp_path, place, "rent_tenancy", controller="West", sharing_agreement_ref="W-1",
        lawful_basis="legal duty",
    )  # fmt: skip
    load_landing(con, place=place, landing=tmp_path, today=TODAY)
    lines = [
        (one.controller, one.entry.agreement, one.held.rows)
        for one in register_lines(con, place=place, today=TODAY)
        if one.source == "rent"
    ]
    assert lines == [("East", "E-1", 0), ("West", "W-1", 10)]


def test_what_is_the_same_for_every_source_is_said_once():
    content = northmere().model_dump(mode="json", by_alias=True)
    for source in content["sources"].values():
        source["legal"] = {}
    content["sources"]["rent"]["legal"] = {"prevention": {"dpia": "DPIA-R"}}
    content["legal"] = {"prevention": {"dpia": "DPIA-X", "keep_months": 12}}
    place = Place.model_validate(content)
    assert place.sources["rent"].legal["prevention"].dpia == "DPIA-R"
    assert place.sources["rent"].legal["prevention"].keep_months == 12
    assert place.sources["gp"].legal["prevention"].dpia == "DPIA-X"
    assert place.sources["area"].legal == {}, "open data needs none"


def test_a_condition_in_law_cannot_be_said_for_all_sources_at_once():
    content = northmere().model_dump(mode="json", by_alias=True)
    content["legal"] = {"prevention": {"condition": "health or social care"}}
    with pytest.raises(ValueError, match=r"legal\.prevention\.condition"):
        Place.model_validate(content)


@pytest.mark.parametrize("name", place_names())
def test_every_shipped_place_is_covered(name):
    require_in_force(load_place(name), today=TODAY, step="features")
