"""Housing Benefit, in the shape of the council's monthly return (SHBE)."""

from __future__ import annotations

from contracts.columns import Kind, Table, column

SHBE_CLAIM = Table(
    name="shbe_claim",
    source="shbe",
    says="One row for each claim and scan in which something changed.",
    key=("claim_ref", "scan_date"),
    periods=(("award_start", "award_end"),),
    business=(
        column("claim_ref", Kind.TEXT, "I", "Claim reference.", required=True),
        column("scan_date", Kind.DATE, "O", "Date of the scan.", required=True),
        column(
            "claim_type",
            Kind.CODE,
            "O",
            "Kind of claim.",
            codes={
                "PASSPORTED_IS": "with Income Support",
                "PASSPORTED_JSA_IB": "with Jobseeker's Allowance",
                "PASSPORTED_ESA_IR": "with Employment and Support Allowance",
                "PASSPORTED_PCGC": "with Pension Credit",
                "STANDARD": "standard",
            },
        ),
        column(
            "tenancy_type",
            Kind.CODE,
            "O",
            "Kind of tenancy.",
            required=True,
            codes={
                "HRA_RENT_REBATE": "council tenant",
                "NON_HRA_RENT_REBATE": "council temporary accommodation",
                "RP_ALLOWANCE": "housing association",
                "PRIVATE_DEREG_LHA": "private rent",
                "PRIVATE_REGULATED": "private rent, regulated",
                "SPECIFIED_ACCOM": "supported accommodation",
                "TEMP_ACCOM": "temporary accommodation",
            },
        ),
        column("eligible_rent_pw", Kind.MONEY, "O", "Eligible rent.", unit="GBP per week", low=0),
        column("hb_award_pw", Kind.MONEY, "O", "Award.", unit="GBP per week", low=0),
        column("bedrooms_needed", Kind.INTEGER, "O", "Bedrooms needed.", low=0, high=12),
        column("bedrooms_occupied", Kind.INTEGER, "O", "Bedrooms of the home.", low=0, high=12),
        column(
            "rsrs_reduction_pct", Kind.NUMBER, "O", "Taken off for spare rooms.", low=0, high=25
        ),
        column(
            "benefit_cap_reduction_pw",
            Kind.MONEY,
            "O",
            "Taken off by the benefit cap.",
            unit="GBP per week",
            low=0,
        ),
        column(
            "lha_shortfall_pw",
            Kind.MONEY,
            "O",
            "Rent above what is eligible.",
            unit="GBP per week",
            low=0,
        ),
        column("nondep_count", Kind.INTEGER, "Q", "Other adults.", low=0, high=12),
        column(
            "nondep_deduction_pw",
            Kind.MONEY,
            "O",
            "Taken off for other adults.",
            unit="GBP per week",
            low=0,
        ),
        column(
            "gross_earnings_pw", Kind.MONEY, "O", "Earnings before tax.", unit="GBP per week", low=0
        ),
        column(
            "net_earnings_pw", Kind.MONEY, "O", "Earnings after tax.", unit="GBP per week", low=0
        ),
        column("self_emp_pw", Kind.MONEY, "O", "Own business.", unit="GBP per week", low=0),
        column("other_income_pw", Kind.MONEY, "O", "Other income.", unit="GBP per week", low=0),
        column("capital", Kind.MONEY, "O", "Savings declared.", unit="GBP", low=0),
        column("childcare_pw", Kind.MONEY, "O", "Childcare costs.", unit="GBP per week", low=0),
        column(
            "dhp_pw", Kind.MONEY, "O", "Discretionary Housing Payment.", unit="GBP per week", low=0
        ),
        column("overpayment_balance", Kind.MONEY, "O", "Overpayment owed.", unit="GBP", low=0),
        column(
            "overpayment_recovery_pw",
            Kind.MONEY,
            "O",
            "Taken back for overpayment.",
            unit="GBP per week",
            low=0,
        ),
        column("claim_received", Kind.DATE, "O", "When it was claimed."),
        column("award_start", Kind.DATE, "O", "Award from.", required=True),
        column("last_assessed", Kind.DATE, "O", "Last assessed."),
        column("award_end", Kind.DATE, "O", "Award to."),
        column(
            "end_reason",
            Kind.CODE,
            "O",
            "Why it ended.",
            codes={
                "MOVED": "moved",
                "UC": "moved over to Universal Credit",
                "INCOME_UP": "income rose",
                "NON_RESPONSE": "no answer to a letter",
                "DEATH": "death",
                "OTHER": "other",
            },
        ),
        column("uprn", Kind.UPRN, "I", "The home."),
        column("postcode", Kind.TEXT, "I", "Postcode."),
    ),
)

SHBE_MEMBER = Table(
    name="shbe_member",
    source="shbe",
    says="One row for each person on a claim. Names are one field.",
    key=("claim_ref", "member_seq"),
    business=(
        column("claim_ref", Kind.TEXT, "I", "Claim reference.", required=True),
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
                "NONDEP": "other adult",
            },
        ),
        column("name_raw", Kind.TEXT, "I", "Name as typed, in one field."),
        column("dob", Kind.DATE, "I", "Date of birth."),
        column("sex", Kind.CODE, "P", "Sex as recorded.", codes={"1": "male", "2": "female"}),
        column("nino_hash", Kind.TEXT, "I", "Keyed hash of the National Insurance number."),
        column("disability_flag", Kind.BOOLEAN, "P", "A disability premium or benefit is held."),
        column(
            "disability_benefit",
            Kind.CODE,
            "S",
            "Which disability benefit or premium.",
            codes={
                "DLA": "Disability Living Allowance",
                "PIP": "Personal Independence Payment",
                "AA": "Attendance Allowance",
                "PREMIUM": "a disability premium",
            },
        ),
        column("carer_flag", Kind.BOOLEAN, "O", "Cares for somebody."),
        column("nondep_income_band", Kind.CODE, "O", "Band of another adult's income, 1 lowest."),
        column("student_flag", Kind.BOOLEAN, "O", "Student."),
    ),
)

TABLES = (SHBE_CLAIM, SHBE_MEMBER)
