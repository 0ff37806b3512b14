"""What a model needs to know about a feature, whichever catalogue it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.columns import ColumnClass
from contracts.errors import DataMissing, LeakSuspected

BARRED = frozenset(
    {
        ColumnClass.IDENTIFIER,
        ColumnClass.CRIMINAL,
        ColumnClass.PROTECTED,
        ColumnClass.SAFETY,
    }
)


@dataclass(frozen=True, kw_only=True)
class FeatureSpec:
    """One column of the feature matrix.

    Attributes:
        name: The column.
        theme: What people would call the part of life that it speaks of.
        monotone: 1 where more can only raise the score, -1 where it can only lower it, 0 if free.
        strength: True where the recorded fact is something that is going well.
        health: True where it comes from a health extract.
        showable: True where its data owner agreed to a sentence about it.
        sensitivity: Class of what it was made from.
        sources: Extracts that it was made from.
    """

    name: str
    theme: str
    monotone: int = 0
    strength: bool = False
    health: bool = False
    showable: bool = True
    sensitivity: ColumnClass = ColumnClass.ORDINARY
    sources: tuple[str, ...] = ()


def refuse_barred(specs: Sequence[FeatureSpec]) -> None:
    """Stop where a feature is of a class that no model may see.

    Raises:
        LeakSuspected: If any is; the message names them all.
    """
    barred = [spec.name for spec in specs if spec.sensitivity in BARRED]
    if barred:
        raise LeakSuspected(
            f"Features of a class that no model may see: {', '.join(barred)}.",
            next_step="Take them out of the catalogue or mend their class.",
        )


def align(catalogue: Sequence[FeatureSpec], columns: Sequence[str]) -> tuple[FeatureSpec, ...]:
    """The specs of the feature table's columns, in the table's order.

    Raises:
        DataMissing: If a column is not in the catalogue, or there is no column at all.
        LeakSuspected: If a column is of a class that no model may see.
    """
    by_name = {spec.name: spec for spec in catalogue}
    strangers = [name for name in columns if name not in by_name]
    if strangers:
        raise DataMissing(
            f"The feature table has columns that no catalogue entry describes: {strangers}.",
            next_step="Add them to the catalogue, or build the features again.",
        )
    if not columns:
        raise DataMissing(
            "The feature table has no features.", next_step="Build the features first."
        )
    specs = tuple(by_name[name] for name in columns)
    refuse_barred(specs)
    return specs
