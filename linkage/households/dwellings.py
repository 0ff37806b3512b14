"""Dwellings: every property with its address line, its area and, given a key, its pseudonym."""

from __future__ import annotations

import hmac
from datetime import date

import duckdb
import polars as pl

from contracts.asof import as_known_sql, versions_sql
from contracts.tables import TABLES
from linkage.households.changes import changes_sql
from linkage.households.timeline import Snapshots, temp

RESIDENTIAL = "(blpu_class LIKE 'RD%' OR blpu_class LIKE 'RH%')"
SHELTERED_UNITS = 15
_SCHEMA = {
    "uprn": pl.Int64(),
    "uprn_key": pl.Int64(),
    "puprn": pl.String(),
    "parent_uprn": pl.Int64(),
    "blpu_class": pl.String(),
    "residential": pl.Boolean(),
    "communal": pl.Boolean(),
    "lsoa21": pl.String(),
    "neighbourhood_code": pl.String(),
    "imd_decile": pl.Int64(),
    "address_line": pl.String(),
    "postcode": pl.String(),
}


def dwellings(
    con: duckdb.DuckDBPyConnection, month: date, *, pseudonym_key: bytes | None
) -> pl.DataFrame:
    """``dwelling``: one row for each property known at the end of ``month``.

    Args:
        con: Warehouse with the ``raw`` tables.
        month: Index date.
        pseudonym_key: Key under which the health extracts name homes; None leaves ``puprn`` empty.
    """
    found: pl.DataFrame = con.sql(_dwellings_sql(month)).pl()
    names = [None if pseudonym_key is None else pseudonym(u, pseudonym_key) for u in found["uprn"]]
    return (
        found.with_columns(pl.Series("puprn", names, dtype=pl.String()))
        .select([pl.col(name).cast(kind) for name, kind in _SCHEMA.items()])
        .sort("uprn")
    )


def pseudonym(uprn: int, key: bytes) -> str:
    """The keyed pseudonym of a property, as the health extracts carry it."""
    return hmac.digest(key, str(uprn).encode(), "sha256").hex()


def _dwellings_sql(month: date) -> str:
    line = "nullif(trim(regexp_replace(concat_ws(', ', saon, paon), ', $', '')), '')"
    return f"""
        WITH home AS ({as_known_sql("llpg_blpu", month)}),
        first_known AS (
            SELECT uprn, row_number() OVER (ORDER BY min(known_from), uprn) AS uprn_key
            FROM ({versions_sql("llpg_blpu")}) GROUP BY uprn),
        written AS (
            SELECT uprn, postcode,
                   concat_ws(', ', trim(concat_ws(' ', {line}, street)), locality, town, postcode)
                   AS address_line
            FROM ({as_known_sql("llpg_lpi", month)})
            QUALIFY row_number() OVER (
                PARTITION BY uprn
                ORDER BY (logical_status = '1') DESC, end_date IS NULL DESC, start_date DESC,
                         lpi_key) = 1),
        area AS ({as_known_sql("area_lookup", month)})
        SELECT h.uprn, k.uprn_key, h.parent_uprn, h.blpu_class,
               coalesce({RESIDENTIAL}, false) AS residential,
               coalesce(h.blpu_class LIKE 'RI%' OR (h.blpu_class = 'RD08'
                   AND count(*) OVER (PARTITION BY h.parent_uprn, h.blpu_class)
                       >= {SHELTERED_UNITS} AND h.parent_uprn IS NOT NULL), false) AS communal,
               h.lsoa21, a.neighbourhood_code, a.imd_decile, w.address_line, w.postcode
        FROM home h JOIN first_known k USING (uprn)
        LEFT JOIN written w USING (uprn) LEFT JOIN area a USING (lsoa21)"""


def home_spans(con: duckdb.DuckDBPyConnection, snaps: Snapshots, there: frozenset[str]) -> None:
    """Make ``home_span`` and ``part_of``: what each property was known to be, and for how long.

    Args:
        con: Warehouse with the ``raw`` tables.
        snaps: The month ends.
        there: Tables that the warehouse holds.
    """
    temp(con, "blpu_span", _spans_sql("llpg_blpu", ("parent_uprn", "blpu_class", "lsoa21"), snaps))
    area = ("neighbourhood_code", "imd_decile")
    temp(con, "area_span", _spans_sql("area_lookup", area, snaps))
    temp(con, "sheltered", _sheltered_sql())
    temp(con, "home_span", _home_spans_sql())
    temp(con, "succeeded", succeeded_sql(snaps, there))
    temp(con, "part_of", _parts_sql())


