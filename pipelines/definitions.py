"""Everything that Dagster loads, and the rules that hold for all of it."""

from __future__ import annotations

import dagster as dg

from pipelines.defs import duties, extracts, fairness, features, linkage, models, releases
from pipelines.logs import plain_log
from pipelines.resources import AfloatHome

_ASSETS = dg.load_assets_from_modules(
    [duties, extracts, linkage, features, models, fairness, releases],
)
_LISTS = dg.AssetSelection.assets("referral_lists")

prepare_release = dg.define_asset_job(
    "prepare_release",
    selection=dg.AssetSelection.all() - _LISTS,
    description="From dropped extracts to a sealed release for the board. Makes no list.",
)
_MADE = dg.AssetSelection.assets("people").downstream() - _LISTS
publish_lists = dg.define_asset_job(
    "publish_lists",
    selection=_LISTS,
    description="The lists of a release that the board has approved.",
)
# Off until a place switches it on: the third of each month, when last month's files have come.
monthly = dg.build_schedule_from_partitioned_job(
    prepare_release,
    name="prepare_release_monthly",
    description="Prepares last month's release for every place; the board still decides.",
    day_of_month=3,
    hour_of_day=6,
    minute_of_hour=0,
)

defs = dg.Definitions(
    assets=_ASSETS,
    jobs=[prepare_release, publish_lists],
    schedules=[monthly],
    resources={"home": AfloatHome()},
    # LightGBM and DuckDB thread themselves; a process for each step costs five times the time.
    executor=dg.in_process_executor,
    loggers={"console": plain_log},
)


def arriving() -> list[dg.AssetKey]:
    """Assets of ``prepare_release`` that take in what has arrived and hold it to the law."""
    made = set(made_from_it())
    whole = (dg.AssetSelection.all() - _LISTS).resolve(defs.resolve_asset_graph())
    return sorted(whole - made)


def made_from_it() -> list[dg.AssetKey]:
    """Assets of ``prepare_release`` that are made from what has arrived: people and all after."""
    return sorted(_MADE.resolve(defs.resolve_asset_graph()))
