"""What a pair of records weighs: the sum of its levels' bits, rare values weighing more."""

from __future__ import annotations

import re
from math import log2

import duckdb
import polars as pl

from linkage.engine.model import FREQUENCY_SCHEMA, FittedLevel, FittedModel
from linkage.engine.settings import RECORD, Comparison, LinkSettings


def rarities(settings: LinkSettings) -> list[str]:
    """Columns by which rarity is weighed."""
    levels = [level for comparison in settings.comparisons for level in comparison.levels]
    return sorted({level.rarity for level in levels if level.rarity is not None})


def frequencies(
    con: duckdb.DuckDBPyConnection, table: str, settings: LinkSettings
) -> tuple[pl.DataFrame, float]:
    """How common the values are by which rarity is weighed, and what a lone value counts as.

    A value that one record alone holds can agree with no other, so it is not kept; where it meets
    a later record it is taken as held by two.

    Args:
        con: Connection that holds ``table``.
        table: Records, equal copies counted once.
        settings: Names the columns.

    Returns:
        column, value, share, ordered; and the share of a value held by two.
    """
    count = con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    parts = []
    for column, is_list in _rarity_columns(con, table, settings).items():
        value = f"unnest({column})" if is_list else column
        parts.append(
            f"""SELECT '{column}' AS "column", value::VARCHAR AS value,
                       count(*) / any_value(held)::DOUBLE AS share
                FROM (SELECT {value} AS value,
                             (SELECT count({column}) FROM {table}) AS held FROM {table})
                WHERE value IS NOT NULL GROUP BY value HAVING count(*) > 1"""
        )
    if not parts:
        return pl.DataFrame(schema=FREQUENCY_SCHEMA), 2 / max(count, 2)
    found: pl.DataFrame = con.sql(" UNION ALL ".join(parts)).pl()
    return found.sort("column", "value"), 2 / max(count, 2)


def hold_frequencies(
    con: duckdb.DuckDBPyConnection, table: str, settings: LinkSettings, model: FittedModel
) -> str:
    """SQL of ``table`` with a column ``rare_<column>`` for each by which rarity is weighed.

    For a list column it is a list in the same order.
    """
    con.register("frequency", model.frequencies.to_arrow())
    joins, columns = [], []
    for number, (column, is_list) in enumerate(_rarity_columns(con, table, settings).items()):
        held = f"(SELECT value, share FROM frequency WHERE \"column\" = '{column}')"
        if is_list:
            shares = f"(SELECT * FROM ({_list_shares_sql(table, column, held, model.floor)}))"
            joins.append(f"LEFT JOIN {shares} f{number} ON f{number}.value = s.{column}")
            columns.append(f"f{number}.shares AS rare_{column}")
        else:
            joins.append(f"LEFT JOIN {held} f{number} ON f{number}.value = s.{column}::VARCHAR")
            columns.append(f"coalesce(f{number}.share, {model.floor!r}) AS rare_{column}")
    return f"SELECT {', '.join(['s.*', *columns])} FROM {table} s {' '.join(joins)}"


def _list_shares_sql(table: str, column: str, held: str, floor: float) -> str:
    """SQL: each list that records hold, with the shares of what is in it, in the same order."""
    return f"""
        SELECT value, list(coalesce(share, {floor!r}) ORDER BY place) AS shares
        FROM (SELECT value, unnest(value)::VARCHAR AS one, generate_subscripts(value, 1) AS place
              FROM (SELECT DISTINCT {column} AS value FROM {table} WHERE {column} IS NOT NULL))
        LEFT JOIN {held} known(name, share) ON known.name = one GROUP BY value"""


def weights_sql(
    con: duckdb.DuckDBPyConnection, settings: LinkSettings, model: FittedModel, *, table: str
) -> str:
    """SQL for ``a``, ``b``, ``weight`` and ``band`` of the pairs in a table ``pairs``.

    Args:
        con: Connection that holds ``table``.
        settings: What is compared.
        model: Bits of each level.
        table: Records with their rarity, from :func:`hold_frequencies`.
    """
    kinds = _rarity_columns(con, table, settings)
    weights = [_weight_sql(one, model.of(one.name), kinds) for one in settings.comparisons]
    weight = " + ".join(weights) or "0.0"
    held = con.sql(f"SELECT * FROM {table} LIMIT 0").columns
    needed = [c for c in held if re.search(rf"\b{c}_[lr]\b", weight)]
    sides = [f"{side}.{c} AS {c}_{side}" for c in needed for side in "lr"]
    band = "'all'" if settings.band is None else f"coalesce({settings.band}, 'other')"
    return f"""
        SELECT a, b, round({weight}, 6)::DOUBLE AS weight, band FROM (
            SELECT {", ".join(["p.a", "p.b", f"{band} AS band", *sides])}
            FROM pairs p JOIN {table} l ON l.{RECORD} = p.a JOIN {table} r ON r.{RECORD} = p.b)"""


def _weight_sql(
    comparison: Comparison, levels: tuple[FittedLevel, ...], kinds: dict[str, bool]
) -> str:
    cases = [f"WHEN {comparison.missing} THEN 0.0"]
    for written, level in zip(comparison.levels, levels, strict=False):
        cases.append(f"WHEN {written.when} THEN {_bits_sql(level, written.rarity, kinds)}")
    return f"CASE {' '.join(cases)} ELSE {levels[-1].weight!r} END"


def _bits_sql(level: FittedLevel, rarity: str | None, kinds: dict[str, bool]) -> str:
    """Bits of a level: agreement on a value that few have is more than on one that many have."""
    if rarity is None:
        return repr(level.weight)
    left, right = f"rare_{rarity}_l", f"rare_{rarity}_r"
    common = f"greatest({left}, {right})"
    if kinds[rarity]:
        # The commonest of the groups that both names belong to.
        common = f"""coalesce(list_max(list_transform(
            list_intersect({rarity}_l, {rarity}_r),
            lambda one: {left}[list_position({rarity}_l, one)])), {level.u!r})"""
    return f"({log2(level.m)!r} - log2({common}))"


def _rarity_columns(
    con: duckdb.DuckDBPyConnection, table: str, settings: LinkSettings
) -> dict[str, bool]:
    """Columns by which rarity is weighed, and whether each holds lists."""
    found = con.sql(f"SELECT * FROM {table} LIMIT 0")
    kinds = dict(zip(found.columns, map(str, found.types), strict=True))
    return {column: kinds[column].endswith("]") for column in rarities(settings)}
