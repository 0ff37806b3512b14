"""Where a place's files lie: one folder, the same inside for every place."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from contracts.lasting_key import id_key, lasting_key
from contracts.months import month_key
from contracts.sealed import SealKey
from contracts.warehouse import Warehouse
from contracts.zone_keys import KeyRing

REPOSITORY = Path(__file__).resolve().parent.parent


def default_root() -> Path:
    """``AFLOAT_HOME``, or ``var`` beside the code."""
    return Path(os.environ.get("AFLOAT_HOME", REPOSITORY / "var")).resolve()


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """The folder of one place.

    Attributes:
        root: Folder that holds all places' folders.
        place: Name of the place, as in ``places/<name>/place.toml``.
    """

    root: Path
    place: str

    @property
    def home(self) -> Path:
        """This place's folder."""
        return self.root / self.place

    @property
    def landing(self) -> Path:
        """Where deliveries are dropped: one folder a delivery, with its manifest."""
        return self.home / "landing"

    @property
    def zones(self) -> Path:
        """The sealed zones: identity, modelling and audit."""
        return self.home / "zones"

    def warehouse(self, threads: int = 2) -> Warehouse:
        """The way to open those zones."""
        return Warehouse(folder=self.zones, ring=KeyRing(folder=self.keys), threads=threads)

    @property
    def keys(self) -> Path:
        """Secrets of this host: the zones', the pseudonyms' and the builder's signing key."""
        return self.home / "keys"

    def lasting_key(self, *, needed_by: str | None = None) -> SealKey:
        """The place's lasting key, as in :func:`contracts.lasting_key.lasting_key`."""
        return lasting_key(self.keys, needed_by=needed_by)

    def id_key(self) -> bytes:
        """Secret under which people and households are numbered."""
        return id_key(self.keys)

    def month(self, month: date) -> Path:
        """Files made for one release month: models, reports, charts."""
        return self.home / "months" / month_key(month)

    @property
    def releases(self) -> Path:
        """Sealed releases, one folder each."""
        return self.home / "releases"

    @property
    def outbox(self) -> Path:
        """Approved lists, one folder a release."""
        return self.home / "outbox"

    @property
    def decisions(self) -> Path:
        """Signed decisions, one folder a release."""
        return self.home / "decisions"
