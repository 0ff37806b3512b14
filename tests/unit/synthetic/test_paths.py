from __future__ import annotations

import numpy as np
import pytest

from synthetic import paths
from synthetic.streams import Streams

N = 4_000
IDS = np.arange(N)
START = 20_000 + IDS % 365
MONTH = np.full(N, 3)


def test_recovery_keeps_the_statutory_order_and_the_label_rule():
    course = paths.enforcement(Streams(1), START, IDS, MONTH)
    assert np.all(course.reminder < course.final)
    assert np.all(course.final + 14 <= course.summons)
    assert np.all(course.summons + 14 <= course.order)
    assert np.all(course.agents - course.order <= 90)
    assert np.all(course.agents > course.order)
    assert course.debt.min() >= 250


def test_hearings_fall_on_few_days():
    course = paths.enforcement(Streams(1), START, IDS, MONTH)
    assert np.all(course.order % paths.HEARING_EVERY_DAYS == 0)


def test_possession_goes_from_notice_to_order_and_only_sometimes_on():
    course = paths.possession(Streams(1), START, IDS, MONTH)
    assert np.all(course.notice < course.court)
    assert np.all(course.court < course.order)
    goes_on = course.warrant != paths.NONE
    assert goes_on.mean() == pytest.approx(paths.WARRANT_SHARE, abs=0.03)
    assert np.all(course.warrant[goes_on] > course.order[goes_on])
    out = course.evicted != paths.NONE
    assert not np.any(out & ~goes_on)
    assert np.all(course.evicted[out] > course.warrant[out])


def test_homelessness_duties_follow_one_another():
    course = paths.homelessness(Streams(1), START, IDS, MONTH)
    first = course.prevention != paths.NONE
    assert np.array_equal(course.first_duty, START)
    assert first.mean() == pytest.approx(1 - paths.RELIEF_SHARE, abs=0.03)
    rolled = first & (course.relief != paths.NONE)
    assert np.all(course.relief[rolled] >= course.prevention[rolled] + 56)
    main = course.main != paths.NONE
    assert not np.any(main & (course.relief == paths.NONE))
    assert np.all(course.main[main] > course.relief[main] + 56)
    assert np.all(course.approach <= course.first_duty)
    assert np.all(course.ends > course.first_duty)


def test_a_spell_of_visits_has_five_or_more_within_the_year():
    event, day, number = paths.flare(Streams(1), START, IDS, MONTH)
    assert np.bincount(event).min() >= 5
    assert np.all(day - START[event] < paths.FLARE_SPAN_DAYS)
    same = event[1:] == event[:-1]
    assert np.all(day[1:][same] >= day[:-1][same])
    fifth = paths.fifth_visit(Streams(1), START, IDS, MONTH)
    assert np.array_equal(fifth[event[number == 4]], day[number == 4])


def test_courses_do_not_depend_on_who_else_has_one():
    whole = paths.possession(Streams(1), START, IDS, MONTH)
    part = paths.possession(Streams(1), START[::7], IDS[::7], MONTH[::7])
    assert np.array_equal(whole.order[::7], part.order)
