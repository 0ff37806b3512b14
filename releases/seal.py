"""Seals the evidence of one month: one folder, named by the fingerprint of its own content."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb

from contracts.errors import ReleaseRefused
from contracts.fingerprint import of_bytes, of_value
from contracts.lasting_key import close_bytes
from contracts.months import month_key
from contracts.place import Place
from contracts.sealed import SealKey
from contracts.workspace import Workspace
from releases import evidence
from releases.audited import audit_problems, audit_word
from releases.code import code_bytes
from releases.gate import mark_latest
from releases.keys import default_board_folder, ensure_builder
from releases.manifest import (
    CONTACTS,
    CONTACTS_FILE,
    MANIFEST_NAME,
    SIGNATURE_NAME,
    DecisionRule,
    Manifest,
    PolicyRef,
    SealedRelease,
)
from releases.reading import signature_bytes
from releases.seal_checks import seal_problems
from releases.signing import readable_json, sign

_LOG = logging.getLogger(__name__)
_SEAL_AGAIN = "Put every point right, run the steps before this one, and seal again."


def seal_release(
    con: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    month: date,
    workspace: Workspace,
    builder: str,
    code_fingerprint: str | None = None,
    board_folder: Path | None = None,
) -> SealedRelease:
    """Seal what was made for a month; sealing the same state again changes nothing.

    Args:
        con: The zones, as ``linkage.crossing.for_release`` opens them.
        place: The place.
        month: The release month's last day.
        workspace: The place's folder.
        builder: Name of who seals; may not decide on it later.
        code_fingerprint: Where the code is known in another way than by its sources.
        board_folder: Where public keys lie; the place's own where not given.

    Raises:
        DataMissing: If a step before this one has not run.
        ReleaseRefused: If what was made does not hold together.
    """
    key = ensure_builder(
        workspace, builder, board_folder=board_folder or default_board_folder(workspace)
    )
    code, files = _collect(
        con, place=place, month=month, workspace=workspace, code_fingerprint=code_fingerprint
    )
    manifest = _manifest(files, place=place, month=month, builder=builder, code=code)
    sealed = {
        **files,
        MANIFEST_NAME: readable_json(manifest.model_dump(mode="json")),
        SIGNATURE_NAME: signature_bytes(sign(key, manifest.model_dump(mode="json"))),
    }
    path = workspace.releases / manifest.release_id
    created = _store(sealed, path)
    mark_latest(workspace, month, manifest.release_id)
    _LOG.info("%s release %s", "sealed" if created else "found", manifest.release_id)
    return SealedRelease(
        release_id=manifest.release_id,
        fingerprint=manifest.fingerprint,
        folder=path,
        manifest=manifest,
        created=created,
    )


def _collect(
    con: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    month: date,
    workspace: Workspace,
    code_fingerprint: str | None,
) -> tuple[str, dict[str, bytes]]:
    """Everything that is sealed, checked; with the code's fingerprint."""
    tables = evidence.table_frames(con, month)
    contacts = evidence.contacts_frame(con, place=place, month=month)
    files = evidence.month_files(workspace.month(month), place)
    problems = seal_problems(con, tables, contacts, place=place, month=month)
    problems += audit_problems(con, files["audit.json"], place=place, month=month)
    if problems:
        raise ReleaseRefused(problems, next_step=_SEAL_AGAIN)
    files |= {
        evidence.TABLE_FILES[name]: evidence.parquet_bytes(frame) for name, frame in tables.items()
    }
    files[CONTACTS_FILE] = close_bytes(
        evidence.parquet_bytes(contacts), key=_contacts_key(workspace), purpose=CONTACTS
    )
    files["catalogue.json"] = evidence.catalogue_bytes()
    files["data.json"] = evidence.deliveries_bytes(con)
    files |= evidence.settings_files(place)
    code, files["code.json"] = code_bytes(code_fingerprint)
    evidence.log_size(files, month)
    return code, files


def _contacts_key(workspace: Workspace) -> SealKey:
    # Names sealed in another release open with no key but the one that they were closed with.
    before = any(workspace.releases.glob(f"*/{CONTACTS_FILE}"))
    return workspace.lasting_key(needed_by="A release sealed before" if before else None)


def _manifest(
    files: Mapping[str, bytes], *, place: Place, month: date, builder: str, code: str
) -> Manifest:
    digests = {path: of_bytes(content) for path, content in sorted(files.items())}
    models = {path: sha for path, sha in digests.items() if path.startswith(evidence.MODELS_FOLDER)}
    return Manifest(
        place=place.name,
        month=month_key(month),
        outcome=place.listed_outcome.value,
        builder=builder,
        files=digests,
        fingerprints={
            "audit": digests["audit.json"],
            "catalogue": digests["catalogue.json"],
            "code": of_value(code),
            "data": digests["data.json"],
            "explanations": digests["explanations.parquet"],
            "model": of_value(models),
            "place": digests["place.json"],
            "scores": digests["scores.parquet"],
            "selection": digests["selection.parquet"],
        },
        policy=PolicyRef.of(place.fairness),
        rule=DecisionRule.of(place.fairness),
        audit=audit_word(files["audit.json"], place.fairness) or "failed",
    )


def _store(files: Mapping[str, bytes], path: Path) -> bool:
    """Write the folder in one move; False where the very same one is there."""
    if path.exists():
        _must_be_same(files, path)
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".sealing-", dir=path.parent))
    try:
        for name, content in files.items():
            target = building / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            target.chmod(0o444)
        building.chmod(0o755)
        building.rename(path)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return True


def _must_be_same(files: Mapping[str, bytes], path: Path) -> None:
    there = {
        found.relative_to(path).as_posix(): found.read_bytes()
        for found in path.rglob("*")
        if found.is_file()
    }
    if there != dict(files):
        raise ReleaseRefused(
            [f"Release {path.name} is already there, and its files are not what was sealed."],
            next_step="Move that folder away for inspection, and seal again.",
        )
