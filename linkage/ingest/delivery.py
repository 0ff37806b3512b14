"""One delivery that the place may hold: from its file to the loaded table, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from contracts.asof import RAW
from contracts.columns import Table
from contracts.errors import DeliveryRefused
from contracts.manifest import Manifest
from contracts.place import TableMapping
from contracts.tables import TABLES
from linkage.ingest import staging
from linkage.ingest.files import Header, fingerprint, measure, read_header
from linkage.ingest.results import DeliveryResult, Fault, Outcome
from linkage.ingest.schema import BOOKS, ensure_raw
from linkage.ingest.suite import ContractResult, evaluate

BAD_SHARE_LIMIT = 0.2
"""Share of rows that break rules above which a delivery is refused whole."""


class TooManyBadRows(DeliveryRefused):
    """So many rows break rules that the delivery itself is doubtful.

    Args:
        what: What is wrong and where.
        next_step: What to do about it.
        faults: Every rule that rows break.
    """

    def __init__(self, what: str, *, next_step: str, faults: tuple[Fault, ...]) -> None:
        super().__init__(what, next_step=next_step)
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A delivery with a sound manifest.

    Attributes:
        folder: Its folder.
        manifest: What the sender says of it.
        mapping: How the place's file differs from the declaration.
    """

    folder: Path
    manifest: Manifest
    mapping: TableMapping

    @property
    def id(self) -> str:
        """Key in ``raw.delivery``."""
        return delivery_id(self.manifest)

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / self.manifest.file

    @property
    def where(self) -> str:
        """Delivery and file, to begin a message."""
        return f"Delivery {self.folder.name}, file {self.manifest.file}"

    @property
    def table(self) -> Table:
        """Declaration of its table."""
        return TABLES[self.manifest.table]

    @property
    def expected(self) -> tuple[str, ...]:
        """Column names that the file must have."""
        return tuple(self.mapping.columns.get(name, name) for name in self.table.names)


def delivery_id(manifest: Manifest) -> str:
    """``<table>-<first 12 digits of the file's sha256>``: the same content is the same delivery."""
    return f"{manifest.table}-{manifest.sha256[:12]}"


def take_in(con: duckdb.DuckDBPyConnection, delivery: Delivery) -> DeliveryResult:
    """Check the file against manifest and contract, and load it.

    Raises:
        DeliveryRefused: If the file is not what its manifest says, its header is not as agreed, or
            too many of its rows break rules. Nothing was changed then.
    """
    found = fingerprint(delivery.path, delivery.where)
    if found != delivery.manifest.sha256:
        raise DeliveryRefused(
            f"{delivery.where}: the file is not the one that its manifest describes (sha256 "
            f"differs).{_difference(delivery)}",
            next_step="Ask the sender to send file and manifest again; nothing of this delivery "
            "was loaded.",
        )
    ensure_raw(con)
    before = _already_loaded(con, delivery)
    if before is not None:
        return before
    header = read_header(delivery.path, delivery.expected, delivery.where)
    with staging.cleared(con):
        staging.stage_text(con, delivery.path, header, delivery.manifest, delivery.where)
        staging.stage_checked(con, delivery.table, delivery.mapping, header)
        staging.refuse_barred(con, delivery.table, delivery.where)
        counts = staging.profile(con, delivery.table.name, delivery.manifest)
        checks = evaluate(delivery.table.name, delivery.id, counts)
        result = _judged(con, delivery, staging.faults(con, delivery.table.name, counts))
        with _transaction(con):
            _write(con, delivery, header, result, checks)
    return result


def _difference(delivery: Delivery) -> str:
    """What can be said of a file that is not the one described: most often it was cut short."""
    try:
        header = read_header(delivery.path, delivery.expected, delivery.where)
    except DeliveryRefused as refusal:
        return " " + refusal.what.removeprefix(f"{delivery.where}: ").capitalize()
    shape = measure(delivery.path, header)
    whole = f" It has {shape.rows:,} whole rows where the manifest says "
    whole += f"{delivery.manifest.row_count:,} (row_count)"
    if shape.fault:
        return f"{whole}; {shape.fault}."
    if shape.rows < delivery.manifest.row_count:
        return f"{whole}; it seems cut short."
    return f"{whole}."


