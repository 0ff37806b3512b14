"""Mental health services and talking therapies, pseudonymised by the sender."""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import OF_HOMES
from contracts.tables.gp import PID

TEAM_TYPES = {
    "A02": "crisis resolution and home treatment",
    "A06": "community mental health",
    "A11": "psychiatric liaison",
    "A14": "early intervention in psychosis",
    "A18": "single point of access",
    "A19": "crisis line",
    "A20": "place of safety",
    "A21": "crisis cafe",
    "A22": "walk-in crisis unit",
    "C02": "eating disorders",
    "D01": "substance misuse",
}

REFERRAL_REASONS = {
    "01": "first psychosis",
    "02": "psychosis again",
    "03": "bipolar",
    "04": "depression",
    "05": "anxiety",
    "06": "obsessive compulsive",
    "07": "phobia",
    "08": "organic",
    "09": "drugs or alcohol",
    "10": "physical, not explained",
    "11": "post-traumatic stress",
    "12": "eating",
    "13": "around a birth",
    "14": "personality",
    "15": "self-harm",
    "16": "conduct",
    "18": "in crisis",
    "19": "relationships",
    "20": "gender discomfort",
    "21": "attachment",
    "24": "neurodevelopmental",
    "25": "autism, suspected",
    "26": "autism, diagnosed",
    "27": "before conception",
    "28": "gambling",
    "29": "loss around a birth",
    "30": "behaviour with a learning disability",
}

MH_REFERRAL = Table(
    name="mh_referral",
    source="mh",
    says="One row for each referral to a mental health team.",
    key=("referral_id",),
    periods=(("received_date", "closed_date"),),
    business=(
        column("referral_id", Kind.TEXT, "I", "Referral.", required=True),
        PID,
        column(
            "received_date",
            Kind.DATE,
            "S",
            "When it was received.",
            required=True,
            permitted=OF_HOMES,
        ),
        column("closed_date", Kind.DATE, "S", "When it closed.", permitted=OF_HOMES),
        column(
            "close_reason",
            Kind.CODE,
            "S",
            "Why it closed.",
            codes={
                "COMPLETED": "treatment completed",
                "NO_FURTHER": "nothing further needed",
                "NOT_ATTENDED": "did not attend",
                "DECLINED": "declined",
                "MOVED_ON": "passed to another team",
                "DIED": "died",
            },
        ),
        column(
            "source",
            Kind.CODE,
            "S",
            "Who referred.",
            codes={
                "GP": "general practice",
                "SELF": "the person",
                "A_AND_E": "emergency department",
                "POLICE": "police",
                "LA": "council",
                "CRISIS_LINE": "crisis line",
                "OTHER": "other",
            },
        ),
        column("primary_reason", Kind.CODE, "S", "Main reason.", codes=REFERRAL_REASONS),
        column(
            "clin_resp_priority",
            Kind.CODE,
            "S",
            "Priority.",
            permitted=OF_HOMES,
            codes={"1": "emergency", "2": "urgent", "3": "routine", "4": "very urgent"},
        ),
        column(
            "team_type",
            Kind.CODE,
            "S",
            "Team.",
            required=True,
            codes=TEAM_TYPES,
            permitted=OF_HOMES,
        ),
    ),
)

MH_CONTACT = Table(
    name="mh_contact",
    source="mh",
    says="One row for each contact under a referral.",
    key=("referral_id", "contact_ts"),
    business=(
        column("referral_id", Kind.TEXT, "I", "Referral.", required=True),
        column("contact_ts", Kind.TIMESTAMP, "S", "When.", required=True),
        column(
            "attended",
            Kind.CODE,
            "S",
            "What became of it.",
            codes={
                "2": "cancelled by the patient",
                "3": "did not attend, no advance notice",
                "4": "cancelled by the service",
                "5": "attended on time",
                "6": "attended late",
                "7": "came too late to be seen",
            },
        ),
        column(
            "mode",
            Kind.CODE,
            "S",
            "How.",
            codes={"F2F": "face to face", "PHONE": "telephone", "VIDEO": "video"},
        ),
    ),
)

MH_DETENTION = Table(
    name="mh_detention",
    source="mh",
    says="One row for each detention under the Mental Health Act.",
    key=("nhs_pid", "section", "start_date"),
    periods=(("start_date", "end_date"),),
    business=(
        PID,
        column(
            "section",
            Kind.CODE,
            "S",
            "Section of the Act.",
            required=True,
            codes={
                "S2": "assessment",
                "S3": "treatment",
                "S4": "emergency",
                "S5": "holding power",
                "S37": "ordered by a court",
                "S135": "warrant to enter",
                "S136": "place of safety",
            },
            code_classes={"S37": "C"},
        ),
        column("start_date", Kind.DATE, "S", "From.", required=True),
        column("end_date", Kind.DATE, "S", "To."),
    ),
)

TT_REFERRAL = Table(
    name="tt_referral",
    source="mh",
    says="One row for each referral to talking therapies.",
    key=("nhs_pid", "received_date"),
    periods=(("received_date", "first_contact"), ("received_date", "end_date")),
    business=(
        PID,
        column(
            "received_date",
            Kind.DATE,
            "S",
            "When it was received.",
            required=True,
            permitted=OF_HOMES,
        ),
        column("first_contact", Kind.DATE, "S", "First contact."),
        column("first_treatment", Kind.DATE, "S", "First treatment."),
        column("end_date", Kind.DATE, "S", "When it ended."),
        column(
            "end_code",
            Kind.CODE,
            "S",
            "How it ended.",
            codes={
                "COMPLETED": "treatment completed",
                "DROPPED_OUT": "stopped coming",
                "DECLINED": "declined",
                "NOT_SUITABLE": "not suitable",
                "REFERRED_ON": "passed on",
            },
        ),
        column(
            "problem_descriptor",
            Kind.CODE,
            "S",
            "Main problem.",
            codes={
                "DEPRESSION": "depression",
                "ANXIETY": "anxiety",
                "MIXED": "both",
                "PTSD": "post-traumatic stress",
                "OTHER": "other",
            },
        ),
        column("phq9_first", Kind.INTEGER, "S", "Depression score at first.", low=0, high=27),
        column("phq9_last", Kind.INTEGER, "S", "Depression score at last.", low=0, high=27),
        column("gad7_first", Kind.INTEGER, "S", "Anxiety score at first.", low=0, high=21),
        column("gad7_last", Kind.INTEGER, "S", "Anxiety score at last.", low=0, high=21),
        column(
            "employment_status",
            Kind.CODE,
            "S",
            "Work.",
            codes={
                "EMPLOYED": "works",
                "UNEMPLOYED": "looks for work",
                "SICK": "long-term sick",
                "STUDENT": "student",
                "RETIRED": "retired",
                "OTHER": "other",
            },
        ),
        column("sick_pay", Kind.BOOLEAN, "S", "Receives sick pay."),
        column("reliable_recovery", Kind.BOOLEAN, "S", "Recovered, by the scores."),
    ),
)

TABLES = (MH_REFERRAL, MH_CONTACT, MH_DETENTION, TT_REFERRAL)
