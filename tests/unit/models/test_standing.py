"""Scores averaged over months, and who stands where in line for a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from contracts.months import add_months, month_end
from contracts.place import Place, Training
from models.kinds import summed_by_theme
from models.leaving import why_left
from models.lists import overlap
from models.panel import Labels, Panel
from models.past import Past, averaged
from models.sampling import Floats, Matrix
from models.spec import FeatureSpec
from models.standing import Standing, fill, stand

SPECS = (
    FeatureSpec(name="rent", theme="rent"),
    FeatureSpec(name="tax", theme="council_tax"),
    FeatureSpec(name="visits", theme="health", health=True),
)


@dataclass(frozen=True)
class Sum:
    """A model that adds its features up."""

    names: tuple[str, ...] = tuple(spec.name for spec in SPECS)

    def raw(self, x: Matrix) -> Floats:
        return self.contributions(x).sum(axis=1)

    def contributions(self, x: Matrix) -> Floats:
        return np.column_stack([x.astype(np.float64), np.full(len(x), -2.0)])

    def by_theme(self, x: Matrix, themes: Sequence[int]) -> Floats:
        return summed_by_theme(self.contributions(x), themes)

    def gains(self) -> dict[str, float]:
        return {}


def _panel(months: Sequence[dict[int, tuple[float, float, float]]]) -> Panel:
    """A panel of one neighbourhood from each month's households and their three features."""
    days = [month_end(add_months(date(2026, 1, 31), at)) for at in range(len(months))]
    rows = [
        (day, who, x) for day, month in zip(days, months, strict=True) for who, x in month.items()
    ]
    count = len(rows)
    return Panel(
        specs=SPECS,
        x=np.array([x for _, _, x in rows], dtype=np.float32),
        household=np.array([who for _, who, _ in rows], dtype=np.int64),
        day=np.array([day for day, _, _ in rows], dtype="datetime64[D]"),
        area=np.zeros(count, dtype=np.int64),
        restricted=np.zeros(count, dtype=np.bool_),
        communal=np.zeros(count, dtype=np.bool_),
    )


def _place(place: Place, size: int, **training: float) -> Place:
    (first, *_) = place.neighbourhoods.items()
    only = {first[0]: first[1].model_copy(update={"list_size": size})}
    settings = Training(**{**place.training.model_dump(), **training})
    return place.model_copy(update={"neighbourhoods": only, "training": settings})


def _money(amount: float) -> tuple[float, float, float]:
    return (amount, 0.0, 0.0)


def test_months_further_back_count_less_and_missing_ones_not_at_all() -> None:
    panel = _panel([{1: _money(4), 2: _money(1)}, {2: _money(2)}, {1: _money(1), 2: _money(3)}])
    rows = np.array([3, 4])
    scores = averaged(panel, Past.of(panel, rows, fade=0.5), Sum())
    assert scores[0] == pytest.approx((1 * 1 + 0.25 * 4) / 1.25 - 2)
    assert scores[1] == pytest.approx((1 * 3 + 0.5 * 2 + 0.25 * 1) / 1.75 - 2)
    alone = averaged(panel, Past.of(panel, rows, fade=0.0), Sum())
    assert alone.tolist() == [-1.0, 1.0]


def test_averages_are_those_of_sums_by_theme_too() -> None:
    panel = _panel([{1: (4, 1, 2), 2: (1, 0, 0)}, {1: (1, 0, 3), 2: (2, 2, 2)}])
    past = Past.of(panel, np.array([2, 3]), fade=0.7)
    met = past.met()
    parts = past.mean(met, Sum().contributions(panel.x[met]))
    assert np.allclose(parts.sum(axis=1), averaged(panel, past, Sum()))
    assert len(Past.of(panel, np.zeros(0, dtype=np.int64), fade=0.7).met()) == 0


def test_whom_health_led_stands_in_line_without_it(place: Place) -> None:
    panel = _panel([{1: (1.5, 0, 4), 2: (3, 0, 0), 3: (2, 0, 0), 4: (0, 2.5, 2), 5: (0, 0, 0)}])
    settings = _place(place, 3)
    line = stand(panel, np.arange(5), place=settings, model=Sum(), fade=0.7)
    found = fill(panel, line, settings, keep=1.0)
    assert line.led.tolist() == [True, False, False, False, False]
    assert panel.household[found.chosen].tolist() == [2, 3, 4]
    assert panel.household[found.rerouted].tolist() == [1]
    assert line.silent.tolist() == [False] * 4 + [True]


def test_nothing_to_say_this_month_lists_nobody_for_what_was(place: Place) -> None:
    panel = _panel([{1: _money(9), 2: _money(1)}, {1: _money(0), 2: _money(1)}])
    settings = _place(place, 1)
    line = stand(panel, np.array([2, 3]), place=settings, model=Sum(), fade=1.0)
    assert line.score[0] > line.score[1]
    assert panel.household[line.rows[fill(panel, line, settings, keep=1.0).chosen]].tolist() == [2]


