"""Writes the lists of an approved release: one page and one table for each neighbourhood.

:func:`write_lists` takes an :class:`~releases.verify.ApprovedRelease` and nothing else will do. It
opens no warehouse and reads no release from disk: everything comes from the bytes that were
verified.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from contracts.errors import ReleaseRefused
from contracts.place import Place
from releases.cards import neighbourhood_cards
from releases.csv_list import csv_bytes
from releases.list_page import ListFacts, page_bytes
from releases.list_period import list_period
from releases.track_record import track_record
from releases.verify import ApprovedRelease, require_approved
from releases.withheld import withheld_beside
from surfaces import OFFICIAL_SENSITIVE

_LOG = logging.getLogger(__name__)


def write_lists(approved: ApprovedRelease, *, outbox: Path) -> list[Path]:
    """Write every neighbourhood's list into ``<outbox>/<release id>``, whole or not at all.

    Args:
        approved: What :func:`releases.verify.verify_release` gave, in this process.
        outbox: The place's outbox.

    Returns:
        The files, in order of neighbourhood.

    Raises:
        ReleaseRefused: If ``approved`` is anything else, a sentence may not be shown, or other
            lists of this release are there already.
    """
    approved = require_approved(approved)
    folder = outbox / approved.release_id
    files = render_lists(approved, withheld=withheld_beside(outbox))
    if folder.exists():
        _must_be_same(files, folder)
    else:
        _store(files, folder)
    _LOG.info("release %s: %d list files", approved.release_id, len(files))
    return [folder / name for name in files]


def render_lists(
    approved: ApprovedRelease, *, withheld: frozenset[int] = frozenset()
) -> dict[str, bytes]:
    """File name to bytes of every list; the same approved release gives the same bytes.

    Args:
        approved: The permission, with the bytes.
        withheld: Households that are left off, because somebody objected since.
    """
    approved = require_approved(approved)
    place = sealed_place(approved)
    period = list_period(approved.approved_on, approved.expires_on)
    record = track_record(approved.files["evaluation.json"], approved.manifest.outcome)
    files: dict[str, bytes] = {}
    cards = neighbourhood_cards(approved, place, period.working_days)
    for code, every in cards.items():
        own = [card for card in every if card.household_id not in withheld]
        facts = ListFacts(
            place=place,
            neighbourhood=place.neighbourhoods[code],
            release_id=approved.release_id,
            fingerprint=approved.manifest.fingerprint,
            records_to=approved.manifest.month_end,
            until=period.until,
            approved_on=approved.approved_on,
            approvals=len(approved.approvals),
            record=record,
        )
        files[f"{code}.html"] = page_bytes(own, facts)
        files[f"{code}.csv"] = csv_bytes(own, OFFICIAL_SENSITIVE)
    return files


def reference_table(approved: ApprovedRelease) -> pl.DataFrame:
    """List reference to household, for joining what was recorded back to it.

    Holds ``reference``, ``neighbourhood_code`` and ``household_id``; no name.
    """
    approved = require_approved(approved)
    place = sealed_place(approved)
    cards = neighbourhood_cards(approved, place, [approved.approved_on])
    rows = [(card.reference, code, card.household_id) for code in cards for card in cards[code]]
    return pl.DataFrame(
        rows,
        schema={
            "reference": pl.String,
            "neighbourhood_code": pl.String,
            "household_id": pl.Int64,
        },
        orient="row",
    ).sort("neighbourhood_code", "reference")


def sealed_place(approved: ApprovedRelease) -> Place:
    """The place's settings as they were sealed; later changes do not reach this release."""
    return Place.model_validate(json.loads(approved.files["place.json"]))


def _store(files: Mapping[str, bytes], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    writing = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder.parent))
    try:
        for name, content in files.items():
            (writing / name).write_bytes(content)
        writing.rename(folder)
    finally:
        shutil.rmtree(writing, ignore_errors=True)


def _must_be_same(files: Mapping[str, bytes], folder: Path) -> None:
    there = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    if there != dict(files):
        raise ReleaseRefused(
            [f"Other lists of release {folder.name} are in the outbox already."],
            next_step="Move that folder away on purpose, so that no team works from two lists.",
        )
