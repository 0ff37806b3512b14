"""Rent: what was paid and what came back, spells of owing, and the tenancy's own terms."""

from __future__ import annotations

from contracts.columns import ColumnClass
from features.catalogue.shelf import Shelf
from features.declare import Derived, Fold, Measure, Sentence, Theme, Unit
from features.measures import (
    any_live,
    any_while,
    count_while,
    days_since,
    largest_live,
    latest,
    least,
    middle,
    month_of,
    months_live,
    months_running,
    months_with,
    most,
    open_end,
    pounds_in,
)

_OWNER = "Head of Housing Management"
_WORDS = "Housing account"

_PAYMENT = Shelf(theme=Theme.RENT, block="payment", owner=_OWNER, source_words=_WORDS)
_BALANCE = Shelf(theme=Theme.RENT, block="balance", owner=_OWNER, source_words=_WORDS)
_ACTION = Shelf(theme=Theme.RENT, block="action", owner=_OWNER, source_words=_WORDS)
_AGREEMENT = Shelf(theme=Theme.RENT, block="agreement", owner=_OWNER, source_words=_WORDS)
_TENANCY = Shelf(theme=Theme.HOME, block="tenancy", owner=_OWNER, source_words=_WORDS)

_RETURNED = "trans_code = 'RDN'"
# What the household itself pays, by whichever way; the amount of a credit is below zero.
_OWN = "trans_code IN ('RDD', 'RSO', 'RCP', 'RBR', 'RPY') AND amount < 0"
_BEHIND = "weeks_owed > 4.4"  # see catalogue.rent for why not less

HELPERS = {
    "_rent_paid_6m": Measure(block="payment", value=pounds_in(6, "-amount", _OWN)),
    "_rent_paid_before_6m": Measure(
        block="payment", value=pounds_in(12, "-amount", _OWN, youngest=6)
    ),
    "_bedrooms": Measure(
        block="tenancy",
        value=largest_live("bedrooms", "start_date", "end_date", "tenure <> 'GARAGE'"),
        fold=Fold.MAX,
        empty=None,
    ),
}

