"""Column names as sets of words, and what vendors call things."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache

# What is written short in extracts of councils, benefits and health systems.
_SHORT = {
    "acc": "account", "acct": "account", "ac": "account", "addr": "address", "add": "address",
    "agr": "agreement", "allow": "allowance", "amnt": "amount", "amt": "amount", "ann": "annual",
    "app": "application", "appl": "application", "approach": "application", "arr": "arrears",
    "att": "attendance", "auth": "authority", "bal": "balance", "bdrm": "bedroom",
    "bedrooms": "bedroom", "beds": "bedroom", "birth": "dob", "born": "dob", "cat": "category",
    "cd": "code", "chg": "charge", "clm": "claim", "claimant": "claim", "cnt": "count",
    "cust": "person", "customer": "person", "client": "person", "tenant": "tenancy",
    "dec": "decision", "decn": "decision", "ded": "deduction", "dep": "dependant", "desc": "type",
    "description": "type", "diag": "diagnosis", "disab": "disability", "disc": "discount",
    "dt": "date", "dte": "date", "dwp": "", "earn": "earnings", "eff": "effective",
    "eligible": "eligible", "eth": "ethnicity", "ethnic": "ethnicity", "expiry": "end",
    "ended": "end", "finish": "end", "termination": "end", "to": "end", "vacation": "end",
    "vacated": "end", "fam": "family", "first": "first", "flg": "flag", "fl": "flag",
    "fn": "first name", "fname": "first name", "forename": "first name",
    "forenames": "first name", "given": "first", "freq": "frequency", "gender": "sex",
    "hb": "housing benefit", "hh": "household", "id": "reference", "identifier": "reference",
    "key": "reference", "ident": "reference", "ind": "flag", "indicator": "flag", "yn": "flag",
    "inst": "instalment", "liab": "liability", "ln": "last name", "lname": "last name",
    "surname": "last name", "sname": "last name", "mbr": "member", "mem": "member",
    "meth": "method", "mth": "month", "ni": "nino", "nat": "national", "no": "number",
    "num": "number", "nbr": "number", "nr": "number", "occ": "start", "vac": "end",
    "commence": "start", "term": "end", "terminated": "end", "occupation": "start",
    "occupied": "start", "commenced": "start", "commencement": "start", "from": "start",
    "began": "start", "begin": "start", "open": "start", "opened": "start", "org": "organisation",
    "pay": "payment", "paym": "payment", "pc": "postcode", "pcode": "postcode",
    "per": "person", "prac": "practice", "prop": "property", "prty": "party", "pty": "party",
    "pw": "weekly", "wk": "weekly", "wkly": "weekly", "week": "weekly", "pm": "monthly",
    "pcm": "monthly", "rea": "reason", "rec": "recovery", "recd": "recorded", "ref": "reference",
    "refno": "reference", "reg": "registration", "rel": "relationship", "relship": "relationship",
    "schm": "scheme", "seq": "sequence", "snm": "last name", "src": "source", "st": "status",
    "stat": "status", "state": "status", "std": "standard", "str": "start", "strt": "start",
    "support": "support", "sys": "system", "tel": "phone", "telephone": "phone", "mobile": "phone",
    "ten": "tenancy", "tncy": "tenancy", "tot": "total", "ttl": "title", "txn": "transaction",
    "typ": "type", "val": "value", "vuln": "vulnerable", "wrd": "ward", "yr": "year",
    "zip": "postcode", "dateofbirth": "dob", "kind": "type", "class": "type", "group": "group",
    "owed": "balance", "outstanding": "balance", "due": "balance", "seen": "date",
    "day": "date", "when": "date", "created": "recorded", "entered": "recorded",
    "added": "recorded", "inserted": "recorded", "loaded": "extract", "snapshot": "extract",
    "asat": "extract", "hashed": "hash", "pseudonym": "pid", "pseudo": "pid", "nhs": "nhs",
    "gp": "practice", "surgery": "practice", "lsoa": "lsoa21", "dwelling": "property",
}  # fmt: skip

# Other names of a column, where words alone would not show it.
ALIASES: dict[str, tuple[str, ...]] = {
    "liability_start": ("occupation date", "occupied from", "liable from"),
    "liability_end": ("vacation date", "vacated", "liable to", "ceased"),
    "account_ref": ("account number", "ct account", "council tax account"),
    "name_raw": ("full name", "liable party name", "payer name", "claimant name", "name"),
    "band": ("valuation band", "ct band"),
    "uprn": ("unique property reference number", "llpg uprn", "address uprn"),
    "lsoa21": ("lower super output area", "lsoa code", "lsoa21cd"),
    "ward": ("ward code", "electoral ward", "wd code"),
    "saon": ("secondary addressable object", "flat", "sub building"),
    "paon": ("primary addressable object", "house number", "building"),
    "street": ("road", "street name", "thoroughfare"),
    "town": ("post town", "town name", "city"),
    "postcode": ("post code",),
    "imd_decile": ("deprivation decile", "index of multiple deprivation decile"),
    "imd_score": ("deprivation score", "index of multiple deprivation score"),
    "nino_hash": ("national insurance number", "national insurance", "nino"),
    "nhs_pid": ("nhs number", "patient id", "patient pseudonym", "patient reference"),
    "puprn": ("pseudonymised uprn", "address pseudonym"),
    "dob": ("date of birth", "birth date"),
    "tenure": ("tenancy type", "tenure type"),
    "pay_ref": ("rent account", "payment reference", "rent account number"),
    "person_local_id": ("person id", "person number", "customer number", "client id"),
    "case_ref": ("case number", "case id", "application reference"),
    "approach_date": ("application date", "date presented", "date of approach"),
    "uc_claim_hash": ("claim hash", "claim key", "uc claim"),
    "ap_start": ("assessment period start", "period start"),
    "ap_end": ("assessment period end", "period end"),
    "net_award_pm": ("award paid", "uc award", "award amount"),
    "earnings_pm": ("net earnings", "earnings"),
    "recorded_date": ("date recorded", "last updated", "created date", "audit date"),
    "extract_date": ("extract date", "snapshot date", "as at date", "run date"),
    "source_system": ("system", "source"),
    "row_hash": ("record hash", "checksum"),
    "stage_date": ("recovery date", "event date", "action date"),
    "debt_at_stage": ("amount owed", "debt", "debt amount"),
    "landlord": ("landlord name", "provider", "owner"),
    "arrival_ts": ("arrival time", "arrival date time", "attended at"),
}


def words(name: str) -> frozenset[str]:
    """The words of a column name, written out: ``TEN_START_DT`` is tenancy, start, date."""
    return frozenset(_in_order(name))


@cache
def _in_order(name: str) -> tuple[str, ...]:
    parted = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    parted = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", parted)
    text = re.sub(r"[^a-z0-9]+", " ", parted.lower())
    text = re.sub(r"\bdate of birth\b", "dob", text)
    text = re.sub(r"\bpost code\b", "postcode", text)
    found: list[str] = []
    for word in text.split():
        bare = word if word in _SHORT or len(word) < 3 else re.sub(r"^\d+|\d+$", "", word) or word
        found += _SHORT.get(bare, bare).split()
    return tuple(found)


# Words that say how a value is written rather than what it is of.
_LIGHT = {"date": 0.5, "reference": 0.6, "number": 0.3, "code": 0.3, "flag": 0.4, "type": 0.5,
          "name": 0.6, "amount": 0.4, "weekly": 0.5, "monthly": 0.5, "value": 0.3, "status": 0.8,
          "of": 0.1, "the": 0.0, "count": 0.4, "hash": 0.5}  # fmt: skip


def alike(theirs: str, column: str, table: str) -> float:
    """How alike a file's column name and a declared one are, 0 to 1."""
    context = words(table)
    best = max(_share(theirs, name, context) for name in (column, *ALIASES.get(column, ())))
    flat = re.sub(r"[^a-z0-9]", "", theirs.lower())
    if flat == column.replace("_", ""):
        return 1.0
    letters = SequenceMatcher(None, flat, column.replace("_", "")).ratio()
    return max(best, 0.75 * letters)


def _share(theirs: str, ours: str, context: frozenset[str]) -> float:
    """Weight of the words in both, over that of all; words of the table's own name weigh little."""
    left, right = words(theirs), words(ours)

    def weight(found: frozenset[str]) -> float:
        return sum(_LIGHT.get(word, 1.0) * (0.35 if word in context else 1.0) for word in found)

    either = weight(left | right)
    return weight(left & right) / either if either else 0.0
