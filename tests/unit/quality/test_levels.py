"""A change of level is found where it is more than chance and season, and only then stops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import numpy as np
import pytest

from contracts.calendar import CalendarEntry, national
from contracts.errors import TrainingStopped
from contracts.months import month_end, month_ends
from contracts.place import load_place
from contracts.training_stop import Stop, read_stops, refuse_if_stopped, write_stops
from linkage.ingest.schema import ensure_raw
from linkage.quality.levels import level_shifts, shifts
from linkage.quality.stops import stops_of
from models.run import train_and_evaluate

DAYS = month_ends(date(2022, 11, 30), date(2026, 9, 30))
MONTH = date(2026, 10, 31)
PLACE = load_place("northmere")
BREAK = date(2026, 2, 28)


def series(mean: float, *, seed: int, season: float = 0.0, step: dict[int, float] | None = None):
    rng = np.random.default_rng(seed)
    level = mean * (1 + season * np.sin(2 * np.pi * np.arange(len(DAYS)) / 12))
    for at, times in (step or {}).items():
        level[at:] *= times
    return dict(zip(DAYS, (int(count) for count in rng.poisson(level)), strict=True))


@pytest.mark.parametrize(("mean", "season"), [(3, 0), (12, 0), (60, 0.3), (400, 0.3)])
def test_chance_and_season_are_no_change(mean, season):
    cried = sum(bool(shifts("hclic_cases", series(mean, seed=n, season=season))) for n in range(60))
    assert cried <= 2


@pytest.mark.parametrize(
    ("times", "told"), [(0.55, True), (1.6, True), (0.85, False), (1.2, False)]
)
def test_only_more_than_30_percent_counts(times, told):
    found = shifts("hclic_cases", series(300, seed=3, step={30: times}))
    assert bool(found) is told
    for one in found:
        assert abs(DAYS.index(one.month) - 30) <= 1
        assert one.low < times - 1 < one.high


def test_the_newest_month_alone_is_enough_where_it_is_plain():
    (one,) = shifts("hclic_cases", series(300, seed=4, step={len(DAYS) - 1: 0.4}))
    assert one.month == DAYS[-1]


def test_a_change_is_not_told_again_a_year_later():
    (one,) = shifts("hclic_cases", series(400, seed=5, step={24: 0.5}))
    assert abs(DAYS.index(one.month) - 24) <= 1


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        ensure_raw(connection)
        connection.execute(
            "INSERT INTO raw.delivery BY NAME SELECT 'd' AS delivery_id, 'rent_action' AS "
            "table_name, DATE '2026-10-31' AS extract_to"
        )
        # From February 2026 on, half of the actions are no longer recorded.
        for day, count in series(300, seed=6, step={DAYS.index(BREAK): 0.5}).items():
            connection.execute(
                "INSERT INTO raw.rent_action BY NAME SELECT range AS action_seq, "
                f"'{day}' AS pay_ref, DATE '{day}' AS action_date, DATE '{day}' AS recorded_date, "
                f"range + 1 AS row_number FROM range({count})"
            )
        yield connection


def test_an_unexplained_change_stops_training_and_says_what_to_do(con, tmp_path):
    (shift,) = level_shifts(con, place=PLACE, month=MONTH)
    assert (shift.of.source, shift.explained) == ("rent", "")
    write_stops(tmp_path, stops_of([shift]))
    with pytest.raises(TrainingStopped) as caught:
        refuse_if_stopped(tmp_path)
    for part in ("actions on rent arrears", "(rent) fell by", "in 2026-0", "O2"):
        assert part in caught.value.what
    assert "[[calendar]]" in caught.value.next_step


def test_models_obey_before_they_look_at_anything(tmp_path):
    stop = Stop(source="rent", month=BREAK, outcomes=(), says="rent fell")
    write_stops(tmp_path, [stop])
    with duckdb.connect() as nothing, pytest.raises(TrainingStopped, match="rent fell"):
        train_and_evaluate(nothing, place=PLACE, month=MONTH, folder=tmp_path)


def test_an_entry_of_the_places_calendar_explains_it(con, tmp_path):
    entry = CalendarEntry.model_validate(
        {"from": BREAK.replace(day=1), "to": month_end(BREAK), "says": "New rents system",
         "hits": ["rent"]}
    )  # fmt: skip
    place = PLACE.model_copy(update={"calendar": (entry,)})
    (shift,) = level_shifts(con, place=place, month=MONTH)
    assert shift.explained == "New rents system"
    write_stops(tmp_path, stops_of([shift]))
    assert read_stops(tmp_path) == ()
    refuse_if_stopped(tmp_path)


def test_an_entry_about_another_source_explains_nothing(con):
    entry = CalendarEntry.model_validate(
        {"from": BREAK, "to": BREAK, "says": "Something else", "hits": ["welfare"]}
    )
    place = PLACE.model_copy(update={"calendar": (entry,)})
    (shift,) = level_shifts(con, place=place, month=MONTH)
    assert shift.explained == ""


def test_the_pandemic_is_never_trained_on_whatever_a_place_says():
    spans = PLACE.training_windows.skips
    assert (date(2020, 3, 1), date(2021, 9, 30)) in spans
    assert [one for one in national() if one.exclude] != []


def test_nothing_recorded_is_nothing_stopped(tmp_path):
    refuse_if_stopped(tmp_path)
    assert read_stops(tmp_path) == ()
