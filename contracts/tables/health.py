"""Primary care, mental health and emergency care, pseudonymised by the sender.

No name comes with any of these. ``nhs_pid`` and ``puprn`` are keyed pseudonyms; the council joins
them to a home by ``puprn`` and overlapping dates, and to nobody by name.
"""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import RECORDED_SEX

ETHNIC_16 = {letter: f"census ethnic category {letter}" for letter in "ABCDEFGHJKLMNPRS"}
ETHNIC_16 |= {"Z": "asked and not stated", "99": "not known"}

GP_PATIENT = Table(
    name="gp_patient",
    source="gp",
    says="One row for each registration with a practice.",
    key=("nhs_pid", "reg_start"),
    periods=(("reg_start", "reg_end"),),
    business=(
        column("nhs_pid", Kind.TEXT, "I", "Keyed pseudonym of the NHS number.", required=True),
        column("practice_ods", Kind.CODE, "Q", "Practice.", required=True),
        column("reg_start", Kind.DATE, "O", "Registered from.", required=True),
        column("reg_end", Kind.DATE, "O", "Registered to."),
        column("birth_year", Kind.INTEGER, "Q", "Year of birth.", low=1900, high=2100),
        column("birth_month", Kind.INTEGER, "Q", "Month of birth.", low=1, high=12),
        column("sex", Kind.CODE, "P", "Sex as recorded.", codes=RECORDED_SEX),
        column("ethnic16", Kind.CODE, "P", "Census ethnic category.", codes=ETHNIC_16),
        column("puprn", Kind.TEXT, "I", "Keyed pseudonym of the UPRN."),
        column(
            "practice_dsa_in_place",
            Kind.BOOLEAN,
            "O",
            "The practice shares its data; rows of others are left out.",
            required=True,
        ),
    ),
)

GP_CONDITION = Table(
    name="gp_condition",
    source="gp",
    says="One row for each condition register that a patient is on.",
    key=("nhs_pid", "cluster"),
    periods=(("first_date", "latest_date"),),
    business=(
        column("nhs_pid", Kind.TEXT, "I", "Keyed pseudonym of the NHS number.", required=True),
        column(
            "cluster",
            Kind.CODE,
            "S",
            "Register.",
            required=True,
            codes={
                "DEPR": "depression",
                "SMI": "severe mental illness",
                "ANXIETY": "anxiety",
                "COPD": "chronic obstructive pulmonary disease",
                "DM": "diabetes",
                "CHRONIC_PAIN": "chronic pain",
                "SUBST_MISUSE": "substance misuse",
            },
        ),
        column("first_date", Kind.DATE, "S", "First coded.", required=True),
        column("latest_date", Kind.DATE, "S", "Last coded."),
    ),
)

GP_MEDICATION = Table(
    name="gp_medication",
    source="gp",
    says="One row for each patient, section of the formulary and month.",
    key=("nhs_pid", "bnf_section", "month"),
    business=(
        column("nhs_pid", Kind.TEXT, "I", "Keyed pseudonym of the NHS number.", required=True),
        column(
            "bnf_section",
            Kind.CODE,
            "S",
            "Section of the formulary.",
            required=True,
            codes={"0403": "antidepressants", "0401": "hypnotics and anxiolytics"},
        ),
        column("month", Kind.DATE, "S", "First day of the month.", required=True),
        column("items", Kind.INTEGER, "S", "Items.", low=0, high=200),
    ),
)

MH_REFERRAL = Table(
    name="mh_referral",
    source="mh",
    says="One row for each referral to a mental health team.",
    key=("referral_id",),
    periods=(("received_date", "closed_date"),),
    business=(
        column("referral_id", Kind.TEXT, "I", "Referral.", required=True),
        column("nhs_pid", Kind.TEXT, "I", "Keyed pseudonym of the NHS number.", required=True),
        column("received_date", Kind.DATE, "S", "When it was received.", required=True),
        column("closed_date", Kind.DATE, "S", "When it closed."),
        column(
            "clin_resp_priority",
            Kind.CODE,
            "S",
            "Priority.",
            codes={"1": "emergency", "2": "urgent", "3": "routine", "4": "very urgent"},
        ),
        column(
            "team_type",
            Kind.CODE,
            "S",
            "Team.",
            required=True,
            codes={
                "A02": "crisis resolution and home treatment",
                "A06": "community mental health",
                "A11": "psychiatric liaison",
                "A14": "early intervention in psychosis",
                "A18": "single point of access",
                "A19": "crisis line",
                "A20": "place of safety",
                "A21": "crisis cafe",
                "A22": "walk-in crisis unit",
                "D01": "substance misuse",
            },
        ),
    ),
)

AE_ATTENDANCE = Table(
    name="ae_attendance",
    source="ecds",
    says="One row for each attendance at an emergency department.",
    key=("att_id",),
    business=(
        column("att_id", Kind.TEXT, "I", "Attendance.", required=True),
        column("nhs_pid", Kind.TEXT, "I", "Keyed pseudonym of the NHS number.", required=True),
        column("arrival_ts", Kind.TIMESTAMP, "S", "Arrival.", required=True),
        column(
            "dept_type",
            Kind.CODE,
            "S",
            "Department.",
            required=True,
            codes={
                "01": "major",
                "02": "single specialty",
                "03": "urgent treatment centre",
                "04": "walk-in centre",
                "05": "same day emergency care",
            },
        ),
        column(
            "attendance_category",
            Kind.CODE,
            "S",
            "Attendance.",
            codes={"1": "unplanned, first", "2": "planned follow-up", "3": "unplanned follow-up"},
        ),
        column(
            "diagnosis_group",
            Kind.CODE,
            "S",
            "Group of diagnoses.",
            codes={
                "SELF_HARM": "self-harm",
                "ALCOHOL": "alcohol",
                "DRUG": "drugs",
                "OTHER_MH": "other mental health",
                "INJURY": "injury",
                "RESP": "breathing",
                "OTHER": "other",
            },
        ),
    ),
)

TABLES = (GP_PATIENT, GP_CONDITION, GP_MEDICATION, MH_REFERRAL, AE_ATTENDANCE)
