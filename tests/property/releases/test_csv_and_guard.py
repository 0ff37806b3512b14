"""Cells that no spreadsheet takes for a formula; numbers that no sentence may hold."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from releases.csv_list import safe_cell
from releases.guard import problems

STARTS = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001 - full-width signs start formulas too


@given(
    st.one_of(
        st.text(), st.builds(lambda start, rest: start + rest, st.sampled_from(STARTS), st.text())
    )
)
def test_no_cell_starts_a_formula(text):
    cell = safe_cell(text)
    assert not cell or cell[0] not in STARTS
    assert len(cell.splitlines()) <= 1
    if text[:1] in tuple(STARTS):
        assert cell.startswith("'")


@given(st.lists(st.text(), min_size=1))
def test_a_row_comes_back_as_it_was_written(texts):
    cells = [safe_cell(text) for text in texts]
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    assert next(csv.reader(io.StringIO(stream.getvalue(), newline=""))) == cells


@given(st.floats(min_value=0.001, max_value=0.999), st.sampled_from(["{:.2f}", "{:.3f}", "{:.0%}"]))
def test_a_probability_never_passes(value, form):
    assert list(problems([f"It came to {form.format(value)} in October."]))


@given(st.integers(1, 40), st.integers(1, 30))
def test_counts_dates_and_money_pass(count, day):
    said = [
        f"{count} payments were missed since {day} June, after 4 years with none.",
        f"Arrears reached £{count}.{day:02d} on {day} October 2026.",
        f"Rent was 1.5 weeks behind {count} times in 12 months.",
    ]
    assert not list(problems(said))
