"""A record counts as located where the identity records name a property for it."""

from __future__ import annotations

from datetime import date

from linkage.people.sources import identity_sql
from linkage.quality.located import located_records_sql
from tests.unit.linkage.hand_made import HandMade

ON = date(2026, 10, 31)


def _place() -> HandMade:
    """Of each source records with a home, without one, and with one that was known too late."""
    raw = HandMade()
    for number, (uprn, ref) in enumerate(
        [(101, "P1"), (None, "P1"), (None, "P2"), (None, "P3"), (None, None), (104, "P4")]
    ):
        account = f"A{number}"
        raw.add("ctax_account", account_ref=account, property_ref=ref, uprn=uprn)
        for position in (0, 1):
            raw.add("ctax_party", account_ref=account, party_ref=account, position=position)
    # One number of two properties is nobody's, unless the gazetteer knows better.
    raw.add("ctax_account", account_ref="B1", property_ref="P5", uprn=105)
    raw.add("ctax_account", account_ref="B2", property_ref="P5", uprn=106)
    raw.add("ctax_account", account_ref="B3", property_ref="P5", uprn=None)
    raw.add("ctax_party", account_ref="B3", party_ref="B3", position=0)
    raw.add("ctax_party", account_ref="gone", party_ref="C1", position=0)
    raw.add("llpg_xref", uprn=102, xref_source="ctax_propref", xref_id="P2")
    raw.add("llpg_xref", "2026-11-15", uprn=103, xref_source="ctax_propref", xref_id="P3")
    for claim, uprns in (("U1", (None, 101)), ("U2", (None,)), ("U3", ())):
        raw.add("uc_member", uc_claim_hash=claim, member_seq=1)
        for month, uprn in enumerate(uprns, 1):
            raw.add("uc_award", uc_claim_hash=claim, ap_end=date(2026, month, 20), uprn=uprn)
    raw.add("uc_award", "2026-11-01", uc_claim_hash="U2", ap_end=date(2026, 3, 20), uprn=101)
    for claim, uprn in (("S1", 101), ("S2", None)):
        raw.add("shbe_member", claim_ref=claim, member_seq=1)
        raw.add("shbe_claim", claim_ref=claim, scan_date=date(2026, 5, 1), uprn=uprn)
    for tenancy, uprn in (("T1", 101), ("T2", None)):
        raw.add("rent_person", tenancy_ref=tenancy, person_local_id="X")
        raw.add("rent_tenancy", tenancy_ref=tenancy, uprn=uprn)
    raw.add("rent_tenancy", "2026-09-01", tenancy_ref="T2", uprn=107)
    return raw


def test_as_the_identity_records_name_it() -> None:
    raw = _place()
    found = raw.con.sql(f"SELECT * FROM ({located_records_sql(ON)}) ORDER BY ALL").fetchall()
    named = raw.con.sql(
        f"""SELECT source, local_id, bool_or(uprn IS NOT NULL) AS located
        FROM ({identity_sql(ON)}) GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    assert found == named
    without = {local_id for _, local_id, located in found if not located}
    assert {"A3|A3", "A4|A4", "B3|B3", "gone|C1", "U2|1", "U3|1", "S2|1"} == without