FEATURES = (
    *_PAYMENT.counted(
        "rent_debits_returned",
        (3, 6, 12),
        _RETURNED,
        says="Direct debits for rent that came back unpaid",
        one="A direct debit for rent came back unpaid {when}",
        many="{N} direct debits for rent have come back unpaid {since}",
        latest="rent_days_since_debit_returned",
    ),
    _PAYMENT.since(
        "rent_days_since_debit_returned",
        "trans_date",
        _RETURNED,
        says="Days since the last direct debit that came back, of the last 13 months",
        one="The last direct debit for rent that came back unpaid was {in_month}",
    ),
    *_PAYMENT.counted(
        "rent_payments",
        (3, 12),
        _OWN,
        says="Payments of rent by the household itself",
        one=None,
        direction=-1,
    ),
    _PAYMENT.value(
        "rent_days_since_payment",
        days_since("trans_date", _OWN),
        says="Days since the household last paid rent itself, in the last 13 months",
        unit=Unit.DAYS,
        direction=0,
        sentence=None,
        fold=Fold.MIN,
    ),
    _PAYMENT.feature(
        "rent_paid_fall_6m",
        Derived(
            sql="_rent_paid_before_6m - _rent_paid_6m",
            inputs=("_rent_paid_before_6m", "_rent_paid_6m"),
        ),
        says="Rent paid by the household in the 6 months before less that of the last 6",
        unit=Unit.POUNDS,
        direction=0,
        sentence=Sentence(
            one="Less was paid towards the rent {when} than in the 6 months before", above=50.0
        ),
        window=6,
    ),
    *_PAYMENT.counted(
        "rent_court_costs",
        (12,),
        "trans_code = 'DCC'",
        says="Court costs charged to the rent account",
        one="Court costs were added to the rent account {when}",
    ),
    *_PAYMENT.counted(
        "rent_paid_from_benefit_debts",
        (12,),
        "trans_code = 'RDP'",
        says="Payments of rent owed that were taken from benefits",
        one="Rent owed was paid out of benefits {when}",
        many="Rent owed was paid out of benefits {n} times {when}",
        direction=0,
    ),
    *(
        _BALANCE.value(
            f"rent_months_behind_{months}m",
            months_with(months, _BEHIND),
            says=f"Months of the last {months} with more than a month of rent owed at some time",
            unit=Unit.MONTHS,
            direction=1,
            sentence=Sentence(
                one="Rent was more than a month behind in one of the last {months} months".replace(
                    "{months}", str(months)
                ),
                many=f"Rent was more than a month behind in {{n}} of the last {months} months",
            ),
            window=months,
            empty=0.0,
        )
        for months in (6, 12)
    ),
    _BALANCE.value(
        "rent_months_behind_running",
        months_running(12, _BEHIND),
        says="Months up to now, one after another, with more than a month of rent owed",
        unit=Unit.MONTHS,
        direction=1,
        sentence=Sentence(
            one="Rent has been more than a month behind this month",
            many="Rent has been more than a month behind for {n} months running",
        ),
        empty=0.0,
    ),
    _BALANCE.value(
        "rent_weeks_owed_against_year",
        middle("weeks_owed", 0, 0) - middle("weeks_owed", 0, 11),
        says="Median weeks owed this month less that of the last 12",
        unit=Unit.WEEKS_OWED,
        direction=1,
        sentence=Sentence(one="More rent was owed than is usual for this household", above=0.5),
    ),
    _BALANCE.value(
        "rent_weeks_owed_swing_3m",
        most("weeks_owed", months=3) - least("weeks_owed", months=3),
        says="Most less least weeks of rent owed in the last 3 months",
        unit=Unit.WEEKS_OWED,
        direction=0,
        sentence=None,
        window=3,
    ),
    _BALANCE.value(
        "rent_balance_owed",
        latest("balance", "balance_date", within=2),
        says="Rent owed at the latest balance, if within 2 months",
        unit=Unit.POUNDS,
        direction=1,
        sentence=None,
        fold=Fold.SUM,
    ),
    *_ACTION.counted(
        "rent_help_offered",
        (6,),
        "action_group = 'SUPPORT'",
        says="Times that the landlord offered help with money",
        one="The landlord offered help with money {when}",
        many="The landlord offered help with money {n} times {when}",
        direction=0,
    ),
    _AGREEMENT.feature(
        "rent_agreements_12m",
        Measure(
            block="agreement",
            value=count_while("TRUE", month_of("start_date"), f"{month_of('start_date')} + 12"),
        ),
        says="Agreements to repay rent begun, last 12 months",
        unit=Unit.TIMES,
        direction=1,
        sentence=Sentence(
            one="An agreement to repay rent began {when}",
            many="{N} agreements to repay rent began {when}",
        ),
        window=12,
    ),
    _AGREEMENT.yes_no(
        "rent_agreement_by_court",
        any_live("start_date", "end_date", "state = 'live' AND court_ordered"),
        says="A live agreement to repay rent was ordered by a court",
        direction=1,
        one="A court had ordered how the rent owed is repaid",
    ),
    _TENANCY.value(
        "rent_a_week",
        largest_live("rent_net_pw + coalesce(service_charge_pw, 0)", "start_date", "end_date"),
        says="Rent and service charge a week",
        unit=Unit.POUNDS,
        direction=0,
        sentence=None,
    ),
    _TENANCY.about(Theme.RENT).yes_no(
        "rent_breathing_space",
        any_while(
            "breathing_space",
            month_of("start_date"),
            f"least({open_end('end_date')}, {open_end('breathing_space_end')})",
        ),
        says="A breathing space from debts stands on the tenancy",
        direction=1,
        one="A breathing space from rent owed had been agreed",
    ),
    _TENANCY.about(Theme.RENT).yes_no(
        "rent_paid_to_landlord",
        any_live("start_date", "end_date", "uc_direct_to_landlord"),
        says="Universal Credit pays the rent element to the landlord",
        direction=0,
        one="Rent was paid straight to the landlord from Universal Credit",
    ),
    _TENANCY.yes_no(
        "home_council_landlord",
        any_live("start_date", "end_date", "landlord = 'COUNCIL'"),
        says="The council is the landlord",
        direction=0,
        one="The council was the landlord",
    ),
    _TENANCY.value(
        "rent_months_in_tenancy",
        months_live("start_date", "end_date", "tenure <> 'GARAGE'"),
        says="Months since the tenancy began",
        unit=Unit.MONTHS,
        direction=-1,
        sentence=None,
        empty=0.0,
    ),
    Shelf(
        theme=Theme.HOME,
        block="tenancy",
        owner=_OWNER,
        source_words=_WORDS,
        cls=ColumnClass.QUASI,
    ).feature(
        "home_people_a_bedroom",
        Derived(
            sql="household_size / nullif(_bedrooms, 0)", inputs=("household_size", "_bedrooms")
        ),
        says="People for each bedroom of the tenancy",
        unit=Unit.PEOPLE,
        direction=1,
        sentence=Sentence(one="There were more than two people to a bedroom", above=2.0),
    ),
)

STRENGTHS = (
    _TENANCY.strengths(Theme.SETTLED).yes_no(
        "strength_secure_tenancy",
        any_live("start_date", "end_date", "tenure IN ('SECURE', 'ASSURED', 'FLEXIBLE')"),
        says="The tenancy is secure, assured or flexible",
        direction=-1,
        one="They have a tenancy that lasts",
    ),
    _PAYMENT.strengths(Theme.PAYING).value(
        "strength_rent_months_paid",
        months_with(12, _OWN),
        says="Months of the last 12 in which the household paid rent itself",
        unit=Unit.MONTHS,
        direction=-1,
        sentence=Sentence(one="They paid rent themselves in {n} of the last 12 months", above=5.5),
        window=12,
        empty=0.0,
    ),
)