def test_the_search_looks_further_down_where_health_led_many(place: Place) -> None:
    """Forty that health led stand before those who are to be listed."""
    led = {who: (0.5, 0.0, 50.0 - who) for who in range(40)}
    others = {who: _money(60.0 - who) for who in range(40, 50)}
    panel = _panel([{**led, **others}])
    settings = _place(place, 2)
    line = stand(panel, np.arange(50), place=settings, model=Sum(), fade=0.7)
    found = fill(panel, line, settings, keep=1.0)
    assert panel.household[found.chosen].tolist() == [40, 41]
    assert panel.household[found.rerouted].tolist() == list(range(32))


def test_a_household_that_health_leads_keeps_its_place_only_where_it_would_without(
    place: Place,
) -> None:
    before = {1: _money(9), 2: _money(8), 3: _money(7), 4: _money(6), 5: _money(5), 6: _money(4)}
    settings = _place(place, 2)
    for rest, stays in ((6.5, True), (4.5, False)):
        now = {**before, 1: (rest, 0.0, rest + 1), 2: _money(10), 6: _money(8)}
        panel = _panel([before, now])
        line = stand(panel, np.arange(12), place=settings, model=Sum(), fade=0.0)
        found = fill(panel, line, settings, keep=2.0)
        assert found.chosen[6] == stays
        assert found.rerouted[6] == (not stays)


def test_averaging_and_keeping_steady_lists_of_scores_that_waver(place: Place) -> None:
    chance = np.random.default_rng(3)
    lasting = chance.normal(2, 1, 300)
    panel = _panel(
        [{who: _money(lasting[who] + chance.normal(0, 1)) for who in range(300)} for _ in range(12)]
    )
    month = np.unique(panel.day, return_inverse=True)[1].astype(np.int64)
    settings, rows = _place(place, 20), np.arange(len(panel.day))
    found = {
        (fade, keep): fill(
            panel, stand(panel, rows, place=settings, model=Sum(), fade=fade), settings, keep=keep
        )
        for fade in (0.0, 0.7)
        for keep in (1.0, 2.0)
    }
    stay = {key: overlap(panel.household, month, one.chosen) for key, one in found.items()}
    assert stay[0.0, 1.0] < stay[0.0, 2.0] < stay[0.7, 2.0]
    assert stay[0.0, 1.0] < stay[0.7, 1.0] < stay[0.7, 2.0]
    worth = {
        key: lasting[panel.household[one.chosen & (month > 5)]].mean() for key, one in found.items()
    }
    assert worth[0.7, 2.0] > worth[0.0, 1.0]


def test_why_households_left_is_told_once_for_each(place: Place) -> None:
    before = {who: _money(20 - who) for who in range(1, 11)}
    now = {
        **{who: _money(20 - who) for who in (1, 3, 4)},
        **{who: _money(19) for who in (11, 12, 13, 14, 15, 16)},
        5: _money(3),
        6: (1.0, 0.0, 19.0),
        7: (0.0, 0.0, 0.0),
    }
    panel = _panel([before, dict(sorted(now.items()))])
    count = len(panel.day)
    eligible, supported = np.ones(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    later = panel.day == panel.day[-1]
    supported[later & (panel.household == 3)] = True
    eligible[later & (panel.household == 4)] = False
    blank = np.zeros(count)
    labels = Labels(eligible=eligible, supported=supported, y=blank, lead_days=blank)
    settings = _place(place, 7)
    rows = np.flatnonzero(labels.open)
    line = stand(panel, rows, place=settings, model=Sum(), fade=0.0)
    found = fill(panel, line, settings, keep=1.0)
    for plans, reason in ((np.zeros(len(rows)), "score_fell"), (later[rows], "new_model")):
        trials = SimpleNamespace(rows=rows, plan=plans.astype(np.int64))
        said = why_left(panel, labels, line, found, trials).model_dump()
        assert {name: number for name, number in said.items() if number} == {
            "listed": 7,
            "not_known": 1,
            "supported": 1,
            "not_eligible": 1,
            "stayed": 1,
            "health_practice": 1,
            "barred": 1,
            reason: 1,
        }


def test_rows_of_several_models_stand_in_one_line() -> None:
    one = Standing(
        rows=np.array([1]),
        area=np.array([0]),
        score=np.ones(1),
        claim=np.ones(1),
        led=np.zeros(1, dtype=np.bool_),
        silent=np.zeros(1, dtype=np.bool_),
        luck=np.zeros(1),
    )
    two = Standing.joined([one, replace(one, rows=np.array([2]))])
    assert two.rows.tolist() == [1, 2]
    assert len(two.luck) == 2
