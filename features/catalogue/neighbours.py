"""The neighbourhood as its own households' records tell it: of the others, never of this one.

A share of the other households of the census area, as it was known then. The household itself is
left out, so nothing of its own comes back to it by this way; where fewer than
``features.neighbours.FEWEST`` others are known, nothing is said of the area at all.
"""

from __future__ import annotations

from contracts.columns import ColumnClass
from features.blocks import NEIGHBOURS
from features.catalogue.shelf import Shelf
from features.declare import Cover, Feature, Fold, Measure, Theme, Unit
from features.measures import any_in

_AREA = Shelf(
    theme=Theme.NEIGHBOURHOOD,
    block=NEIGHBOURS,
    owner="Head of Data",
    source_words="Council records of the area",
    cls=ColumnClass.QUASI,
)

HELPERS = {
    "_court_12m": Measure(
        block="recovery", value=any_in(12, "stage IN ('SUMMONS', 'LO')"), fold=Fold.MAX
    ),
    "_emergency_12m": Measure(
        block="award", value=any_in(12, "route IN ('APPLIED', 'REFERRED')"), fold=Fold.MAX
    ),
}


def _share(name: str, helper: str, says: str) -> Feature:
    return _AREA.feature(
        name,
        Measure(block=NEIGHBOURS, value=helper, fold=Fold.MAX, empty=None, cover=Cover.EVERYONE),
        says=f"Share of the other households of the area {says}, last 12 months",
        unit=Unit.SHARE,
        direction=1,
        sentence=None,
        window=12,
    )


FEATURES = (
    _share("area_court_share_12m", "_court_12m", "summonsed for council tax"),
    _share("area_emergency_share_12m", "_emergency_12m", "that asked for emergency help"),
)

STRENGTHS: tuple[Feature, ...] = ()
