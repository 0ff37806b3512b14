"""The feature table as it lies in the modelling zone: declared by the catalogue, a column each."""

from __future__ import annotations

from contracts.columns import ColumnClass, Kind, column
from contracts.made import MadeTable
from contracts.made.linkage import HOUSEHOLD, SNAPSHOT
from contracts.zones import Zone
from features.catalogue import CATALOGUE

_HEALTH = "A count of the home's health records, for the model alone."

FEATURE = MadeTable(
    name="feature",
    says="One row for each household and month end: what was known of it then.",
    zone=Zone.MODELLING,
    columns=(
        HOUSEHOLD,
        SNAPSHOT,
        *(
            column(
                feature.name,
                Kind.NUMBER,
                feature.cls,
                feature.says,
                permitted=_HEALTH if feature.cls is ColumnClass.SPECIAL else None,
            )
            for feature in CATALOGUE
        ),
    ),
)
