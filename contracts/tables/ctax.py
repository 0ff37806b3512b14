"""Council tax: accounts, named parties, discounts, recovery stages and support."""

from __future__ import annotations

from contracts.columns import Kind, Table, column

RECOVERY_STAGES = {
    "REM1": "reminder",
    "REM2": "second reminder",
    "FINAL": "final notice",
    "SUMMONS": "summons",
    "LO": "liability order",
    "LO_ARR": "arrangement after a liability order",
    "INFO": "information request",
    "AEO": "attachment of earnings",
    "DFB": "deduction from benefit",
    "EA_REF": "passed to enforcement agents",
    "EA_VISIT": "enforcement agent visit",
    "EA_RETURN": "returned by enforcement agents",
    "CHG": "charging order",
    "INSOLV": "insolvency",
    "COMMIT": "committal",
    "WITHDRAWN": "stage withdrawn",
    "PAID": "paid",
}

CTAX_ACCOUNT = Table(
    name="ctax_account",
    source="ctax",
    says="One row for each period in which the same people are liable at a property.",
    key=("account_ref",),
    periods=(("liability_start", "liability_end"),),
    business=(
        column("account_ref", Kind.TEXT, "I", "Account reference.", required=True),
        column("property_ref", Kind.TEXT, "I", "Billing authority's property key.", required=True),
        column("uprn", Kind.UPRN, "I", "The property."),
        column("liability_start", Kind.DATE, "O", "When liability began.", required=True),
        column("liability_end", Kind.DATE, "O", "When liability ended."),
        column(
            "band",
            Kind.CODE,
            "O",
            "Council tax band.",
            codes={letter: f"band {letter}" for letter in "ABCDEFGH"},
        ),
        column(
            "annual_charge_pa",
            Kind.MONEY,
            "O",
            "Charge for the year before support.",
            unit="GBP per year",
            low=0,
        ),
        column(
            "payment_method",
            Kind.CODE,
            "O",
            "How the bill is paid, as known at the recorded date.",
            codes={
                "DD": "direct debit",
                "SO": "standing order",
                "CARD": "card",
                "CASH": "cash",
                "AEO": "attachment of earnings",
                "DFB": "deduction from benefit",
                "NONE": "no method",
            },
        ),
        column(
            "breathing_space_until",
            Kind.DATE,
            "O",
            "End of a breathing space, in which enforcement must pause.",
        ),
    ),
)

CTAX_PARTY = Table(
    name="ctax_party",
    source="ctax",
    says="One row for each party named on an account. Names are one free-text field.",
    key=("account_ref", "party_ref", "position"),
    business=(
        column("account_ref", Kind.TEXT, "I", "Account reference.", required=True),
        column("party_ref", Kind.TEXT, "I", "Party reference.", required=True),
        column("position", Kind.INTEGER, "O", "0 for the lead party.", required=True, low=0),
        column(
            "role",
            Kind.CODE,
            "O",
            "Part in the account.",
            required=True,
            codes={"lead": "lead", "liable": "also liable", "non_liable": "not liable"},
        ),
        column(
            "liability_type",
            Kind.CODE,
            "O",
            "Ground of liability.",
            codes={
                "0": "non-liable",
                "1": "joint and several",
                "2": "freeholder",
                "3": "leaseholder",
                "4": "tenant",
                "5": "licensee",
                "6": "resident",
                "7": "owner",
                "8": "assumed",
                "9": "void",
                "10": "other",
                "11": "suspense",
                "12": "council tax payer",
                "-1": "data error",
            },
        ),
        column("name_raw", Kind.TEXT, "I", "Name as typed, in one field.", required=True),
        column("dob", Kind.DATE, "I", "Date of birth; almost never held."),
        column("nino_hash", Kind.TEXT, "I", "Keyed hash of the National Insurance number."),
        column("phone_hash", Kind.TEXT, "I", "Keyed hash of a telephone number."),
    ),
)

CTAX_DISCOUNT = Table(
    name="ctax_discount",
    source="ctax",
    says="One row for each discount or exemption on an account.",
    key=("account_ref", "disc_code", "start_date"),
    periods=(("start_date", "end_date"),),
    business=(
        column("account_ref", Kind.TEXT, "I", "Account reference.", required=True),
        column(
            "disc_code",
            Kind.CODE,
            "O",
            "Discount.",
            required=True,
            codes={
                "SPD25": "single person discount",
                "DISREG25": "one adult counted",
                "DISREG50": "no adult counted",
                "DBR": "disability band reduction",
                "N": "students only",
            },
        ),
        column("start_date", Kind.DATE, "O", "From.", required=True),
        column("end_date", Kind.DATE, "O", "To."),
    ),
)

CTAX_RECOVERY = Table(
    name="ctax_recovery",
    source="ctax",
    says="One row for each stage of recovering unpaid council tax.",
    key=("recovery_id",),
    business=(
        column("recovery_id", Kind.TEXT, "I", "Key of the stage.", required=True),
        column("account_ref", Kind.TEXT, "I", "Account reference.", required=True),
        column("tax_year", Kind.TEXT, "O", "Tax year, such as 2026-27.", required=True),
        column("stage", Kind.CODE, "O", "Stage.", required=True, codes=RECOVERY_STAGES),
        column("stage_date", Kind.DATE, "O", "When the stage took effect.", required=True),
        column("debt_at_stage", Kind.MONEY, "O", "Debt at the stage.", unit="GBP", low=0),
    ),
)

CTAX_CTS = Table(
    name="ctax_cts",
    source="ctax",
    says="One row for each award of council tax support.",
    key=("claim_ref", "award_from"),
    periods=(("award_from", "award_to"),),
    business=(
        column("claim_ref", Kind.TEXT, "I", "Claim reference.", required=True),
        column("account_ref", Kind.TEXT, "I", "Account reference.", required=True),
        column(
            "scheme_group",
            Kind.CODE,
            "O",
            "Scheme.",
            required=True,
            codes={
                "PENSION": "pension age",
                "WORKING_AGE": "working age",
                "PROTECTED": "protected",
            },
        ),
        column("award_pw", Kind.MONEY, "O", "Award.", unit="GBP per week", low=0),
        column("award_from", Kind.DATE, "O", "From.", required=True),
        column("award_to", Kind.DATE, "O", "To."),
        column(
            "end_reason",
            Kind.CODE,
            "O",
            "Why it ended.",
            codes={
                "UC_CHANGE": "change in Universal Credit",
                "INCOME_UP": "income rose",
                "MOVED": "moved",
                "NON_RESPONSE": "no answer to a letter",
                "DEATH": "death",
                "OTHER": "other",
            },
        ),
    ),
)

TABLES = (CTAX_ACCOUNT, CTAX_PARTY, CTAX_DISCOUNT, CTAX_RECOVERY, CTAX_CTS)
