"""What one source tells of who was where, and on what tenure.

What is told of the tenure is one number, the lowest of which is believed: its rank, then the tenure
and the source. A number is compared and carried along at a fraction of what three values cost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from linkage.households.claims import Claim

TENURES: Final = ("COUNCIL", "OWNER", "PRS", "RP", "SUPPORTED", "TA")
# Those that tell a tenure.
_SOURCES: Final = ("ctax", "hclic", "rent", "shbe", "uc")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One kind of residency evidence; adding a source is adding one of these.

    Attributes:
        source: Key of the source; also the beginning of its forms.
        needs: Tables without which it can tell nothing. A place need not have them.
        told: Gives a ``SELECT``, by name, of

            ``local_id``    the identity record, as ``person_link`` knows it
            ``form``        what people stand on together, such as ``uc|<claim>``
            ``part``        LEAD, JOINT, PARTNER, CHILD or MEMBER of it
            ``uprn``        the home; NULL where none is known
            ``role``        key of ``WEIGHTS``
            ``seen_from``, ``seen_to``   days; ``seen_to`` NULL while it goes on
            ``ended``       whether ``seen_to`` is an end, not the last confirmation
            ``known_from``, ``known_to``  versions

            and, where the source tells it, ``tenure`` and ``tenure_rank`` (the lowest is believed).
        claim: Where it tells of claims: how. ``told`` then reads the runs of them.
    """

    source: str
    needs: tuple[str, ...]
    told: Callable[[], str]
    claim: Claim | None = None


def told_sql(rank: str, tenure: str, source: str) -> str:
    """SQL: the number of what is told of a tenure; NULL where there is none.

    Args:
        rank: How telling it is, the lowest most.
        tenure: One of :data:`TENURES`; any other is an error of the query.
        source: Key of the source.
    """
    return (
        f"CASE WHEN {tenure} IS NOT NULL THEN"
        f" ({rank} * 100 + {_number(tenure, TENURES)}) * 100 + {_number(source, _SOURCES)} END"
    )


def tenure_sql(told: str) -> str:
    """SQL: the tenure that such a number tells."""
    return f"{list(TENURES)}[{told} // 100 % 100 + 1]"


def source_sql(told: str) -> str:
    """SQL: the source that tells it."""
    return f"{list(_SOURCES)}[{told} % 100 + 1]"


def _number(value: str, known: tuple[str, ...]) -> str:
    return f"enum_code(CAST({value} AS ENUM{known}))::INTEGER"
