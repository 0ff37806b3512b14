"""Dots and ranges by group on one scale from zero, with the floor and everyone's figure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
from markupsafe import Markup

from fairness.labels import ATTRIBUTES, group_label, in_order
from fairness.result import Row
from fairness.verdicts import Verdict
from surfaces.pictures import inline_svg

INK, MUTED, STOP, STOP_TINT = "#0b0c0c", "#484949", "#ca3535", "#fbeeee"
_FONT = "Arial, Helvetica, sans-serif"
_WIDTH, _ROW, _LABELS, _VALUES = 520, 30, 230, 150
_SHAPES: Final[Mapping[Verdict, str]] = {
    Verdict.PASSED: "circle",
    Verdict.UNCERTAIN: "diamond",
    Verdict.NOT_PASSED: "square",
    Verdict.TOO_FEW: "cross",
}
_NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Scale:
    """What the picture's lines stand at, in 100.

    Attributes:
        everyone: Everyone's figure.
        floor: The policy's floor, or None.
        brand: Colour of a passed group.
    """

    everyone: float
    floor: float | None
    brand: str


def reach_picture(
    rows: Sequence[Row], scale: Scale, *, title: str, description: str, axis: str
) -> Markup:
    """The picture of one check as inline SVG.

    Args:
        rows: Rows of the check, all attributes.
        scale: The lines.
        title: What the picture is of.
        description: What it shows.
        axis: What the axis counts.
    """
    attributes = [name for name in ATTRIBUTES if any(row.attribute == name for row in rows)]
    top = _top(rows, scale)
    panels = [
        _panel(
            [row for row in rows if row.attribute == name],
            scale,
            top=top,
            title=ATTRIBUTES[name],
            axis=axis if name == attributes[-1] else None,
        )
        for name in attributes
    ]
    chart = (
        alt.vconcat(_heading(scale, top), *panels, spacing=16)
        .configure(font=_FONT, background="white", padding=5)
        .configure_view(stroke=None)
        .configure_title(fontSize=16, color=INK, anchor="start", frame="group", offset=6)
    )
    return inline_svg(chart, identifier="fig1", title=title, description=description)


def _panel(
    rows: Sequence[Row], scale: Scale, *, top: float, title: str, axis: str | None
) -> alt.LayerChart:
    ordered = [group_label(row.attribute, row.group) for row in in_order(rows)]
    data = [_datum(row) for row in in_order(rows)]
    x = alt.X(
        "rate:Q",
        scale=alt.Scale(domain=[0, top], nice=False, zero=True),
        axis=alt.Axis(
            title=axis,
            labels=axis is not None,
            ticks=False,
            domain=False,
            gridColor="#ececec",
            labelFontSize=14,
            labelColor=INK,
            titleFontSize=14,
            titleFontWeight="normal",
            titleColor=MUTED,
            tickCount=7,
        ),
    )
    y = alt.Y(
        "group:N",
        sort=ordered,
        axis=alt.Axis(
            title=None,
            labelFontSize=15,
            labelColor=INK,
            ticks=False,
            domain=False,
            labelLimit=_LABELS,
            minExtent=_LABELS,
            labelPadding=10,
        ),
    )
    base = alt.Chart(alt.InlineData(values=data)).encode(y=y)
    shown, hidden = alt.datum.rate != None, alt.datum.rate == None  # noqa: E711 - becomes Vega
    dots = base.transform_filter(shown)
    layers = [
        *_lines(scale),
        dots.mark_rule(strokeWidth=3, opacity=0.95).encode(
            x=alt.X("low:Q"), x2="high:Q", color=_colours(scale)
        ),
        dots.mark_point(filled=True, size=150, stroke="#fff", strokeWidth=1.5, opacity=1).encode(
            x=x, shape=_shapes(), color=_colours(scale)
        ),
        base.transform_filter(hidden)
        .mark_text(align="left", fontSize=14, color=MUTED, x=18)
        .encode(text="printed:N"),
        dots.mark_text(align="right", fontSize=14, color=INK, x=_WIDTH + _VALUES - 10).encode(
            text="printed:N"
        ),
    ]
    return _layered(layers).properties(width=_WIDTH, height=_ROW * len(ordered), title=title)


def _lines(scale: Scale) -> list[alt.Chart]:
    everyone = (
        alt.Chart(alt.InlineData(values=[{"at": scale.everyone}]))
        .mark_rule(color=INK, strokeWidth=1.5)
        .encode(x="at:Q")
    )
    if scale.floor is None:
        return [everyone]
    floor = alt.Chart(alt.InlineData(values=[{"from": 0, "to": scale.floor}]))
    return [
        floor.mark_rect(color=STOP_TINT).encode(x="from:Q", x2="to:Q"),
        floor.mark_rule(color=STOP, strokeWidth=1.5, strokeDash=[5, 4]).encode(x="to:Q"),
        everyone,
    ]


def _heading(scale: Scale, top: float) -> alt.LayerChart:
    x = alt.X("at:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=None)

    def text(at: float, words: str, align: Any, colour: str, shift: int) -> alt.Chart:
        point = alt.Chart(alt.InlineData(values=[{"at": at, "words": words}]))
        bold = point.mark_text(
            align=align, dx=shift, fontSize=14, fontWeight="bold", color=colour, y=8
        )
        label: alt.Chart = bold.encode(x=x, text="words:N")
        return label

    layers = [text(scale.everyone, f"everyone {round(scale.everyone)}", "left", INK, 5)]
    if scale.floor is not None:
        layers.append(text(scale.floor, f"floor {round(scale.floor)}", "right", "#a52a2a", -5))
    values = (
        alt.Chart(alt.InlineData(values=[{"words": "in 100 (95% range)"}]))
        .mark_text(align="right", fontSize=14, color=MUTED, x=_WIDTH + _VALUES - 10, y=8)
        .encode(text="words:N")
    )
    return _layered([*layers, values]).properties(width=_WIDTH, height=16)


def _layered(layers: Sequence[alt.Chart]) -> alt.LayerChart:
    return alt.LayerChart(layer=list(layers))


def _datum(row: Row) -> dict[str, Any]:
    label = group_label(row.attribute, row.group)
    verdict = str(row.verdict) if row.verdict else _NONE
    if row.rate is None or row.low is None or row.high is None:
        return {"group": label, "verdict": verdict, "rate": None, "printed": _why_hidden(row)}
    rate, low, high = 100 * row.rate, 100 * row.low, 100 * row.high
    printed = f"{round(rate)}  ({round(low)} to {round(high)})"
    return {
        "group": label, "verdict": verdict, "rate": rate, "low": low, "high": high,
        "printed": printed,
    }  # fmt: skip


def _why_hidden(row: Row) -> str:
    if row.verdict in (None, Verdict.TOO_FEW):
        return "Too few households to show"
    return "Not shown: it would give away a smaller group"


def _top(rows: Sequence[Row], scale: Scale) -> float:
    """The end of the scale: past every dot and most ranges, in tens."""
    highs = [100 * row.high for row in rows if row.high is not None]
    return min(100.0, 10 * math.ceil(max([scale.everyone, *highs, 10]) / 10))


def _colours(scale: Scale) -> alt.Color:
    colours = {
        Verdict.PASSED: scale.brand,
        Verdict.UNCERTAIN: INK,
        Verdict.NOT_PASSED: STOP,
        Verdict.TOO_FEW: "#858686",
    }
    return alt.Color(
        "verdict:N",
        scale=alt.Scale(
            domain=[*(str(verdict) for verdict in colours), _NONE], range=[*colours.values(), INK]
        ),
        legend=None,
    )


def _shapes() -> alt.Shape:
    return alt.Shape(
        "verdict:N",
        scale=alt.Scale(
            domain=[*(str(verdict) for verdict in _SHAPES), _NONE],
            range=[*_SHAPES.values(), "circle"],
        ),
        legend=None,
    )
