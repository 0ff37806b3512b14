"""Every asset is made for one release month of one place."""

from __future__ import annotations

import dagster as dg

from contracts.place import place_names

MONTH = "month"
PLACE = "place"

months = dg.MonthlyPartitionsDefinition(start_date="2023-01", fmt="%Y-%m", end_offset=0)
release_partitions = dg.MultiPartitionsDefinition(
    {MONTH: months, PLACE: dg.StaticPartitionsDefinition(place_names())}
)


def partition_key(*, month: str, place: str) -> str:
    """Dagster's key of a place's release month, such as ``2026-10|northmere``."""
    return dg.MultiPartitionKey({MONTH: month, PLACE: place})
