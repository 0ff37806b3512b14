"""Whom the letters of listed households go to: the one way back to names and addresses."""

from __future__ import annotations

from contracts.zones import Zone


def contacts_sql(schema: str) -> str:
    """A ``SELECT`` of lead name, address and numbers of people of selected households.

    To be run on :func:`linkage.crossing.for_release` with the month end, the route and the outcome
    as parameters. Names and addresses are taken for that route alone.

    Args:
        schema: The month's schema.
    """
    known, scored = f"{Zone.IDENTITY}.{schema}", f"{Zone.MODELLING}.{schema}"
    return f"""
        SELECT c.household_id, c.neighbourhood_code, i.first_name, i.last_name, d.address_line,
               d.postcode, s.adults, s.children_0_4 + s.children_5_17 AS children
        FROM {scored}.selection AS c
        LEFT JOIN {scored}.household_snapshot AS s
          ON s.household_id = c.household_id AND s.snapshot_date = ?
        LEFT JOIN {known}.household_snapshot AS h
          ON h.household_id = s.household_id AND h.snapshot_date = s.snapshot_date
        LEFT JOIN {known}.person_identity AS i ON i.person_id = h.lead_person_id
        LEFT JOIN {known}.dwelling AS d ON d.uprn_key = h.uprn_key
        WHERE c.route = ? AND c.outcome = ?
        ORDER BY ALL"""
