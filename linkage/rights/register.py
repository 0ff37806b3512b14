"""The legal register beside what is held: as a table and as a page that governance can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl

from contracts.asof import RAW
from contracts.columns import ColumnClass
from contracts.holders import Holder, SourceSettings
from contracts.made.rights import ASIDE
from contracts.place import Place
from contracts.reference import SOURCE_NAMES
from contracts.register import PurposeEntry, entry_of, faults_of, holds_people, kept_until
from contracts.tables import SOURCES
from surfaces import OFFICIAL, MenuItem, render_page
from surfaces.words import full_day, listing

PAGE_FILE = "legal-register.html"
_TEMPLATE = Path(__file__).parent / "templates" / "register.html"
_SOON = timedelta(days=90)
_CLASSES = {
    ColumnClass.IDENTIFIER: "names, addresses and numbers of people",
    ColumnClass.QUASI: "dates and facts that could help to identify",
    ColumnClass.SPECIAL: "health and other special category data",
    ColumnClass.CRIMINAL: "criminal offence data",
    ColumnClass.PROTECTED: "protected characteristics, for the equity audit alone",
    ColumnClass.SAFETY: "safety markers",
}


@dataclass(frozen=True, kw_only=True)
class Held:
    """What is held of a source; counts only.

    Attributes:
        deliveries: Deliveries that are loaded.
        rows: Rows in the loaded tables.
        quarantined: Rows in quarantine.
        oldest: First day that a held delivery covers; None where none is held.
        newest: Last day that one covers.
        first_out: Day after which the first of them is deleted.
        last_out: Day after which the last of them is deleted.
    """

    deliveries: int = 0
    rows: int = 0
    quarantined: int = 0
    oldest: date | None = None
    newest: date | None = None
    first_out: date | None = None
    last_out: date | None = None


@dataclass(frozen=True, kw_only=True)
class RegisterLine:
    """One source, controller and purpose.

    Attributes:
        source: Key of the source.
        purpose: Code of the purpose.
        controller: Who answers for the data.
        entry: The register's entry, filled from the source's settings.
        faults: What keeps it from being in force; none where it is.
        state: In force, or not, in words.
        colour: Colour of the state's tag.
        kinds: What its columns hold, in words.
        held: What is held.
        absent: Whether the place does without it for now.
    """

    source: str
    purpose: str
    controller: str
    entry: PurposeEntry
    faults: tuple[str, ...]
    state: str
    colour: str
    kinds: tuple[str, ...]
    held: Held
    absent: bool


def register_lines(
    con: duckdb.DuckDBPyConnection, *, place: Place, today: date
) -> tuple[RegisterLine, ...]:
    """Every source, controller and purpose of a place, in the order of its settings.

    Absent sources come last.

    Args:
        con: The identity zone, with schema ``raw``.
        place: The place.
        today: Day on which entries are looked at.
    """
    return tuple(
        _line(con, (key, source, holder), purpose, today=today, absent=key in place.absent)
        for key, source in (place.sources | place.absent).items()
        for holder in source.holders.values()
        for purpose in dict.fromkeys((holder.purpose, *sorted(source.legal)))
    )


def _line(
    con: duckdb.DuckDBPyConnection,
    of: tuple[str, SourceSettings, Holder],
    purpose: str,
    *,
    today: date,
    absent: bool,
) -> RegisterLine:
    key, source, holder = of
    entry = entry_of(source, purpose, holder.code)
    faults = faults_of(key, source, today, purpose, holder.code)
    state, colour = _state(key, entry, faults, today)
    classes = {column.cls for table in SOURCES[key] for column in table}
    return RegisterLine(
        source=key,
        purpose=purpose,
        controller=holder.controller,
        entry=entry,
        faults=faults,
        state="Set aside" if absent else state,
        colour="grey" if absent else colour,
        kinds=tuple(words for cls, words in _CLASSES.items() if cls in classes),
        held=_held(con, key, holder.code, entry),
        absent=absent,
    )


def _state(key: str, entry: PurposeEntry, faults: Sequence[str], today: date) -> tuple[str, str]:
    if faults:
        return "Not in force", "red"
    if not holds_people(key):
        return "Open data", "grey"
    if entry.expires_on is not None and entry.expires_on - today <= _SOON:
        return f"Runs out on {full_day(entry.expires_on)}", "yellow"
    return "In force", "green"


def _held(con: duckdb.DuckDBPyConnection, key: str, code: str, entry: PurposeEntry) -> Held:
    tables = [table.name for table in SOURCES[key]]
    marks = ", ".join("?" for _ in tables)
    deliveries = con.execute(
        f"""SELECT extract_from, extract_to, retain_until, quarantined_rows FROM {RAW}.delivery
        WHERE table_name IN ({marks}) AND holder = ?""",
        [*tables, code],
    ).fetchall()
    if not deliveries:
        return Held()
    out = [kept_until(entry, extract_to=to, retain_until=until) for _, to, until, _ in deliveries]
    return Held(
        deliveries=len(deliveries),
        rows=sum(_rows(con, table, code) for table in tables),
        quarantined=sum(quarantined for *_, quarantined in deliveries),
        oldest=min(start for start, *_ in deliveries),
        newest=max(to for _, to, *_ in deliveries),
        first_out=min(out),
        last_out=max(out),
    )


def _rows(con: duckdb.DuckDBPyConnection, table: str, code: str) -> int:
    schemas = con.execute(
        """SELECT schema_name FROM duckdb_tables() WHERE database_name = current_database()
        AND schema_name IN (?, ?) AND table_name = ? ORDER BY 1""",
        [RAW, ASIDE, table],
    ).fetchall()
    return sum(
        int(
            con.execute(
                f"""SELECT count(*) FROM {schema}.{table} JOIN {RAW}.delivery AS delivery
                USING (delivery_id) WHERE row_number > 0 AND delivery.holder = ?""",
                [code],
            ).fetchall()[0][0]
        )
        for (schema,) in schemas
    )


def register_table(lines: Sequence[RegisterLine]) -> pl.DataFrame:
    """``legal_register``: one row a source, controller and purpose, with what is held under it."""
    rows = [
        {
            "source": line.source,
            "purpose": line.purpose,
            "controller": line.controller,
            "agreement": line.entry.agreement,
            "lawful_basis": line.entry.lawful_basis,
            "condition": line.entry.condition,
            "offence_condition": line.entry.offence_condition,
            "expires_on": line.entry.expires_on,
            "privacy_notice": line.entry.privacy_notice,
            "privacy_notice_date": line.entry.privacy_notice_date,
            "dpia": line.entry.dpia,
            "opt_out_within_days": line.entry.opt_out_within_days,
            "keep_months": line.entry.keep_months,
            "state": line.state,
            "faults": "; ".join(line.faults) or None,
            "deliveries": line.held.deliveries,
            "held_rows": line.held.rows,
            "oldest": line.held.oldest,
            "newest": line.held.newest,
            "first_deleted_after": line.held.first_out,
            "last_deleted_after": line.held.last_out,
        }
        for line in lines
    ]
    texts = {
        "source", "purpose", "controller", "agreement", "lawful_basis", "condition",
        "offence_condition", "privacy_notice", "dpia", "state", "faults",
    }  # fmt: skip
    counts = {"opt_out_within_days", "keep_months", "deliveries", "held_rows"}
    schema = {
        name: pl.String() if name in texts else pl.Int64() if name in counts else pl.Date()
        for name in rows[0]
    }
    return pl.DataFrame(rows, schema=schema)


def write_register(
    lines: Sequence[RegisterLine], *, place: Place, today: date, folder: Path
) -> Path:
    """Write the register's page.

    Args:
        lines: What :func:`register_lines` gave.
        place: The place.
        today: Day on which entries were looked at.
        folder: Folder of the page; made where it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PAGE_FILE
    page = render_page(
        _TEMPLATE,
        wording=place.wording,
        marking=OFFICIAL,
        title="Legal register",
        service="Data held",
        menu=(MenuItem("In short", "#short"), MenuItem("Each source", "#each")),
        lines=lines,
        names=SOURCE_NAMES,
        today=today,
        out_of_force=[line for line in lines if line.faults and not line.absent],
        listing=listing,
    )
    path.write_text(page, encoding="utf-8")
    return path
