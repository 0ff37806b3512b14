"""The school census, attendance by term, suspensions and exclusions."""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import PUPIL_ETHNICITY, RECORDED_SEX

EXCLUSION_REASONS = {
    "PP": "physical assault on a pupil",
    "PA": "physical assault on an adult",
    "VP": "threats to a pupil",
    "VA": "threats to an adult",
    "OW": "weapon or article",
    "BU": "bullying",
    "RA": "racist abuse",
    "LG": "abuse about sexual orientation or gender",
    "DB": "persistent disruption",
    "SM": "sexual misconduct",
    "DA": "drugs or alcohol",
    "TH": "theft",
    "DM": "damage",
    "MT": "misuse of technology",
    "PH": "breach of public health measures",
}

_UPN = column("upn", Kind.TEXT, "I", "Unique pupil number.", required=True)

SCHOOL_PUPIL = Table(
    name="school_pupil",
    source="school",
    says="One row for each pupil on roll and census day.",
    key=("upn", "census_date"),
    periods=(("fsm_start", "fsm_end"),),
    business=(
        _UPN,
        column("census_date", Kind.DATE, "O", "Day of the census.", required=True),
        column("former_upn", Kind.TEXT, "I", "The number before, where it changed."),
        column("forename", Kind.TEXT, "I", "First name."),
        column("surname", Kind.TEXT, "I", "Last name."),
        column("dob", Kind.DATE, "I", "Date of birth."),
        column("sex", Kind.CODE, "P", "Sex as recorded.", codes=RECORDED_SEX),
        column("ethnicity_code", Kind.CODE, "P", "Ethnic group.", codes=PUPIL_ETHNICITY),
        column(
            "language_group",
            Kind.CODE,
            "P",
            "First language.",
            codes={
                "ENG": "English",
                "ENB": "believed to be English",
                "OTH": "other than English",
                "OTB": "believed to be other than English",
                "REF": "asked and refused",
                "ZZZ": "not yet classified",
            },
        ),
        column("home_uprn", Kind.UPRN, "I", "Home."),
        column("postcode", Kind.TEXT, "I", "Postcode of the home."),
        column("urn", Kind.CODE, "Q", "School.", required=True),
        column("nc_year", Kind.CODE, "Q", "Year group, R for reception."),
        column(
            "enrol_status",
            Kind.CODE,
            "O",
            "Registration.",
            codes={"C": "one school", "M": "main of two", "S": "second of two", "G": "guest"},
        ),
        column("fsm_eligible", Kind.BOOLEAN, "O", "Free school meals."),
        column("fsm_start", Kind.DATE, "O", "Free school meals from."),
        column("fsm_end", Kind.DATE, "O", "Free school meals to."),
        column(
            "fsm_rule_era",
            Kind.CODE,
            "O",
            "Whose meals are free on that day.",
            codes={
                "EARNINGS": "low earnings, with protection since 2018",
                "ALL_UC": "every household on Universal Credit, from September 2026",
            },
        ),
        column(
            "sen_provision",
            Kind.CODE,
            "S",
            "Special educational needs.",
            codes={"N": "none", "K": "support", "E": "education, health and care plan"},
        ),
        column("in_care", Kind.BOOLEAN, "Q", "Looked after by a council."),
        column(
            "young_carer",
            Kind.CODE,
            "Q",
            "A young carer, as far as the school knows.",
            codes={
                "N": "not known as one",
                "P": "said by a parent or the pupil",
                "K": "known by the school",
            },
        ),
    ),
)

SCHOOL_ATTENDANCE = Table(
    name="school_attendance",
    source="school",
    says="One row for each pupil and term. A session is half a day.",
    key=("upn", "term"),
    business=(
        _UPN,
        column("term", Kind.TEXT, "O", "Term, such as 2025-26 autumn.", required=True),
        column("term_end", Kind.DATE, "O", "Last day of the term.", required=True),
        column("sessions_possible", Kind.INTEGER, "O", "Possible.", required=True, low=0),
        column("sessions_authorised", Kind.INTEGER, "O", "Absent, authorised.", low=0),
        column("sessions_unauthorised", Kind.INTEGER, "O", "Absent, not authorised.", low=0),
        column("sessions_late_u", Kind.INTEGER, "O", "Late after the register closed.", low=0),
        column("sessions_illness_i", Kind.INTEGER, "S", "Absent through illness.", low=0),
        column("sessions_medical_m", Kind.INTEGER, "S", "At a medical appointment.", low=0),
        column("sessions_holiday_g", Kind.INTEGER, "O", "Holiday not agreed.", low=0),
        column("sessions_excluded_e", Kind.INTEGER, "O", "Suspended or excluded.", low=0),
    ),
)

SCHOOL_EXCLUSION = Table(
    name="school_exclusion",
    source="school",
    says="One row for each suspension or permanent exclusion.",
    key=("upn", "start_date"),
    business=(
        _UPN,
        column("start_date", Kind.DATE, "O", "From.", required=True),
        column(
            "category",
            Kind.CODE,
            "O",
            "Kind.",
            required=True,
            codes={"SUSP": "suspension", "PERM": "permanent exclusion"},
        ),
        column("reason_1", Kind.CODE, "C", "Main reason.", codes=EXCLUSION_REASONS),
        column("reason_2", Kind.CODE, "C", "Second reason.", codes=EXCLUSION_REASONS),
        column("reason_3", Kind.CODE, "C", "Third reason.", codes=EXCLUSION_REASONS),
        column("sessions", Kind.INTEGER, "O", "Sessions missed.", low=0, high=90),
    ),
)

TABLES = (SCHOOL_PUPIL, SCHOOL_ATTENDANCE, SCHOOL_EXCLUSION)
