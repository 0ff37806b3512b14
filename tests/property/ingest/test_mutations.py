"""Whatever happens to a file's bytes, every reader loads it or refuses it, whole, and says so."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.ingest import delivery, load_delivery
from linkage.ingest.suite import ContractResult, checked_rules
from tests.spec.ingest import broken
from tests.unit.ingest.deliveries import TODAY, content_of, deliver, sound_rows, state
from tests.unit.ingest.vendors import fixed_of, mapped, native_rows, text_of, workbook_of

COUNT = 6


def _lines(place, table):
    header, lines = native_rows(place, table, sound_rows(table, COUNT))
    return [header, *lines]


PLACE = mapped(
    broken.place(), "rent_tenancy", file={"delimiter": ";", "encoding": "utf-16", "footer_rows": 0}
)
READERS = {
    # reader: its table, a sound file
    "csv": (broken.CSV, content_of(PLACE, broken.CSV, sound_rows(broken.CSV, COUNT))),
    "text": (
        "rent_tenancy",
        text_of(_lines(PLACE, "rent_tenancy"), "utf-16", delimiter=";"),
    ),
    "xlsx": (broken.XLSX, workbook_of(_lines(PLACE, broken.XLSX))),
    "parquet": (broken.PARQUET, broken.parquet(_lines(PLACE, broken.PARQUET))),
    "fixed": (broken.FIXED, fixed_of(_lines(PLACE, broken.FIXED)[1:])),
}


@st.composite
def mutated(draw, content: bytes) -> bytes:
    """Bytes flipped, cut out, doubled or put in, a few times over."""
    made = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(made) - 1, 0)))
        size = draw(st.integers(1, 12))
        match draw(st.sampled_from(["flip", "cut", "end", "put", "double"])):
            case "flip" if made:
                made[at] ^= draw(st.integers(1, 255))
            case "cut":
                del made[at : at + size]
            case "end":
                del made[at:]
            case "put":
                made[at:at] = draw(st.binary(min_size=1, max_size=size))
            case "double":
                made[at:at] = made[at : at + size * 20]
    return bytes(made)


def _counted(table, delivery_id, counts):
    """The verdicts as the counts have them, without the library that makes them slowly."""
    return tuple(
        ContractResult(
            delivery_id=delivery_id,
            table_name=table,
            expectation=rule.expects,
            column_name=rule.column,
            rule=rule.name,
            bad_rows=counts[rule.key],
            passed=counts[rule.key] == 0,
        )
        for rule in checked_rules(table)
    )


@pytest.fixture(scope="module", autouse=True)
def quick():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "evaluate", _counted)
        yield


@pytest.fixture(scope="module")
def warehouse(quick):
    """One warehouse for all mutations, with something in it; each is undone by its own means."""
    con = duckdb.connect()
    with tempfile.TemporaryDirectory() as landing:
        folder = deliver(Path(landing), PLACE, "llpg_blpu")
        assert load_delivery(con, place=PLACE, folder=folder, today=TODAY).loaded_rows == 10
    return con, state(con)


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_loaded_or_refused_and_never_in_part(reader, data, warehouse):
    con, before = warehouse
    table, sound = READERS[reader]
    content = data.draw(mutated(sound))
    rows = data.draw(st.sampled_from([COUNT, COUNT - 1, COUNT + 1, 0]))
    with tempfile.TemporaryDirectory() as landing:
        folder = deliver(Path(landing), PLACE, table, sound_rows(table, rows), content=content)
        result = load_delivery(con, place=PLACE, folder=folder, today=TODAY)
    assert result.outcome in {"loaded", "refused"}
    if result.outcome == "refused":
        assert result.message
        assert result.next_step
    else:
        assert result.loaded_rows + result.quarantined_rows == rows
        there = con.execute(
            f"SELECT count(*) FROM raw.{table} UNION ALL SELECT count(*) FROM raw.quarantine"
        ).fetchall()
        assert [count for (count,) in there] == [result.loaded_rows, result.quarantined_rows]
        for name in (table, "quarantine", "contract_check"):
            con.execute(f"DELETE FROM raw.{name} WHERE delivery_id = ?", [result.delivery_id])
        con.execute("DELETE FROM raw.delivery WHERE delivery_id = ?", [result.delivery_id])
    assert state(con) == before
