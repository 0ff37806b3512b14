"""Dwellings: every property with its address line, its area and, given a key, its pseudonym."""

from __future__ import annotations

import hmac
from datetime import date
from hashlib import sha256

import duckdb
import polars as pl

from contracts.asof import as_known_sql, versions_sql

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
    return hmac.new(key, str(uprn).encode(), sha256).hexdigest()


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


def homes_at_snapshots_sql() -> str:
    """A ``SELECT`` of what a property was known to be at each date of ``snapshots``.

    The temporary table ``snapshots`` holds the dates.
    """
    return f"""
        WITH version AS (
            SELECT s.k, h.uprn, h.parent_uprn, h.blpu_class, h.lsoa21
            FROM snapshots s JOIN ({versions_sql("llpg_blpu")}) h
              ON h.known_from <= s.snapshot_date
             AND (h.known_to IS NULL OR h.known_to > s.snapshot_date)),
        area AS (
            SELECT s.k, a.lsoa21, a.neighbourhood_code, a.imd_decile
            FROM snapshots s JOIN ({versions_sql("area_lookup")}) a
              ON a.known_from <= s.snapshot_date
             AND (a.known_to IS NULL OR a.known_to > s.snapshot_date))
        SELECT v.k, v.uprn, v.parent_uprn, v.blpu_class, v.lsoa21, a.neighbourhood_code,
               a.imd_decile,
               coalesce(v.blpu_class LIKE 'RI%' OR (v.blpu_class = 'RD08'
                   AND v.parent_uprn IS NOT NULL
                   AND count(*) OVER (PARTITION BY v.k, v.parent_uprn, v.blpu_class)
                       >= {SHELTERED_UNITS}), false) AS communal,
               coalesce(v.blpu_class IN ('RH02', 'RH03'), false) AS shared_house,
               coalesce(v.blpu_class = 'PP', false) OR EXISTS (
                   SELECT 1 FROM version c WHERE c.k = v.k AND c.parent_uprn = v.uprn) AS shell
        FROM version v LEFT JOIN area a USING (k, lsoa21)"""
