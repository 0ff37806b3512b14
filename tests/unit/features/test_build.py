"""Missing sources, households that a source cannot speak of, and writing the table."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from contracts.errors import DataMissing, SettingsError
from features.build import build_features
from features.catalogue import BY_NAME, CATALOGUE
from features.declare import Derived
from tests.unit.features.handmade import INDEX, Handmade, features_of, northmere
from tests.unit.features.invented import invented

HISTORY = 6


def three_tenures() -> Handmade:
    """A council tenant, an owner, and a person with nothing but a doctor."""
    made, known, start = Handmade(), date(2020, 1, 5), date(2020, 1, 1)
    for household in (1, 2, 3):
        made.household(household, INDEX, [household])
        made.put("dwelling", uprn=household, uprn_key=household, puprn=f"p{household}")
    account = {"property_ref": "x", "liability_start": start, "payment_method": "DD"}
    person = {"party_ref": "P", "position": 0, "role": "lead"}
    for household in (1, 2):
        made.link("ctax", f"A{household}|P", household)
        made.add("ctax_account", known, account_ref=f"A{household}", **account)
        made.add("ctax_party", known, account_ref=f"A{household}", **person)
    made.link("rent", "T1|R1", 1)
    tenancy = {"pay_ref": "Y1", "landlord": "COUNCIL", "tenure": "SECURE", "start_date": start}
    made.add("rent_tenancy", known, tenancy_ref="T1", **tenancy)
    made.add("rent_person", known, tenancy_ref="T1", person_local_id="R1", role="TENANT")
    patient = {"practice_ods": "A1", "reg_start": start, "practice_dsa_in_place": True}
    made.add("gp_patient", known, nhs_pid="n3", puprn="p3", **patient)
    return made


def built(made: Handmade, **choices: object) -> duckdb.DuckDBPyConnection:
    con = made.connect()
    place = northmere(history_months=HISTORY, **choices)  # type: ignore[arg-type] # as given
    build_features(con, place=place, month=made.index)
    return con


def test_covered_and_nothing_recorded_is_zero_and_not_covered_is_unknown() -> None:
    con = built(three_tenures())
    tenant, owner, other = (features_of(con, household) for household in (1, 2, 3))
    assert (tenant["ctax_reminders_12m"], owner["ctax_reminders_12m"]) == (0.0, 0.0)
    assert other["ctax_reminders_12m"] is None
    assert tenant["rent_notices_12m"] == 0.0
    assert (owner["rent_notices_12m"], other["rent_notices_12m"]) == (None, None)
    assert tenant["rent_weeks_owed"] is None, "no balance was sent: unknown, not clear"
    assert (tenant["uc_in_feed"], tenant["uc_sanctions_12m"]) == (0.0, None)
    assert tenant["hardship_requests_12m"] == 0.0, "anybody may ask for emergency help"
    assert tenant["health_emergency_visits_12m_to_latest"] is None
    assert other["health_emergency_visits_12m_to_latest"] == 0.0
    assert tenant["strength_paying_council_tax"] == 1.0


@pytest.mark.parametrize(
    "source", ["rent", "hclic", "welfare", "uc", "mh", "ecds", "school", "cs", "asc", "hreg"]
)
def test_a_source_that_the_place_lacks_is_unknown_for_everybody(source: str) -> None:
    made = invented(1, history_months=HISTORY)
    con = made.connect()
    report = build_features(
        con, place=northmere(history_months=HISTORY, without=[source]), month=INDEX
    )
    frame = con.sql(f"SELECT * FROM {made.schema}.feature").pl()
    unknown = {name for name in BY_NAME if frame[name].null_count() == frame.height}
    any_source = {
        f.name for f in CATALOGUE if isinstance(f.measure, Derived) and f.measure.any_source
    }
    expected = {f.name for f in CATALOGUE if source in f.sources} - any_source
    assert unknown == expected == set(report.unknown)


def test_without_health_the_rest_stands_as_it_was() -> None:
    made = invented(1, history_months=HISTORY)
    whole = built(made).sql(f"SELECT * FROM {made.schema}.feature").pl()
    partial = (
        built(made, without=["gp", "mh", "ecds"], outcomes=["O1", "edge_of_crisis"])
        .sql(f"SELECT * FROM {made.schema}.feature")
        .pl()
    )
    kept = [name for name in whole.columns if not name.startswith("health_")]
    assert whole.select(kept).equals(partial.select(kept))


def test_a_window_that_the_place_did_not_choose_is_unknown() -> None:
    made = invented(1, history_months=HISTORY)
    frame = built(made, months=[3, 12]).sql(f"SELECT * FROM {made.schema}.feature").pl()
    for feature in CATALOGUE:
        gone = frame[feature.name].null_count() == frame.height
        assert gone == (feature.window in (1, 6)), feature.name


def test_a_window_that_no_feature_has_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"no feature looks back \[9\] months"):
        built(three_tenures(), months=[3, 9])


def test_without_households_it_says_what_to_do_first() -> None:
    con = duckdb.connect()
    with pytest.raises(DataMissing, match="let the month cross"):
        build_features(con, place=northmere(), month=INDEX)


def test_two_households_at_one_home_have_no_health() -> None:
    made = three_tenures()
    made.household(4, INDEX, [4], uprn_key=3)
    con = built(made)
    for household in (3, 4):
        assert features_of(con, household)["health_emergency_visits_12m_to_latest"] is None


def test_a_joint_account_counts_once_and_follows_both_who_part() -> None:
    made = three_tenures()
    made.link("ctax", "A2|Q", 5)
    made.add(
        "ctax_party", date(2020, 1, 5), account_ref="A2", party_ref="Q", position=1, role="liable"
    )
    before = date(2026, 9, 30)
    made.household(2, before, [2, 5])
    made.household(6, INDEX, [5])
    made.add(
        "ctax_recovery",
        date(2026, 9, 4),
        recovery_id="r",
        account_ref="A2",
        tax_year="2026-27",
        stage="REM1",
        stage_date=date(2026, 9, 1),
    )
    con = built(made)
    assert features_of(con, 2, before)["ctax_reminders_12m"] == 1.0
    assert features_of(con, 2)["ctax_reminders_12m"] == 1.0
    assert features_of(con, 6)["ctax_reminders_12m"] == 1.0


def test_a_second_run_replaces_the_table_and_writes_the_same() -> None:
    made = invented(2, history_months=HISTORY)
    con = made.connect()
    place = northmere(history_months=HISTORY)
    first = build_features(con, place=place, month=INDEX)
    table = con.sql(f"SELECT * FROM {made.schema}.feature").pl()
    second = build_features(con, place=place, month=date(2026, 10, 3))
    assert first == second
    assert con.sql(f"SELECT * FROM {made.schema}.feature").pl().equals(table)
    assert table.select("snapshot_date", "household_id").equals(
        table.select("snapshot_date", "household_id").sort("snapshot_date", "household_id")
    )


def test_threads_change_no_byte() -> None:
    made = invented(2, history_months=HISTORY)
    tables = []
    for threads in (1, 4):
        con = made.connect()
        con.execute(f"SET threads = {threads}")
        build_features(con, place=northmere(history_months=HISTORY), month=INDEX)
        tables.append(con.sql(f"SELECT * FROM {made.schema}.feature").pl())
    assert tables[0].equals(tables[1])


def test_a_failed_run_leaves_the_table_and_no_temporary_one() -> None:
    made = three_tenures()
    con = built(made)
    before = con.sql(f"SELECT * FROM {made.schema}.feature").pl()

    def stop(stage: str) -> None:
        if stage.startswith("Features: "):
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        build_features(con, place=northmere(history_months=HISTORY), month=INDEX, progress=stop)
    assert con.sql(f"SELECT * FROM {made.schema}.feature").pl().equals(before)
    assert con.execute("SELECT count(*) FROM duckdb_tables() WHERE temporary").fetchall() == [(0,)]


def test_progress_tells_of_households() -> None:
    told: list[str] = []
    con = three_tenures().connect()
    build_features(con, place=northmere(history_months=HISTORY), month=INDEX, progress=told.append)
    assert told == ["Features: 3 of 3 households"]
