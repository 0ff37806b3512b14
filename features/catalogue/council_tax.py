"""Council tax: reminders, court stages, how the bill is paid, support that ended."""

from __future__ import annotations

from features.catalogue.shelf import Shelf
from features.declare import Derived, Fold, Measure, Sentence, Theme, Unit
from features.measures import (
    any_live,
    any_while,
    count_in,
    month_of,
    months_from_first,
    most,
    one,
    open_end,
    plan_months,
)

_OWNER = "Head of Revenues"
_WORDS = "Council tax account"

_STAGES = Shelf(theme=Theme.COUNCIL_TAX, block="recovery", owner=_OWNER, source_words=_WORDS)
_ACCOUNT = Shelf(theme=Theme.COUNCIL_TAX, block="account", owner=_OWNER, source_words=_WORDS)
_PAST = Shelf(theme=Theme.COUNCIL_TAX, block="account_past", owner=_OWNER, source_words=_WORDS)
_SUPPORT = Shelf(theme=Theme.COUNCIL_TAX, block="support", owner=_OWNER, source_words=_WORDS)
_DISCOUNT = Shelf(theme=Theme.CHANGE, block="discount", owner=_OWNER, source_words=_WORDS)

_REMINDER = "stage IN ('REM1', 'REM2')"

HELPERS = {
    "_ctax_covered": Measure(
        block="account",
        value=any_while("TRUE", month_of("liability_start"), open_end("liability_end", months=12)),
        fold=Fold.MAX,
    ),
    "_support_ended_3m": Measure(
        block="support",
        value=any_while("TRUE", open_end("award_to"), open_end("award_to", months=3)),
        fold=Fold.MAX,
    ),
    "_support_ended_12m": Measure(
        block="support",
        value=any_while("TRUE", open_end("award_to"), open_end("award_to", months=12)),
        fold=Fold.MAX,
    ),
    "_stages_12m": Measure(
        block="recovery",
        value=count_in(12, "stage NOT IN ('WITHDRAWN', 'PAID', 'INFO')"),
    ),
    "_account_months": Measure(
        block="account", value=months_from_first("liability_start"), fold=Fold.MAX, empty=None
    ),
}

