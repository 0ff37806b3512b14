"""From dropped extracts to a sealed release, through Dagster, and what that leaves behind."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from contracts.lasting_key import open_bytes
from contracts.months import parse_month
from contracts.warehouse import month_schema
from contracts.zones import Zone
from pipelines.definitions import defs
from pipelines.partitions import partition_key
from releases import latest_release
from releases.manifest import CONTACTS, CONTACTS_FILE
from tests.evaluation import household_assignment, load_truth, oracle_auroc, pairwise_linkage
from tests.pipeline.class_walk import (
    Identifiers,
    cell_faults,
    class_faults,
    file_faults,
    identifiers,
    left_files,
)
from tests.pipeline.conftest import MONTH, Whole

DAY = parse_month(MONTH)
SCHEMA = month_schema(DAY)


def _frame(whole: Whole, query: str, zone: Zone = Zone.IDENTITY) -> pl.DataFrame:
    with whole.workspace.warehouse().read(zone) as con:
        return con.sql(query).pl()


def test_every_asset_but_the_lists_was_made(whole: Whole):
    made = {key.to_user_string() for key in whole.instance.all_asset_keys()}
    graph = {key.to_user_string() for key in defs.resolve_asset_graph().get_all_asset_keys()}
    assert graph - made == {"referral_lists"}
    assert not whole.workspace.outbox.exists()


def test_every_asset_says_how_many_rows_and_which_columns(whole: Whole):
    lacking = []
    for key in whole.instance.all_asset_keys():
        event = whole.instance.get_latest_materialization_event(key)
        assert event is not None
        assert event.asset_materialization is not None
        metadata = event.asset_materialization.metadata
        if "dagster/row_count" not in metadata or "dagster/column_schema" not in metadata:
            lacking.append(key.to_user_string())
    # These make files, not tables.
    assert sorted(lacking) == ["equity_audit", "fairness_report", "model_report", "release"]


def test_people_and_households_are_right(whole: Whole):
    truth = load_truth(whole.workspace)
    links = _frame(whole, f"SELECT source, local_id, person_id FROM {SCHEMA}.person_link")
    members = _frame(
        whole,
        "SELECT snapshot_date, household_id, person_id "
        f"FROM {SCHEMA}.household_member WHERE share = 'main'",
    )
    pairs = pairwise_linkage(links, truth)
    assert pairs.precision >= 0.99
    assert pairs.recall >= 0.95
    assert household_assignment(members, links, truth, DAY).share_right >= 0.95


def test_no_model_is_above_the_ceiling_of_the_truth(whole: Whole):
    scores = oracle_auroc(
        _frame(whole, f"SELECT * FROM {SCHEMA}.backtest", Zone.MODELLING),
        _frame(whole, f"SELECT * FROM {SCHEMA}.household_member"),
        _frame(whole, f"SELECT source, local_id, person_id FROM {SCHEMA}.person_link"),
        load_truth(whole.workspace),
    )
    assert scores.model <= scores.oracle + 2 * scores.standard_error
    assert scores.model > 0.6


def test_a_part_of_the_graph_can_be_made_on_its_own(whole: Whole):
    done = defs.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=whole.instance,
        partition_key=partition_key(month=MONTH, place="northmere"),
        asset_selection=[dg.AssetKey("labels")],
    )
    assert done.success


@pytest.fixture(scope="module")
def wanted(whole: Whole) -> Identifiers:
    with whole.workspace.warehouse().read(Zone.IDENTITY) as con:
        return identifiers(con)


@pytest.mark.parametrize("zone", list(Zone))
def test_every_column_lies_where_its_class_may(whole: Whole, zone: Zone):
    with whole.workspace.warehouse().read(zone) as con:
        assert class_faults(con, zone) == []


@pytest.mark.parametrize("zone", [Zone.MODELLING, Zone.AUDIT])
def test_no_identifier_is_in_another_zone(whole: Whole, wanted: Identifiers, zone: Zone):
    with whole.workspace.warehouse().read(zone) as con:
        assert cell_faults(con, zone, wanted) == []


def test_no_identifier_is_in_a_file_that_the_run_left(whole: Whole, wanted: Identifiers):
    """Reports, models, releases, Dagster's runs, events and logs: content and name of each."""
    assert len(wanted.words) > 50_000
    assert len(wanted.cells) > 50_000
    assert len(wanted.numbers) > 1_000
    paths = list(left_files(whole.workspace, whole.workspace.root.parent / "dagster"))
    kinds = {path.suffix for path in paths}
    assert {".parquet", ".html", ".json", ".db", ".sealed"} <= kinds
    assert file_faults(paths, wanted) == []


def test_names_and_addresses_are_closed_in_the_release_and_found_once_opened(
    whole: Whole, wanted: Identifiers, tmp_path: Path
):
    """The search finds what is there: the same one that finds nothing elsewhere."""
    closed = latest_release(whole.workspace, DAY) / CONTACTS_FILE
    assert file_faults([closed], wanted) == []
    opened = tmp_path / "contacts.parquet"
    key = whole.workspace.lasting_key()
    opened.write_bytes(open_bytes(closed.read_bytes(), key=key, purpose=CONTACTS))
    assert file_faults([opened], wanted)


def test_a_refused_delivery_stops_the_run(whole: Whole, tmp_path: Path):
    """In a copy: the run stops at the deliveries and says which and why."""
    landing = whole.workspace.landing
    victim = next(folder for folder in sorted(landing.iterdir()) if "rent_action" in folder.name)
    manifest = victim / "manifest.json"
    kept = manifest.read_bytes()
    try:
        manifest.write_bytes(kept.replace(b'"schema_version"', b'"schema_versoin"'))
        job = defs.resolve_job_def("prepare_release")
        done = job.execute_in_process(
            instance=whole.instance,
            partition_key=partition_key(month=MONTH, place="northmere"),
            asset_selection=[dg.AssetKey("deliveries"), dg.AssetKey("rent")],
            raise_on_error=False,
        )
    finally:
        manifest.write_bytes(kept)
    check = next(each for each in done.get_asset_check_evaluations())
    assert not check.passed
    assert not done.asset_materializations_for_node("rent")
