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
from contracts.fingerprint import of_bytes, of_value
from contracts.holders import Holder
from contracts.manifest import MANIFEST_NAME, Manifest
from contracts.mapping import TableMapping
from contracts.tables import TABLES
from linkage.ingest import staging
from linkage.ingest.files import fingerprint
from linkage.ingest.header import expected_names, shortened
from linkage.ingest.history import check_withdrawals
from linkage.ingest.records import measure
from linkage.ingest.results import DeliveryResult, Fault, Outcome
from linkage.ingest.schema import BOOKS, ensure_raw
from linkage.ingest.suite import ContractResult, evaluate
from linkage.ingest.text import read_header, stage_text

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
        holder: The controller that it comes from.
    """

    folder: Path
    manifest: Manifest
    mapping: TableMapping
    holder: Holder

    @property
    def id(self) -> str:
        """Key in ``raw.delivery``."""
        return delivery_id(self.manifest)

    @property
    def paths(self) -> list[Path]:
        """The files in the order of their names; the one named where there is no such file."""
        named = self.folder / self.manifest.file
        if not any(sign in self.manifest.file for sign in "*?["):
            return [named]
        found = sorted(self.folder.glob(self.manifest.file))
        return [path for path in found if path.name != MANIFEST_NAME] or [named]

    @property
    def where(self) -> str:
        """Delivery and file, to begin a message."""
        return f"Delivery {self.folder.name}, file {self.manifest.file}"

    @property
    def table(self) -> Table:
        """Declaration of its table."""
        return TABLES[self.manifest.table]


def delivery_id(manifest: Manifest) -> str:
    """``<table>-<12 digits>``: the same content of the same controller and day is the same."""
    what = [manifest.sha256, manifest.controller, manifest.extract_to.isoformat()]
    return f"{manifest.table}-{of_value(what)[:12]}"


def take_in(con: duckdb.DuckDBPyConnection, delivery: Delivery) -> DeliveryResult:
    """Check the files against manifest and contract, and load them.

    Raises:
        DeliveryRefused: If a file is not what its manifest says, its header is not as agreed, too
            many of its rows break rules, or too many keys are missing from a full extract. Nothing
            was changed then.
    """
    if _fingerprint(delivery) != delivery.manifest.sha256:
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
    with staging.cleared(con):
        counts, unread = stage_text(
            con, delivery.paths, delivery.table, delivery.mapping, delivery.where
        )
        _check_count(delivery, sum(counts))
        staging.stage_checked(con, _reading(delivery))
        staging.refuse_barred(con, delivery.table, delivery.where)
        profile = staging.profile(con, delivery.table.name, delivery.manifest)
        checks = evaluate(delivery.table.name, delivery.id, profile)
        result = _judged(con, delivery, staging.faults(con, delivery.table.name, profile), unread)
        if delivery.manifest.coverage == "full":
            check_withdrawals(
                con, delivery.manifest, delivery.holder, delivery.mapping, where=delivery.where
            )
        with _transaction(con):
            _write(con, delivery, counts, result, checks)
    return result


def _fingerprint(delivery: Delivery) -> str:
    """SHA-256 of the one file, or of the ``sha256sum`` lines of several."""
    style, paths = delivery.mapping.file, delivery.paths
    if len(paths) == 1 and paths[0].name == delivery.manifest.file:
        return fingerprint(paths[0], style, delivery.where)
    lines = [
        f"{fingerprint(path, style, f'{delivery.where} ({path.name})')}  {path.name}\n"
        for path in paths
    ]
    return of_bytes("".join(lines).encode())


def _check_count(delivery: Delivery, rows: int) -> None:
    stated = delivery.manifest.row_count
    if rows != stated:
        cut = " It seems cut short." if rows < stated else ""
        raise DeliveryRefused(
            f"{delivery.where}: the file has {rows:,} rows where its manifest says {stated:,} "
            f"(row_count).{cut}",
            next_step="Ask the sender to export it again; nothing of this delivery was loaded.",
        )


def _reading(delivery: Delivery) -> staging.Reading:
    return staging.Reading(
        table=delivery.table,
        mapping=delivery.mapping,
        names=expected_names(delivery.table, delivery.mapping),
        prefix=delivery.holder.prefix,
        extract_to=delivery.manifest.extract_to.isoformat(),
    )


def _difference(delivery: Delivery) -> str:
    """What can be said of a file that is not the one described: most often it was cut short."""
    mapping = delivery.mapping
    if mapping.file.format in {"xlsx", "parquet"} or len(delivery.paths) > 1:
        return ""
    try:
        header = read_header(delivery.paths[0], delivery.table, mapping, delivery.where)
    except DeliveryRefused as refusal:
        return " " + refusal.what.removeprefix(f"{delivery.where}: ").capitalize()
    shape = measure(delivery.paths[0], mapping.file, header)
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
    con: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    faults: tuple[Fault, ...],
    unread: tuple[str, ...],
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
    if unread:
        message += f"; columns that were not read: {shortened(unread)}"
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
    counts: list[int],
    result: DeliveryResult,
    checks: tuple[ContractResult, ...],
) -> None:
    table = delivery.table.name
    con.execute(
        f"""INSERT INTO {RAW}.{table} BY POSITION
        SELECT * EXCLUDE (row_number), '{delivery.id}', row_number, NULL, NULL
        FROM ({staging.sound_rows_sql(table)})"""
    )
    names = expected_names(delivery.table, delivery.mapping)
    done = 0
    for path, count in zip(delivery.paths, counts, strict=True):
        # Of several files, a row is named by its own and its number there.
        con.execute(
            f"""INSERT INTO {RAW}.quarantine
            SELECT ?, ?, ?, * REPLACE (row_number - {done} AS row_number)
            FROM ({staging.bad_rows_sql(table, names)})
            WHERE row_number > {done} AND row_number <= {done + count}""",
            [delivery.id, table, path.name],
        )
        done += count
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
        "holder": delivery.holder.code,
        "dated_by_extract": "recorded_date" in delivery.mapping.absent,
        "settled": False,
        "loaded_rows": result.loaded_rows,
        "quarantined_rows": result.quarantined_rows,
    }
    _append(con, "delivery", [[(stated | counted)[name] for name in BOOKS["delivery"]]])


def _append(con: duckdb.DuckDBPyConnection, book: str, rows: list[list[object]]) -> None:
    marks = ", ".join("?" for _ in BOOKS[book])
    con.executemany(f"INSERT INTO {RAW}.{book} VALUES ({marks})", rows)
