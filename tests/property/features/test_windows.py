"""Whole months and real dates say the same, for any day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.months import add_months
from contracts.place import Outcome
from features.build import build_features
from features.catalogue import BY_NAME, CATALOGUE
from features.sentences import render
from features.words import number_word
from tests.unit.features.handmade import INDEX, Handmade, northmere

WINDOWS = (1, 3, 6, 12)
LEAN = northmere(
    history_months=6,
    without=["rent", "hclic", "welfare", "uc", "shbe", "gp", "mh", "ecds"],
    outcomes=[Outcome.O3, Outcome.EDGE],
)
DAYS = st.dates(min_value=add_months(INDEX, -20), max_value=add_months(INDEX, 2))


def _warehouse(events: list[tuple[date, int]]) -> Handmade:
    made = Handmade()
    for months_ago in range(7):
        made.household(1, add_months(INDEX, -months_ago), [1])
    made.link("ctax", "A|P", 1)
    early = date(2015, 1, 1)
    made.add("ctax_account", early, account_ref="A", property_ref="x", liability_start=early)
    made.add("ctax_party", early, account_ref="A", party_ref="P", position=0, role="lead")
    for number, (day, lag) in enumerate(events):
        made.add(
            "ctax_recovery",
            day + timedelta(days=lag),
            recovery_id=str(number),
            account_ref="A",
            tax_year="x",
            stage="REM1",
            stage_date=day,
        )
    return made


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(DAYS, st.integers(-5, 100)), min_size=30, max_size=60))
def test_an_event_counts_where_it_happened_in_the_window_and_was_known(
    events: list[tuple[date, int]],
) -> None:
    made = _warehouse(events)
    con = made.connect()
    build_features(con, place=LEAN, month=INDEX)
    names = ", ".join(f"ctax_reminders_{months}m" for months in WINDOWS)
    rows = con.execute(f"SELECT snapshot_date, {names} FROM {made.schema}.feature").fetchall()
    assert len(rows) == 7
    for snapshot, *counts in rows:
        known = [day for day, lag in events if day + timedelta(days=lag) <= snapshot]
        for months, count in zip(WINDOWS, counts, strict=True):
            start = add_months(snapshot, -months)
            assert count == sum(start < day <= snapshot for day in known)


@given(
    st.sampled_from(CATALOGUE),
    st.floats(min_value=-1e4, max_value=1e4),
    st.dictionaries(st.sampled_from(sorted(BY_NAME)), st.floats(0, 1000) | st.none(), max_size=30),
    st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)),
)
def test_any_value_makes_one_plain_sentence(
    feature: object, value: float, others: dict[str, float | None], day: date
) -> None:
    chosen = BY_NAME[feature.name]  # type: ignore[attr-defined] # sampled from the catalogue
    text = render(chosen, others | {chosen.name: value}, index_date=day)
    assert text.count(".") == 1
    assert text.endswith(".")
    assert text[0].isupper()
    assert not set("{}£%") & set(text)


@given(st.integers(0, 99))
def test_number_words_differ_and_begin_a_sentence(number: int) -> None:
    assert number_word(number)[0].isupper()
    assert len({number_word(other) for other in range(100)}) == 100
