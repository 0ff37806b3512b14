"""The one way between zones: the only package that opens more than one of them.

``cross_month`` carries a release month from the identity zone to the modelling and audit zones, by
the class of each column and by nothing else. ``crossing``, ``for_audit`` and ``for_release`` open
the zones that those steps need together.
"""

from linkage.crossing.carry import CrossReport, cross_month
from linkage.crossing.contacts import contacts_sql
from linkage.crossing.open import crossing, for_audit, for_release, numbers_salt

__all__ = [
    "CrossReport",
    "contacts_sql",
    "cross_month",
    "crossing",
    "for_audit",
    "for_release",
    "numbers_salt",
]
