"""What holds for any scores, lists, months and contributions."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from contracts.months import add_months, month_ends
from contracts.place import Windows
from models.bootstrap import Resamples, rank_draws
from models.calibration import fit_beta, fit_sigmoid
from models.health import HealthShare, claims
from models.lists import pick_lists
from models.sampling import keyed_uniform, thin
from models.spec import FeatureSpec
from models.splits import plan_backtest, plan_final, settled_on
from models.themes import pick_themes, theme_sums

SCORES = npst.arrays(
    np.float64, st.integers(2, 60), elements=st.floats(-6, 6, allow_nan=False, width=32)
)


@given(raw=SCORES, data=st.data())
def test_calibration_never_changes_the_order(raw: np.ndarray, data: st.DataObject) -> None:
    flags = data.draw(st.lists(st.booleans(), min_size=len(raw), max_size=len(raw)))
    y = np.array(flags, dtype=float)
    for sigmoid in (fit_sigmoid(raw, y), fit_beta(raw, y, np.ones(len(y)))):
        assert min(sigmoid.slope, sigmoid.slope + sigmoid.bend) > 0
        found = sigmoid.apply(raw)
        assert np.all((found > 0) & (found < 1))
        assert np.all(np.diff(sigmoid.logit(np.sort(raw))) >= -1e-12)


@given(score=SCORES, data=st.data())
def test_a_list_holds_the_best_that_may_be_on_it(score: np.ndarray, data: st.DataObject) -> None:
    rows = len(score)
    team = np.array(data.draw(st.lists(st.integers(-1, 2), min_size=rows, max_size=rows)))
    may = np.array(data.draw(st.lists(st.booleans(), min_size=rows, max_size=rows)))
    sizes = data.draw(st.lists(st.integers(0, 8), min_size=3, max_size=3))
    luck = np.random.default_rng(0).random(rows)
    chosen = pick_lists(score, luck, may, team, sizes)
    assert not np.any(chosen & ~may)
    assert not np.any(chosen & (team < 0))
    for number, size in enumerate(sizes):
        here = may & (team == number)
        assert chosen[here].sum() == min(size, here.sum())
        left = score[here & ~chosen]
        if chosen[here].any() and len(left):
            assert score[here & chosen].min() >= left.max()


@given(score=SCORES, size=st.integers(1, 12), data=st.data())
def test_the_rule_on_health_leaves_a_full_and_lawful_list(
    score: np.ndarray, size: int, data: st.DataObject
) -> None:
    rows = len(score)
    score = np.sort(score)[::-1]
    on_top = np.array(data.draw(st.lists(st.booleans(), min_size=rows, max_size=rows)))
    drop = data.draw(npst.arrays(np.float64, rows, elements=st.floats(0, 4, width=32)))
    share = HealthShare(
        on_top=on_top, without=score - drop, silent=np.zeros(len(score), dtype=np.bool_)
    )
    claim, everyone = claims(score, share), np.ones(rows, dtype=np.bool_)
    luck, team = np.linspace(0, 0.9, rows), np.zeros(rows, dtype=np.int64)
    chosen = pick_lists(claim, luck, everyone, team, [size])
    assert chosen.sum() == min(size, rows)
    passed_over = score[~chosen & ~on_top]
    if len(passed_over):
        alone = np.where(on_top, np.nextafter(share.without, np.inf), score)[chosen]
        assert alone.min() >= passed_over.max()
    assert np.all(claim <= score)


@given(
    history=st.integers(8, 60),
    origins=st.integers(1, 12),
    gap=st.integers(0, 60),
    horizon=st.integers(1, 12),
)
def test_no_label_learnt_from_reaches_a_month_that_is_tested(
    history: int, origins: int, gap: int, horizon: int
) -> None:
    windows = Windows(gap_days=gap, horizon_months=horizon)
    last = date(2026, 4, 30)
    months = month_ends(add_months(last, -history), last)
    if settled_on(months[0], windows) > last:
        return
    plans = plan_backtest(months, windows, origins=origins)
    final = plan_final(months, add_months(last, horizon), windows)
    for plan in (*plans, final):
        assert all(settled_on(month, windows) <= min(plan.tests) for month in plan.whole)
        assert set(plan.first) | set(plan.later) <= set(plan.whole)
        if plan.later:
            assert all(settled_on(month, windows) <= plan.later[0] for month in plan.first)
    tested = [month for plan in plans for month in plan.tests]
    assert tested == months[-len(tested) :]
    assert len(tested) <= origins


@given(seed=st.integers(0, 2**31), order=st.permutations(list(range(40))))
def test_luck_does_not_depend_on_the_order_of_rows(seed: int, order: list[int]) -> None:
    ids = np.arange(40, dtype=np.int64) * 7919
    days = np.full(40, np.datetime64("2025-06-30"))
    luck = keyed_uniform(ids, days, seed=seed)
    again = keyed_uniform(ids[order], days, seed=seed)
    assert np.array_equal(luck[order], again)
    kept, _ = thin(np.zeros(40), luck, share=0.5)
    kept_again, _ = thin(np.zeros(40), again, share=0.5)
    assert set(ids[kept]) == set(ids[order][kept_again])


@given(
    parts=npst.arrays(np.float64, 12, elements=st.floats(-2, 2, width=32)),
    themes=st.lists(st.sampled_from("abcdef"), min_size=12, max_size=12),
)
def test_themes_add_up_and_reasons_only_raise(parts: np.ndarray, themes: list[str]) -> None:
    specs = [FeatureSpec(name=f"f{at}", theme=theme) for at, theme in enumerate(themes)]
    names, sums = theme_sums(parts[None, :], specs)
    assert np.isclose(sums.sum(), parts.sum())
    reasons = pick_themes(parts, specs)
    by_name = dict(zip(names, sums[0], strict=True))
    assert len(reasons) <= 4
    assert sum(reason.most for reason in reasons) <= 3
    added = [by_name[reason.theme] for reason in reasons]
    assert all(value > 0 for value in added)
    assert added == sorted(added, reverse=True)
    for reason in reasons:
        assert reason.features
        assert all(parts[at] > 0 and specs[at].theme == reason.theme for at in reason.features)
    if max(by_name.values()) >= 0.02:
        assert reasons[0].theme == max(by_name, key=by_name.__getitem__) or np.isclose(
            by_name[reasons[0].theme], max(by_name.values())
        )
        assert reasons[0].most


@settings(max_examples=25)
@given(seed=st.integers(0, 1000))
def test_areas_under_the_curve_turn_round_with_the_scores(seed: int) -> None:
    chance = np.random.default_rng(seed)
    score = np.round(chance.normal(size=200), 1)
    y = (chance.random(200) < 0.3).astype(float)
    household = chance.integers(0, 50, 200)
    resamples = Resamples.draw(household, replicates=200, seed=seed)
    kept = {"household": household, "logit": score, "y": y}
    one = rank_draws(resamples, score=score, **kept).auroc
    two = rank_draws(resamples, score=-score, **kept).auroc
    assert np.allclose(one + two, 1.0, equal_nan=True)
