"""Children's services: who the children and their families are, and where they live.

Names follow the sector's standard safeguarding dataset and the children in need census.
"""

from __future__ import annotations

from contracts.columns import Kind, Table, column
from contracts.tables.codes import PUPIL_ETHNICITY

CS_PERSON = Table(
    name="cs_person",
    source="cs",
    says="One row for each child, unborn child or family member in the system.",
    key=("pers_person_id",),
    business=(
        column("pers_person_id", Kind.TEXT, "I", "Person in the system.", required=True),
        column("upn", Kind.TEXT, "I", "Unique pupil number."),
        column(
            "upn_unknown",
            Kind.CODE,
            "O",
            "Why there is no pupil number.",
            codes={
                "UN1": "too young for school",
                "UN2": "never at a maintained school here",
                "UN3": "from outside England, not yet at school",
                "UN4": "known for less than a week",
                "UN5": "sources collate",
                "UN6": "not yet obtained",
                "UN7": "only an assessment for education",
                "UN8": "left education",
                "UN9": "new to the council",
                "UN10": "other",
            },
        ),
        column("pers_forename", Kind.TEXT, "I", "First name."),
        column("pers_surname", Kind.TEXT, "I", "Last name."),
        column("pers_dob", Kind.DATE, "I", "Date of birth."),
        column("pers_expected_dob", Kind.DATE, "I", "Expected date of birth, before a birth."),
        column(
            "pers_sex",
            Kind.CODE,
            "P",
            "Sex as recorded.",
            codes={"F": "female", "M": "male", "U": "not known"},
        ),
        column("pers_ethnicity", Kind.CODE, "P", "Ethnic group.", codes=PUPIL_ETHNICITY),
        column("pers_common_child_id", Kind.TEXT, "I", "Pseudonym of the NHS number."),
        column("pers_death_date", Kind.DATE, "I", "Date of death."),
        column("pers_is_mother", Kind.BOOLEAN, "Q", "A young woman who is a mother herself."),
    ),
)

CS_ADDRESS = Table(
    name="cs_address",
    source="cs",
    says="One row for each address of a person and time there.",
    key=("addr_person_id", "addr_address_type", "addr_start"),
    periods=(("addr_start", "addr_end"),),
    business=(
        column("addr_person_id", Kind.TEXT, "I", "Person in the system.", required=True),
        column(
            "addr_address_type",
            Kind.CODE,
            "O",
            "Kind of address.",
            required=True,
            codes={
                "HOME": "home",
                "CORRESPONDENCE": "for letters",
                "PLACEMENT": "placement of a child who is looked after",
                "OTHER": "other",
            },
            code_classes={"PLACEMENT": "X"},
        ),
        column("addr_start", Kind.DATE, "O", "From.", required=True),
        column("addr_end", Kind.DATE, "O", "To."),
        column("uprn", Kind.UPRN, "I", "The property."),
        column("postcode", Kind.TEXT, "I", "Postcode."),
    ),
)

CS_FAMILY = Table(
    name="cs_family",
    source="cs",
    says="One row for each person of a family as the system has it; some are wrong or stale.",
    key=("fami_family_id", "fami_person_id"),
    business=(
        column("fami_family_id", Kind.TEXT, "I", "Family in the system.", required=True),
        column("fami_person_id", Kind.TEXT, "I", "Person in the system.", required=True),
    ),
)

TABLES = (CS_PERSON, CS_ADDRESS, CS_FAMILY)
