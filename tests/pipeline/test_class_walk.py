"""The walk finds what was planted, wherever and however: or it would prove nothing."""

from __future__ import annotations

import sqlite3
from datetime import date

import duckdb
import polars as pl
import pytest

from contracts.zones import Zone
from tests.pipeline.class_walk import (
    Identifiers,
    cell_faults,
    class_faults,
    file_faults,
    left_files,
)

HASH = "1a7f029a0670e7e12560d7dd97bde0a7"
PLANTED = {
    "a name": "Amara Okoye",
    "a name the other way round": "OKOYE, AMARA",
    "a full date of birth": "1983-07-22",
    "a date of birth as written": "22/07/1983",
    "a UPRN": "900000007710",
    "a hash": HASH.upper(),
    "a local key": "CT00004291|PY000002808",
    "a postcode": "NM1 0AH",
    "an address": "12 Quayside Row, Flat 3, Northmere",
}


@pytest.fixture(scope="module")
def wanted() -> Identifiers:
    found = Identifiers()
    found.add_name("AMARA", "OKOYE")
    for value in (
        "AMARA",
        date(1983, 7, 22),
        900000007710,
        HASH,
        "CT00004291|PY000002808",
        "NM1 0AH",
        "12 QUAYSIDE ROW, FLAT 3, NORTHMERE",
    ):
        found.add(value)
    return found


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_identifier_is_found_in_a_file(tmp_path, wanted, planted):
    for name, content in {
        "log.txt": f"2026-10-31 read {planted}.",
        "page.html": f"<p>Before.</p><td>{planted}</td>",
        "event.json": f'{{"what": "{planted}"}}',
    }.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with sqlite3.connect(tmp_path / "runs.db") as store:
        store.execute("CREATE TABLE event (body TEXT)")
        store.execute("INSERT INTO event VALUES (?)", [f"step failed on {planted}"])
    store.close()
    pl.DataFrame({"value": ["x", planted]}).write_parquet(tmp_path / "t.parquet")
    paths = sorted(tmp_path.iterdir())
    assert len(file_faults(paths, wanted)) == len(paths) == 5


def test_a_planted_file_name_is_found(tmp_path, wanted):
    (tmp_path / "CT00004291_PY000002808.csv").touch()
    assert len(file_faults(tmp_path.iterdir(), wanted)) == 1


def test_what_is_no_identifier_is_not_found(tmp_path, wanted):
    text = "In May 2026 Amara Road had 12 row, 3 flats; 2026-07-22, 90000000771, CT0000429."
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    assert file_faults(tmp_path.iterdir(), wanted) == []


def zone_of(sql: str) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(f"ATTACH ':memory:' AS {Zone.MODELLING}; USE {Zone.MODELLING}")
    con.execute("CREATE SCHEMA m2026_10")
    con.execute(sql)
    return con


def test_a_planted_cell_is_found_in_a_zone(wanted):
    con = zone_of(f"""
        CREATE TABLE m2026_10.reason AS SELECT 'Rent was late, {HASH}.' AS sentence;
        CREATE TABLE m2026_10.score AS SELECT 900000007710 AS household_id, 'Amara' AS outcome;
        CREATE TABLE m2026_10.label AS SELECT 7710 AS household_id, 'O1' AS outcome""")
    found = cell_faults(con, Zone.MODELLING, wanted)
    assert [fault.split(":")[1].strip() for fault in found] == [
        "m2026_10.reason.sentence",
        "m2026_10.score.household_id",
        "m2026_10.score.outcome",
    ]


def test_a_table_or_column_that_is_not_declared_in_its_zone_is_found():
    con = zone_of("""
        CREATE TABLE m2026_10.person_identity AS SELECT 1 AS person_id, 'x' AS first_name;
        CREATE TABLE m2026_10.base_value AS SELECT 'O1' AS outcome, 1.0 AS value, 'x' AS note;
        CREATE TABLE m2026_10.novelty AS SELECT 1 AS a""")
    found = " ".join(class_faults(con, Zone.MODELLING))
    assert "m2026_10.person_identity is not declared there" in found
    assert "m2026_10.novelty is not declared there" in found
    assert "m2026_10.base_value is not as declared: ['note']" in found


def test_a_code_that_stays_behind_is_found():
    from contracts.made.crossed import CROSSED

    case = next(each.made for each in CROSSED if each.table == "hclic_case")
    columns = ", ".join(
        f"CAST({'1' if kind in ('BIGINT', 'DOUBLE') else 'NULL'} AS {kind}) AS {name}"
        if name != "reason_loss"
        else "'DOMESTIC_ABUSE' AS reason_loss"
        for name, kind in case.shape.items()
    )
    con = zone_of(f"CREATE TABLE m2026_10.hclic_case AS SELECT {columns}")
    assert class_faults(con, Zone.MODELLING) == [
        "modelling: m2026_10.hclic_case.reason_loss holds a code that stays behind"
    ]


def test_only_the_declared_places_are_left_out(tmp_path):
    from contracts.workspace import Workspace

    workspace = Workspace(root=tmp_path, place="northmere")
    for name in (
        "landing/a/file.csv",
        "outbox/r/N1.html",
        "releases/r/scores.parquet",
        "months/2026-10/audit.json",
        "zones/identity.duckdb.sealed",
        "keys/zones.key",
    ):
        path = workspace.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    walked = [path.relative_to(workspace.home).as_posix() for path in left_files(workspace)]
    assert walked == [
        "keys/zones.key",
        "months/2026-10/audit.json",
        "releases/r/scores.parquet",
        "zones/identity.duckdb.sealed",
    ]