FEATURES = (
    *_STAGES.counted(
        "ctax_reminders",
        (1, 3, 6, 12),
        _REMINDER,
        says="Council tax reminders",
        one="One council tax reminder was sent {when}",
        many="{N} council tax reminders have been sent {since}",
        latest="ctax_days_since_reminder",
    ),
    *_STAGES.counted(
        "ctax_final_notices",
        (3, 12),
        "stage = 'FINAL'",
        says="Final notices for council tax",
        one="A final notice for council tax was sent {when}",
        many="{N} final notices for council tax have been sent {since}",
    ),
    *_STAGES.counted(
        "ctax_summonses",
        (3, 12),
        "stage = 'SUMMONS'",
        says="Court summonses for council tax",
        one="A court summons for council tax was sent {when}",
        many="{N} court summonses for council tax have been sent {since}",
        latest="ctax_days_since_summons",
    ),
    *_STAGES.counted(
        "ctax_liability_orders",
        (6, 12, 36),
        "stage = 'LO'",
        says="Liability orders for council tax",
        one="A court order for unpaid council tax was made {when}",
        many="{N} court orders for unpaid council tax have been made {since}",
        latest="ctax_days_since_liability_order",
    ),
    *_STAGES.counted(
        "ctax_agent_referrals",
        (6, 12),
        "stage = 'EA_REF'",
        says="Council tax debts passed to enforcement agents",
        one="Council tax owed was passed to enforcement agents {when}",
        many="Council tax owed has been passed to enforcement agents {n} times {since}",
    ),
    *_STAGES.counted(
        "ctax_agent_visits",
        (12,),
        "stage = 'EA_VISIT'",
        says="Visits by enforcement agents",
        one="Enforcement agents visited about council tax {when}",
        many="Enforcement agents have visited about council tax {n} times {since}",
    ),
    *_STAGES.counted(
        "ctax_taken_at_source",
        (12,),
        "stage IN ('AEO', 'DFB')",
        says="Orders to take council tax from earnings or benefits",
        one="Council tax owed began to be taken from pay or benefits {when}",
    ),
    _STAGES.value(
        "ctax_debt_largest_12m",
        most("debt_at_stage", months=12),
        says="Largest debt at a recovery stage of the last 12 months, added up over accounts",
        unit=Unit.POUNDS,
        direction=1,
        sentence=Sentence(one="Council tax was owed when letters about it were sent {when}"),
        window=12,
        fold=Fold.SUM,
        empty=0.0,
    ),
    _STAGES.since(
        "ctax_days_since_reminder",
        "stage_date",
        _REMINDER,
        says="Days since the last council tax reminder of the last 36 months",
        one="The last council tax reminder was sent {in_month}",
    ),
    _STAGES.since(
        "ctax_days_since_summons",
        "stage_date",
        "stage = 'SUMMONS'",
        says="Days since the last summons of the last 36 months",
        one="The last court summons for council tax was sent {in_month}",
    ),
    _STAGES.since(
        "ctax_days_since_liability_order",
        "stage_date",
        "stage = 'LO'",
        says="Days since the last liability order of the last 36 months",
        one="The last court order for unpaid council tax was made {in_month}",
    ),
    _STAGES.feature(
        "ctax_reminders_rise_6m",
        Derived(
            sql="2 * ctax_reminders_6m - ctax_reminders_12m",
            inputs=("ctax_reminders_6m", "ctax_reminders_12m"),
        ),
        says="Reminders of the last 6 months less those of the 6 months before",
        unit=Unit.TIMES,
        direction=1,
        sentence=Sentence(
            one="Council tax reminders came more often {when} than in the 6 months before"
        ),
        window=6,
    ),
    _ACCOUNT.yes_no(
        "ctax_direct_debit",
        any_live("liability_start", "liability_end", "payment_method = 'DD'"),
        says="The current account is paid by direct debit",
        direction=-1,
        one="Council tax was set up to be paid by direct debit",
    ),
    _PAST.yes_no(
        "ctax_direct_debit_ended_12m",
        any_while("payment_method = 'DD'", "gone", "gone + 12", past=True)
        * (one() - any_while("payment_method = 'DD'", end="gone")),
        says="A direct debit for council tax ended in the last 12 months",
        direction=1,
        one="The direct debit for council tax ended {when}",
        window=12,
    ),
    _ACCOUNT.yes_no(
        "ctax_breathing_space",
        any_while(
            "breathing_space_until IS NOT NULL",
            month_of("liability_start"),
            f"least({open_end('liability_end')}, {month_of('breathing_space_until')})",
        ),
        says="A breathing space from debts is in force",
        direction=1,
        one="A breathing space from debts had been agreed",
    ),
    *(
        _SUPPORT.feature(
            f"ctax_support_ended_{months}m",
            Derived(
                sql=f"CASE WHEN strength_support_in_payment = 1 THEN 0 "
                f"ELSE _support_ended_{months}m END",
                inputs=(f"_support_ended_{months}m", "strength_support_in_payment"),
            ),
            says=f"Council tax support ended in the last {months} months and has not resumed",
            unit=Unit.YES_NO,
            direction=1,
            sentence=Sentence(one="Council tax support ended {when} and had not started again"),
            window=months,
        )
        for months in (3, 12)
    ),
    *(
        _DISCOUNT.yes_no(
            f"single_discount_began_{months}m",
            any_while(
                "disc_code = 'SPD25'", month_of("start_date"), open_end("start_date", months=months)
            ),
            says=f"A single person discount began in the last {months} months",
            direction=1,
            one="A single person discount on council tax began {when}",
            window=months,
        )
        for months in (6, 12)
    ),
)

STRENGTHS = (
    _ACCOUNT.strengths(Theme.PAYING).feature(
        "strength_paying_council_tax",
        Derived(
            sql="CASE WHEN ctax_direct_debit = 1 AND _stages_12m = 0 AND _account_months >= 12 "
            "THEN 1 WHEN _account_months IS NULL THEN NULL ELSE 0 END",
            inputs=("ctax_direct_debit", "_stages_12m", "_account_months"),
        ),
        says="Paid by direct debit, with no recovery stage in 12 months of liability",
        unit=Unit.YES_NO,
        direction=-1,
        sentence=Sentence(
            one="Council tax was paid by direct debit and had been up to date for 12 months"
        ),
        window=12,
    ),
    _STAGES.strengths(Theme.PLAN).value(
        "strength_council_tax_plan",
        plan_months(
            "stage_date", "stage = 'LO_ARR'", "stage NOT IN ('LO_ARR', 'PAID', 'INFO', 'WITHDRAWN')"
        ),
        says="Months that an arrangement after a liability order has been kept, from 3",
        unit=Unit.MONTHS,
        direction=-1,
        sentence=Sentence(
            one="They have kept to an agreed council tax plan for {n} months", above=2.5
        ),
        empty=0.0,
    ),
    _SUPPORT.strengths(Theme.INCOME).yes_no(
        "strength_support_in_payment",
        any_live("award_from", "award_to"),
        says="Council tax support is in payment",
        direction=0,
        one="Council tax support was in payment",
    ),
)
