"""Code lists of homelessness, and which of their codes are more sensitive than their column."""

from __future__ import annotations

LOSS_REASONS = {
    "FAMILY_FRIENDS_UNABLE": "family or friends no longer able to help",
    "END_PRS_AST": "end of a private assured shorthold tenancy",
    "END_PRS_NOT_AST": "end of another private tenancy",
    "DOMESTIC_ABUSE": "domestic abuse",
    "RELATIONSHIP_NONVIOLENT": "relationship ended",
    "END_SOCIAL_TENANCY": "end of a social tenancy",
    "EVICT_SUPPORTED": "left supported housing",
    "OTHER_VIOLENCE": "other violence",
    "LEFT_INSTITUTION": "left an institution",
    "HOME_OFFICE_ASYLUM_END": "end of asylum accommodation",
    "UNSUITABLE_DISABILITY": "home not suitable for an illness or disability",
    "LOSS_PLACEMENT_SPONSORSHIP": "a placement or sponsorship ended",
    "OTHER_NOT_KNOWN": "other or not known",
}
LOSS_CLASSES = {
    "DOMESTIC_ABUSE": "X",
    "OTHER_VIOLENCE": "X",
    "HOME_OFFICE_ASYLUM_END": "P",
    "UNSUITABLE_DISABILITY": "S",
}

PRIVATE_REASONS = {
    "ARREARS_INCOME_DROP": "arrears, income fell",
    "ARREARS_BUDGET": "arrears, hard to budget",
    "ARREARS_RENT_INCREASE": "arrears, the rent rose",
    "SELL": "the landlord sells",
    "RELET": "the landlord lets to others",
    "DISREPAIR_COMPLAINT": "after a complaint about disrepair",
    "ILLEGAL": "illegal eviction",
    "BREACH": "breach of the tenancy, not arrears",
    "ABANDONED": "left",
    "OTHER": "other",
}

ACCOMMODATION = {
    "PRS_SELF": "private rent, self-contained",
    "PRS_HMO": "private rent, shared house",
    "PRS_LODGING": "lodgings",
    "COUNCIL": "council tenancy",
    "RP": "housing association tenancy",
    "SUPPORTED_HOSTEL": "supported housing or hostel",
    "OWNER": "own home",
    "FAMILY": "with family",
    "FRIENDS": "with friends",
    "NFA_NOT_ROUGH": "no fixed home, not sleeping rough",
    "ROUGH": "sleeping rough",
    "REFUGE": "refuge",
    "TEMP_ACCOM": "temporary accommodation",
    "CUSTODY": "prison",
    "HOSPITAL_GENERAL": "hospital",
    "HOSPITAL_PSYCH": "psychiatric hospital",
    "NASS": "asylum accommodation",
    "OTHER": "other",
    "NOT_KNOWN": "not known",
}

HOUSEHOLD_TYPES = {
    "SINGLE_M": "single man",
    "SINGLE_F": "single woman",
    "SINGLE_O": "single, other or not stated",
    "LONE_PARENT_M": "lone father",
    "LONE_PARENT_F": "lone mother",
    "LONE_PARENT_O": "lone parent, other or not stated",
    "COUPLE_DEP": "couple with children",
    "COUPLE_NODEP": "couple without children",
    "THREE_ADULT_DEP": "three or more adults with children",
    "THREE_ADULT_NODEP": "three or more adults",
    "OTHER": "other",
}

EMPLOYMENT = {
    "FT": "full time",
    "PT": "part time",
    "TRAINING": "training",
    "UNEMPLOYED_SEEK": "looking for work",
    "UNEMPLOYED_SICK": "not working, ill or disabled",
    "HOME": "at home",
    "RETIRED": "retired",
    "STUDENT": "student",
    "OTHER": "other",
}

REFERRERS = {
    "PRISON": "prison",
    "YOI": "young offender institution",
    "PROBATION": "probation",
    "YOT": "youth offending team",
    "JOBCENTRE": "Jobcentre",
    "SOCIAL_SERVICES": "social services",
    "A_AND_E": "emergency department",
    "HOSPITAL_INPATIENT": "hospital ward",
    "MOD": "armed forces",
    "NIL": "nobody",
    "AGENCY": "another agency",
}
REFERRER_CLASSES = dict.fromkeys(("PRISON", "YOI", "PROBATION", "YOT"), "C") | dict.fromkeys(
    ("A_AND_E", "HOSPITAL_INPATIENT"), "S"
)

SUPPORT_NEEDS = {
    "YP_16_17": "aged 16 or 17",
    "YP_18_25": "aged 18 to 25, needs support",
    "YOUNG_PARENT": "young parent",
    "CARE_LEAVER_18_20": "care leaver, 18 to 20",
    "CARE_LEAVER_21PLUS": "care leaver, 21 and over",
    "PHYS_ILL_DISAB": "physical illness or disability",
    "MENTAL_HEALTH": "mental health",
    "LEARNING_DIS": "learning disability",
    "DOMESTIC_ABUSE": "domestic abuse",
    "SEXUAL_ABUSE": "sexual abuse",
    "NON_DOM_ABUSE": "other abuse",
    "DRUG": "drugs",
    "ALCOHOL": "alcohol",
    "OFFENDING": "offending",
    "REPEAT_HOMELESS": "homeless before",
    "ROUGH_SLEEP_HISTORY": "slept rough before",
    "FORMER_ASYLUM": "former asylum seeker",
    "OLD_AGE": "old age",
    "ARMED_FORCES": "served in the armed forces",
    "EET_ACCESS": "access to education and work",
    "BUDGETING": "budgeting",
    "MODERN_SLAVERY": "modern slavery",
}
SUPPORT_NEEDS_CLASSES = dict.fromkeys(
    ("DOMESTIC_ABUSE", "SEXUAL_ABUSE", "NON_DOM_ABUSE", "MODERN_SLAVERY"), "X"
) | {"OFFENDING": "C", "FORMER_ASYLUM": "P"}

DUTY_ENDS = {
    "SECURED_6M": "home secured for six months",
    "HOMELESS": "became homeless",
    "D56_ELAPSED": "56 days passed",
    "D56_NO_FURTHER": "56 days passed, nothing further",
    "CONTACT_LOST": "contact lost",
    "WITHDREW_OR_DIED": "withdrew or died",
    "NO_LONGER_ELIGIBLE": "no longer eligible",
    "REFUSED_SUITABLE_OFFER": "refused a suitable home",
    "REFUSED_COOPERATE": "refused to cooperate",
    "INTENTIONAL_FROM_PROVIDED": "lost the home provided, by intention",
    "LOCAL_CONNECTION_ACCEPTED": "passed to another council",
    "PART6_OFFER": "social home, main duty",
    "PRS_OFFER": "private home, main duty",
    "REFUSED": "refused an offer, main duty",
    "LOST_CONTACT": "lost contact, main duty",
    "CEASED_OCCUPY": "left temporary accommodation, main duty",
    "NOT_KNOWN": "not known",
}
