"""Pictures of the model report: dots and ranges, and lines with their ranges, as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

import altair as alt
from markupsafe import Markup

from models.measured import Measured
from surfaces.pictures import inline_svg

INK, MUTED, GRID = "#0b0c0c", "#484949", "#ececec"
_FONT = "Arial, Helvetica, sans-serif"
_WIDTH, _ROW, _LABELS, _TALL = 440, 38, 350, 300
_LETTERS = 44
_DASHES: Final = ([1, 0], [6, 4], [2, 3])
_SHAPES: Final = ("circle", "diamond", "square")


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One row of a picture of dots: its name, its figure, and whether it stands out."""

    name: str
    measured: Measured
    stands_out: bool = False


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One line of a picture of lines: its name and its points."""

    name: str
    x: tuple[float, ...]
    y: tuple[Measured, ...]


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a picture says of itself.

    Attributes:
        identifier: Prefix of its ids, unique in the page.
        title: What it is of.
        description: What it shows; the same figures follow as a table.
        x: What the axis along counts.
        y: What the axis up counts; empty for dots.
    """

    identifier: str
    title: str
    description: str
    x: str
    y: str = ""


def dots(rows: Sequence[Dot], words: Words, *, brand: str, times: float = 100.0) -> Markup | None:
    """A dot and its range for each row, from zero; None where there is nothing to draw."""
    data = [
        {
            "name": "|".join(wrap(row.name, _LETTERS)),
            "value": times * row.measured.value,
            "low": times * _or(row.measured.low, row.measured.value),
            "high": times * _or(row.measured.high, row.measured.value),
            "kind": "this" if row.stands_out else "other",
        }
        for row in rows
        if row.measured.value is not None
    ]
    if not data:
        return None
    base = alt.Chart(alt.InlineData(values=data)).encode(
        y=alt.Y(
            "name:N",
            sort=[str(row["name"]) for row in data],
            axis=alt.Axis(
                title=None, labelExpr="split(datum.label, '|')", labelFontSize=15, labelColor=INK,
                labelLimit=_LABELS, ticks=False, domain=False, minExtent=_LABELS, labelPadding=10,
            ),
        ),
        color=_by_kind("color", brand),
    )  # fmt: skip
    zero = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color=INK, strokeWidth=1.5)
    layers: list[Any] = [
        zero.encode(x="at:Q"),
        base.mark_rule(strokeWidth=3).encode(x=_along("low", words.x), x2="high:Q"),
        base.mark_point(filled=True, size=150, stroke="#fff", strokeWidth=1.5, opacity=1).encode(
            x="value:Q", shape=_by_kind("shape", brand)
        ),
    ]
    chart = alt.LayerChart(layer=layers).properties(width=_WIDTH, height=_ROW * len(data))
    return _drawn(chart, words)


def lines(
    traces: Sequence[Trace], words: Words, *, brand: str, even: bool = False, span: Any = None
) -> Markup | None:
    """A line for each trace, the first with its range; None where there is nothing to draw.

    Args:
        traces: The lines.
        words: What the picture says.
        brand: Colour of the first line.
        even: Whether to draw the line on which both axes are equal.
        span: First and last figure of the axis up; what the figures need where None.
    """
    data = _points(traces)
    if not data:
        return None
    names = [trace.name for trace in traces]
    base = alt.Chart(alt.InlineData(values=data))
    up = alt.Y("y:Q", axis=_axis(words.y), scale=alt.Scale(domain=span) if span else alt.Undefined)
    x = _along("x", words.x)
    colours = [brand, INK, MUTED][: len(names)]
    colour = alt.Color("name:N", scale=alt.Scale(domain=names, range=colours), legend=None)
    dash = alt.StrokeDash(
        "name:N", scale=alt.Scale(domain=names, range=list(_DASHES[: len(names)])), legend=None
    )
    layers: list[Any] = [
        base.transform_filter(alt.datum.name == names[0])
        .mark_area(opacity=0.16, color=brand, clip=True)
        .encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        base.mark_line(strokeWidth=2.5, clip=True).encode(x=x, y=up, color=colour, strokeDash=dash),
        base.mark_point(filled=True, size=55, opacity=1, clip=True).encode(
            x=x, y=up, color=colour,
            shape=alt.Shape(
                "name:N",
                scale=alt.Scale(domain=names, range=list(_SHAPES[: len(names)])),
                legend=None,
            ),
        ),
    ]  # fmt: skip
    if even:
        layers.insert(0, _diagonal(max(float(row["x"]) for row in data)))
    return _drawn(alt.LayerChart(layer=layers).properties(width=640, height=_TALL), words)


def _points(traces: Sequence[Trace]) -> list[dict[str, Any]]:
    return [
        {
            "name": trace.name, "x": x, "y": y.value,
            "low": _or(y.low, y.value), "high": _or(y.high, y.value),
        }
        for trace in traces
        for x, y in zip(trace.x, trace.y, strict=True)
        if y.value is not None
    ]  # fmt: skip


def _diagonal(most: float) -> alt.Chart:
    """The line on which both axes are equal."""
    ends = [{"x": 0.0, "y": 0.0}, {"x": most, "y": most}]
    line: alt.Chart = (
        alt.Chart(alt.InlineData(values=ends))
        .mark_line(color=MUTED, strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x="x:Q", y="y:Q")
    )
    return line


def _by_kind(channel: str, brand: str) -> Any:
    scale = {
        "color": alt.Scale(domain=["this", "other"], range=[brand, INK]),
        "shape": alt.Scale(domain=["this", "other"], range=["circle", "diamond"]),
    }[channel]
    make = alt.Color if channel == "color" else alt.Shape
    return make("kind:N", scale=scale, legend=None)


def _along(field: str, title: str) -> alt.X:
    return alt.X(f"{field}:Q", axis=_axis(title), scale=alt.Scale(zero=True))


def _axis(title: str) -> alt.Axis:
    return alt.Axis(
        title=title, ticks=False, domain=False, gridColor=GRID, labelFontSize=14, labelColor=INK,
        titleFontSize=14, titleFontWeight="normal", titleColor=MUTED, tickCount=7,
    )  # fmt: skip


def _or(value: float | None, other: float | None) -> float:
    return float(value if value is not None else other or 0.0)


def _drawn(chart: alt.LayerChart, words: Words) -> Markup:
    whole = chart.configure(font=_FONT, background="white", padding=5).configure_view(stroke=None)
    return inline_svg(
        whole, identifier=words.identifier, title=words.title, description=words.description
    )
