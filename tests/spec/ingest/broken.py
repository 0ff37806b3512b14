"""Kinds of broken delivery, each made in a folder of its own.

Tables stand for file formats here: ``rent_balance`` comes as a workbook, ``rent_action`` as
Parquet, ``rent_arrangement`` in fixed width, ``ctax_cts`` with two date formats; ``uc`` has two
shapes and ``hclic`` three controllers.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from contracts.holders import SourceSettings
from contracts.place import Place
from contracts.tables import TABLES
from tests.unit.ingest.deliveries import REGISTERED, Row, content_of, deliver, northmere, sound_rows
from tests.unit.ingest.vendors import mapped, native_rows, workbook_of, write_parts

CSV, XLSX, PARQUET, FIXED = "rent_person", "rent_balance", "rent_action", "rent_arrangement"
Make = Callable[[Path, Place], Path]


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is delivered, and what must come of it."""

    make: Make
    outcome: str = "refused"
    loaded: int = 0
    quarantined: int = 0
    said: tuple[str, ...] = ()


def place() -> Place:
    """Northmere with several formats, shapes and controllers."""
    wide = {name: [at * 24 + 1, at * 24 + 24] for at, name in enumerate(TABLES[FIXED].names)}
    made = mapped(northmere(), XLSX, file={"format": "xlsx", "sheet": "Data"})
    made = mapped(made, PARQUET, file={"format": "parquet"})
    made = mapped(made, FIXED, file={"format": "fixed", "positions": wide})
    made = mapped(made, "ctax_cts", date_format=["iso", "%d/%m/%Y"])
    uc = made.sources["uc"].model_dump(exclude_unset=True) | {
        "schema_version": "2",
        "shapes": {
            "1": {
                "leaves_out": ["uc_deduction"],
                "tables": {"uc_award": {"absent": ["sanction_reduction_pm"]}},
            }
        },
    }
    districts = {
        code: {"controller": f"{code.title()} District", "agreement": f"H-{code}"}
        for code in ("east", "west", "gone")
    }
    districts["gone"]["until"] = "2026-01-15"
    districts["west"]["formerly"] = [{"controller": "Old West", "agreement": "H-0"}]
    hclic = {
        "lawful_basis": "public task",
        "controllers": districts,
        "legal": {"prevention": REGISTERED},
    }
    changed = {
        "uc": SourceSettings.model_validate(uc),
        "hclic": SourceSettings.model_validate(hclic),
    }
    return made.model_copy(update={"sources": {**made.sources, **changed}})


def csv(change: Callable[[bytes], bytes] = bytes, count: int = 10, **manifest: object) -> Make:
    """A CSV delivery whose manifest fits its changed content, but for what ``manifest`` says."""

    def make(folder: Path, where: Place) -> Path:
        rows = sound_rows(CSV, count)
        content = change(content_of(where, CSV, rows))
        return deliver(
            folder.parent, where, CSV, rows, folder=folder.name, content=content, **manifest
        )

    return make


def rows_of(change: Callable[[list[Row]], object], table: str = CSV, **manifest: object) -> Make:
    """A CSV delivery of 20 rows, some changed."""

    def make(folder: Path, where: Place) -> Path:
        rows = sound_rows(table, 20)
        change(rows)
        return deliver(folder.parent, where, table, rows, folder=folder.name, **manifest)

    return make


def manifest(text: Callable[[dict[str, object]], str]) -> Make:
    """A sound file beside a manifest of any text."""

    def make(folder: Path, where: Place) -> Path:
        made = csv()(folder, where)
        path = made / "manifest.json"
        path.write_text(text(json.loads(path.read_text())), encoding="utf-8")
        return made

    return make


def with_file(name: str) -> Callable[[dict[str, object]], str]:
    """A manifest that names another file."""
    return with_field(file=name)


def with_field(**fields: object) -> Callable[[dict[str, object]], str]:
    """A manifest with other fields."""
    return lambda sound: json.dumps(sound | fields)


def other(table: str, write: Callable[[list[list[str]]], bytes], **fields: object) -> Make:
    """A delivery of a table in another format, written from header and rows."""

    def make(folder: Path, where: Place) -> Path:
        rows = sound_rows(table, 10)
        header, lines = native_rows(where, table, rows)
        content = write([header, *lines])
        return deliver(
            folder.parent, where, table, rows, folder=folder.name, content=content, **fields
        )

    return make


