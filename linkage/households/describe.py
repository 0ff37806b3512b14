"""What each household was at each snapshot: who leads it, its make-up, tenure and restrictions."""

from __future__ import annotations

import duckdb

from contracts.asof import known_at, versions_sql

CHILD_YEARS = 18
PENSION_YEARS = 66
GENERATION_YEARS = 16
COUPLE_GAP_YEARS = 16


def describe(con: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Make the temporary tables ``member`` and ``described``.

    Args:
        con: Warehouse with ``unit``, ``unit_kind`` and ``named(k, unit, household_id)``.
        schema: The month's schema, with ``person``.
    """
    for name, select in (
        ("aged", aged_sql(schema)),
        ("lead_rank", _lead_rank_sql()),
        ("member", _member_sql()),
        ("couple", _couple_sql()),
        ("tenure_told", _tenure_sql()),
        ("restricted", _restricted_sql(schema)),
        ("described", _described_sql()),
    ):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}")


def aged_sql(schema: str) -> str:
    """Each resident's age at the snapshot; without a date of birth, a child by part or an adult."""
    return f"""
        WITH part AS (
            SELECT k, person_id, bool_and(part = 'CHILD') AS only_child
            FROM present GROUP BY k, person_id)
        SELECT u.k, u.unit, u.person_id, u.uprn, a.age,
               CASE WHEN a.age IS NOT NULL THEN a.age >= {CHILD_YEARS}
                    ELSE NOT coalesce(p.only_child, false) END AS adult
        FROM unit u
        JOIN (
            SELECT s.k, n.person_id,
                   CASE WHEN n.birth_ym IS NOT NULL THEN
                     ((year(s.snapshot_date) * 12 + month(s.snapshot_date))
                      - (n.birth_ym // 100 * 12 + n.birth_ym % 100)) // 12 END AS age
            FROM snapshots s CROSS JOIN {schema}.person n) a
          ON a.k = u.k AND a.person_id = u.person_id
        LEFT JOIN part p ON p.k = u.k AND p.person_id = u.person_id"""


def _lead_rank_sql() -> str:
    """How strongly each adult stands for the household: tenancy, claim, account, case, others."""
    return """
        SELECT p.k, p.person_id, min(
            CASE WHEN p.part = 'LEAD' THEN
                CASE p.source WHEN 'rent' THEN 1 WHEN 'ctax' THEN 2 WHEN 'uc' THEN 3
                     WHEN 'shbe' THEN 3 WHEN 'hclic' THEN 4 ELSE 6 END
                 WHEN p.part IN ('JOINT', 'PARTNER') THEN 5 ELSE 7 END) AS rank
        FROM present p GROUP BY p.k, p.person_id"""


def _member_sql() -> str:
    return """
        SELECT a.k, n.household_id, a.unit, a.person_id, a.uprn, a.age, a.adult,
               row_number() OVER (
                   PARTITION BY a.k, n.household_id
                   ORDER BY a.adult DESC, coalesce(r.rank, 9), a.age DESC NULLS LAST, a.person_id
               ) = 1 AS leads
        FROM aged a JOIN named n USING (k, unit)
        LEFT JOIN lead_rank r ON r.k = a.k AND r.person_id = a.person_id"""


def _couple_sql() -> str:
    """Households in which a source names two adults as partners or holds them jointly."""
    return """
        SELECT DISTINCT m.k, m.household_id
        FROM member m JOIN present p ON p.k = m.k AND p.person_id = m.person_id
        JOIN present q ON q.k = p.k AND q.form = p.form AND q.person_id <> p.person_id
        JOIN member o ON o.k = m.k AND o.household_id = m.household_id
                     AND o.person_id = q.person_id
        WHERE p.part = 'LEAD' AND q.part IN ('PARTNER', 'JOINT') AND m.adult AND o.adult
          AND (q.part = 'PARTNER' OR m.age IS NULL OR o.age IS NULL
               OR abs(m.age - o.age) < 16)"""


def _tenure_sql() -> str:
    """What the most telling source says of the tenure; see each source for its rank."""
    return f"""
        WITH at_home AS (
            SELECT m.k, m.household_id, s.snapshot_date, p.form, p.source, p.role, p.part
            FROM member m JOIN snapshots s USING (k)
            JOIN present p ON p.k = m.k AND p.person_id = m.person_id
            WHERE p.uprn = m.uprn OR p.uprn IS NULL OR m.uprn IS NULL),
        placed AS (
            SELECT k, household_id, 'hclic' AS source, 'TA' AS tenure, 0 AS rank
            FROM at_home WHERE role = 'placement')
        SELECT * FROM (
            SELECT * FROM placed
            UNION ALL SELECT * FROM ({_tenure_of_rent()})
            UNION ALL SELECT * FROM ({_tenure_of_housing_benefit()})
            UNION ALL SELECT * FROM ({_tenure_of_universal_credit()})
            UNION ALL SELECT * FROM ({_tenure_of_council_tax()}))
        QUALIFY row_number() OVER (PARTITION BY k, household_id ORDER BY rank, tenure) = 1"""


def _tenure_of_rent() -> str:
    return f"""
        SELECT a.k, a.household_id, 'rent' AS source,
               CASE WHEN t.tenure = 'TEMP_ACCOM' THEN 'TA'
                    WHEN t.landlord = 'COUNCIL' THEN 'COUNCIL' ELSE 'RP' END AS tenure,
               CASE WHEN t.tenure = 'TEMP_ACCOM' THEN 1 ELSE 2 END AS rank
        FROM at_home a JOIN ({versions_sql("rent_tenancy")}) t
          ON a.form = 'rent|' || t.tenancy_ref AND {known_at("a.snapshot_date")}
        WHERE a.source = 'rent'"""


def _tenure_of_housing_benefit() -> str:
    return f"""
        SELECT a.k, a.household_id, 'shbe' AS source,
               CASE c.tenancy_type
                    WHEN 'HRA_RENT_REBATE' THEN 'COUNCIL' WHEN 'RP_ALLOWANCE' THEN 'RP'
                    WHEN 'SPECIFIED_ACCOM' THEN 'SUPPORTED'
                    WHEN 'PRIVATE_DEREG_LHA' THEN 'PRS' WHEN 'PRIVATE_REGULATED' THEN 'PRS'
                    ELSE 'TA' END AS tenure,
               CASE WHEN c.tenancy_type IN ('NON_HRA_RENT_REBATE', 'TEMP_ACCOM') THEN 1
                    WHEN c.tenancy_type = 'SPECIFIED_ACCOM' THEN 3 ELSE 4 END AS rank
        FROM (SELECT DISTINCT k, household_id, snapshot_date, form FROM at_home
              WHERE source = 'shbe') a
        JOIN ({versions_sql("shbe_claim")}) c
          ON a.form = 'shbe|' || c.claim_ref AND {known_at("a.snapshot_date")}
        QUALIFY row_number() OVER (PARTITION BY a.k, a.household_id, c.claim_ref
                                   ORDER BY c.scan_date DESC) = 1"""


def _tenure_of_universal_credit() -> str:
    """The housing element of the last periods; who is not paid one may be anything."""
    return f"""
        SELECT a.k, a.household_id, 'uc' AS source,
               CASE e.element WHEN 'HOUSING_PRIVATE' THEN 'PRS' ELSE 'RP' END AS tenure, 5 AS rank
        FROM (SELECT DISTINCT k, household_id, snapshot_date, form FROM at_home
              WHERE source = 'uc') a
        JOIN ({versions_sql("uc_element")}) e
          ON a.form = 'uc|' || e.uc_claim_hash AND {known_at("a.snapshot_date")}
        WHERE e.element IN ('HOUSING_PRIVATE', 'HOUSING_SOCIAL')
          AND e.ap_end > a.snapshot_date - 125
        QUALIFY row_number() OVER (PARTITION BY a.k, a.household_id, a.form
                                   ORDER BY e.ap_end DESC, e.element) = 1"""


def _tenure_of_council_tax() -> str:
    """Liable as owner, or as a tenant of whom no landlord's feed tells."""
    return f"""
        SELECT a.k, a.household_id, 'ctax' AS source,
               CASE WHEN p.liability_type IN ('2', '3', '7') THEN 'OWNER' ELSE 'PRS' END
               AS tenure, 6 AS rank
        FROM at_home a JOIN ({versions_sql("ctax_party")}) p
          ON a.form = 'ctax|' || p.account_ref AND {known_at("a.snapshot_date")}
        WHERE a.source = 'ctax' AND p.role <> 'non_liable'
          AND p.liability_type IN ('2', '3', '7', '4', '5')"""


def _restricted_sql(schema: str) -> str:
    """Households with somebody whose case was restricted for their safety, as known then.

    Once known it holds: a marker is taken away by a version that says so, not by time.
    """
    return f"""
        WITH marked AS (
            SELECT s.k, c.case_ref, coalesce(c.safety_marker, false) AS marked,
                   coalesce(c.reason_loss = 'DOMESTIC_ABUSE', false) AS fled
            FROM snapshots s JOIN ({versions_sql("hclic_case")}) c
              ON {known_at("s.snapshot_date")}),
        refuge AS (
            SELECT DISTINCT s.k, t.case_ref
            FROM snapshots s JOIN ({versions_sql("hclic_ta")}) t ON {known_at("s.snapshot_date")}
            WHERE t.ta_type = 'HOSTEL_REFUGE'
              AND (t.end_date IS NULL OR t.end_date > s.snapshot_date)),
        cases AS (
            SELECT k, case_ref, bool_or(refuge) AS refuge FROM (
                SELECT k, case_ref, false AS refuge FROM marked WHERE marked OR fled
                UNION ALL SELECT k, case_ref, true FROM refuge)
            GROUP BY k, case_ref)
        SELECT m.k, m.household_id, bool_or(c.refuge) AS refuge
        FROM cases c
        JOIN {schema}.person_link l
          ON l.source = 'hclic' AND split_part(l.local_id, '|', 1) = c.case_ref
        JOIN member m ON m.k = c.k AND m.person_id = l.person_id
        GROUP BY m.k, m.household_id"""


def _composition() -> str:
    grown_children = f"oldest - youngest_adult >= {GENERATION_YEARS}"
    return f"""
        CASE WHEN adults = 0 THEN 'UNKNOWN'
             WHEN children > 0 AND adults_65p > 0 AND adults >= 2
                  AND {grown_children} AND middle THEN 'MULTIGEN'
             WHEN children > 0 AND adults = 1 THEN 'LONE_PARENT_DEP'
             WHEN children > 0 AND adults = 2
                  AND (couple OR NOT coalesce({grown_children}, false)) THEN 'COUPLE_DEP'
             WHEN children > 0 AND adults = 2 THEN 'LONE_PARENT_DEP'
             WHEN children > 0 AND couple THEN 'COUPLE_DEP'
             WHEN children > 0 THEN 'MULTI_ADULT'
             WHEN adults = 1 AND oldest IS NULL THEN 'UNKNOWN'
             WHEN adults = 1 AND oldest >= {PENSION_YEARS} THEN 'SINGLE_PENSION'
             WHEN adults = 1 THEN 'SINGLE_WA'
             WHEN adults = 2 AND (couple OR oldest - youngest_adult < {COUPLE_GAP_YEARS})
                  THEN 'COUPLE_NOCHILD'
             WHEN {grown_children} THEN 'ADULT_CHILD_AT_HOME'
             WHEN adults = 2 THEN 'COUPLE_NOCHILD'
             ELSE 'MULTI_ADULT' END"""


def _mean(value: str) -> str:
    """SQL: the mean of shares of six places, the same in whatever order they are added."""
    return f"round(sum(round({value} * 1000000)::BIGINT) / count(*) / 1000000, 6)"


def _described_sql() -> str:
    return f"""
        WITH counted AS (
            SELECT m.k, m.household_id, any_value(m.unit) AS unit, count(*) AS size,
                   count(*) FILTER (WHERE m.adult) AS adults,
                   count(*) FILTER (WHERE NOT m.adult) AS children,
                   count(*) FILTER (WHERE NOT m.adult AND m.age < 5) AS children_0_4,
                   count(*) FILTER (WHERE NOT m.adult AND m.age >= 5 OR NOT m.adult
                                          AND m.age IS NULL) AS children_5_17,
                   count(*) FILTER (WHERE m.adult AND m.age >= 65) AS adults_65p,
                   max(m.age) FILTER (WHERE m.adult) AS oldest,
                   min(m.age) FILTER (WHERE m.adult) AS youngest_adult,
                   coalesce(bool_or(m.adult AND m.age < 65), false) AS middle,
                   max(m.person_id) FILTER (WHERE m.leads) AS lead_person_id
            FROM member m GROUP BY m.k, m.household_id),
        stayed AS (
            SELECT m.k, m.household_id, min(r.since) FILTER (WHERE m.adult) AS adults_since,
                   min(r.since) AS anybody_since, {_mean("r.confidence")} AS confidence
            FROM member m JOIN resident r ON r.k = m.k AND r.person_id = m.person_id
            GROUP BY m.k, m.household_id)
        SELECT c.*, u.uprn, u.hh_kind, s.confidence,
               coalesce(s.adults_since, s.anybody_since) AS since,
               coalesce(t.tenure, 'UNKNOWN') AS tenure, t.source AS tenure_source,
               p.household_id IS NOT NULL AS couple,
               x.household_id IS NOT NULL AS x_restricted, coalesce(x.refuge, false) AS refuge,
               {_composition()} AS composition
        FROM counted c JOIN unit_kind u USING (k, unit)
        JOIN stayed s USING (k, household_id)
        LEFT JOIN couple p USING (k, household_id)
        LEFT JOIN tenure_told t USING (k, household_id)
        LEFT JOIN restricted x USING (k, household_id)"""
