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
