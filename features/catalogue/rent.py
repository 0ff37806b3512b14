"""Rent: how far behind, letters, notices and courts, agreements, the tenancy itself."""

from __future__ import annotations

from features.aggregates import Aggregate
from features.catalogue.shelf import Shelf
from features.declare import Derived, Fold, Measure, Sentence, Theme, Unit
from features.measures import (
    any_in,
    any_live,
    any_while,
    count_in,
    count_while,
    latest,
    least,
    middle,
    month_of,
    months_live,
    months_with,
    most,
    open_end,
)

_OWNER = "Head of Housing Management"
_WORDS = "Housing account"

_BALANCE = Shelf(theme=Theme.RENT, block="balance", owner=_OWNER, source_words=_WORDS)
_ACTION = Shelf(theme=Theme.RENT, block="action", owner=_OWNER, source_words=_WORDS)
_AGREEMENT = Shelf(theme=Theme.RENT, block="agreement", owner=_OWNER, source_words=_WORDS)
_TENANCY = Shelf(theme=Theme.HOME, block="tenancy", owner=_OWNER, source_words=_WORDS)


# A monthly benefit payment in arrears takes an account to about 4.3 weeks owed every month without
# anybody being late; so "behind" begins above that, and "clear" asks for one clear week in a month.
_A_MONTH = "4.4"


def _median(youngest: int, oldest: int) -> str:
    return f"median(weeks_owed) FILTER (WHERE lag BETWEEN {youngest} AND {oldest})"


def _broken(months: int) -> Aggregate:
    """Agreements broken so lately: from the day they ended or, until that is past, were known."""
    ends, broken = open_end("end_date"), "state = 'breached'"
    until = f"least({ends}, known_month + {months})"
    return count_while(broken, "known_month", until) + count_while(
        broken, ends, open_end("end_date", months=months)
    )


HELPERS = {
    "_rent_covered": Measure(
        block="tenancy",
        value=any_while(
            "tenure <> 'GARAGE'", month_of("start_date"), open_end("end_date", months=12)
        ),
        fold=Fold.MAX,
    ),
    "_rent_support_12m": Measure(block="action", value=count_in(12, "action_group = 'SUPPORT'")),
    "_rent_once_behind": Measure(
        block="balance",
        value=any_in(13, f"weeks_owed > {_A_MONTH}", youngest=6),
        fold=Fold.MAX,
    ),
    "_rent_now_most": Measure(
        block="balance",
        value=most("weeks_owed", months=3),
        fold=Fold.MAX,
        empty=None,
    ),
    "_rent_now_least": Measure(
        block="balance",
        value=least("weeks_owed", months=3),
        fold=Fold.MAX,
        empty=None,
    ),
}

