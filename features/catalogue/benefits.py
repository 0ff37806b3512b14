"""Universal Credit and Housing Benefit. Amounts are counted and never said."""

from __future__ import annotations

from features.aggregates import Aggregate
from features.catalogue.shelf import Shelf
from features.declare import Cover, Feature, Fold, Measure, Sentence, Theme, Unit
from features.measures import (
    NEVER,
    any_in,
    latest,
    latest_while,
    mean_carried,
    month_of,
    months_carried,
    open_end,
    stands_until,
    swing,
)

_OWNER = "Head of Benefits"
_WORDS = "Benefits extract"

_AWARD = Shelf(theme=Theme.BENEFITS, block="uc_award", owner=_OWNER, source_words=_WORDS)
_ELEMENT = Shelf(theme=Theme.BENEFITS, block="uc_element", owner=_OWNER, source_words=_WORDS)
_CLAIM = Shelf(theme=Theme.BENEFITS, block="hb_claim", owner=_OWNER, source_words=_WORDS)

# The feed is silent where nothing changed: a row stands for its own month and up to three more.
_STANDS = 4

_NIL = "notice_type <> 'CLOSED' AND (notice_type = 'NIL_AWARD' OR net_award_pm = 0)"
_SANCTION = "notice_type <> 'CLOSED' AND sanction_reduction_pm > 0"
_WORKING = "notice_type <> 'CLOSED' AND earnings_pm > 0"


_BEGAN, _ENDS = month_of("award_start"), open_end("award_end")


def at_scan(sql: str) -> Aggregate:
    """An expression at the latest scan of a claim."""
    return latest_while(sql, "scan_date", month_of("scan_date"))


def claim_now(where: str = "TRUE", *, start: str = _BEGAN, end: str = _ENDS) -> Aggregate:
    """Whether the claim's latest scan stands between two months and meets a condition."""
    return stands_until(
        at_scan(f"coalesce(CASE WHEN {where} THEN {start} END, {NEVER})"), at_scan(end)
    )


def _mean(column: str, youngest: int, oldest: int) -> Aggregate:
    return mean_carried(column, "ap_end", youngest, oldest, stands=_STANDS)


def _stood(
    stem: str, where: str, *, says: str, one: str, many: str, latest: str | None = None
) -> tuple[Feature, ...]:
    """In how many of the last 3 and 12 months something stood."""
    return tuple(
        _AWARD.feature(
            f"{stem}_{months}m",
            Measure(
                block="uc_award", value=months_carried(where, "ap_end", months, stands=_STANDS)
            ),
            says=f"{says}, last {months} months",
            unit=Unit.MONTHS,
            direction=1,
            sentence=Sentence(
                one=one,
                many=many,
                longer=f"{stem}_12m" if months < 12 else None,
                latest=latest,
            ),
            window=months,
        )
        for months in (3, 12)
    )


HELPERS = {
    "_uc_covered": Measure(block="uc_award", value=any_in(12), fold=Fold.MAX),
    "_hb_covered": Measure(
        block="hb_claim",
        value=claim_now(end=open_end("award_end", months=12)),
        fold=Fold.MAX,
    ),
}

