"""Certificates of deletion: a chain of files, each with the fingerprint of the one before it.

A certificate holds ids, counts, dates and rules; nothing about anybody. It is made from the books
of schema ``rights`` alone, so it is the same whenever it is written.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from contracts.fingerprint import canonical_json, of_bytes
from contracts.made.rights import RIGHTS
from contracts.place import Place
from surfaces import OFFICIAL, render_page

_TEMPLATE = Path(__file__).parent / "templates" / "certificate.html"
_START = "0" * 64
_RULES = {
    "retain_until": "the sender's last day (retain_until)",
    "keep_months": "the place's own time (keep_months)",
}


def write_missing(con: duckdb.DuckDBPyConnection, *, place: Place, folder: Path) -> list[Path]:
    """Write every certificate that the books have and the folder has not.

    Args:
        con: The identity zone, with schema ``rights``.
        place: The place.
        folder: Folder of the certificates; made where it is missing.

    Returns:
        The JSON files written, in order.
    """
    numbers = con.execute(
        f"SELECT DISTINCT certificate FROM {RIGHTS}.deletion ORDER BY certificate"
    ).fetchall()
    written, previous = [], _START
    for (number,) in numbers:
        path = folder / f"{number:04d}.json"
        if not path.exists():
            content = _certificate(con, place, number, previous)
            folder.mkdir(parents=True, exist_ok=True)
            _page(folder / f"{number:04d}.html", content, place)
            # The page first: a certificate is there once its JSON is.
            partial = path.with_suffix(".part")
            partial.write_bytes(json.dumps(content, indent=1, sort_keys=True).encode() + b"\n")
            partial.replace(path)
            written.append(path)
        previous = str(json.loads(path.read_bytes())["fingerprint"])
    return written


def broken_links(folder: Path) -> list[str]:
    """What is wrong with the chain of certificates in a folder; nothing where it is whole."""
    faults, previous = [], _START
    for at, path in enumerate(sorted(folder.glob("[0-9]*.json")), start=1):
        content = json.loads(path.read_bytes())
        stated = content.pop("fingerprint")
        if of_bytes(canonical_json(content)) != stated:
            faults.append(f"{path.name} was changed after it was written")
        if content["previous"] != previous:
            faults.append(f"{path.name} does not follow the certificate before it")
        if content["number"] != at:
            faults.append(f"certificate {at:04d} is missing")
        previous = stated
    return faults


def _certificate(
    con: duckdb.DuckDBPyConnection, place: Place, number: int, previous: str
) -> dict[str, Any]:
    deliveries = _rows(
        con,
        f"""SELECT delivery_id, table_name, source, controller, agreement, extract_to,
        retain_until, rule, kept_until, deleted_on, loaded_rows, quarantined_rows
        FROM {RIGHTS}.deletion WHERE certificate = {number} ORDER BY delivery_id""",
    )
    content: dict[str, Any] = {
        "number": number,
        "place": place.name,
        "previous": previous,
        "deleted_on": deliveries[0].pop("deleted_on"),
        "deliveries": deliveries,
        "also": _rows(
            con,
            f"""SELECT what, done, rows FROM {RIGHTS}.deletion_also
            WHERE certificate = {number} ORDER BY ALL""",
        ),
        "not_covered": (
            "Sealed releases and month folders are kept under the board's own decision; backups "
            "outside this system are for their keeper."
        ),
    }
    for one in deliveries[1:]:
        one.pop("deleted_on")
    return content | {"fingerprint": of_bytes(canonical_json(content))}


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = con.execute(query)
    names = [entry[0] for entry in cursor.description or ()]
    return [
        {
            name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in zip(names, row, strict=True)
        }
        for row in cursor.fetchall()
    ]


def _page(path: Path, content: dict[str, Any], place: Place) -> None:
    path.write_text(
        render_page(
            _TEMPLATE,
            wording=place.wording,
            marking=OFFICIAL,
            title=f"Certificate of deletion {content['number']:04d}",
            service="Data held",
            certificate=content,
            rules=_RULES,
        ),
        encoding="utf-8",
    )
