"""Deductions from Universal Credit: which debts are repaid, and which of them are new."""

from __future__ import annotations

from contracts.tables import TABLES
from features.catalogue.shelf import Shelf
from features.declare import Feature, Measure, Sentence, Theme, Unit
from features.measures import kinds_in

_DEDUCTION = Shelf(
    theme=Theme.BENEFITS,
    block="uc_deduction",
    owner="Head of Benefits",
    source_words="Benefits extract",
)

# Fines are left out everywhere: they come from criminal courts.
_NO_FINE = tuple(
    code for code in sorted(TABLES["uc_deduction"]["reason"].codes or ()) if code != "FINES"
)
_PRIORITY = (
    "RENT_OR_SERVICE_CHARGE",
    "COUNCIL_TAX",
    "GAS_ARREARS",
    "ELECTRICITY_ARREARS",
    "WATER_ARREARS",
)

HELPERS: dict[str, Measure] = {}

FEATURES = (
    *(
        _DEDUCTION.feature(
            f"uc_deduction_kinds_{months}m",
            Measure(block="uc_deduction", value=kinds_in(months, "reason", _NO_FINE)),
            says=f"Different debts repaid from Universal Credit in the last {months} months",
            unit=Unit.TIMES,
            direction=1,
            sentence=Sentence(
                one="One debt was being repaid from Universal Credit {when}",
                many="{N} different debts were being repaid from Universal Credit {when}",
            ),
            window=months,
        )
        for months in (6, 12)
    ),
    *(
        _DEDUCTION.feature(
            f"uc_new_deductions_{months}m",
            Measure(
                block="uc_deduction",
                value=kinds_in(12, "reason", _NO_FINE)
                - kinds_in(12, "reason", _NO_FINE, youngest=months),
            ),
            says=f"Deductions of the last {months} months with none of their kind in the rest of "
            "the year",
            unit=Unit.TIMES,
            direction=1,
            sentence=Sentence(
                one="A new deduction from Universal Credit started {when}",
                many="{N} new deductions from Universal Credit started {when}",
            ),
            window=months,
        )
        for months in (3, 6)
    ),
    *(
        _DEDUCTION.feature(
            name,
            Measure(block="uc_deduction", value=kinds_in(months, "reason", reasons)),
            says=says,
            unit=Unit.TIMES,
            direction=1,
            sentence=Sentence(one=one),
            window=months,
        )
        for name, months, reasons, says, one in (
            (
                "uc_priority_deductions_6m",
                6,
                _PRIORITY,
                "Kinds of deduction for rent, council tax, fuel or water, last 6 months",
                "Rent, council tax, fuel or water was being repaid from Universal Credit {when}",
            ),
            (
                "uc_advances_6m",
                6,
                ("ADVANCE_NEW_CLAIM", "ADVANCE_BUDGETING"),
                "Kinds of deduction for an advance, last 6 months",
                "An advance of Universal Credit was being repaid {when}",
            ),
            (
                "uc_hardship_payments_12m",
                12,
                ("RECOVERABLE_HARDSHIP",),
                "A deduction for a hardship payment, last 12 months",
                "A hardship payment of Universal Credit was being repaid {when}",
            ),
        )
    ),
)

STRENGTHS: tuple[Feature, ...] = ()
