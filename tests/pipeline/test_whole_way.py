"""From dropped extracts to a sealed release, through Dagster, and what that leaves behind."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from afloat.runs import prepare
from contracts.asof import RAW
from contracts.months import parse_month
from contracts.warehouse import month_schema
from pipelines.definitions import defs
from pipelines.partitions import partition_key
from releases import latest_release
from tests.evaluation import household_assignment, load_truth, oracle_auroc, pairwise_linkage
from tests.pipeline.conftest import MONTH, Whole

pytestmark = pytest.mark.xdist_group("whole")

DAY = parse_month(MONTH)
SCHEMA = month_schema(DAY)


def _frame(whole: Whole, query: str) -> pl.DataFrame:
    with whole.workspace.warehouse().read() as con:
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
    assert sorted(lacking) == ["equity_audit", "fairness_report", "release"]


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
        _frame(whole, f"SELECT * FROM {SCHEMA}.backtest"),
        _frame(whole, f"SELECT * FROM {SCHEMA}.household_member"),
        _frame(whole, f"SELECT source, local_id, person_id FROM {SCHEMA}.person_link"),
        load_truth(whole.workspace),
    )
    assert scores.model <= scores.oracle + 2 * scores.standard_error
    assert scores.model > 0.6


def test_running_again_gives_the_same_release(whole: Whole):
    before = latest_release(whole.workspace, DAY)
    rows = _frame(whole, f"SELECT count(*) AS n FROM {RAW}.rent_balance").item()
    prepare(place="northmere", month=MONTH)
    assert latest_release(whole.workspace, DAY) == before
    assert _frame(whole, f"SELECT count(*) AS n FROM {RAW}.rent_balance").item() == rows
    assert len([path for path in whole.workspace.releases.iterdir() if path.is_dir()]) == 1


def test_a_part_of_the_graph_can_be_made_on_its_own(whole: Whole):
    done = defs.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=whole.instance,
        partition_key=partition_key(month=MONTH, place="northmere"),
        asset_selection=[dg.AssetKey("labels")],
    )
    assert done.success


def test_nothing_about_anybody_is_in_dagsters_history(whole: Whole):
    contacts = pl.read_parquet(latest_release(whole.workspace, DAY) / "contacts.parquet")
    secrets = {
        str(value).encode()
        for name in contacts.columns
        if contacts[name].dtype == pl.String and name not in {"neighbourhood_code"}
        for value in contacts[name].drop_nulls()
        if len(str(value)) >= 8
    }
    assert secrets
    home = whole.workspace.root.parent / "dagster"
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [secret for secret in secrets if secret in content], path.name


def test_file_names_hold_no_address_or_name(whole: Whole):
    contacts = pl.read_parquet(latest_release(whole.workspace, DAY) / "contacts.parquet")
    names = " ".join(str(path) for path in whole.workspace.home.rglob("*")).lower()
    for column in contacts.columns:
        for value in contacts[column].cast(pl.String).drop_nulls():
            assert len(value) < 8 or value.lower() not in names


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
