"""Households: dated evidence of residency, who lives with whom, and how that changes."""

from linkage.households.build import HouseholdReport, build_households

__all__ = ["HouseholdReport", "build_households"]