FEATURES = (
    _AWARD.yes_no(
        "uc_in_feed",
        latest("CASE WHEN notice_type = 'CLOSED' THEN 0 ELSE 1 END", "ap_end", within=_STANDS),
        says="A Universal Credit claim is in the feed and was not closed",
        direction=0,
        one="Universal Credit was being claimed",
        cover=Cover.EVERYONE,
    ),
    *_AWARD.counted(
        "uc_new_claims",
        (3, 12),
        "notice_type IN ('NEW_CLAIM', 'FIRST_AWARD')",
        says="New claims and first awards",
        one="A Universal Credit claim began {when}",
    ),
    *_stood(
        "uc_nil_awards",
        _NIL,
        says="Months with nothing paid",
        one="One monthly payment of Universal Credit came to nothing {when}",
        many="{N} monthly payments of Universal Credit have come to nothing {since}",
    ),
    *_stood(
        "uc_sanctions",
        _SANCTION,
        says="Months reduced by a sanction",
        one="One monthly payment of Universal Credit was reduced {when}",
        many="{N} monthly payments of Universal Credit have been reduced {since}",
        latest="uc_days_since_sanction",
    ),
    _AWARD.since(
        "uc_days_since_sanction",
        "ap_end",
        _SANCTION,
        says="Days since the last sanctioned period of the last 16 months",
        one="Universal Credit was last reduced {in_month}",
    ),
    *_AWARD.counted(
        "uc_closed",
        (6,),
        "notice_type = 'CLOSED'",
        says="Claims closed",
        one="A Universal Credit claim closed {when}",
        direction=0,
    ),
    _AWARD.value(
        "uc_earnings",
        latest("earnings_pm", "ap_end", within=_STANDS),
        says="Earnings a month at the latest assessment period",
        unit=Unit.POUNDS,
        direction=0,
        sentence=None,
        fold=Fold.SUM,
    ),
    _AWARD.value(
        "uc_earnings_fall_3m",
        _mean("earnings_pm", 3, 5) - _mean("earnings_pm", 0, 2),
        says="Mean earnings of 3 to 6 months ago less those of the last 3 months",
        unit=Unit.POUNDS,
        direction=1,
        sentence=Sentence(one="Earnings fell {when}", above=50.0),
        window=3,
        fold=Fold.SUM,
    ),
    _AWARD.value(
        "uc_earnings_swing_6m",
        swing("earnings_pm", months=6),
        says="Highest less lowest earnings of the last 6 months",
        unit=Unit.POUNDS,
        direction=0,
        sentence=Sentence(one="Earnings went up and down from month to month {when}", above=200.0),
        window=6,
    ),
    _AWARD.value(
        "uc_award_fall_3m",
        _mean("net_award_pm", 3, 5) - _mean("net_award_pm", 0, 2),
        says="Mean award of 3 to 6 months ago less that of the last 3 months",
        unit=Unit.POUNDS,
        direction=0,
        sentence=Sentence(one="The Universal Credit award fell {when}", above=50.0),
        window=3,
        fold=Fold.SUM,
    ),
    _AWARD.value(
        "uc_deduction_share",
        latest(
            "CAST(deductions_total_pm AS DOUBLE) "
            "/ nullif(CAST(standard_allowance_pm AS DOUBLE), 0)",
            "ap_end",
            within=_STANDS,
        ),
        says="Share of the standard allowance that deductions took at the latest period",
        unit=Unit.SHARE,
        direction=1,
        sentence=Sentence(one="Money was being taken from Universal Credit for what was owed"),
    ),
    _AWARD.value(
        "uc_deductions",
        latest("deductions_total_pm", "ap_end", within=_STANDS),
        says="Deductions a month at the latest assessment period",
        unit=Unit.POUNDS,
        direction=1,
        sentence=None,
        fold=Fold.SUM,
    ),
    _AWARD.value(
        "uc_deductions_rise_6m",
        _mean("deductions_total_pm", 0, 2) - _mean("deductions_total_pm", 6, 8),
        says="Mean deductions of the last 3 months less those of 6 to 9 months ago",
        unit=Unit.POUNDS,
        direction=1,
        sentence=Sentence(
            one="More was being taken from Universal Credit for what was owed than half a year "
            "before",
            above=5.0,
        ),
        window=6,
        fold=Fold.SUM,
    ),
    _ELEMENT.yes_no(
        "uc_rent_above_allowance",
        any_in(_STANDS, "lha_capped"),
        says="The rent is above the local housing allowance",
        direction=1,
        one="The rent was higher than the most that Universal Credit pays towards it",
    ),
    _CLAIM.yes_no(
        "hb_in_payment",
        claim_now(),
        says="Housing Benefit is in payment",
        direction=0,
        one="Housing Benefit was in payment",
        cover=Cover.EVERYONE,
    ),
    _CLAIM.yes_no(
        "hb_ended_6m",
        claim_now(start=_ENDS, end=open_end("award_end", months=6)),
        says="Housing Benefit ended in the last 6 months",
        direction=1,
        one="Housing Benefit ended {when}",
        window=6,
    ),
    _CLAIM.yes_no(
        "hb_being_repaid",
        claim_now("overpayment_recovery_pw > 0"),
        says="Housing Benefit is reduced to repay an overpayment",
        direction=1,
        one="Housing Benefit was being reduced to repay an overpayment",
    ),
)

STRENGTHS = (
    _AWARD.strengths(Theme.WORKING).value(
        "strength_months_with_earnings",
        months_carried(_WORKING, "ap_end", 6, stands=_STANDS),
        says="Months of the last 6 with earnings",
        unit=Unit.MONTHS,
        direction=-1,
        sentence=Sentence(one="They were paid for work in {n} of the last 6 months", above=2.5),
        window=6,
        empty=0.0,
    ),
)