def _already_loaded(con: duckdb.DuckDBPyConnection, delivery: Delivery) -> DeliveryResult | None:
    rows = con.execute(
        f"""SELECT row_count, loaded_rows, quarantined_rows FROM {RAW}.delivery
        WHERE delivery_id = ?""",
        [delivery.id],
    ).fetchall()
    if not rows:
        return None
    row_count, loaded, quarantined = rows[0]
    return DeliveryResult(
        folder=delivery.folder.name,
        outcome=Outcome.ALREADY_LOADED,
        message=f"{delivery.where}: was loaded before ({loaded:,} of {row_count:,} rows); nothing "
        "was changed.",
        table=delivery.table.name,
        file_name=delivery.manifest.file,
        delivery_id=delivery.id,
        row_count=row_count,
        loaded_rows=loaded,
        quarantined_rows=quarantined,
    )


def _judged(
    con: duckdb.DuckDBPyConnection, delivery: Delivery, faults: tuple[Fault, ...]
) -> DeliveryResult:
    """The result, were the delivery loaded now; refused where too many rows break rules."""
    rows = delivery.manifest.row_count
    bad = staging.quarantined_count(con)
    told = "; ".join(str(fault) for fault in faults)
    if bad > rows * BAD_SHARE_LIMIT:
        raise TooManyBadRows(
            f"{delivery.where}: {bad:,} of {rows:,} rows break the contract, more than "
            f"{BAD_SHARE_LIMIT:.0%}: {told}.",
            next_step=f"{_MEND} Nothing of this delivery was loaded.",
            faults=faults,
        )
    message = f"{delivery.where}: loaded {rows - bad:,} of {rows:,} rows into {RAW}."
    message += delivery.table.name
    if bad:
        message += f"; {bad:,} went to quarantine: {told}"
    return DeliveryResult(
        folder=delivery.folder.name,
        outcome=Outcome.LOADED,
        message=f"{message}.",
        next_step=_look_up(delivery) if bad else "",
        table=delivery.table.name,
        file_name=delivery.manifest.file,
        delivery_id=delivery.id,
        row_count=rows,
        loaded_rows=rows - bad,
        quarantined_rows=bad,
        faults=faults,
    )


_MEND = (
    "Where the place writes codes or dates its own way, say so in its place.toml under "
    "sources.<source>.tables.<table>; otherwise ask the sender to correct these rows."
)


def _look_up(delivery: Delivery) -> str:
    return f"See these rows in {RAW}.quarantine (delivery_id {delivery.id!r}). {_MEND}"


@contextmanager
def _transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _write(
    con: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    header: Header,
    result: DeliveryResult,
    checks: tuple[ContractResult, ...],
) -> None:
    table = delivery.table.name
    con.execute(
        f"""INSERT INTO {RAW}.{table} BY POSITION
        SELECT * EXCLUDE (row_number), '{delivery.id}', row_number
        FROM ({staging.sound_rows_sql(table)})"""
    )
    con.execute(
        f"""INSERT INTO {RAW}.quarantine
        SELECT ?, ?, ?, * FROM ({staging.bad_rows_sql(table, header)})""",
        [delivery.id, table, delivery.manifest.file],
    )
    _append(
        con,
        "contract_check",
        [[getattr(one, name) for name in BOOKS["contract_check"]] for one in checks],
    )
    stated = delivery.manifest.model_dump()
    counted = {
        "delivery_id": delivery.id,
        "table_name": table,
        "file_name": delivery.manifest.file,
        "loaded_rows": result.loaded_rows,
        "quarantined_rows": result.quarantined_rows,
    }
    _append(con, "delivery", [[(stated | counted)[name] for name in BOOKS["delivery"]]])


def _append(con: duckdb.DuckDBPyConnection, book: str, rows: list[list[object]]) -> None:
    marks = ", ".join("?" for _ in BOOKS[book])
    con.executemany(f"INSERT INTO {RAW}.{book} VALUES ({marks})", rows)