FEATURES = (
    _BALANCE.value(
        "rent_weeks_owed",
        latest("weeks_owed", "balance_date", within=2),
        says="Weeks of rent owed at the latest balance, if within 2 months",
        unit=Unit.WEEKS_OWED,
        direction=1,
        sentence=Sentence(one="The rent account was behind at the end of {now}", above=1.0),
    ),
    *(
        _BALANCE.value(
            f"rent_weeks_owed_median_{months}m",
            middle("weeks_owed", 0, months - 1),
            says=f"Median weeks of rent owed over the last {months} months",
            unit=Unit.WEEKS_OWED,
            direction=1,
            sentence=Sentence(one="Rent was behind more often than not {when}", above=1.0),
            window=months,
        )
        for months in (3, 12)
    ),
    _BALANCE.value(
        "rent_weeks_owed_most_12m",
        most("weeks_owed", months=12),
        says="Most weeks of rent owed at any balance of the last 12 months",
        unit=Unit.WEEKS_OWED,
        direction=1,
        sentence=Sentence(
            one="Rent had been more than a month behind at some time {when}", above=4.4
        ),
        window=12,
    ),
    *(
        _BALANCE.value(
            f"rent_weeks_owed_rise_{months}m",
            middle("weeks_owed", 0, 0) - middle("weeks_owed", months, months),
            says=f"Median weeks owed this month less that of {months} months before",
            unit=Unit.WEEKS_OWED,
            direction=1,
            sentence=Sentence(one="Rent arrears have grown {since}", above=0.5),
            window=months,
        )
        for months in (3, 6)
    ),
    _BALANCE.value(
        "rent_weeks_behind_12m",
        count_in(12, f"weeks_owed > {_A_MONTH}"),
        says="Weekly balances of the last 12 months with more than a month of rent owed",
        unit=Unit.TIMES,
        direction=1,
        sentence=Sentence(
            one="Rent was more than a month behind in one week of the last 12 months",
            many="Rent was more than a month behind in {n} weeks of the last 12 months",
        ),
        window=12,
    ),
    *_ACTION.counted(
        "rent_contacts",
        (12,),
        "action_group = 'CONTACT'",
        says="Times that the landlord tried to get in touch about rent",
        one="The landlord tried to get in touch about rent once {when}",
        many="The landlord tried to get in touch about rent {n} times {when}",
    ),
    *_ACTION.counted(
        "rent_letters",
        (3, 12),
        "action_group = 'PRE_NOTICE'",
        says="Letters about rent before a notice",
        one="A letter warning about rent was sent {when}",
        many="{N} letters warning about rent have been sent {since}",
    ),
    *_ACTION.counted(
        "rent_notices",
        (3, 12),
        "action_group = 'NOTICE'",
        says="Notices seeking possession",
        one="A notice about losing the tenancy was served {when}",
        many="{N} notices about losing the tenancy have been served {since}",
        latest="rent_days_since_notice",
    ),
    *_ACTION.counted(
        "rent_court_steps",
        (12,),
        "action_group IN ('PRE_COURT', 'COURT')",
        says="Steps towards court",
        one="The landlord took a step towards court about the tenancy {when}",
        many="The landlord has taken {n} steps towards court about the tenancy {since}",
    ),
    *_ACTION.counted(
        "rent_orders",
        (12, 36),
        "action_group IN ('ORDER', 'BREACH_ORDER')",
        says="Possession orders, and orders broken",
        one="A court made an order about the tenancy {when}",
        many="A court has made {n} orders about the tenancy {since}",
    ),
    *_ACTION.counted(
        "rent_warrants",
        (12,),
        "action_group IN ('WARRANT', 'EVICTED')",
        says="Warrants of possession and evictions",
        one="The landlord asked for a date to take the home back {when}",
        many="The landlord has asked for a date to take the home back {n} times {since}",
    ),
    *_ACTION.counted(
        "rent_from_benefits",
        (12,),
        "action_group = 'DWP_DIRECT'",
        says="Requests for rent to be paid straight from benefits",
        one="The landlord asked for rent to be paid straight from benefits {when}",
        direction=0,
    ),
    _ACTION.since(
        "rent_days_since_notice",
        "action_date",
        "action_group = 'NOTICE'",
        says="Days since the last notice of the last 36 months",
        one="The last notice about losing the tenancy was served {in_month}",
    ),
    _AGREEMENT.yes_no(
        "rent_agreement_live",
        any_live("start_date", "end_date", "state = 'live'"),
        says="An agreement to repay rent is live",
        direction=0,
        one="An agreement to repay rent was in place",
    ),
    *(
        _AGREEMENT.feature(
            f"rent_agreements_broken_{months}m",
            Measure(
                block="agreement",
                value=_broken(months),
            ),
            says=f"Agreements to repay rent that were broken, last {months} months",
            unit=Unit.TIMES,
            direction=1,
            sentence=Sentence(
                one="An agreement to repay rent ended early {when}",
                many="{N} agreements to repay rent ended early {when}",
            ),
            window=months,
        )
        for months in (6, 12)
    ),
    _TENANCY.yes_no(
        "rent_new_tenancy_12m",
        any_while(
            "tenure <> 'GARAGE'",
            month_of("start_date"),
            f"least({open_end('end_date')}, {month_of('start_date')} + 12)",
        ),
        says="The tenancy began in the last 12 months",
        direction=0,
        one="The tenancy began {when}",
        window=12,
    ),
    _TENANCY.yes_no(
        "rent_introductory",
        any_live("start_date", "end_date", "tenure = 'INTRODUCTORY'"),
        says="The tenancy is introductory",
        direction=0,
        one="The tenancy was still in its first, introductory year",
    ),
    _TENANCY.yes_no(
        "rent_insecure",
        any_live("start_date", "end_date", "tenure IN ('NON_SECURE', 'LICENCE', 'TEMP_ACCOM')"),
        says="The tenancy is non-secure, a licence or temporary accommodation",
        direction=1,
        one="The tenancy was a temporary one",
    ),
)

STRENGTHS = (
    _BALANCE.strengths(Theme.PAYING).value(
        "strength_rent_clear_months",
        months_with(12, "weeks_owed <= 0.5"),
        says="Months of the last 12 in which the rent account was clear in at least one week",
        unit=Unit.MONTHS,
        direction=-1,
        sentence=Sentence(
            one="The rent account was brought up to date in {n} of the last 12 months", above=5.5
        ),
        window=12,
        empty=0.0,
    ),
    _AGREEMENT.strengths(Theme.PLAN).value(
        "strength_rent_plan_months",
        months_live("start_date", "end_date", "state = 'live'", from_months=3),
        says="Months that a live agreement to repay rent has been kept, from 3",
        unit=Unit.MONTHS,
        direction=-1,
        sentence=Sentence(
            one="They have kept to an agreement to repay rent for {n} months", above=2.5
        ),
        empty=0.0,
    ),
    _AGREEMENT.strengths(Theme.THROUGH).yes_no(
        "strength_rent_plan_completed",
        any_while("state = 'completed'", open_end("end_date"), open_end("end_date", months=24)),
        says="An agreement to repay rent was completed in the last 24 months",
        direction=-1,
        one="They paid off earlier rent arrears in full under an agreement",
    ),
    _BALANCE.strengths(Theme.THROUGH).feature(
        "strength_rent_arrears_cleared",
        Derived(
            sql="CASE WHEN _rent_now_most IS NULL THEN NULL "
            f"WHEN _rent_once_behind = 1 AND _rent_now_most <= {_A_MONTH} "
            "AND _rent_now_least <= 0.5 THEN 1 ELSE 0 END",
            inputs=("_rent_now_most", "_rent_now_least", "_rent_once_behind"),
        ),
        says="More than a month of rent was owed 6 to 12 months ago; of the last 3 months, never "
        "so much, and in some week none",
        unit=Unit.YES_NO,
        direction=-1,
        sentence=Sentence(one="Rent arrears of half a year ago and more had been cleared"),
    ),
)
