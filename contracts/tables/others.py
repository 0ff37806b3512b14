"""Sources of one table each: blue badges, environmental cases, electors, other DWP awards."""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import RECORDED_SEX

BLUE_BADGE = Table(
    name="blue_badge",
    source="bbadge",
    says="One row for each blue badge. Some holders have died.",
    key=("badge_no",),
    periods=(("start_date", "expiry_date"),),
    business=(
        column("badge_no", Kind.TEXT, "I", "Badge.", required=True),
        column("first_name", Kind.TEXT, "I", "First name."),
        column("last_name", Kind.TEXT, "I", "Last name."),
        column("dob", Kind.DATE, "I", "Date of birth."),
        column("sex", Kind.CODE, "P", "Sex as recorded.", codes=RECORDED_SEX),
        column("nino_hash", Kind.TEXT, "I", "Keyed hash of the National Insurance number."),
        column("uprn", Kind.UPRN, "I", "Home."),
        column(
            "eligibility",
            Kind.CODE,
            "S",
            "Ground.",
            codes={
                "AUTO_PIP_MOB": "Personal Independence Payment, mobility",
                "AUTO_DLA_HRM": "Disability Living Allowance, higher mobility",
                "AUTO_WPMS": "War Pensioner's Mobility Supplement",
                "AUTO_BLIND": "severe sight impairment",
                "ASSESSED_MOBILITY": "assessed, walking",
                "ASSESSED_NONVISIBLE": "assessed, hidden disability",
                "CHILD_U3": "child under three",
            },
        ),
        column("start_date", Kind.DATE, "S", "From.", required=True),
        column("expiry_date", Kind.DATE, "S", "To; at most three years."),
        column(
            "status",
            Kind.CODE,
            "S",
            "How it stands.",
            codes={
                "VALID": "valid",
                "EXPIRED": "expired",
                "CANCELLED": "cancelled",
                "LOST_STOLEN": "lost or stolen",
                "DECEASED": "the holder died",
            },
        ),
    ),
)

ENV_ASB_CASE = Table(
    name="env_asb_case",
    source="asb",
    says="One row for each environmental or nuisance case and part in it. Accused people are "
    "never held.",
    key=("case_id", "role"),
    periods=(("opened", "closed"),),
    business=(
        column("case_id", Kind.TEXT, "I", "Case.", required=True),
        column(
            "role",
            Kind.CODE,
            "C",
            "Part that the address has in the case.",
            required=True,
            codes={"COMPLAINANT": "who complained", "PREMISES": "the premises"},
            barred={
                "SUBJECT": "an accusation against a person",
                "BOTH": "an accusation against a person who also complained",
            },
        ),
        column(
            "category",
            Kind.CODE,
            "O",
            "What it is about.",
            required=True,
            codes={
                "NOISE": "noise",
                "NUISANCE": "nuisance",
                "ENVIRONMENTAL": "environment",
                "PERSONAL": "personal",
                "HARASSMENT": "harassment",
                "DAMP_MOULD": "damp and mould",
                "PEST": "pests",
            },
            code_classes={"PERSONAL": "C", "HARASSMENT": "C"},
        ),
        column("opened", Kind.DATE, "O", "From.", required=True),
        column("closed", Kind.DATE, "O", "To."),
        column("outcome", Kind.TEXT, "C", "What was done."),
        column("uprn", Kind.UPRN, "I", "The property."),
    ),
)

ELECTOR = Table(
    name="elector",
    source="elect",
    says="One row for each elector. Corroborates where people live, and nothing else.",
    key=("elector_no",),
    periods=(("added_date", "removed_date"),),
    business=(
        column("elector_no", Kind.TEXT, "I", "Elector.", required=True),
        column("first_name", Kind.TEXT, "I", "First name."),
        column("last_name", Kind.TEXT, "I", "Last name."),
        column("uprn", Kind.UPRN, "I", "Address of registration."),
        column("added_date", Kind.DATE, "O", "From.", required=True),
        column("removed_date", Kind.DATE, "O", "To."),
        column("attain_18_date", Kind.DATE, "I", "Eighteenth birthday, where it is to come."),
        column(
            "franchise",
            Kind.CODE,
            "P",
            "What may be voted in.",
            codes={
                "ALL": "every election",
                "LOCAL_EU": "local elections, citizen of the European Union",
                "LOCAL_PEER": "local elections, member of the House of Lords",
                "ANONYMOUS": "registered without a name",
            },
            code_classes={"ANONYMOUS": "X"},
        ),
        column("opted_out_open", Kind.BOOLEAN, "O", "Not on the open register."),
    ),
)

DWP_AWARD = Table(
    name="dwp_award",
    source="dwp_other",
    says="One row for each other award that DWP told of, for those who have council help.",
    key=("nino_hash", "benefit", "from_date"),
    periods=(("from_date", "to_date"),),
    business=(
        column(
            "nino_hash",
            Kind.TEXT,
            "I",
            "Keyed hash of the National Insurance number.",
            required=True,
        ),
        column(
            "benefit",
            Kind.CODE,
            "S",
            "Benefit.",
            required=True,
            codes={
                "PIP_DL_STD": "Personal Independence Payment, daily living, standard",
                "PIP_DL_ENH": "Personal Independence Payment, daily living, enhanced",
                "PIP_MOB_STD": "Personal Independence Payment, mobility, standard",
                "PIP_MOB_ENH": "Personal Independence Payment, mobility, enhanced",
                "DLA_CHILD": "Disability Living Allowance for a child",
                "AA": "Attendance Allowance",
                "CA": "Carer's Allowance or its successor",
                "ESA_IR": "Employment and Support Allowance, income-related",
                "ESA_C": "Employment and Support Allowance, contributory",
                "JSA_C": "Jobseeker's Allowance, contributory",
                "IS": "Income Support",
                "PC_GC": "Pension Credit, guarantee",
                "PC_SC": "Pension Credit, savings",
                "SP": "State Pension",
                "IIDB": "Industrial Injuries Disablement Benefit",
                "WB": "bereavement benefit",
            },
        ),
        column("amount_pw", Kind.MONEY, "O", "Amount.", unit="GBP per week", low=0),
        column("from_date", Kind.DATE, "O", "From.", required=True),
        column("to_date", Kind.DATE, "O", "To."),
        column(
            "notice_source",
            Kind.CODE,
            "O",
            "How the council came to know.",
            codes={
                "ATLAS": "notice from DWP",
                "CTR_ASSESSMENT": "a claim for council tax reduction",
                "HB_ASSESSMENT": "a claim for Housing Benefit",
            },
        ),
    ),
)

TABLES = (BLUE_BADGE, ENV_ASB_CASE, ELECTOR, DWP_AWARD)
