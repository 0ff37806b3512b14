"""What Dagster loads: every asset says what it is, and loading stays light."""

from __future__ import annotations

import subprocess
import sys

import dagster as dg
import pytest
import yaml

from contracts.tables import SOURCES
from contracts.workspace import REPOSITORY
from contracts.zones import Zone, may_lie
from pipelines import inventory
from pipelines.definitions import defs
from pipelines.house import WRITER
from pipelines.partitions import partition_key, release_partitions
from pipelines.snapshot import GROUPS

GRAPH = defs.resolve_asset_graph()
NODES = [GRAPH.get(key) for key in sorted(GRAPH.get_all_asset_keys(), key=str)]
# Values of these may be personal data of thousands: loading definitions must not pay for them.
HEAVY = ("great_expectations", "lightgbm", "splink", "shap", "sklearn", "altair", "pandas")


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.key.to_user_string())
def test_an_asset_says_what_it_is(node):
    assert node.group_name in GROUPS
    assert node.kinds
    assert node.owners
    assert node.description
    assert node.description.endswith(".")
    assert node.partitions_def == release_partitions


def test_every_source_is_an_asset():
    assert set(SOURCES) <= {node.key.to_user_string() for node in NODES}


def test_every_asset_waits_for_the_one_writer():
    for assets in defs.assets or []:
        if isinstance(assets, dg.AssetsDefinition):
            assert assets.op.pool == WRITER


def test_the_checks_that_must_block_do():
    blocking = {
        (key.asset_key.to_user_string(), key.name)
        for key in GRAPH.asset_check_keys
        if GRAPH.get_check_spec(key).blocking
    }
    assert {
        ("deliveries", "deliveries_accepted"),
        ("people", "every_record_has_a_person"),
        ("households", "one_household_at_a_time"),
        ("features", "known_later"),
        ("features", "not_as_known"),
        ("models", "nothing_too_good_to_be_true"),
        ("explanations", "contributions_add_up"),
        ("release", "audit_allows_a_list"),
        ("release", "seal_holds"),
    } <= blocking


def test_preparing_a_release_makes_no_list():
    job = defs.resolve_job_def("prepare_release")
    assert "referral_lists" not in {
        key.to_user_string() for key in job.asset_layer.executable_asset_keys
    }


def test_the_schedule_is_off_until_a_place_switches_it_on():
    schedule = defs.resolve_schedule_def("prepare_release_monthly")
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED


def test_a_partition_is_a_month_of_a_place():
    assert release_partitions.has_partition_key(partition_key(month="2026-10", place="northmere"))


def test_telemetry_is_off():
    settings = yaml.safe_load((REPOSITORY / "dagster_home" / "dagster.yaml").read_text())
    assert settings["telemetry"] == {"enabled": False}
    assert settings["concurrency"]["pools"]["default_limit"] == 1


def test_loading_stays_light():
    code = (
        "import sys, pipelines.definitions; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_page_of_zones_says_what_the_declarations_say():
    assert inventory.main(["--check"]) == 0


def test_every_column_of_the_inventory_may_lie_in_its_zone():
    astray = [
        f"{zone}: {table}.{column.name}"
        for zone in Zone
        for (_, table), columns in inventory.tables_of(zone).items()
        for column in columns
        if not may_lie(column, zone)
    ]
    assert astray == []


def test_steps_need_the_crossing_and_not_what_lies_before_it():
    """Nothing after the crossing waits for the identity zone but the release's letters."""
    behind = {"features", "labels", "models", "scores", "selection", "explanations", "equity_audit"}
    before = set(SOURCES) | {"people", "households", "deliveries"}
    for node in NODES:
        if node.key.to_user_string() in behind:
            assert not {parent.to_user_string() for parent in node.parent_keys} & before
