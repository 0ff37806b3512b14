"""How the invented people of the benchmark are linked: the product's engine, with a mapping."""

from __future__ import annotations

import polars as pl

from linkage.engine import comparisons as compare
from linkage.engine.records import content_ids
from linkage.engine.settings import ExactKey, LinkSettings

CONTENT = (
    "register", "local_id", "first", "last", "dob", "sex", "postcode", "uprn", "nino", "nhs",
)  # fmt: skip
STATED_ERROR = 0.005
_SAME_NUMBER = compare.any_of("l.nino = r.nino", "l.nhs = r.nhs")
_FIRST_FITS = compare.any_of(
    "l.first = r.first",
    "starts_with(l.first, r.first)",
    "starts_with(r.first, l.first)",
    "l.first = r.last",
    "jaro_winkler_similarity(l.first, r.first, 0.8) >= 0.8",
)
_BORN_FITS = compare.any_of(
    "l.dob = r.dob",
    "substr(l.dob, 6) = substr(r.dob, 6)",
    "left(l.dob, 7) = left(r.dob, 7)",
    "left(l.dob, 4) = left(r.dob, 4) AND right(l.dob, 2) = right(r.dob, 2)",
    "left(l.dob, 4) = left(r.dob, 4) AND substr(l.dob, 6, 2) = right(r.dob, 2)"
    " AND right(l.dob, 2) = substr(r.dob, 6, 2)",
    "left(l.dob, 4) = left(r.dob, 4) AND (right(l.dob, 5) = '01-01' OR right(r.dob, 5) = '01-01')",
    compare.slips("l.dob", "r.dob", 2),
)
_BIRTH_UNKNOWN = "l.dob IS NULL OR r.dob IS NULL"


def comparable(records: pl.DataFrame) -> pl.DataFrame:
    """The records as the engine takes them; who they truly are is left behind."""
    frame = records.select(CONTENT).with_columns(
        pl.col("postcode").str.head(-2).alias("sector"),
        pl.col("dob").str.slice(0, 4).alias("birth_year"),
    )
    return frame.with_columns(content_ids(frame, CONTENT)).sort("record_id")


def settings() -> LinkSettings:
    """Keys with their checks, comparisons, and an error that is stated."""
    born = f"CASE WHEN {_BIRTH_UNKNOWN} THEN l.last = r.last ELSE {_BORN_FITS} END"
    said = f"CASE WHEN {born} THEN {compare.any_of('l.last = r.last', _FIRST_FITS)} ELSE false END"
    return LinkSettings(
        comparisons=(
            compare.name("first"),
            compare.name("last"),
            compare.birth_date("dob"),
            compare.ladder(
                "place", ("uprn", "postcode", "sector"), m=0.6, u=(0.00001, 0.00005, 0.001)
            ),
            compare.equal("nino", m=0.98, u=0.00001),
            compare.equal("nhs", m=0.98, u=0.00001),
            compare.equal("sex", m=0.99, u=0.5),
        ),
        blocks=(
            ("nino",),
            ("nhs",),
            ("dob", "last"),
            ("dob", "first"),
            ("first", "last", "sector"),
            ("first", "postcode"),
            ("uprn", "birth_year", "sex"),
            ("first", "last", "birth_year"),
        ),
        keys=(
            ExactKey(rule_id="NINO", columns=("nino",), agree=said, confidence=0.999),
            ExactKey(rule_id="NHS", columns=("nhs",), agree=said, confidence=0.999),
            ExactKey(
                rule_id="NAME_BIRTH_POSTCODE",
                columns=("first", "last", "dob", "postcode"),
                confidence=0.997,
            ),
        ),
        fit_on=(("nino",), ("first", "last")),
        sure=(("nino",), ("nhs",), ("first", "last", "dob", "postcode")),
        sure_recall=0.8,
        # Twins differ in their first names, a father and son in their dates of birth.
        never=(
            f"CASE WHEN {_SAME_NUMBER} THEN false WHEN NOT ({_FIRST_FITS}) THEN true"
            f" WHEN {_BIRTH_UNKNOWN} THEN false ELSE NOT ({_BORN_FITS}) END"
        ),
        handles=("register", "local_id"),
        error=STATED_ERROR,
        pairs_per_record=10.0,
        fit_pairs=4e5,
    )
