"""What counts in the model that ships, for the data team: summary and dependence.

Contributions are exact Shapley values (``models.explain`` holds what they add up to). Where shap
draws a dot for each household, these pictures draw groups of households that are large enough to
show: by whether a value is low, high or not known, and by bands of the value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from contracts.months import month_end
from contracts.place import Place
from models.catalogue import catalogue_specs
from models.panel import feature_columns, load_panel
from models.sampling import Flags, Floats, Matrix
from models.spec import align
from models.store import check_columns, load_shipped

MOST_FEATURES, MOST_CURVES = 15, 6
_MOST_HOUSEHOLDS, _BANDS = 5000, 10
_LOW, _HIGH = 0.1, 0.9
_KINDS: Final = ("low", "high", "not known")
_COLOURS: Final = ("#6fa3a5", "#0b5a5e", "#8d9191")
_SHAPES: Final = ("circle", "square", "cross")


@dataclass(frozen=True, kw_only=True)
class Group:
    """What a feature adds to the log-odds of a group of households.

    Attributes:
        feature: The feature.
        kind: low, high or not known, or empty for a band of values.
        households: How many they are.
        value: Their mean value; None where it is not known.
        mean: Mean of what it adds.
        low: What nine in ten have more than.
        high: What nine in ten have less than.
    """

    feature: str
    kind: str
    households: int
    value: float | None
    mean: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class WhatCounts:
    """Groups of the features that count most, and bands of the very first of them."""

    summary: tuple[Group, ...]
    dependence: tuple[Group, ...]


def what_counts(
    connection: duckdb.DuckDBPyConnection, *, place: Place, month: date, folder: Path
) -> WhatCounts:
    """What counts for the households of the release month, by the listed outcome's model.

    Args:
        connection: An open warehouse.
        place: The place; no group under its policy's minimum is shown.
        month: Index date of the release month.
        folder: The release month's folder.
    """
    month = month_end(month)
    specs = align(catalogue_specs(), feature_columns(connection, month))
    panel = load_panel(connection, place=place, month=month, specs=specs, only=month)
    model = load_shipped(folder, place.listed_outcome, threads=place.training.threads)
    check_columns(model, panel.names)
    chance = np.random.default_rng(place.training.seed)
    some = chance.permutation(len(panel.x))[:_MOST_HOUSEHOLDS]
    x = panel.x[some]
    return groups_of(
        x, model.contributions(x)[:, :-1], panel.names, least=place.fairness.minimum_cell
    )


def groups_of(x: Matrix, added: Floats, names: tuple[str, ...], *, least: int) -> WhatCounts:
    """The groups of some households.

    Args:
        x: Their features; NaN where not known.
        added: What each adds to the log-odds.
        names: The features.
        least: Fewest households that a group may have.
    """
    values = x.astype(np.float64)
    most = np.argsort(-np.abs(added).mean(axis=0), kind="stable")[:MOST_FEATURES]
    order = [int(at) for at in most if np.abs(added[:, at]).max() > 0]
    summary = [
        group
        for at in order
        for group in _of(names[at], values[:, at], added[:, at], _kinds(values[:, at]), least)
    ]
    dependence = [
        group
        for at in order[:MOST_CURVES]
        for group in _of(names[at], values[:, at], added[:, at], _bands(values[:, at]), least)
    ]
    return WhatCounts(summary=tuple(summary), dependence=tuple(dependence))


def _of(
    name: str, value: Floats, added: Floats, parts: list[tuple[str, Flags]], least: int
) -> Iterator[Group]:
    for kind, rows in parts:
        if rows.sum() >= least:
            low, high = np.quantile(added[rows], [_LOW, _HIGH])
            known = value[rows][~np.isnan(value[rows])]
            yield Group(
                feature=name,
                kind=kind,
                households=int(rows.sum()),
                value=float(known.mean()) if len(known) else None,
                mean=float(added[rows].mean()),
                low=float(low),
                high=float(high),
            )


def _kinds(value: Floats) -> list[tuple[str, Flags]]:
    """Values up to the middle one, above it, and not known."""
    known = ~np.isnan(value)
    middle = float(np.median(value[known])) if known.any() else 0.0
    flags = (known & (value <= middle), known & (value > middle), ~known)
    return list(zip(_KINDS, flags, strict=True))


def _bands(value: Floats) -> list[tuple[str, Flags]]:
    """Known values in order, about as many households in each band; like values together."""
    known = ~np.isnan(value)
    if not known.any():
        return []
    edges = np.unique(
        np.quantile(value[known], np.linspace(0, 1, _BANDS + 1)[1:-1], method="lower")
    )
    band = np.searchsorted(edges, value, side="left")
    return [("", known & (band == at)) for at in range(len(edges) + 1)]


def summary_picture(found: WhatCounts) -> str:
    """SVG of what the features that count most add, for low, high and unknown values."""
    import altair as alt

    names = list(dict.fromkeys(group.feature for group in found.summary))
    data = alt.InlineData(values=[vars(group) for group in found.summary])
    base = alt.Chart(data).encode(
        y=alt.Y("feature:N", sort=names, title=None, axis=alt.Axis(labelLimit=320)),
        yOffset=alt.YOffset("kind:N", sort=list(_KINDS)),
        color=alt.Color(
            "kind:N",
            title="value",
            scale=alt.Scale(domain=list(_KINDS), range=list(_COLOURS)),
        ),
    )
    shape = alt.Shape(
        "kind:N", title="value", scale=alt.Scale(domain=list(_KINDS), range=list(_SHAPES))
    )
    axis = alt.X("low:Q", title="added to the log-odds: the middle eight in ten, and the mean")
    chart = (
        base.mark_rule(strokeWidth=2).encode(x=axis, x2="high:Q")
        + base.mark_point(filled=True, size=45, opacity=1).encode(x="mean:Q", shape=shape)
    ).properties(width=520, height=alt.Step(14), title="What counts most")
    return _svg(chart)


def dependence_picture(found: WhatCounts) -> str:
    """SVG of what the first features add, by their value."""
    import altair as alt

    charts = []
    for name in dict.fromkeys(group.feature for group in found.dependence):
        rows = [vars(group) for group in found.dependence if group.feature == name]
        base = alt.Chart(alt.InlineData(values=rows)).encode(x=alt.X("value:Q", title=name))
        up = alt.Y("mean:Q", title="added to the log-odds")
        charts.append(
            (
                base.mark_area(opacity=0.2, color=_COLOURS[1]).encode(
                    y=alt.Y("low:Q", title="added to the log-odds"), y2="high:Q"
                )
                + base.mark_line(color=_COLOURS[1], point={"color": _COLOURS[1]}).encode(y=up)
            ).properties(width=250, height=160)
        )
    return _svg(alt.concat(*charts, columns=3))


def _svg(chart: Any) -> str:
    import vl_convert

    text: str = vl_convert.vegalite_to_svg(chart.to_dict())
    return text