def native(table: str, version: str) -> Make:
    """A delivery in one of the shapes of a feed."""

    def make(folder: Path, where: Place) -> Path:
        rows = sound_rows(table, 10)
        mapping = where.sources["uc"].holders[""].mapping(table, version)
        names = [n for n in TABLES[table].names if mapping is None or mapping.native(n)]
        lines = [names, *([row[name] for name in names] for row in rows)]
        content = "".join(",".join(line) + "\n" for line in lines).encode()
        return deliver(
            folder.parent,
            where,
            table,
            rows,
            folder=folder.name,
            content=content,
            schema_version=version,
        )

    return make


def district(controller: str, agreement: str, **fields: object) -> Make:
    """A delivery of one of several controllers."""
    stated = {"controller": controller, "sharing_agreement_ref": agreement, **fields}

    def make(folder: Path, where: Place) -> Path:
        return deliver(folder.parent, where, "hclic_case", folder=folder.name, **stated)

    return make


def full(coverage: str, first: int, last: int, day: str) -> Make:
    """An extract of the tenancies numbered from ``first`` to ``last``."""

    def make(folder: Path, where: Place) -> Path:
        rows = sound_rows("rent_tenancy", last)[first - 1 :]
        for row in rows:
            row["extract_date"] = day
        return deliver(
            folder.parent,
            where,
            "rent_tenancy",
            rows,
            folder=folder.name,
            coverage=coverage,
            extract_to=day,
        )

    return make


def parts(change: Callable[[Path], object] = str) -> Make:
    """Two files under one manifest, changed afterwards."""

    def make(folder: Path, where: Place) -> Path:
        rows = sound_rows(CSV, 10)
        found = {
            f"part{at}.csv": content_of(where, CSV, rows[at * 5 : at * 5 + 5]) for at in (0, 1)
        }
        digest = write_parts(folder, found)
        csv(sha256=digest)(folder, where)
        (folder / f"{CSV}.csv").unlink()
        path = folder / "manifest.json"
        path.write_text(path.read_text().replace(f"{CSV}.csv", "part*.csv"), encoding="utf-8")
        change(folder)
        return folder

    return make


def linked(which: str) -> Make:
    """A delivery of which a part is a link to somewhere else."""

    def make(folder: Path, where: Place) -> Path:
        real = csv()(folder.parent.parent / "elsewhere" / folder.name, where)
        if which == "folder":
            folder.symlink_to(real)
            return folder
        folder.mkdir()
        for path in real.iterdir():
            target = folder / path.name
            if (path.suffix == ".csv") == (which == "file"):
                target.symlink_to(path)
            else:
                target.write_bytes(path.read_bytes())
        return folder

    return make


def book(change: Callable[[list[list[object]]], object] = len, **how: tuple[str, ...]) -> Make:
    """A workbook whose cells are changed."""

    def write(lines: list[list[str]]) -> bytes:
        cells: list[list[object]] = [list(line) for line in lines]
        change(cells)
        return workbook_of(cells, **how)

    return other(XLSX, write)


def archive(content: dict[str, bytes], *, of_book: bool = True) -> Make:
    """A workbook with parts put in, or replaced."""

    def write(lines: list[list[str]]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            if of_book:
                with zipfile.ZipFile(io.BytesIO(workbook_of(lines))) as sound:
                    for name in sound.namelist():
                        if name not in content:
                            made.writestr(name, sound.read(name))
            for name, part in content.items():
                made.writestr(name, part)
        return stream.getvalue()

    return other(XLSX, write)


def parquet(lines: list[list[str]], *, nested: bool = False) -> bytes:
    """A Parquet file of texts, or with a column of lists."""
    frame = pl.DataFrame(lines[1:], schema=lines[0], orient="row")
    if nested:
        frame = frame.with_columns(pl.concat_list(lines[0][0]).alias(lines[0][0]))
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def zipped(content: bytes) -> bytes:
    """The same every time."""
    return gzip.compress(content, mtime=0)


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9))
    + b']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<sheetData><row><c t="inlineStr"><is><t>&j;</t></is></c></row></sheetData></worksheet>'
)
"""A worksheet of a kilobyte whose one cell would be ten thousand million letters."""
