"""Emergency care, NHS 111 and emergency admissions, pseudonymised by the sender."""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import OF_HOMES
from contracts.tables.gp import PID

AE_ATTENDANCE = Table(
    name="ae_attendance",
    source="ecds",
    says="One row for each attendance at an emergency department.",
    key=("att_id",),
    business=(
        column("att_id", Kind.TEXT, "I", "Attendance.", required=True),
        PID,
        column("arrival_ts", Kind.TIMESTAMP, "S", "Arrival.", required=True, permitted=OF_HOMES),
        column(
            "dept_type",
            Kind.CODE,
            "S",
            "Department.",
            permitted=OF_HOMES,
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
            permitted=OF_HOMES,
            codes={"1": "unplanned, first", "2": "planned follow-up", "3": "unplanned follow-up"},
        ),
        column(
            "arrival_mode",
            Kind.CODE,
            "S",
            "How they came.",
            codes={"AMBULANCE": "ambulance", "POLICE": "police", "OWN": "by themselves"},
        ),
        column(
            "chief_complaint_group",
            Kind.CODE,
            "S",
            "What they came with.",
            codes={
                "MENTAL_HEALTH": "mental health",
                "INTOXICATION": "drink or drugs",
                "INJURY": "injury",
                "BREATHING": "breathing",
                "CHEST_PAIN": "chest pain",
                "OTHER": "other",
            },
        ),
        column(
            "diagnosis_group",
            Kind.CODE,
            "S",
            "Group of diagnoses.",
            permitted=OF_HOMES,
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
        column(
            "injury_intent",
            Kind.CODE,
            "S",
            "How an injury came about.",
            codes={
                "ACCIDENT": "accident",
                "SELF": "by themselves",
                "ASSAULT": "assault",
                "UNKNOWN": "not known",
            },
            code_classes={"ASSAULT": "X"},
        ),
        column("acuity", Kind.INTEGER, "S", "Urgency, 1 the highest.", low=1, high=5),
        column(
            "discharge",
            Kind.CODE,
            "S",
            "Where they went.",
            codes={
                "HOME": "home",
                "ADMITTED": "admitted",
                "LEFT_BEFORE": "left before treatment",
                "DIED": "died",
                "TRANSFER": "another hospital",
            },
        ),
        column("safeguarding_flag", Kind.BOOLEAN, "X", "A safeguarding concern was noted."),
    ),
)

NHS111_CALL = Table(
    name="nhs111_call",
    source="ecds",
    says="One row for each call to NHS 111.",
    key=("nhs_pid", "call_ts"),
    business=(
        PID,
        column("call_ts", Kind.TIMESTAMP, "S", "When.", required=True, permitted=OF_HOMES),
        column(
            "mental_health_option",
            Kind.BOOLEAN,
            "S",
            "The mental health option was chosen.",
            permitted=OF_HOMES,
        ),
        column(
            "disposition",
            Kind.CODE,
            "S",
            "Where they were sent.",
            codes={
                "EMERGENCY": "ambulance",
                "A_AND_E": "emergency department",
                "PRIMARY": "primary care",
                "SELF_CARE": "advice",
                "CRISIS_LINE": "mental health crisis line",
            },
        ),
    ),
)

EMERGENCY_ADMISSION = Table(
    name="emergency_admission",
    source="ecds",
    says="One row for each emergency admission to hospital.",
    key=("nhs_pid", "admit_date"),
    periods=(("admit_date", "discharge_date"),),
    business=(
        PID,
        column("admit_date", Kind.DATE, "S", "From.", required=True, permitted=OF_HOMES),
        column("discharge_date", Kind.DATE, "S", "To."),
        column("acsc_flag", Kind.BOOLEAN, "S", "For a condition that care at home can hold."),
        column("selfharm_flag", Kind.BOOLEAN, "S", "After self-harm."),
    ),
)

TABLES = (AE_ATTENDANCE, NHS111_CALL, EMERGENCY_ADMISSION)
