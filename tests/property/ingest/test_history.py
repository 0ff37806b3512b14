"""A past day reads as it was seen then, whatever is delivered later and in whatever order."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.asof import as_known_sql, versions_sql
from contracts.tables import TABLES
from linkage.ingest.history import settle
from linkage.ingest.schema import BOOKS, loaded_columns
from tests.unit.ingest.extracts import Extract, put_in

TABLE = "rent_arrangement"
START = date(2026, 1, 1)
STATES = ["live", "breached", "completed"]


@st.composite
def histories(draw):
    """Two to six extracts, full or of changes, of up to three agreements."""
    days = sorted(draw(st.sets(st.integers(5, 60), min_size=2, max_size=6)))
    found = []
    for day in days:
        full = draw(st.booleans())
        dated = draw(st.sampled_from([False, False, False, True]))
        rows = []
        for key in draw(st.sets(st.sampled_from(["A", "B", "C"]))):
            recorded = [day] if dated else sorted(draw(st.sets(st.integers(0, day), max_size=2)))
            rows += [
                {
                    "agreement_id": key,
                    "state": draw(st.sampled_from(STATES)),
                    "recorded_date": START + timedelta(one),
                }
                for one in recorded
            ]
        found.append(
            Extract(
                table=TABLE,
                day=START + timedelta(day),
                rows=tuple(rows),
                coverage="full" if full else "changes",
                dated=dated,
            )
        )
    return found


def _warehouse(extracts):
    con = duckdb.connect(config={"threads": 1})
    con.execute("CREATE SCHEMA raw")
    for name, types in {
        TABLE: loaded_columns(TABLES[TABLE]),
        "delivery": BOOKS["delivery"],
    }.items():
        columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
        con.execute(f"CREATE TABLE raw.{name} ({columns})")
    put_in(con, extracts)
    return con


def _known(con, day):
    rows = con.execute(f"SELECT agreement_id, state FROM ({as_known_sql(TABLE, day)})").fetchall()
    assert len(dict(rows)) == len(rows), "one version of a key is known at a time"
    return dict(rows)


def _forward(extracts):
    """What was seen on each extract's day, by going forward one extract at a time."""
    state: dict[str, tuple[date, str]] = {}
    seen = {}
    for one in extracts:
        said: dict[str, tuple[date, str]] = {}
        for row in sorted(one.rows, key=lambda row: row["recorded_date"]):
            said[row["agreement_id"]] = (row["recorded_date"], row["state"])
        if one.coverage == "full":
            state = said
        else:
            newer = {
                key: word
                for key, word in said.items()
                if key not in state or word[0] >= state[key][0]
            }
            state = state | newer
        seen[one.day] = {key: word[1] for key, word in state.items()}
    return seen


@settings(max_examples=40, deadline=None)
@given(extracts=histories(), data=st.data())
def test_every_day_reads_as_it_was_seen(extracts, data):
    con = _warehouse(extracts)
    for day, seen in _forward(extracts).items():
        assert _known(con, day) == seen
    late = _warehouse(data.draw(st.permutations(extracts)))
    versions = f"SELECT * FROM ({versions_sql(TABLE)}) ORDER BY ALL"
    assert late.execute(versions).fetchall() == con.execute(versions).fetchall()


@settings(max_examples=25, deadline=None)
@given(extracts=histories(), data=st.data())
def test_what_is_known_at_a_day_needs_only_the_extracts_up_to_it(extracts, data):
    """Also between two extracts' days, as far as the earlier one reaches."""
    whole = _warehouse(extracts)
    for count in range(1, len(extracts)):
        part = _warehouse(extracts[:count])
        reached = extracts[count - 1].day
        for back in data.draw(st.sets(st.integers(0, 60), min_size=1, max_size=4)) | {0}:
            day = reached - timedelta(back)
            assert _known(whole, day) == _known(part, day)


def test_settling_again_changes_nothing():
    rows = ({"agreement_id": "A", "state": "live", "recorded_date": START},)
    con = _warehouse(
        [
            Extract(table=TABLE, day=START + timedelta(at), rows=rows, coverage="full")
            for at in (1, 2)
        ]
    )
    before = con.execute(f"SELECT * FROM raw.{TABLE} ORDER BY ALL").fetchall()
    con.execute("UPDATE raw.delivery SET settled = false")
    settle(con, TABLE, "")
    assert con.execute(f"SELECT * FROM raw.{TABLE} ORDER BY ALL").fetchall() == before
    assert len(before) == 2, "the row that came again is kept, and stands once"
    assert con.execute(f"SELECT count(*) FROM ({versions_sql(TABLE)})").fetchall() == [(1,)]
