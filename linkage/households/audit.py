"""Protected attributes of each household's lead person, for the fairness audit and nothing else."""

from __future__ import annotations

from contracts.asof import known_at, versions_sql

# Census categories of the general practice record to the audit's five groups.
_GROUP_OF_16 = {
    "WHITE": "ABC",
    "MIXED": "DEFG",
    "ASIAN": "HJKLR",
    "BLACK": "MNP",
    "OTHER": "S",
}
_AGE_BANDS = (
    ("16-24", 16, 24),
    ("25-34", 25, 34),
    ("35-49", 35, 49),
    ("50-64", 50, 64),
    ("65+", 65, 200),
)


def audit_sql(schema: str) -> str:
    """A ``SELECT`` of ``household_audit``.

    Args:
        schema: The month's schema, with ``person_protected``.
    """
    bands = " ".join(
        f"WHEN m.age BETWEEN {low} AND {high} THEN '{band}'" for band, low, high in _AGE_BANDS
    )
    return f"""
        WITH at_home AS ({_group_at_home_sql()})
        SELECT s.snapshot_date, d.household_id,
               coalesce(p.ethnic_group, g.ethnic_group, 'NOT_RECORDED') AS ethnic_group,
               CASE {bands} ELSE 'NOT_RECORDED' END AS age_band,
               coalesce(p.sex, 'NOT_RECORDED') AS sex,
               coalesce(p.disability, 'NOT_RECORDED') AS disability,
               d.tenure,
               CASE WHEN h.imd_decile BETWEEN 1 AND 10
                    THEN ((h.imd_decile - 1) // 2 * 2 + 1) || '-' || ((h.imd_decile + 1) // 2 * 2)
                    ELSE 'NOT_RECORDED' END AS deprivation
        FROM described d JOIN snapshots s USING (k)
        JOIN member m ON m.k = d.k AND m.household_id = d.household_id AND m.leads
        LEFT JOIN {schema}.person_protected p ON p.person_id = d.lead_person_id
        LEFT JOIN home_at h ON h.k = d.k AND h.uprn = d.uprn
        LEFT JOIN at_home g ON g.k = d.k AND g.uprn = d.uprn
        ORDER BY s.snapshot_date, d.household_id"""


def _group_at_home_sql() -> str:
    """The ethnic group of most registrations at a home, which are joined to no person.

    It stands in where no council source recorded the lead person's own.
    """
    groups = " ".join(
        f"WHEN p.ethnic16 IN ({', '.join(repr(letter) for letter in letters)}) THEN '{group}'"
        for group, letters in _GROUP_OF_16.items()
    )
    return f"""
        WITH home AS (
            SELECT DISTINCT d.k, s.snapshot_date, d.uprn, w.puprn
            FROM described d JOIN snapshots s USING (k) JOIN dwelling_now w USING (uprn)
            WHERE w.puprn IS NOT NULL),
        registered AS (
            SELECT h.k, h.uprn, CASE {groups} END AS ethnic_group, count(*) AS n
            FROM home h JOIN ({versions_sql("gp_patient")}) p
              ON p.puprn = h.puprn AND {known_at("h.snapshot_date")}
             AND p.reg_start <= h.snapshot_date
             AND (p.reg_end IS NULL OR p.reg_end > h.snapshot_date)
            WHERE p.practice_dsa_in_place GROUP BY ALL)
        SELECT k, uprn, ethnic_group FROM registered WHERE ethnic_group IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY k, uprn ORDER BY n DESC, ethnic_group) = 1"""
