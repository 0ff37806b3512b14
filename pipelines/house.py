"""What holds for every asset: its partitions, its pool, its owner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import dagster as dg

from pipelines.partitions import release_partitions

# DuckDB lets one process write at a time; Dagster queues whoever holds this pool.
WRITER = "duckdb_writer"
OWNER = "team:data"


def step(
    *,
    group: str,
    kinds: set[str],
    deps: Sequence[str],
    description: str,
    owner: str = OWNER,
    check_specs: Sequence[dg.AssetCheckSpec] = (),
    name: str | None = None,
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """An asset of the walk, with what holds for all of them."""
    return dg.asset(
        name=name,
        group_name=group,
        kinds=kinds,
        deps=list(deps),
        description=description,
        owners=[owner],
        partitions_def=release_partitions,
        pool=WRITER,
        check_specs=list(check_specs),
    )


def check(name: str, asset: str, description: str, *, blocking: bool) -> dg.AssetCheckSpec:
    """A check that an asset reports together with what it made."""
    return dg.AssetCheckSpec(name=name, asset=asset, description=description, blocking=blocking)
