"""Emergency help with everyday costs, and help with housing."""

from __future__ import annotations

from features.catalogue.shelf import Shelf
from features.declare import Derived, Measure, Sentence, Theme, Unit
from features.measures import any_live, count_in

_AWARD = Shelf(
    theme=Theme.HARDSHIP,
    block="award",
    owner="Head of Welfare Support",
    source_words="Welfare support records",
)
_HOUSING = "Head of Housing Options"
_WORDS = "Housing options"
_CASE = Shelf(theme=Theme.HOUSING_HELP, block="case", owner=_HOUSING, source_words=_WORDS)
_DUTY = Shelf(theme=Theme.HOUSING_HELP, block="duty", owner=_HOUSING, source_words=_WORDS)
_PLACE = Shelf(theme=Theme.HOUSING_HELP, block="placement", owner=_HOUSING, source_words=_WORDS)

# A payment sent to everybody who qualified says nothing of this household.
_ASKED = "route IN ('APPLIED', 'REFERRED')"
_AWARDED = f"decision = 'AWARDED' AND {_ASKED}"
_ADVICE = "assessment_decision IN ('ADVICE_ONLY', 'NOT_THREATENED')"

HELPERS = {
    "_advice_12m": Measure(block="case", value=count_in(12, _ADVICE)),
    "_applied_12m": Measure(block="award", value=count_in(12, "route = 'APPLIED'")),
}

FEATURES = (
    *_AWARD.counted(
        "hardship_requests",
        (3, 12),
        _ASKED,
        says="Requests for emergency help, whatever was decided",
        one="Emergency help with everyday costs was asked for {when}",
        many="Emergency help with everyday costs was asked for {n} times {when}",
        latest="hardship_days_since_request",
    ),
    *_AWARD.counted(
        "hardship_awards",
        (6, 12, 36),
        _AWARDED,
        says="Emergency awards",
        one="An emergency award was made {when}",
        many="{N} emergency awards have been made {since}",
    ),
    *_AWARD.counted(
        "hardship_turned_down",
        (12,),
        f"decision = 'REFUSED' AND {_ASKED}",
        says="Requests for emergency help that were turned down",
        one="A request for emergency help was turned down {when}",
        many="{N} requests for emergency help have been turned down {since}",
    ),
    *_AWARD.counted(
        "hardship_food_or_fuel",
        (12,),
        f"need IN ('FOOD', 'ENERGY') AND {_ASKED}",
        says="Requests for food or fuel",
        one="Help with food or fuel was asked for {when}",
        many="Help with food or fuel was asked for {n} times {when}",
    ),
    *_AWARD.counted(
        "hardship_rent_help",
        (12,),
        "need IN ('RENT_SHORTFALL_RSRS', 'RENT_SHORTFALL_LHA', 'BENEFIT_CAP', 'DEPOSIT_RIA', "
        f"'ARREARS') AND {_ASKED}",
        says="Requests for help with rent, a deposit or arrears",
        one="Help with rent, a deposit or arrears was asked for {when}",
        many="Help with rent, a deposit or arrears was asked for {n} times {when}",
    ),
    *_AWARD.counted(
        "hardship_asked_by_others",
        (12,),
        "route = 'REFERRED'",
        says="Requests that somebody else made for the household",
        one="Somebody asked for emergency help on their behalf {when}",
        many="Somebody asked for emergency help on their behalf {n} times {when}",
    ),
    _AWARD.since(
        "hardship_days_since_request",
        "decision_date",
        _ASKED,
        says="Days since the last request for emergency help of the last 36 months",
        one="Emergency help with everyday costs was last asked for {in_month}",
    ),
    *_CASE.counted(
        "housing_approaches",
        (6, 12, 36),
        "TRUE",
        says="Approaches to housing options",
        one="The housing options team was asked for help {when}",
        many="The housing options team was asked for help {n} times {when}",
        latest="housing_days_since_approach",
    ),
    _CASE.since(
        "housing_days_since_approach",
        "approach_date",
        "TRUE",
        says="Days since the last approach to housing options of the last 36 months",
        one="The housing options team was last asked for help {in_month}",
    ),
    *_CASE.counted(
        "housing_advice_only",
        (12,),
        _ADVICE,
        says="Approaches that ended in advice",
        one="Housing advice was given {when}",
        many="Housing advice was given {n} times {when}",
        direction=0,
    ),
    *_DUTY.counted(
        "housing_duties",
        (12, 36),
        "TRUE",
        says="Duties owed by the council to prevent or relieve homelessness",
        one="The council agreed a duty to help them keep or find a home {when}",
        many="The council agreed a duty to help them keep or find a home {n} times {when}",
    ),
    _DUTY.since(
        "housing_days_since_duty",
        "start_date",
        "TRUE",
        says="Days since the last duty of the last 36 months began",
        one="The council last agreed a duty to help them keep or find a home {in_month}",
    ),
    _DUTY.yes_no(
        "housing_duty_open",
        any_live("start_date", "end_date"),
        says="A duty is open",
        direction=1,
        one="The housing options team was already helping them",
    ),
    *_PLACE.counted(
        "housing_placements",
        (36,),
        "TRUE",
        says="Placements in temporary accommodation",
        one="They stayed in temporary accommodation {when}",
        many="They stayed in temporary accommodation in {n} places {when}",
    ),
    _PLACE.yes_no(
        "housing_in_temporary",
        any_live("start_date", "end_date"),
        says="In temporary accommodation",
        direction=1,
        one="They were living in temporary accommodation",
    ),
)

STRENGTHS = (
    _AWARD.strengths(Theme.ASKING).feature(
        "strength_asked_early",
        Derived(
            sql="CASE WHEN coalesce(_applied_12m, 0) + coalesce(_advice_12m, 0) "
            "+ coalesce(_rent_support_12m, 0) > 0 "
            "AND coalesce(ctax_summonses_12m, 0) + coalesce(ctax_liability_orders_12m, 0) "
            "+ coalesce(ctax_agent_referrals_12m, 0) + coalesce(rent_notices_12m, 0) "
            "+ coalesce(rent_court_steps_12m, 0) + coalesce(rent_orders_12m, 0) = 0 "
            "THEN 1 ELSE 0 END",
            inputs=(
                "_applied_12m",
                "_advice_12m",
                "_rent_support_12m",
                "ctax_summonses_12m",
                "ctax_liability_orders_12m",
                "ctax_agent_referrals_12m",
                "rent_notices_12m",
                "rent_court_steps_12m",
                "rent_orders_12m",
            ),
            any_source=True,
        ),
        says="Asked for emergency help or advice within 12 months, before any court stage",
        unit=Unit.YES_NO,
        direction=0,
        sentence=Sentence(one="They asked for help early, before any court stage"),
        window=12,
    ),
)