def _spans_sql(table: str, columns: tuple[str, ...], snaps: Snapshots) -> str:
    key = ", ".join(TABLES[table].key)
    return f"""
        SELECT {key}, {", ".join(columns)}, {snaps.first_from("known_from")} AS k_from,
               {snaps.last_until("known_to - 1")} AS k_to
        FROM ({changes_sql(table, columns)})
        WHERE known_from <= DATE '{snaps.days[-1]}' AND k_from <= k_to"""


def _sheltered_sql() -> str:
    """Buildings with many sheltered flats, month by month: there are few of them."""
    return f"""
        SELECT parent_uprn, k FROM (
            SELECT uprn, parent_uprn, unnest(range(k_from, k_to + 1)) AS k
            FROM blpu_span WHERE blpu_class = 'RD08' AND parent_uprn IS NOT NULL)
        GROUP BY parent_uprn, k HAVING count(*) >= {SHELTERED_UNITS}"""


def _home_spans_sql() -> str:
    return """
        WITH shell AS (
            SELECT parent_uprn AS uprn, min(k_from) AS shell_from
            FROM blpu_span WHERE parent_uprn IS NOT NULL GROUP BY parent_uprn),
        many AS (SELECT parent_uprn, min(k) AS many_from FROM sheltered GROUP BY parent_uprn)
        SELECT b.uprn, b.parent_uprn, b.blpu_class, b.lsoa21, a.neighbourhood_code, a.imd_decile,
               greatest(b.k_from, coalesce(a.k_from, 0)) AS k_from,
               least(b.k_to, coalesce(a.k_to, b.k_to)) AS k_to,
               CASE WHEN b.blpu_class = 'RI01' THEN 'CARE_HOME'
                    WHEN b.blpu_class = 'RI03' THEN 'EDUCATION'
                    WHEN b.blpu_class LIKE 'RI%' THEN 'COMMUNAL_RESIDENCE'
                    WHEN b.blpu_class = 'RD08' AND m.many_from <= b.k_to THEN 'SHELTERED' END
               AS communal_type,
               coalesce(b.blpu_class IN ('RH01', 'RH02', 'RH03'), false) AS shared_house,
               coalesce(b.blpu_class = 'PP' OR s.shell_from <= b.k_to, false) AS shell
        FROM blpu_span b
        LEFT JOIN area_span a ON a.lsoa21 = b.lsoa21 AND a.k_from <= b.k_to AND a.k_to >= b.k_from
        LEFT JOIN shell s ON s.uprn = b.uprn
        LEFT JOIN many m ON m.parent_uprn = b.parent_uprn"""


def succeeded_sql(snaps: Snapshots, there: frozenset[str]) -> str:
    """A ``SELECT`` of uprn, successor, k_from, one_to_one: what took a property's place.

    A property that was split has several successors, and none of them is it.
    """
    if "uprn_succession" not in there:
        return (
            "SELECT NULL::BIGINT AS uprn, NULL::BIGINT AS successor, NULL::BIGINT AS k_from, "
            "false AS one_to_one WHERE false"
        )
    return f"""
        SELECT old_uprn AS uprn, new_uprn AS successor,
               {snaps.first_from("greatest(known_from, change_date)")} AS k_from,
               change_type <> 'split' AS one_to_one
        FROM ({versions_sql("uprn_succession")})
        WHERE greatest(known_from, change_date) <= DATE '{snaps.days[-1]}'
          AND old_uprn <> new_uprn"""


def _parts_sql() -> str:
    """Flats of buildings, and what a property was split into."""
    return """
        SELECT DISTINCT uprn, parent_uprn AS shell_uprn, k_from FROM blpu_span
        WHERE parent_uprn IS NOT NULL
        UNION
        SELECT successor, uprn, k_from FROM succeeded WHERE NOT one_to_one"""
