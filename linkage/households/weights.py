"""How far each kind of residency evidence is trusted, and for how long without being confirmed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Weight:
    """How far a kind of evidence is trusted, and for how many days without being confirmed.

    Attributes:
        strength: Chance, taken alone, that the person lives there.
        stale_days: Days after which it says nothing any more.
        short: Whether a stay of under 28 days counts (a placement, a refuge, a hospital, custody).
        young: Strength for people from 20 to 39, where it differs.
        until_age: Age from which the evidence is no longer believed.
    """

    strength: float
    stale_days: int
    short: bool = False
    young: float | None = None
    until_age: int | None = None


YOUNG_FROM, YOUNG_TO = 20, 40
SHORT_DAYS = 28

# Planning figures of the specification; those of welfare and of a last settled home are our own.
# A claim's child is a child no longer than a young person can be claimed for.
WEIGHTS = {
    "rent_tenant": Weight(strength=0.95, stale_days=35),
    "rent_member": Weight(strength=0.60, stale_days=400),
    "claimant": Weight(strength=0.90, stale_days=95),
    "claim_child": Weight(strength=0.85, stale_days=95, until_age=20),
    "claim_nondep": Weight(strength=0.60, stale_days=400),
    "ctax_liable": Weight(strength=0.85, stale_days=400),
    "ctax_named": Weight(strength=0.40, stale_days=400),
    "placement": Weight(strength=0.95, stale_days=400, short=True),
    "school_home": Weight(strength=0.80, stale_days=150),
    "cs_address": Weight(strength=0.75, stale_days=180),
    "cs_placement": Weight(strength=0.75, stale_days=180, short=True),
    "asc_person": Weight(strength=0.70, stale_days=400),
    "gp": Weight(strength=0.60, stale_days=400, young=0.45),
    "elector": Weight(strength=0.55, stale_days=400),
    "hreg_member": Weight(strength=0.35, stale_days=200),
    "last_settled": Weight(strength=0.35, stale_days=200),
    "welfare": Weight(strength=0.50, stale_days=400),
    "no_address": Weight(strength=0.0, stale_days=95),
}


def weights_sql() -> str:
    """A ``VALUES`` list of role, strength, stale, short, young and until_age."""
    rows = ", ".join(
        f"('{role}', {w.strength}::DOUBLE, {w.stale_days}, {w.short}, "
        f"{'NULL' if w.young is None else w.young}::DOUBLE, "
        f"{'NULL' if w.until_age is None else w.until_age}::INTEGER)"
        for role, w in WEIGHTS.items()
    )
    return f"(VALUES {rows}) AS weight(role, strength, stale, short, young, until_age)"
