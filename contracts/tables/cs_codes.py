"""Code lists of children's services, and which of their codes are more than special category."""

from __future__ import annotations

PRIMARY_NEEDS = {
    "N0": "not stated",
    "N1": "abuse or neglect",
    "N2": "the child's disability",
    "N3": "a parent's illness or disability",
    "N4": "family in acute stress",
    "N5": "family dysfunction",
    "N6": "socially unacceptable behaviour",
    "N7": "low income",
    "N8": "absent parenting",
    "N9": "other than in need",
}

PLAN_CATEGORIES = {
    "NEG": "neglect",
    "EMO": "emotional abuse",
    "PHY": "physical abuse",
    "SAB": "sexual abuse",
    "MUL": "several",
}

_WHO = {"A": "child", "B": "parent", "C": "other in the household"}

FACTORS = {
    **{f"1{who}": f"alcohol, {says}" for who, says in _WHO.items()},
    **{f"2{who}": f"drugs, {says}" for who, says in _WHO.items()},
    **{f"3{who}": f"domestic abuse, {says}" for who, says in _WHO.items()},
    **{f"4{who}": f"mental health, {says}" for who, says in _WHO.items()},
    **{f"5{who}": f"learning disability, {says}" for who, says in _WHO.items()},
    **{f"6{who}": f"physical disability or illness, {says}" for who, says in _WHO.items()},
    "7A": "young carer",
    "8B": "privately fostered from overseas",
    "8C": "privately fostered",
    "8D": "privately fostered",
    "8E": "privately fostered",
    "8F": "privately fostered",
    "9A": "unaccompanied, seeking asylum",
    "10A": "going missing",
    "11A": "child sexual exploitation",
    "12A": "trafficking",
    "13A": "gangs",
    "14A": "socially unacceptable behaviour",
    "15A": "self-harm",
    "16A": "neglect",
    "17A": "emotional abuse",
    "18A": "physical abuse",
    "18B": "physical abuse, child on child",
    "18C": "physical abuse, adult on child",
    "19A": "sexual abuse",
    "19B": "sexual abuse, child on child",
    "19C": "sexual abuse, adult on child",
    "20": "other",
    "21": "no factors",
    "22A": "female genital mutilation",
    "23A": "abuse linked to faith or belief",
    "24A": "child criminal exploitation",
}

# Who is in danger from whom must never leave the identity zone; accusations of crime are left out.
FACTOR_CLASSES = dict.fromkeys(
    ("3A", "3B", "3C", "11A", "12A", "19A", "19B", "19C", "22A", "23A"), "X"
) | dict.fromkeys(("13A", "24A"), "C")

START_REASONS = {
    "S": "began to be looked after",
    "L": "legal status changed",
    "P": "placement and carer changed",
    "T": "placement changed, same carer",
    "B": "legal status, placement and carer changed",
    "U": "legal status and placement changed, same carer",
}

CEASED_REASONS = {
    "E3": "looked after by another council",
    "E4A": "returned home, planned",
    "E4B": "returned home, not planned",
    "E5": "moved to independent living, supported",
    "E6": "moved to independent living, not supported",
    "E7": "passed to adult services",
    "E8": "any other reason",
    "E9": "sentenced to custody",
    "E11": "adopted, consent dispensed with",
    "E12": "adopted, with consent",
    "E13": "lived with parents or relatives, not planned",
    "E14": "accommodation on remand ended",
    "E15": "age assessment found an adult",
    "E16": "moved abroad",
    "E17": "aged 18 and staying with the carers",
    "E45": "special guardianship, former foster carers",
    "E46": "special guardianship, other carers",
    "E47": "special guardianship, former foster carers, relatives",
    "E48": "special guardianship, other relatives or friends",
    "X1": "the episode ended and another began",
}

LEGAL_STATUSES = {
    "C1": "interim care order",
    "C2": "full care order",
    "D1": "freeing order",
    "E1": "placement order",
    "V2": "voluntary agreement",
    "V3": "short breaks, several episodes",
    "V4": "short breaks, one agreement",
    "L1": "police protection",
    "L2": "emergency protection order",
    "L3": "child assessment order",
    "J1": "on remand",
    "J2": "detained by the police",
    "J3": "under a sentence",
}

LEGAL_CLASSES = dict.fromkeys(("D1", "E1"), "X") | dict.fromkeys(("J1", "J2", "J3"), "C")
