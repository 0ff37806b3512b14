"""The last statement of every engine: finished features from what was counted."""

from __future__ import annotations

from features.known import areas_sql
from features.plan import Plan
from features.timeline import Timeline


def finished_sql(plan: Plan, line: Timeline) -> str:
    """A ``SELECT`` of finished features.

    Args:
        plan: Which features a place can have.
        line: The snapshots.

    Returns:
        SQL over ``stretch``, each household and snapshot with every value that was counted, and
        ``neighbour_total``.
    """
    return plan.select(f"""
        SELECT v.*, {plan.direct_columns()}
        FROM (
            SELECT r.*, a.income_domain, n.* EXCLUDE (lsoa21, k)
            FROM stretch r LEFT JOIN ({areas_sql(line.schema)}) a
              ON a.lsoa21 = r.lsoa21 AND a.known_month <= r.k AND a.gone > r.k
            LEFT JOIN neighbour_total n ON n.lsoa21 = r.lsoa21 AND n.k = r.k) v""")
