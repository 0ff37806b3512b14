"""The split design and the comparison of rankings, each as a table and as a picture."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from contracts.months import add_months
from models.report import Evaluation, SplitRow
from models.splits import Fit

_BRAND, _INK, _GREY = "#0b5a5e", "#0b0c0c", "#8d9191"
_ROLES = {
    "learnt from": _BRAND,
    "later block": "#6fa3a5",
    "embargo": "#cecece",
    "tested or scored": _INK,
}


def split_row(plan: Fit) -> SplitRow:
    """A plan as plain values."""
    return SplitRow(
        learnt_from=plan.whole[0],
        learnt_until=plan.whole[-1],
        months_learnt_from=len(plan.whole),
        first_fit_until=plan.first[-1] if plan.first else None,
        later_from=plan.later[0] if plan.later else None,
        later_until=plan.later[-1] if plan.later else None,
        tested_from=plan.tests[0],
        tested_until=plan.tests[-1],
    )


def split_table(evaluation: Evaluation) -> pl.DataFrame:
    """One row for each fitted model, the one that scores last."""
    rows = [*evaluation.splits, evaluation.scoring]
    names = [f"test {at + 1}" for at in range(len(evaluation.splits))] + ["scoring"]
    return pl.DataFrame([row.model_dump() for row in rows]).insert_column(
        0, pl.Series("model", names)
    )


def split_picture(evaluation: Evaluation) -> str:
    """SVG of what each model learns from, what is left out, and what it is tested on."""
    import altair as alt
    import vl_convert

    bars = pl.DataFrame(
        [
            {"model": model, "part": part, "from": str(start), "to": str(add_months(end, 1))}
            for model, part, start, end in _bars(evaluation)
        ]
    )
    order = list(dict.fromkeys(bars["model"].to_list()))
    chart = (
        alt.Chart(bars)
        .mark_bar(height=14)
        .encode(
            x=alt.X("from:T", title="Month end"),
            x2="to:T",
            y=alt.Y("model:N", sort=order, title=None),
            color=alt.Color(
                "part:N",
                title=None,
                scale=alt.Scale(domain=list(_ROLES), range=list(_ROLES.values())),
                legend=alt.Legend(orient="bottom"),
            ),
        )
        .properties(width=640, height=26 * len(order), title="What each model learns from")
    )
    return _svg(chart, vl_convert)


def _bars(evaluation: Evaluation) -> list[tuple[str, str, date, date]]:
    found: list[tuple[str, str, date, date]] = []
    rows = [*evaluation.splits, evaluation.scoring]
    for at, row in enumerate(rows):
        name = "Scoring" if at == len(rows) - 1 else f"Test {at + 1}"
        learnt_until = add_months(row.later_from, -1) if row.later_from else row.learnt_until
        found.append((name, "learnt from", row.learnt_from, learnt_until))
        if row.later_from and row.later_until:
            found.append((name, "later block", row.later_from, row.later_until))
        found.append(
            (name, "embargo", add_months(row.learnt_until, 1), add_months(row.tested_from, -1))
        )
        found.append((name, "tested or scored", row.tested_from, row.tested_until))
    return found


def capacity_picture(evaluation: Evaluation, outcome: str) -> str:
    """SVG of precision at real list lengths, a dot and its range for each ranking."""
    import altair as alt
    import vl_convert

    report = evaluation.outcomes[outcome]
    rows = [
        {
            "ranking": ranking.says,
            "value": 100 * (ranking.precision.value or 0.0),
            "low": 100 * (ranking.precision.low or ranking.precision.value or 0.0),
            "high": 100 * (ranking.precision.high or ranking.precision.value or 0.0),
            "kind": "ships" if name == report.shipped_model else "beside it",
        }
        for name, ranking in report.rankings.items()
        if ranking.precision.value is not None
    ]
    order = [str(row["ranking"]) for row in sorted(rows, key=lambda row: -float(row["value"]))]
    base = alt.Chart(pl.DataFrame(rows)).encode(
        y=alt.Y("ranking:N", sort=order, title=None, axis=alt.Axis(labelLimit=360)),
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=["ships", "beside it"], range=[_BRAND, _GREY]),
        ),
    )
    axis = alt.X("low:Q", title="Of every 100 listed, events", scale=alt.Scale(zero=True))
    chart = (
        base.mark_rule(strokeWidth=2).encode(x=axis, x2="high:Q")
        + base.mark_circle(size=90, opacity=1).encode(x="value:Q")
    ).properties(width=480, height=30 * max(len(rows), 1), title="Of every 100 listed")
    return _svg(chart, vl_convert)


def _svg(chart: Any, converter: Any) -> str:
    text: str = converter.vegalite_to_svg(chart.to_json())
    return text
