"""The household itself, its home, changes between snapshots, and the area around it.

Changes are read from one snapshot to the next, never from dated household events: a snapshot was
built from what was known then, and an event's date may have been settled later.
"""

from __future__ import annotations

from contracts.columns import ColumnClass
from features.aggregates import Aggregate
from features.blocks import AREAS, BEFORE, HOUSEHOLDS
from features.catalogue.shelf import Shelf
from features.declare import Cover, Derived, Feature, Fold, Measure, Sentence, Theme, Unit
from features.measures import least, months_since, most

_OWNER = "Head of Data"
_WORDS = "Council records of who lives where"


def _shelf(theme: Theme) -> Shelf:
    return Shelf(
        theme=theme,
        block=HOUSEHOLDS,
        owner=_OWNER,
        source_words=_WORDS,
        cls=ColumnClass.QUASI,
    )


_CHANGE = _shelf(Theme.CHANGE)
_HOME = _shelf(Theme.HOME)
_AREA = Shelf(
    theme=Theme.NEIGHBOURHOOD, block=AREAS, owner=_OWNER, source_words="Open data on areas"
)


def _people(name: str, sql: str, says: str) -> Feature:
    return _HOME.feature(
        name,
        Measure(block=HOUSEHOLDS, value=sql, fold=Fold.MAX, empty=None, cover=Cover.EVERYONE),
        says=says,
        unit=Unit.PEOPLE,
        direction=0,
        sentence=None,
    )


def _changed(
    name: str, now: str, sign: str, before: str, *, says: str, one: str, window: int, bad: bool
) -> Feature:
    """Whether more or fewer live there than at some snapshot before; unknown at the first."""
    return _CHANGE.feature(
        name,
        Derived(
            sql=f"CASE WHEN {now} {sign} {before} THEN 1 "
            f"WHEN {before} IS NULL THEN NULL ELSE 0 END",
            inputs=(now, before),
        ),
        says=says,
        unit=Unit.YES_NO,
        direction=1 if bad else 0,
        sentence=Sentence(one=one),
        window=window,
    )


def _moved(months: int) -> Feature:
    return _CHANGE.feature(
        f"household_moved_{months}m",
        Measure(
            block=HOUSEHOLDS,
            value=f"CASE WHEN {months_since('resident_since')} < {months} THEN 1 "
            "WHEN resident_since IS NULL THEN NULL ELSE 0 END",
            fold=Fold.MAX,
            empty=None,
            cover=Cover.EVERYONE,
        ),
        says=f"Came to this home in the last {months} months",
        unit=Unit.YES_NO,
        direction=1,
        sentence=Sentence(one="They moved into this home {when}"),
        window=months,
    )


def _here(sql: str) -> Measure:
    return Measure(block=HOUSEHOLDS, value=sql, fold=Fold.MAX, empty=None, cover=Cover.EVERYONE)


def _before(value: Aggregate) -> Measure:
    return Measure(block=BEFORE, value=value, fold=Fold.MAX, empty=None, cover=Cover.EVERYONE)


def _tenure(name: str, tenures: str, *, says: str, one: str) -> Feature:
    return _HOME.feature(
        name,
        Measure(
            block=HOUSEHOLDS,
            value="CASE WHEN tenure IS NULL OR tenure = 'UNKNOWN' THEN NULL "
            f"WHEN tenure IN ({tenures}) THEN 1 ELSE 0 END",
            fold=Fold.MAX,
            empty=None,
            cover=Cover.EVERYONE,
        ),
        says=says,
        unit=Unit.YES_NO,
        direction=0,
        sentence=Sentence(one=one),
    )


HELPERS = {
    "_young_children": _here("children_0_4"),
    "_most_adults_6m": _before(most("adults", months=7, youngest=1)),
    "_most_adults_12m": _before(most("adults", months=13, youngest=1)),
    "_least_adults_12m": _before(least("adults", months=13, youngest=1)),
    "_least_young_12m": _before(least("children_0_4", months=13, youngest=1)),
}

