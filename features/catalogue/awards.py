"""Terms of Universal Credit and Housing Benefit."""

from __future__ import annotations

from contracts.columns import ColumnClass
from features.aggregates import Aggregate
from features.catalogue.benefits import at_scan, claim_now
from features.catalogue.shelf import Shelf
from features.declare import Direction, Feature, Fold, Measure, Sentence, Theme, Unit
from features.measures import (
    any_in,
    kinds_in,
    latest,
    months_carried,
    one,
)

_BENEFITS = "Head of Benefits"
_EXTRACT = "Benefits extract"

_AWARD = Shelf(theme=Theme.BENEFITS, block="uc_award", owner=_BENEFITS, source_words=_EXTRACT)
_ABOUT_PEOPLE = Shelf(
    theme=Theme.BENEFITS,
    block="uc_award",
    owner=_BENEFITS,
    source_words=_EXTRACT,
    cls=ColumnClass.QUASI,
)
_ELEMENT = Shelf(theme=Theme.BENEFITS, block="uc_element", owner=_BENEFITS, source_words=_EXTRACT)
_DEDUCTION = Shelf(
    theme=Theme.BENEFITS, block="uc_deduction", owner=_BENEFITS, source_words=_EXTRACT
)
_CLAIM = Shelf(theme=Theme.BENEFITS, block="hb_claim", owner=_BENEFITS, source_words=_EXTRACT)
_STANDS = 4  # see catalogue.benefits
_OPEN = "notice_type <> 'CLOSED'"


def _stands(where: str) -> Aggregate:
    """Whether a condition held at the latest assessment period; unknown where none is near."""
    return latest(f"CASE WHEN {_OPEN} AND {where} THEN 1 ELSE 0 END", "ap_end", within=_STANDS)


def _couple(ago: int) -> Aggregate:
    return latest("CASE WHEN couple_flag THEN 1 ELSE 0 END", "ap_end", within=_STANDS, ago=ago)


def _repaid(stem: str, reasons: tuple[str, ...], *, says: str, one: str) -> Feature:
    return _DEDUCTION.feature(
        f"{stem}_6m",
        Measure(block="uc_deduction", value=kinds_in(6, "reason", reasons)),
        says=f"{says}, last 6 months",
        unit=Unit.TIMES,
        direction=1,
        sentence=Sentence(one=one),
        window=6,
    )


_STANDING: tuple[tuple[Shelf, str, str, str, Direction, str], ...] = (
    (
        _ABOUT_PEOPLE,
        "uc_fewer_children_paid",
        "children_count > children_paid_count",
        "Universal Credit is paid for fewer children than there are",
        1,
        "Universal Credit was paid for fewer children than live at home",
    ),
    (
        _AWARD,
        "uc_self_employed",
        "self_emp_flag",
        "Somebody on the claim is self-employed",
        0,
        "Somebody was self-employed",
    ),
    (
        _AWARD,
        "uc_income_floor",
        "mif_applied",
        "Earnings are taken to be higher than they were",
        1,
        "Universal Credit counted more earnings from self-employment than came in",
    ),
    (
        _AWARD,
        "uc_capped",
        "benefit_cap_reduction_pm > 0",
        "The benefit cap reduces Universal Credit",
        1,
        "Universal Credit was reduced by the benefit cap",
    ),
    (
        _AWARD,
        "uc_rent_to_landlord",
        "mp_to_landlord",
        "The housing element is paid to the landlord",
        0,
        "The rent part of Universal Credit was paid to the landlord",
    ),
)
_CLAIMED: tuple[tuple[str, str, str, Direction, str], ...] = (
    (
        "hb_rent_shortfall",
        "lha_shortfall_pw > 0",
        "Housing Benefit does not cover the whole rent",
        1,
        "Housing Benefit did not cover the whole rent",
    ),
    (
        "hb_spare_room",
        "rsrs_reduction_pct > 0",
        "Housing Benefit is reduced for a spare room",
        1,
        "Housing Benefit was reduced for a spare room",
    ),
    (
        "hb_capped",
        "benefit_cap_reduction_pw > 0",
        "Housing Benefit is reduced by the benefit cap",
        1,
        "Housing Benefit was reduced by the benefit cap",
    ),
    (
        "hb_less_for_adult",
        "nondep_deduction_pw > 0",
        "Housing Benefit is lower for another adult at home",
        0,
        "Housing Benefit was lower for another adult at home",
    ),
    (
        "hb_temporary_home",
        "tenancy_type IN ('TEMP_ACCOM', 'NON_HRA_RENT_REBATE')",
        "Housing Benefit is paid for temporary accommodation",
        1,
        "Housing Benefit was paid for temporary accommodation",
    ),
    (
        "hb_supported_home",
        "tenancy_type = 'SPECIFIED_ACCOM'",
        "Housing Benefit is paid for supported accommodation",
        0,
        "Housing Benefit was paid for a supported home",
    ),
    (
        "hb_extra_for_housing",
        "dhp_pw > 0",
        "A discretionary housing payment is in payment",
        1,
        "Extra help with housing costs was being paid",
    ),
)
_AMOUNTS: tuple[tuple[str, str, str, Direction], ...] = (
    ("hb_a_week", "hb_award_pw", "Housing Benefit a week at the latest scan", 0),
    ("hb_overpaid", "overpayment_balance", "Overpaid Housing Benefit still owed", 1),
)
HELPERS: dict[str, Measure] = {}

