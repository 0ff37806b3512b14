"""Universal Credit: the data share for council tax reduction."""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import RECORDED_SEX

UC_AWARD = Table(
    name="uc_award",
    source="uc",
    says="One row for each claim and assessment period in which something was notified.",
    key=("uc_claim_hash", "ap_end"),
    periods=(("ap_start", "ap_end"),),
    business=(
        column("uc_claim_hash", Kind.TEXT, "I", "Keyed hash of the claim.", required=True),
        column(
            "notice_type",
            Kind.CODE,
            "O",
            "Why the notice was sent.",
            required=True,
            codes={
                "NEW_CLAIM": "new claim",
                "FIRST_AWARD": "first award",
                "CHANGE": "change",
                "UPRATE": "yearly uprating",
                "NIL_AWARD": "nil award",
                "CLOSED": "claim closed",
            },
        ),
        column("ap_start", Kind.DATE, "O", "Assessment period from.", required=True),
        column("ap_end", Kind.DATE, "O", "Assessment period to.", required=True),
        column("couple_flag", Kind.BOOLEAN, "Q", "Claim of a couple."),
        column("children_count", Kind.INTEGER, "Q", "Children on the claim.", low=0, high=20),
        column(
            "standard_allowance_pm",
            Kind.MONEY,
            "O",
            "Standard allowance.",
            unit="GBP per month",
            low=0,
        ),
        column(
            "earnings_pm",
            Kind.MONEY,
            "O",
            "Net earnings; 0 is a real value.",
            unit="GBP per month",
            low=0,
        ),
        column(
            "deductions_total_pm",
            Kind.MONEY,
            "O",
            "All deductions.",
            unit="GBP per month",
            low=0,
        ),
        column(
            "sanction_reduction_pm",
            Kind.MONEY,
            "O",
            "Reduction by a sanction.",
            unit="GBP per month",
            low=0,
        ),
        column("net_award_pm", Kind.MONEY, "O", "Award paid.", unit="GBP per month", low=0),
        column("uprn", Kind.UPRN, "I", "Address, matched by the council."),
        column("postcode", Kind.TEXT, "I", "Postcode given."),
    ),
)

UC_MEMBER = Table(
    name="uc_member",
    source="uc",
    says="One row for each person on a claim. Children often have no name.",
    key=("uc_claim_hash", "member_seq"),
    business=(
        column("uc_claim_hash", Kind.TEXT, "I", "Keyed hash of the claim.", required=True),
        column("member_seq", Kind.INTEGER, "O", "Number on the claim.", required=True, low=1),
        column(
            "role",
            Kind.CODE,
            "O",
            "Part in the claim.",
            required=True,
            codes={
                "CLAIMANT": "claimant",
                "PARTNER": "partner",
                "CHILD": "child",
                "QYP": "young person",
            },
        ),
        column("first_name", Kind.TEXT, "I", "First name."),
        column("last_name", Kind.TEXT, "I", "Last name."),
        column("dob", Kind.DATE, "I", "Date of birth."),
        column("sex", Kind.CODE, "P", "Sex as recorded.", codes=RECORDED_SEX),
        column("nino_hash", Kind.TEXT, "I", "Keyed hash of the National Insurance number."),
    ),
)

UC_ELEMENT = Table(
    name="uc_element",
    source="uc",
    says="One row for each element of an award that was notified.",
    key=("uc_claim_hash", "ap_end", "element"),
    business=(
        column("uc_claim_hash", Kind.TEXT, "I", "Keyed hash of the claim.", required=True),
        column("ap_end", Kind.DATE, "O", "Assessment period to.", required=True),
        column(
            "element",
            Kind.CODE,
            "S",
            "Element.",
            required=True,
            codes={
                "STANDARD": "standard",
                "CHILD_FIRST": "first child",
                "CHILD_SUBSEQ": "further child",
                "CHILD_DISAB_LOW": "disabled child, lower",
                "CHILD_DISAB_HIGH": "disabled child, higher",
                "CARER": "carer",
                "LCW": "limited capability for work",
                "LCWRA": "limited capability for work and related activity",
                "HOUSING_SOCIAL": "housing, social rent",
                "HOUSING_PRIVATE": "housing, private rent",
                "CHILDCARE": "childcare",
                "TRANSITIONAL": "transitional",
            },
        ),
        column("amount_pm", Kind.MONEY, "O", "Amount.", unit="GBP per month", low=0),
        column("lha_capped", Kind.BOOLEAN, "O", "Rent above the local housing allowance."),
    ),
)

UC_DEDUCTION = Table(
    name="uc_deduction",
    source="uc",
    says="One row for each deduction from an award.",
    key=("uc_claim_hash", "ap_end", "reason"),
    business=(
        column("uc_claim_hash", Kind.TEXT, "I", "Keyed hash of the claim.", required=True),
        column("ap_end", Kind.DATE, "O", "Assessment period to.", required=True),
        column(
            "reason",
            Kind.CODE,
            "O",
            "What it repays.",
            required=True,
            codes={
                "RENT_OR_SERVICE_CHARGE": "rent",
                "GAS_ARREARS": "gas",
                "ELECTRICITY_ARREARS": "electricity",
                "COUNCIL_TAX": "council tax",
                "FINES": "fines",
                "WATER_ARREARS": "water",
                "CHILD_MAINTENANCE": "child maintenance",
                "ADVANCE_NEW_CLAIM": "advance at the start of a claim",
                "ADVANCE_BUDGETING": "budgeting advance",
                "OVERPAYMENT_UC": "overpaid Universal Credit",
                "OVERPAYMENT_TAX_CREDIT": "overpaid tax credits",
                "OVERPAYMENT_HB": "overpaid Housing Benefit",
                "SOCIAL_FUND": "Social Fund loan",
                "RECOVERABLE_HARDSHIP": "hardship payment",
            },
        ),
        column("amount_pm", Kind.MONEY, "O", "Amount.", unit="GBP per month", low=0),
    ),
)

TABLES = (UC_AWARD, UC_MEMBER, UC_ELEMENT, UC_DEDUCTION)
