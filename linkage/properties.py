"""Which property a billing authority's own number stands for.

A council tax account often holds no property number, or that of the building instead of the flat,
or an address for letters. The number under which the property is billed is the surer key: the
gazetteer says which property it is (``llpg_xref``), and where it does not, other accounts may.
"""

from __future__ import annotations

from datetime import date

from contracts.asof import as_known_sql, versions_sql


def billed_property_sql(known_on: date | None = None) -> str:
    """A ``SELECT`` of property_ref, uprn and known_from of what the gazetteer tells of.

    Numbers that the gazetteer gives to several properties are left out.

    Args:
        known_on: Only what was known on that day; None takes every version.
    """
    rows = versions_sql("llpg_xref") if known_on is None else as_known_sql("llpg_xref", known_on)
    return f"""
        SELECT xref_id AS property_ref, any_value(uprn) AS uprn, min(known_from) AS known_from
        FROM ({rows}) WHERE xref_source = 'ctax_propref' AND end_date IS NULL
        GROUP BY xref_id HAVING count(DISTINCT uprn) = 1"""
