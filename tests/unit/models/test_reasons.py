"""The lines of a card: what counted, strengths apart, what is not known, health kept back."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from contracts.place import Place, load_place
from features.catalogue import BY_NAME, CATALOGUE
from features.declare import Theme
from features.sentences import HEALTH_SENTENCE, NOT_SHOWN
from models.catalogue import catalogue_specs
from models.reasons import (
    ALWAYS_UNKNOWN,
    NOTHING_RECORDED,
    Kind,
    counted,
    lines_of,
    not_known,
    strengths,
)

SPECS = catalogue_specs()
NAMES = [spec.name for spec in SPECS]
DAY = date(2026, 10, 31)
HEALTH = [name for name in NAMES if BY_NAME[name].theme is Theme.HEALTH]
NOTHING: dict[str, float | None] = dict.fromkeys(NAMES)


@pytest.fixture(scope="module")
def northmere() -> Place:
    return load_place("northmere")


def _added(**parts: float) -> np.ndarray:
    found = np.zeros(len(SPECS))
    for name, value in parts.items():
        found[NAMES.index(name)] = value
    return found


def _quiet(place: Place) -> Place:
    wording = place.wording.model_copy(update={"health_sentence": False})
    return place.model_copy(update={"wording": wording})


def test_features_of_a_theme_are_added_up_and_the_strongest_speaks(northmere: Place) -> None:
    values = NOTHING | {"ctax_reminders_12m": 3.0, "ctax_summonses_12m": 1.0, "rent_letters_12m": 2}
    parts = _added(ctax_reminders_12m=0.4, ctax_summonses_12m=0.5, rent_letters_12m=0.6)
    lines = counted(parts, SPECS, values, place=northmere, index_date=DAY)
    assert [line.feature for line in lines] == ["ctax_summonses_12m", "rent_letters_12m"]
    assert [line.kind for line in lines] == [Kind.MOST, Kind.MOST]
    assert lines[0].theme == "Council tax"
    assert lines[0].source_line == "Council tax account, to 31 October"


def test_health_has_one_sentence_and_no_name(northmere: Place) -> None:
    values = NOTHING | dict.fromkeys(HEALTH, 2.0)
    parts = _added(**dict.fromkeys(HEALTH[:3], 0.4))
    (line,) = counted(parts, SPECS, values, place=northmere, index_date=DAY)
    assert line.sentence == HEALTH_SENTENCE
    assert line.feature is None
    (line,) = counted(parts, SPECS, values, place=_quiet(northmere), index_date=DAY)
    assert line.sentence == NOT_SHOWN
    assert (line.feature, line.theme) == (None, "")


def test_what_may_not_be_shown_is_said_once_and_last(northmere: Place) -> None:
    values = NOTHING | {"area_deprivation_tenth": 1.0, "ctax_reminders_12m": 2.0}
    parts = _added(
        area_deprivation_tenth=0.9, **dict.fromkeys(HEALTH[:2], 0.4), ctax_reminders_12m=0.5
    )
    lines = counted(parts, SPECS, values, place=_quiet(northmere), index_date=DAY)
    assert [line.sentence for line in lines].count(NOT_SHOWN) == 1
    assert lines[-1].sentence == NOT_SHOWN
    assert lines[0].feature == "ctax_reminders_12m"


def test_a_value_that_its_sentence_is_not_true_of_is_not_said(northmere: Place) -> None:
    values = NOTHING | {"ctax_reminders_12m": 0.0}
    (line,) = counted(
        _added(ctax_reminders_12m=0.5), SPECS, values, place=northmere, index_date=DAY
    )
    assert line.sentence == NOT_SHOWN


@pytest.mark.parametrize("name", [each.name for each in CATALOGUE if each.strength])
def test_a_strength_is_never_given_as_a_reason(northmere: Place, name: str) -> None:
    values = NOTHING | {name: 12.0, "ctax_reminders_12m": 2.0, "rent_letters_12m": 2.0}
    parts = _added(**{name: 0.9, "ctax_reminders_12m": 0.3, "rent_letters_12m": 0.3})
    lines = counted(parts, SPECS, values, place=northmere, index_date=DAY)
    assert name not in {line.feature for line in lines}


def test_nothing_that_lowered_the_score_is_a_reason(northmere: Place) -> None:
    values = NOTHING | {"ctax_reminders_12m": 2.0}
    assert (
        counted(_added(ctax_reminders_12m=-0.5), SPECS, values, place=northmere, index_date=DAY)
        == []
    )


def test_strengths_are_recorded_facts_one_theme_before_a_second_of_another() -> None:
    have = [feature for feature in CATALOGUE if feature.strength]
    values = NOTHING | {feature.name: 12.0 for feature in have}
    lines = strengths(values, index_date=DAY)
    assert len(lines) == 4
    assert len({line.theme for line in lines}) == 4
    assert all(line.kind is Kind.STRENGTH and line.source_line for line in lines)


def test_a_household_with_none_recorded_is_not_said_to_have_none() -> None:
    have = [feature.name for feature in CATALOGUE if feature.strength]
    (line,) = strengths(NOTHING | dict.fromkeys(have, 0.0), index_date=DAY)
    assert line.sentence == NOTHING_RECORDED


def _unknown(values: dict[str, float | None], place: Place, tenure: str | None) -> list[str]:
    return [line.sentence for line in not_known(values, tenure=tenure, place=place)]


def test_what_no_record_covers_is_said_in_plain_words(northmere: Place) -> None:
    said = _unknown(NOTHING, northmere, "PRS")
    assert said[-1] == ALWAYS_UNKNOWN
    assert any("council tax" in sentence for sentence in said)
    assert any("rent" in sentence for sentence in said)
    assert any("benefits" in sentence for sentence in said)
    assert not any("health" in sentence.lower() or "GP" in sentence for sentence in said)


def test_an_owner_has_no_rent_to_be_unknown(northmere: Place) -> None:
    assert not any("rent" in sentence for sentence in _unknown(NOTHING, northmere, "OWNER"))


def test_a_household_that_is_covered_has_little_unknown(northmere: Place) -> None:
    values = NOTHING | dict.fromkeys(NAMES, 0.0)
    assert _unknown(values, northmere, "COUNCIL") == [ALWAYS_UNKNOWN]


def test_a_lacking_source_and_a_record_not_found_read_differently(northmere: Place) -> None:
    values = NOTHING | dict.fromkeys(NAMES, 0.0) | {"household_children": 2.0}
    of_school = {f.name for f in CATALOGUE if "school" in f.sources}
    values |= dict.fromkeys(of_school)
    (not_found, _) = _unknown(values, northmere, "OWNER")
    sources = {key: value for key, value in northmere.sources.items() if key != "school"}
    (absent, _) = _unknown(values, northmere.model_copy(update={"sources": sources}), "OWNER")
    assert "could be matched" in not_found
    assert "shared with us" in absent
    childless = values | {"household_children": 0.0}
    assert _unknown(childless, northmere, "OWNER") == [ALWAYS_UNKNOWN]


def test_a_source_that_the_place_lacks_is_named(northmere: Place) -> None:
    sources = {
        key: value
        for key, value in northmere.sources.items()
        if key not in {"uc", "shbe", "welfare", "hclic"}
    }
    place = northmere.model_copy(update={"sources": sources})
    said = _unknown(NOTHING | dict.fromkeys(NAMES, 0.0), place, "OWNER")
    assert len(said) == 4
    assert (
        sum("not shared" in sentence or "no benefit records" in sentence for sentence in said) == 3
    )


def test_a_card_is_in_order_and_full(northmere: Place) -> None:
    values = NOTHING | {"ctax_reminders_12m": 2.0}
    lines = lines_of(
        _added(ctax_reminders_12m=0.5),
        SPECS,
        values,
        tenure="PRS",
        place=northmere,
        index_date=DAY,
    )
    kinds = list(dict.fromkeys(line.kind for line in lines))
    assert kinds == [Kind.MOST, Kind.STRENGTH, Kind.NOT_KNOWN]
    assert all(line.sentence.endswith(".") for line in lines)
