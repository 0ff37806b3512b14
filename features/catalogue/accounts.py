"""Council tax: what is owed on the account, further court steps, the terms of its support."""

from __future__ import annotations

from features.catalogue.shelf import Shelf
from features.declare import Derived, Fold, Measure, Sentence, Theme, Unit
from features.measures import (
    any_live,
    any_while,
    count_in,
    days_since,
    largest_live,
    latest,
    open_end,
)

_OWNER = "Head of Revenues"
_WORDS = "Council tax account"

_STAGES = Shelf(theme=Theme.COUNCIL_TAX, block="recovery", owner=_OWNER, source_words=_WORDS)
_ACCOUNT = Shelf(theme=Theme.COUNCIL_TAX, block="account", owner=_OWNER, source_words=_WORDS)
_SUPPORT = Shelf(theme=Theme.COUNCIL_TAX, block="support", owner=_OWNER, source_words=_WORDS)

_BEGAN, _ENDED = "liability_start", "liability_end"

HELPERS = {
    "_stages_6m": Measure(
        block="recovery", value=count_in(6, "stage NOT IN ('WITHDRAWN', 'PAID', 'INFO')")
    ),
}

FEATURES = (
    _ACCOUNT.value(
        "ctax_arrears_owed",
        largest_live("balance_arrears", _BEGAN, _ENDED),
        says="Council tax owed from earlier years",
        unit=Unit.POUNDS,
        direction=1,
        sentence=Sentence(one="Council tax was still owed from earlier years"),
        fold=Fold.SUM,
    ),
    _ACCOUNT.value(
        "ctax_costs_owed",
        largest_live("costs_outstanding", _BEGAN, _ENDED),
        says="Court costs owed on the account",
        unit=Unit.POUNDS,
        direction=1,
        sentence=Sentence(one="Court costs were owed on the council tax account"),
        fold=Fold.SUM,
    ),
    _ACCOUNT.value(
        "ctax_debits_returned_12m",
        largest_live("dd_rejected_12m", _BEGAN, _ENDED),
        says="Direct debits for council tax that came back unpaid in 12 months",
        unit=Unit.TIMES,
        direction=1,
        sentence=Sentence(
            one="A direct debit for council tax came back unpaid {when}",
            many="{N} direct debits for council tax have come back unpaid {since}",
        ),
        window=12,
    ),
    _ACCOUNT.value(
        "ctax_days_since_payment",
        days_since("last_payment_date"),
        says="Days since the last payment of council tax",
        unit=Unit.DAYS,
        direction=0,
        sentence=None,
        fold=Fold.MIN,
    ),
    _ACCOUNT.yes_no(
        "ctax_special_plan",
        any_live(_BEGAN, _ENDED, "instalment_plan = 'SPA'"),
        says="Council tax is paid under a special arrangement",
        direction=0,
        one="A special arrangement to pay council tax was in place",
    ),
    _ACCOUNT.value(
        "ctax_owed_share",
        largest_live(
            "CAST(balance_cy + balance_arrears AS DOUBLE) "
            "/ nullif(CAST(annual_charge_pa AS DOUBLE), 0)",
            _BEGAN,
            _ENDED,
        ),
        says="Council tax owed as a share of a year's bill",
        unit=Unit.SHARE,
        direction=0,
        sentence=None,
    ),
    *_STAGES.counted(
        "ctax_further_court",
        (24,),
        "stage IN ('CHG', 'INSOLV', 'COMMIT')",
        says="Charging orders, insolvency and committal steps",
        one="A further court step was taken about council tax {when}",
        many="{N} further court steps have been taken about council tax {since}",
    ),
    *_STAGES.counted(
        "ctax_agents_returned",
        (12,),
        "stage = 'EA_RETURN'",
        says="Debts that enforcement agents passed back",
        one="Enforcement agents passed a council tax debt back {when}",
    ),
    *_STAGES.counted(
        "ctax_information_requests",
        (12,),
        "stage = 'INFO'",
        says="Requests for information after a liability order",
        one="The council asked how council tax owed could be paid {when}",
        direction=0,
    ),
    *_STAGES.counted(
        "ctax_arrangements",
        (12,),
        "stage = 'LO_ARR'",
        says="Arrangements made after a liability order",
        one="A plan to pay council tax owed was agreed {when}",
        many="{N} plans to pay council tax owed have been agreed {since}",
        direction=0,
    ),
    _STAGES.value(
        "ctax_debt_latest",
        latest("debt_at_stage", "stage_date", within=12),
        says="Debt at the latest recovery stage of the last 12 months",
        unit=Unit.POUNDS,
        direction=1,
        sentence=None,
        fold=Fold.SUM,
    ),
    _STAGES.feature(
        "ctax_stages_rise_6m",
        Derived(sql="2 * _stages_6m - _stages_12m", inputs=("_stages_6m", "_stages_12m")),
        says="Recovery stages of the last 6 months less those of the 6 months before",
        unit=Unit.TIMES,
        direction=1,
        sentence=Sentence(
            one="Letters and court steps about council tax came more often {when} than in the "
            "6 months before"
        ),
        window=6,
    ),
    _SUPPORT.value(
        "ctax_support_a_week",
        largest_live("award_pw", "award_from", "award_to"),
        says="Council tax support a week",
        unit=Unit.POUNDS,
        direction=0,
        sentence=None,
        empty=0.0,
    ),
    _SUPPORT.yes_no(
        "ctax_support_ended_no_reply_12m",
        any_while(
            "end_reason = 'NON_RESPONSE'", open_end("award_to"), open_end("award_to", months=12)
        ),
        says="Council tax support ended for want of a reply in the last 12 months",
        direction=1,
        one="Council tax support ended {when} after a letter had no reply",
        window=12,
    ),
    _SUPPORT.yes_no(
        "ctax_support_for_hardship",
        any_live("award_from", "award_to", "exceptional_hardship_award > 0"),
        says="Extra council tax support for hardship is in payment",
        direction=1,
        one="Extra help with council tax was being given for hardship",
    ),
    _SUPPORT.yes_no(
        "ctax_support_less_for_adult",
        any_live("award_from", "award_to", "nondep_deduction_pw > 0"),
        says="Council tax support is lower for another adult at home",
        direction=0,
        one="Council tax support was lower for another adult at home",
    ),
)

STRENGTHS = ()
