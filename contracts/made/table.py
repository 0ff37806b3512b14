"""What a table is that the pipeline itself makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.columns import Column
from contracts.zones import Zone, may_lie


@dataclass(frozen=True, kw_only=True)
class MadeTable:
    """A table that a step writes, and the zones in which it lies.

    Attributes:
        name: Table name; no other made table has it.
        says: What one row is, in plain words.
        zone: The zone in which the step writes it.
        columns: Its columns, in order.
        copied_to: The zone to which the crossing copies those columns that may lie there.
    """

    name: str
    says: str
    zone: Zone
    columns: tuple[Column, ...]
    copied_to: Zone | None = None

    def __post_init__(self) -> None:
        astray = [column.name for column in self.columns if not may_lie(column, self.zone)]
        if astray:
            raise ValueError(f"table {self.name}: not allowed in the {self.zone} zone: {astray}")

    @property
    def copied(self) -> tuple[Column, ...]:
        """The columns that the crossing copies; none where it copies nothing."""
        to = self.copied_to
        return () if to is None else tuple(each for each in self.columns if may_lie(each, to))

    @property
    def names(self) -> tuple[str, ...]:
        """Column names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def shape(self) -> Mapping[str, str]:
        """Column names to DuckDB types, in order."""
        return {column.name: column.duckdb_type for column in self.columns}
