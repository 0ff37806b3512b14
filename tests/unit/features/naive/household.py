"""The naive side of household and area."""

from __future__ import annotations

from collections.abc import Callable

from contracts.months import add_months
from tests.unit.features.naive.view import ORACLE, Number, View, yes_no

for name, columns in (
    ("household_size", ("size",)),
    ("household_adults", ("adults",)),
    ("household_children", ("children_0_4", "children_5_17")),
    ("area_deprivation_tenth", ("imd_decile",)),
):
    ORACLE[name] = lambda v, columns=columns: float(sum(v.here[c] for c in columns))
yes_no(
    "household_one_adult_with_children",
    lambda v: v.here["adults"] == 1 and v.here["children_0_4"] + v.here["children_5_17"] > 0,
)
yes_no("home_no_fixed_address", lambda v: v.here["hh_kind"] == "NO_FIXED_ABODE")


def _changed(v: View, column: str, months: int, differs: Callable[[int, int], bool]) -> Number:
    earlier = [row[column] for row in v.before if row["snapshot_date"] >= add_months(v.t, -months)]
    if not earlier:
        return None
    return float(any(differs(v.here[column], then) for then in earlier))


for w in (6, 12):
    ORACLE[f"household_adult_left_{w}m"] = lambda v, w=w: _changed(
        v, "adults", w, lambda now, then: now < then
    )
ORACLE["household_adult_joined_12m"] = lambda v: _changed(
    v, "adults", 12, lambda now, then: now > then
)
ORACLE["household_young_child_joined_12m"] = lambda v: _changed(
    v, "children_0_4", 12, lambda now, then: now > then
)


def _since_then(v: View, months: int) -> Number:
    since = v.here["resident_since"]
    return None if since is None else float(since > add_months(v.t, -months))


for w in (3, 12):
    ORACLE[f"household_moved_{w}m"] = lambda v, w=w: _since_then(v, w)


def _years(v: View) -> Number:
    since = v.here["resident_since"]
    return None if since is None else (v.t - since).days / 365.25


ORACLE["household_years_in_home"] = _years
ORACLE["strength_settled_years"] = lambda v: (
    None if (years := _years(v)) is None else years if years >= 3 else 0.0
)
for name, tenures in (
    ("home_private_rent", ("PRS",)),
    ("home_social_rent", ("COUNCIL", "RP")),
):
    ORACLE[name] = lambda v, tenures=tenures: (
        None if v.here["tenure"] == "UNKNOWN" else float(v.here["tenure"] in tenures)
    )


def _low_income(v: View) -> Number:
    found = [row for row in v.known("area_lookup") if row["lsoa21"] == v.here["lsoa21"]]
    return found[0]["income_domain"] if found else None


ORACLE["area_low_income_share"] = _low_income
