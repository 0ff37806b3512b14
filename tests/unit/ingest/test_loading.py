"""Deliveries load whole or not at all, once, and nothing they hold is said aloud."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import textwrap

import duckdb
import pytest

from contracts.errors import DataMissing, DeliveryRefused, RowsQuarantined
from contracts.tables import TABLES
from linkage.ingest import (
    LandingResult,
    Outcome,
    contract_results,
    delivery,
    ensure_raw,
    load_delivery,
    load_landing,
    raise_if_bad,
)
from linkage.ingest.crosswalk import CROSSWALK
from tests.unit.ingest.deliveries import TODAY, deliver, everywhere, northmere, sound_rows, state

# A crosswalk's rows name the references of other tables: tests/spec/ingest/test_crosswalk.py.
DELIVERED = sorted(set(TABLES) - {CROSSWALK})


@pytest.fixture
def con():
    return duckdb.connect()


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """One sound delivery of every table."""
    landing = tmp_path_factory.mktemp("landing")
    for table in DELIVERED:
        deliver(landing, everywhere(), table, sound_rows(table, 4))
    return landing


# A crosswalk names controllers of the place, which made-up rows do not.


def test_every_table_loads_and_a_second_time_changes_nothing(con, everything):
    seen = []
    first = load_landing(
        con,
        place=everywhere(),
        landing=everything,
        today=TODAY,
        progress=lambda done, total, one: seen.append((done, total, one.table)),
    )
    raise_if_bad(first)
    before = state(con)

    again = load_landing(con, place=everywhere(), landing=everything, today=TODAY)

    assert {one.outcome for one in first.deliveries} == {Outcome.LOADED}
    assert {one.outcome for one in again.deliveries} == {Outcome.ALREADY_LOADED}
    assert state(con) == before
    whole = 4 * len(DELIVERED)
    assert (first.loaded_rows, again.loaded_rows) == (whole, whole)
    assert f"{len(DELIVERED)} already loaded" in again.summary
    assert [table for _, _, table in seen] == DELIVERED
    assert seen[-1][:2] == (len(DELIVERED), len(DELIVERED))
    assert {name: len(before[name]) for name in DELIVERED} == dict.fromkeys(DELIVERED, 4)


def test_the_book_of_deliveries(con, tmp_path):
    folder = deliver(tmp_path, northmere(), "rent_balance")
    result = load_delivery(con, place=northmere(), folder=folder, today=TODAY)
    book = con.sql("SELECT * FROM raw.delivery").pl().to_dicts()
    assert len(book) == 1
    assert book[0]["delivery_id"] == result.delivery_id
    assert re.fullmatch("rent_balance-[0-9a-f]{12}", book[0]["delivery_id"])
    assert book[0]["controller"] == "Northmere Council"
    assert (book[0]["row_count"], book[0]["loaded_rows"], book[0]["quarantined_rows"]) == (
        10,
        10,
        0,
    )
    rows = con.execute("SELECT DISTINCT delivery_id FROM raw.rent_balance").fetchall()
    assert rows == [(result.delivery_id,)]


def test_the_same_file_in_another_folder_is_the_same_delivery(con, tmp_path):
    place = northmere()
    for folder in ("one", "two"):
        deliver(tmp_path, place, "rent_balance", folder=folder)
    result = load_landing(con, place=place, landing=tmp_path, today=TODAY)
    assert [one.outcome for one in result.deliveries] == [Outcome.LOADED, Outcome.ALREADY_LOADED]
    assert con.execute("SELECT count(*) FROM raw.rent_balance").fetchall() == [(10,)]


def test_a_later_delivery_is_added(con, tmp_path):
    place = northmere()
    rows = sound_rows("rent_balance", 6)
    deliver(tmp_path, place, "rent_balance", rows[:4], folder="2026-01")
    deliver(tmp_path, place, "rent_balance", rows[2:], folder="2026-02")
    result = load_landing(con, place=place, landing=tmp_path, today=TODAY)
    raise_if_bad(result)
    assert con.execute("SELECT count(*) FROM raw.rent_balance").fetchall() == [(8,)]
    assert len({one.delivery_id for one in contract_results(con, "rent_balance")}) == 2


def test_a_refused_delivery_does_not_stop_the_others(con, tmp_path):
    place = northmere()
    deliver(tmp_path, place, "rent_action", folder="1", retain_until="2020-01-01")
    deliver(tmp_path, place, "rent_balance", folder="2")
    spoilt = sound_rows("rent_person", 10)
    spoilt[0]["role"] = "LODGER"
    deliver(tmp_path, place, "rent_person", spoilt, folder="3")
    (tmp_path / ".partial").mkdir()
    (tmp_path / "readme.txt").write_text("not a delivery", encoding="utf-8")

    result = load_landing(con, place=place, landing=tmp_path, today=TODAY)

    assert [one.folder for one in result.deliveries] == ["1", "2", "3"]
    assert [one.outcome.value for one in result.deliveries] == ["refused", "loaded", "loaded"]
    assert result.quarantined_rows == 1
    with pytest.raises(DeliveryRefused, match="Delivery 1, file rent_action"):
        raise_if_bad(result)
    with pytest.raises(RowsQuarantined, match="rent_person"):
        raise_if_bad(LandingResult(deliveries=result.deliveries[1:]))
    again = load_landing(con, place=place, landing=tmp_path, today=TODAY)
    raise_if_bad(LandingResult(deliveries=again.deliveries[1:]))


def test_no_landing_folder(con, tmp_path):
    with pytest.raises(DataMissing, match="no landing folder"):
        load_landing(con, place=northmere(), landing=tmp_path / "none", today=TODAY)


def test_an_error_in_mid_load_leaves_everything_as_it_was(con, tmp_path, monkeypatch):
    place = northmere()
    load_delivery(con, place=place, folder=deliver(tmp_path, place, "llpg_blpu"), today=TODAY)
    before = state(con)
    folder = deliver(tmp_path, place, "rent_balance")

    def fail(*_):
        raise RuntimeError("disk full")

    monkeypatch.setattr(delivery, "_append", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        load_delivery(con, place=place, folder=folder, today=TODAY)

    assert state(con) == before
    monkeypatch.undo()
    assert load_delivery(con, place=place, folder=folder, today=TODAY).loaded_rows == 10
    left = con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
    assert left == []


def test_a_killed_process_leaves_everything_as_it_was(tmp_path):
    place = northmere()
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        load_delivery(con, place=place, folder=deliver(tmp_path, place, "llpg_blpu"), today=TODAY)
        before = state(con)
    folder = deliver(tmp_path, place, "rent_balance")
    program = f"""
        import os, duckdb
        from pathlib import Path
        from linkage.ingest import delivery, load_delivery
        from tests.unit.ingest.deliveries import TODAY, northmere
        delivery._append = lambda *_: os._exit(9)
        delivery.evaluate = lambda *_: ()
        con = duckdb.connect({str(warehouse)!r})
        load_delivery(con, place=northmere(), folder=Path({str(folder)!r}), today=TODAY)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert ended.returncode == 9
    with duckdb.connect(str(warehouse)) as con:
        assert state(con) == before
        assert load_delivery(con, place=place, folder=folder, today=TODAY).loaded_rows == 10


