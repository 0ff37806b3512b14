"""References that a reorganisation replaced: what was loaded under the old ones goes on.

When councils merge, the new one's systems issue references of their own and a crosswalk says which
took the place of which. Loaded rows are put under the new reference, so that an account's history
reads as one. Nothing else of a row changes, and applying a crosswalk again changes nothing.
"""

from __future__ import annotations

import duckdb

from contracts.asof import RAW, versions_sql
from contracts.errors import DataMissing
from contracts.holders import local_ids
from contracts.place import Place
from contracts.tables import SOURCES
from linkage.rights.renumber import follow_references

CROSSWALK = "id_crosswalk"
_PAIRS = "crosswalk_pair"


def apply_crosswalk(con: duckdb.DuckDBPyConnection, place: Place) -> int:
    """Put every loaded row under the reference that it has now.

    Args:
        con: The warehouse, open for writing and outside a transaction.
        place: The place's settings, which name the controllers.

    Returns:
        How many values were replaced.

    Raises:
        DataMissing: If the crosswalk names a source, column or controller that the place has not.
    """
    if "crosswalk" not in place.sources:
        return 0
    held = con.execute(
        f"""SELECT DISTINCT of_source, of_column, old_controller, new_controller
        FROM ({versions_sql(CROSSWALK)}) WHERE known_to IS NULL ORDER BY ALL"""
    ).fetchall()
    replaced = 0
    con.begin()
    try:
        for source, column, old, new in held:
            _check(place, source, column, old, new)
            replaced += _replace(con, place, source, column, old=old, new=new)
    except BaseException:
        con.rollback()
        raise
    con.commit()
    con.execute(f"DROP TABLE IF EXISTS {_PAIRS}")
    return replaced


def _check(place: Place, source: str, column: str, old: str, new: str) -> None:
    holders = place.sources[source].holders if source in place.sources else {}
    wrong = [code for code in (old, new) if code not in holders]
    if source not in SOURCES or column not in local_ids(source) or wrong:
        raise DataMissing(
            f"{CROSSWALK}: references {column} of source {source} from {old} to {new} are not ones "
            f"that place {place.name} has.",
            next_step="Have the crosswalk mended, or name both controllers under "
            f"[sources.{source}.controllers] in place.toml. No reference was replaced.",
        )


def _replace(
    con: duckdb.DuckDBPyConnection, place: Place, source: str, column: str, *, old: str, new: str
) -> int:
    holders = place.sources[source].holders
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {_PAIRS} AS
        SELECT ? || old_id AS before, any_value(? || new_id ORDER BY new_id) AS after
        FROM ({versions_sql(CROSSWALK)})
        WHERE known_to IS NULL AND of_source = ? AND of_column = ?
          AND old_controller = ? AND new_controller = ?
        GROUP BY ALL""",
        [_spaced(holders[old].prefix), _spaced(holders[new].prefix), source, column, old, new],
    )
    count = 0
    for table in SOURCES[source]:
        if column in table.names:
            rows = con.execute(
                f"""UPDATE {RAW}.{table.name} AS t SET {column} = p.after
                FROM {_PAIRS} p WHERE t.{column} = p.before AND p.before <> p.after"""
            ).fetchall()
            count += int(rows[0][0])
    follow_references(con, source=source, column=column, pairs=_PAIRS)
    return count


def _spaced(prefix: str) -> str:
    return f"{prefix}:" if prefix else ""
