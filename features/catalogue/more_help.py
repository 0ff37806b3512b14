"""More of help with housing and everyday costs: kinds of need, amounts, temporary homes."""

from __future__ import annotations

from features.catalogue.shelf import Shelf
from features.declare import Derived, Fold, Measure, Sentence, Theme, Unit
from features.measures import count_in, kinds_in, months_live, pounds_in

_HOUSING = "Head of Housing Options"
_OPTIONS = "Housing options"

_HELP = Shelf(
    theme=Theme.HARDSHIP,
    block="award",
    owner="Head of Welfare Support",
    source_words="Welfare support records",
)
_CASE = Shelf(theme=Theme.HOUSING_HELP, block="case", owner=_HOUSING, source_words=_OPTIONS)
_DUTY = Shelf(theme=Theme.HOUSING_HELP, block="duty", owner=_HOUSING, source_words=_OPTIONS)
_PLACE = Shelf(theme=Theme.HOUSING_HELP, block="placement", owner=_HOUSING, source_words=_OPTIONS)

_ASKED = "route IN ('APPLIED', 'REFERRED')"
_NEEDS = (
    "FOOD",
    "ENERGY",
    "WHITE_GOODS",
    "RENT_SHORTFALL_RSRS",
    "RENT_SHORTFALL_LHA",
    "BENEFIT_CAP",
    "DEPOSIT_RIA",
    "ARREARS",
    "OTHER",
)

HELPERS = {
    "_requests_6m": Measure(block="award", value=count_in(6, _ASKED)),
}

FEATURES = (
    _HELP.value(
        "hardship_amount_12m",
        pounds_in(12, "amount", f"decision = 'AWARDED' AND {_ASKED}"),
        says="Emergency help given in the last 12 months",
        unit=Unit.POUNDS,
        direction=1,
        sentence=None,
        window=12,
        fold=Fold.SUM,
        empty=0.0,
    ),
    _HELP.feature(
        "hardship_needs_12m",
        Measure(block="award", value=kinds_in(12, "need", _NEEDS, where=_ASKED)),
        says="Different needs for which emergency help was asked, last 12 months",
        unit=Unit.TIMES,
        direction=1,
        sentence=Sentence(
            one="Emergency help was asked for one kind of need {when}",
            many="Emergency help was asked for {n} different kinds of need {when}",
        ),
        window=12,
    ),
    _HELP.since(
        "hardship_days_since_award",
        "decision_date",
        f"decision = 'AWARDED' AND {_ASKED}",
        says="Days since the last emergency award of the last 36 months",
        one="The last emergency award was made {in_month}",
    ),
    _HELP.feature(
        "hardship_requests_rise_6m",
        Derived(
            sql="2 * _requests_6m - hardship_requests_12m",
            inputs=("_requests_6m", "hardship_requests_12m"),
        ),
        says="Requests for emergency help of the last 6 months less those of the 6 months before",
        unit=Unit.TIMES,
        direction=1,
        sentence=Sentence(
            one="Emergency help was asked for more often {when} than in the 6 months before"
        ),
        window=6,
    ),
    *_CASE.counted(
        "housing_notices",
        (12,),
        "valid_notice IN ('S21', 'S8', 'NTQ')",
        says="Approaches with a valid notice to leave",
        one="They came to housing options with a notice to leave {when}",
        many="They came to housing options with a notice to leave {n} times {when}",
    ),
    *_DUTY.counted(
        "housing_without_home",
        (36,),
        "duty IN ('RELIEF', 'MAIN')",
        says="Duties owed to a household that had lost its home",
        one="The council agreed a duty to find them a home {when}",
        many="The council agreed a duty to find them a home {n} times {when}",
    ),
    *_PLACE.counted(
        "housing_nightly",
        (36,),
        "ta_type IN ('BB', 'NIGHTLY_PAID_SC')",
        says="Placements paid by the night",
        one="They were placed in accommodation paid by the night {when}",
        many="They were placed in accommodation paid by the night {n} times {when}",
    ),
    *_PLACE.counted(
        "housing_out_of_area",
        (36,),
        "out_of_area",
        says="Placements outside the area",
        one="They were placed in temporary accommodation outside the area {when}",
    ),
    _PLACE.value(
        "housing_months_in_temporary",
        months_live("start_date", "end_date", "TRUE"),
        says="Months in temporary accommodation so far",
        unit=Unit.MONTHS,
        direction=1,
        sentence=Sentence(
            one="They have been in temporary accommodation for a month",
            many="They have been in temporary accommodation for {n} months",
        ),
        empty=0.0,
    ),
)

STRENGTHS = ()