def test_a_warehouse_of_other_declarations_is_not_mixed(con):
    ensure_raw(con)
    con.execute("ALTER TABLE raw.rent_balance RENAME COLUMN balance TO owed")
    with pytest.raises(DataMissing, match="rent_balance in schema raw"):
        ensure_raw(con)


def test_every_declared_table_exists_with_its_types(con):
    ensure_raw(con)
    ensure_raw(con)
    for name, table in TABLES.items():
        found = con.execute(f"DESCRIBE raw.{name}").fetchall()
        expected = [(column.name, column.duckdb_type) for column in table]
        expected += [
            ("delivery_id", "VARCHAR"),
            ("row_number", "BIGINT"),
            ("known_since", "DATE"),
            ("stands", "BOOLEAN"),
        ]
        assert [(row[0], row[1]) for row in found] == expected


MARK = "Zqxwvmark"


@pytest.mark.parametrize("table", ["rent_person", "ctax_party", "ae_attendance", "hclic_case"])
def test_no_value_of_a_row_is_said(con, tmp_path, caplog, table):
    """A mark in every column in turn, in rows that break rules, and in a file that is refused."""
    caplog.set_level(logging.DEBUG)
    place = northmere()
    rows = sound_rows(table, 150)
    for number, name in enumerate(TABLES[table].names):
        rows[number] |= {name: MARK}
        rows[100] = dict(rows[99])
    said = []
    sound_shape = deliver(tmp_path, place, table, rows, folder="1")
    said.append(load_delivery(con, place=place, folder=sound_shape, today=TODAY))
    refused = deliver(tmp_path, place, table, rows[: len(TABLES[table].names)], folder="2")
    said.append(load_delivery(con, place=place, folder=refused, today=TODAY))
    text = (sound_shape / f"{table}.csv").read_bytes()
    damages = {
        "3": text.replace(MARK.encode(), f'"{MARK}'.encode()),
        "4": text.split(b"\n", 1)[1],
        "5": text.replace(MARK.encode(), f"{MARK}é".encode("latin-1")),
        "6": text.replace(MARK.encode(), f"{MARK},{MARK}".encode()),
        "7": text[: text.rindex(MARK.encode()) + 4],
        "8": text.replace(b"row_hash", MARK.encode() + b" " * 50 + b"x" * 40, 1),
    }
    for folder, content in damages.items():
        drop = deliver(tmp_path, place, table, rows, folder=folder, content=content)
        said.append(load_delivery(con, place=place, folder=drop, today=TODAY))

    assert [one.outcome.value for one in said] == ["loaded"] + ["refused"] * 7
    assert said[0].quarantined_rows > 5
    checks = con.execute("SELECT * FROM raw.contract_check").fetchall()
    assert checks
    spoken = f"{said} {checks} {caplog.text} {con.execute('FROM raw.delivery').fetchall()}"
    for one in said:
        try:
            raise_if_bad(one)
        except (DeliveryRefused, RowsQuarantined) as error:
            spoken += f"{error} {error.__context__} {error.__cause__}"
    assert MARK[:4].lower() not in spoken.lower()
    kept = con.execute("SELECT row_json FROM raw.quarantine").fetchall()
    assert all(MARK in row for (row,) in kept[:3]), "quarantine itself keeps what came"
