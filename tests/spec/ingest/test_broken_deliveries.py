"""Every kind of broken delivery in one landing folder, with sound ones between them.

Each ends as the table says, the rest still loads, and nothing is lost or half-written.
"""

from __future__ import annotations

import duckdb
import pytest

from linkage.ingest import load_landing
from tests.spec.ingest import broken
from tests.spec.ingest.broken_kinds import CASES
from tests.spec.ingest.test_refusals import REFUSALS
from tests.unit.ingest.deliveries import TODAY, deliver, sound_rows


@pytest.fixture(scope="module")
def landed(tmp_path_factory):
    """Everything delivered at once: result by folder name, and the warehouse."""
    root, place = tmp_path_factory.mktemp("landed"), broken.place()
    landing = root / "landing"
    landing.mkdir()
    for name, case in CASES.items():
        case.make(landing / name, place)
    for name, (spoil, _) in REFUSALS.items():
        spoil(root / "made" / name, place).rename(landing / f"refusal {name}")
    for name in SOUND:
        rows = sound_rows("llpg_blpu", 5)
        for row in rows:
            row["row_hash"] = name
        deliver(landing, place, "llpg_blpu", rows, folder=name)
    (landing / "loose.xlsx").write_bytes(b"PK")
    con = duckdb.connect()
    result = load_landing(con, place=place, landing=landing, today=TODAY)
    return {one.folder: one for one in result.deliveries}, con


SOUND = ("0 first", "b between", "refusal m between", "zzz last")


def test_there_are_more_than_fifty_kinds():
    assert len(CASES) + len(REFUSALS) >= 90


@pytest.mark.parametrize("name", CASES)
def test_ends_as_stated(landed, name):
    result, case = landed[0][name], CASES[name]
    message = f"{result.message} {result.next_step}"
    assert (result.outcome, result.loaded_rows, result.quarantined_rows) == (
        case.outcome,
        case.loaded,
        case.quarantined,
    ), message
    assert [part for part in case.said if part not in message] == [], message
    if result.outcome == "refused":
        assert result.next_step


@pytest.mark.parametrize("name", REFUSALS)
def test_refused_among_others(landed, name):
    result = landed[0][f"refusal {name}"]
    said = [part for part in REFUSALS[name][1] if part != "drop"]
    assert result.outcome == "refused"
    assert [part for part in said if part not in f"{result.message} {result.next_step}"] == []


def test_the_rest_of_the_landing_folder_loads(landed):
    assert {landed[0][name].outcome.value for name in SOUND} == {"loaded"}
    assert landed[0]["loose.xlsx"].outcome == "refused"


def test_nothing_is_lost_or_half_written(landed):
    """Each row of a loaded file is in its table or in quarantine; of a refused one, none is."""
    results, con = landed
    loaded = {one.delivery_id: one for one in results.values() if one.outcome == "loaded"}
    book = con.execute("SELECT delivery_id, table_name, settled FROM raw.delivery").fetchall()
    assert {row[0] for row in book} == set(loaded)
    assert all(settled for _, _, settled in book)
    for delivery_id, table, _ in book:
        there = con.execute(
            f"""SELECT count(*) FROM raw.{table} WHERE delivery_id = ? AND row_number > 0
            UNION ALL SELECT count(*) FROM raw.quarantine WHERE delivery_id = ?""",
            [delivery_id, delivery_id],
        ).fetchall()
        one = loaded[delivery_id]
        assert [count for (count,) in there] == [one.loaded_rows, one.quarantined_rows]
        assert one.loaded_rows + one.quarantined_rows == one.row_count
    left = con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
    assert left == []


def test_ids_of_two_districts_are_kept_apart(landed):
    found = landed[1].execute("SELECT DISTINCT case_ref FROM raw.hclic_case").fetchall()
    assert {ref for (ref,) in found} == {
        f"{code}:case_ref-{number}" for code in ("east", "west") for number in range(1, 11)
    }
