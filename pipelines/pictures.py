"""Small drawings of totals for Dagster's pages, by Altair as SVG."""

from __future__ import annotations

import polars as pl


def bars(frame: pl.DataFrame, *, label: str, value: str, title: str) -> str:
    """Horizontal bars, one for each row, on a scale from zero."""
    import altair as alt

    chart = (
        alt.Chart(frame.to_pandas(), title=title, width=420)
        .mark_bar(color="#0b5a5e")
        .encode(
            x=alt.X(value, type="quantitative", scale=alt.Scale(zero=True), title=None),
            y=alt.Y(label, type="nominal", sort=None, title=None),
        )
    )
    return _svg(chart.to_dict())


def lines(frame: pl.DataFrame, *, x: str, y: str, colour: str, title: str) -> str:
    """One line for each value of ``colour`` over dates, on a scale from zero."""
    import altair as alt

    chart = (
        alt.Chart(frame.to_pandas(), title=title, width=520, height=260)
        .mark_line()
        .encode(
            x=alt.X(x, type="temporal", title=None),
            y=alt.Y(y, type="quantitative", scale=alt.Scale(zero=True), title=None),
            color=alt.Color(colour, type="nominal", title=None),
            strokeDash=alt.StrokeDash(colour, type="nominal", title=None),
        )
    )
    return _svg(chart.to_dict())


def _svg(specification: dict[str, object]) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(specification))
