"""Code lists that more than one extract shares."""

from __future__ import annotations

ETHNIC_GROUPS = {
    "WHITE": "White",
    "ASIAN": "Asian or Asian British",
    "BLACK": "Black or Black British",
    "MIXED": "Mixed or multiple",
    "OTHER": "Other ethnic group",
    "NOT_STATED": "asked and not stated",
}

RECORDED_SEX = {"F": "female", "M": "male"}

YES_NO_NOT_STATED = {"Y": "yes", "N": "no", "NOT_STATED": "asked and not stated"}

YES_NO_NOT_KNOWN = {"Y": "yes", "N": "no", "U": "not known"}

# The department's codes, in the school census and in children's services.
PUPIL_ETHNICITY = {
    "WBRI": "White British",
    "WIRI": "White Irish",
    "WIRT": "Traveller of Irish heritage",
    "WROM": "Roma or Romany",
    "WOTH": "any other White",
    "MWBC": "White and Black Caribbean",
    "MWBA": "White and Black African",
    "MWAS": "White and Asian",
    "MOTH": "any other mixed",
    "AIND": "Indian",
    "APKN": "Pakistani",
    "ABAN": "Bangladeshi",
    "AOTH": "any other Asian",
    "BCRB": "Black Caribbean",
    "BAFR": "Black African",
    "BOTH": "any other Black",
    "CHNE": "Chinese",
    "OOTH": "any other ethnic group",
    "REFU": "asked and refused",
    "NOBT": "not yet obtained",
}

# Who told children's services, in contacts and in referrals.
REFERRAL_SOURCES = {
    "1A": "family member or carer",
    "1B": "acquaintance",
    "1C": "the child",
    "1D": "another individual",
    "2A": "school",
    "2B": "other education",
    "3A": "general practice",
    "3B": "health visitor",
    "3C": "school nurse",
    "3D": "other primary care",
    "3E": "emergency department",
    "3F": "other health",
    "4": "housing",
    "5A": "the council's social care",
    "5B": "another council service",
    "5C": "the council, outside social care",
    "5D": "another council's social care",
    "6": "police",
    "7": "other legal body",
    "8": "other",
    "9": "anonymous",
    "10": "not known",
}

OF_HOMES = "Of homes in which one household lives, by the patient's number; never by name."
"""What of a health record may lie in the modelling zone."""