FEATURES = (
    *(
        shelf.yes_no(name, _stands(where), says=says, direction=direction, one=one_says)
        for shelf, name, where, says, direction, one_says in _STANDING
    ),
    _AWARD.feature(
        "uc_months_capped_12m",
        Measure(
            block="uc_award",
            value=months_carried(
                f"{_OPEN} AND benefit_cap_reduction_pm > 0", "ap_end", 12, stands=_STANDS
            ),
        ),
        says="Months reduced by the benefit cap, last 12 months",
        unit=Unit.MONTHS,
        direction=1,
        sentence=Sentence(
            one="The benefit cap reduced one payment of Universal Credit {when}",
            many="The benefit cap reduced {n} payments of Universal Credit {when}",
        ),
        window=12,
    ),
    _AWARD.feature(
        "uc_months_without_earnings_12m",
        Measure(
            block="uc_award",
            value=months_carried(f"{_OPEN} AND earnings_pm = 0", "ap_end", 12, stands=_STANDS),
        ),
        says="Months on Universal Credit without earnings, last 12 months",
        unit=Unit.MONTHS,
        direction=0,
        sentence=None,
        window=12,
    ),
    _AWARD.feature(
        "uc_months_in_feed_12m",
        Measure(block="uc_award", value=months_carried(_OPEN, "ap_end", 12, stands=_STANDS)),
        says="Months on Universal Credit, last 12 months",
        unit=Unit.MONTHS,
        direction=0,
        sentence=None,
        window=12,
    ),
    *(
        _AWARD.value(
            name,
            latest(column, "ap_end", within=_STANDS),
            says=says,
            unit=Unit.POUNDS,
            direction=0,
            sentence=None,
            fold=Fold.SUM,
        )
        for name, column, says in (
            ("uc_award_a_month", "net_award_pm", "Universal Credit at the latest period"),
            ("uc_savings", "capital", "Savings at the latest period"),
            ("uc_other_income", "unearned_income_pm", "Income other than earnings, latest period"),
        )
    ),
    _ABOUT_PEOPLE.yes_no(
        "uc_became_single_6m",
        _couple(6) * (one() - _couple(0)),
        says="A joint claim half a year ago that is one person's now",
        direction=1,
        one="A joint claim for Universal Credit became one person's {when}",
        window=6,
    ),
    _ELEMENT.yes_no(
        "uc_spare_room",
        any_in(_STANDS, "rsrs_pct > 0"),
        says="The housing element is reduced for a spare room",
        direction=1,
        one="The rent part of Universal Credit was reduced for a spare room",
    ),
    _repaid(
        "uc_council_tax_repaid",
        ("COUNCIL_TAX",),
        says="Council tax repaid from Universal Credit",
        one="Council tax owed was being repaid from Universal Credit {when}",
    ),
    _repaid(
        "uc_rent_repaid",
        ("RENT_OR_SERVICE_CHARGE",),
        says="Rent or service charge repaid from Universal Credit",
        one="Rent owed was being repaid from Universal Credit {when}",
    ),
    _repaid(
        "uc_fuel_or_water_repaid",
        ("GAS_ARREARS", "ELECTRICITY_ARREARS", "WATER_ARREARS"),
        says="Kinds of fuel and water repaid from Universal Credit",
        one="Fuel or water owed was being repaid from Universal Credit {when}",
    ),
    _repaid(
        "uc_overpayment_repaid",
        ("OVERPAYMENT_UC", "OVERPAYMENT_TAX_CREDIT", "OVERPAYMENT_HB"),
        says="Kinds of overpaid benefit repaid from Universal Credit",
        one="Benefit paid by mistake was being repaid from Universal Credit {when}",
    ),
    *(
        _CLAIM.yes_no(name, claim_now(_where), says=says, direction=direction, one=one_says)
        for name, _where, says, direction, one_says in _CLAIMED
    ),
    *(
        _CLAIM.value(
            name,
            at_scan(column),
            says=says,
            unit=Unit.POUNDS,
            direction=direction,
            sentence=None,
        )
        for name, column, says, direction in _AMOUNTS
    ),
)

STRENGTHS = ()
