"""What one source tells of who was where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


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
    """

    source: str
    needs: tuple[str, ...]
    told: Callable[[], str]
