"""A county and five districts that become one council in the second year, all the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from afloat.runs import prepare
from contracts.months import parse_month
from contracts.place import load_place
from contracts.warehouse import month_schema
from contracts.zones import Zone
from releases import latest_release
from releases.standing import standing_release, state_of
from tests.evaluation.truth import load_truth
from tests.pipeline.conftest import MONTH, Whole, prepared

DAY = parse_month(MONTH)
SCHEMA = month_schema(DAY)
MERGED = "saltcoast"


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """The two-tier place, with no health feed and two benefit feeds."""
    yield from prepared(
        tmp_path_factory.mktemp("coast"),
        name="saltcoast",
        preset="coastal_two_tier",
        size="tiny",
        at_once=True,
        # What only the county holds is tested with other places; each delivery takes its time.
        without=("asc", "cs", "school", "bbadge"),
    )


def test_a_release_is_sealed(coast: Whole):
    release = latest_release(coast.workspace, DAY)
    assert (release / "fairness-report.html").exists()


def test_running_again_gives_the_same_release(coast: Whole):
    before, rows = latest_release(coast.workspace, DAY), _balances(coast)
    assert prepare(place="saltcoast", month=MONTH, anew=True) is None
    assert latest_release(coast.workspace, DAY) == before
    assert _balances(coast) == rows > 0
    assert len([path for path in coast.workspace.releases.iterdir() if path.is_dir()]) == 1


def test_where_nothing_is_new_the_release_stands(coast: Whole):
    settings = coast.workspace.root.parent / "places" / "saltcoast" / "place.toml"
    before = latest_release(coast.workspace, DAY).name
    assert prepare(place="saltcoast", month=MONTH) == before
    with coast.workspace.warehouse().read(Zone.IDENTITY) as con:
        state = state_of(con, place=load_place("saltcoast"), month=DAY, workspace=coast.workspace)
    assert standing_release(coast.workspace, DAY, state) == before
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("replicates = 200", "replicates = 201"), encoding="utf-8")
    with coast.workspace.warehouse().read(Zone.IDENTITY) as con:
        other = state_of(con, place=load_place("saltcoast"), month=DAY, workspace=coast.workspace)
    settings.write_text(text, encoding="utf-8")
    assert other != state
    assert standing_release(coast.workspace, DAY, other) is None


def test_a_changed_row_is_new(coast: Whole):
    with coast.workspace.warehouse().write(Zone.IDENTITY) as con:
        before = state_of(con, place=coast.place, month=DAY, workspace=coast.workspace)
        con.execute("BEGIN")
        con.execute(
            """UPDATE raw.rent_balance SET balance = balance + 1
            WHERE rowid = (SELECT min(rowid) FROM raw.rent_balance)"""
        )
        changed = state_of(con, place=coast.place, month=DAY, workspace=coast.workspace)
        con.execute("ROLLBACK")
    assert changed != before


def _balances(coast: Whole) -> int:
    with coast.workspace.warehouse().read(Zone.IDENTITY) as con:
        return con.execute("SELECT count(*) FROM raw.rent_balance").fetchall()[0][0]


def test_every_controller_sent_something_and_nothing_was_refused(coast: Whole):
    with coast.workspace.warehouse().read(Zone.IDENTITY) as con:
        rows = con.execute(
            """SELECT table_name, count(DISTINCT controller), sum(quarantined_rows)
            FROM raw.delivery GROUP BY ALL"""
        ).fetchall()
    controllers = {table: count for table, count, _ in rows}
    assert controllers["ctax_account"] == 6
    assert controllers["uc_award"] == 2
    assert {bad for _, _, bad in rows} == {0}


@pytest.mark.parametrize(
    ("table", "column"),
    [("ctax_account", "account_ref"), ("rent_balance", "pay_ref"), ("hclic_case", "case_ref")],
)
def test_every_reference_is_one_of_the_merged_council(coast: Whole, table: str, column: str):
    with coast.workspace.warehouse().read(Zone.IDENTITY) as con:
        found = con.execute(
            f"SELECT DISTINCT split_part({column}, ':', 1) FROM raw.{table}"
        ).fetchall()
    assert found == [(MERGED,)]


def test_an_accounts_history_goes_on_across_the_merge(coast: Whole):
    with coast.workspace.warehouse().read(Zone.IDENTITY) as con:
        both = con.execute(
            """SELECT count(*) FROM (
                SELECT account_ref FROM raw.ctax_account a JOIN raw.delivery d USING (delivery_id)
                GROUP BY account_ref
                HAVING bool_or(d.controller = 'Saltcoast Council')
                   AND bool_or(d.controller <> 'Saltcoast Council'))"""
        ).fetchall()
        alone = con.execute(
            """SELECT count(*) FROM raw.ctax_recovery r
            WHERE NOT EXISTS (FROM raw.ctax_account a WHERE a.account_ref = r.account_ref)"""
        ).fetchall()
    assert both[0][0] > 100
    assert alone == [(0,)]


def test_local_ids_are_those_of_the_truth(coast: Whole):
    truth = load_truth(coast.workspace)
    with coast.workspace.warehouse().read(Zone.IDENTITY) as con:
        party = con.execute(
            """SELECT DISTINCT account_ref || '|' || party_ref FROM raw.ctax_party
            WHERE role = 'lead'"""
        ).fetchall()
    known = set(truth.links.filter(truth.links["source"] == "ctax")["local_id"])
    named = {row[0] for row in party}
    # Companies and empty names are nobody.
    assert len(named & known) > 0.85 * len(named)


def test_households_are_built_in_every_district(coast: Whole):
    with coast.workspace.warehouse().read(Zone.IDENTITY) as con:
        found = con.execute(
            f"SELECT count(DISTINCT neighbourhood_code) FROM {SCHEMA}.household_snapshot"
        ).fetchall()
    assert found == [(5,)]