FEATURES = (
    _people("household_size", "size", "People in the household"),
    _people("household_adults", "adults", "Adults in the household"),
    _people(
        "household_children", "children_0_4 + children_5_17", "Children under 18 in the household"
    ),
    _HOME.feature(
        "household_one_adult_with_children",
        Derived(
            sql="CASE WHEN household_adults = 1 AND household_children > 0 THEN 1 "
            "WHEN household_adults IS NULL OR household_children IS NULL THEN NULL ELSE 0 END",
            inputs=("household_adults", "household_children"),
        ),
        says="One adult with children",
        unit=Unit.YES_NO,
        direction=0,
        sentence=Sentence(one="One adult was caring for the children at home"),
    ),
    *(
        _changed(
            f"household_adult_left_{months}m",
            "household_adults",
            "<",
            f"_most_adults_{months}m",
            says=f"Fewer adults than at some snapshot of the {months} months before",
            one="An adult left the home {when}",
            window=months,
            bad=True,
        )
        for months in (6, 12)
    ),
    _changed(
        "household_adult_joined_12m",
        "household_adults",
        ">",
        "_least_adults_12m",
        says="More adults than at some snapshot of the 12 months before",
        one="An adult joined the household {when}",
        window=12,
        bad=False,
    ),
    _changed(
        "household_young_child_joined_12m",
        "_young_children",
        ">",
        "_least_young_12m",
        says="More children under 5 than at some snapshot of the 12 months before",
        one="A baby or young child joined the household {when}",
        window=12,
        bad=False,
    ),
    *(_moved(months) for months in (3, 12)),
    _HOME.feature(
        "household_years_in_home",
        Measure(
            block=HOUSEHOLDS,
            value="CAST(date_diff('day', resident_since, snapshot_date) AS DOUBLE) / 365.25",
            fold=Fold.MAX,
            empty=None,
            cover=Cover.EVERYONE,
        ),
        says="Years since the household came to this home",
        unit=Unit.YEARS,
        direction=-1,
        sentence=None,
    ),
    _tenure(
        "home_private_rent",
        "'PRS'",
        says="Rented from a private landlord",
        one="The home was rented from a private landlord",
    ),
    _tenure(
        "home_social_rent",
        "'COUNCIL', 'RP'",
        says="Rented from the council or a housing association",
        one="The home was rented from the council or a housing association",
    ),
    _HOME.feature(
        "home_no_fixed_address",
        Measure(
            block=HOUSEHOLDS,
            value="CASE WHEN hh_kind = 'NO_FIXED_ABODE' THEN 1 ELSE 0 END",
            fold=Fold.MAX,
            empty=None,
            cover=Cover.EVERYONE,
        ),
        says="No settled address is recorded",
        unit=Unit.YES_NO,
        direction=1,
        sentence=Sentence(one="No settled address was recorded"),
    ),
    _AREA.feature(
        "area_deprivation_tenth",
        Measure(block=AREAS, value="imd_decile", fold=Fold.MAX, empty=None, cover=Cover.EVERYONE),
        says="Deprivation tenth of the area, 1 the most deprived",
        unit=Unit.TENTH,
        direction=-1,
        sentence=None,
    ),
    _AREA.feature(
        "area_low_income_share",
        Measure(
            block=AREAS, value="income_domain", fold=Fold.MAX, empty=None, cover=Cover.EVERYONE
        ),
        says="Share of people of the area on a low income",
        unit=Unit.SHARE,
        direction=1,
        sentence=None,
    ),
)

STRENGTHS = (
    _HOME.strengths(Theme.SETTLED).feature(
        "strength_settled_years",
        Derived(
            sql="CASE WHEN household_years_in_home IS NULL THEN NULL "
            "WHEN household_years_in_home >= 3 THEN household_years_in_home ELSE 0 END",
            inputs=("household_years_in_home",),
        ),
        says="Years in the same home, from 3",
        unit=Unit.YEARS,
        direction=-1,
        sentence=Sentence(one="They have lived in the same home for {n} years", above=2.9),
    ),
)
