"""The model report: what it says of an evaluation, what it hides, and what waits for the place."""

from __future__ import annotations

import re

import pytest

from contracts.errors import DataMissing
from models.checklists import answered
from models.page import render_model_report, write_model_report
from models.report import Evaluation
from tests.unit.models.conftest import small_place
from tests.unit.models.evaluated import evaluation


def _page(made: Evaluation) -> str:
    return render_model_report(made, place=small_place(), fingerprint="0" * 64)


def _text(html: str) -> str:
    body = html.split("<main", 1)[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.fixture(scope="module")
def text() -> str:
    return _text(_page(evaluation()))


@pytest.mark.parametrize(
    "said",
    [
        "23 (19 to 27) later needed crisis help",
        "77 did not",
        "2 more (1 more to 3 more) right",
        "Fewer than 1,000 households with the event could be learnt from",
        "Missed beyond doubt when left out: council rent accounts.",
        "0.5 (-0.2 to 1.1)",
        "Of every 100 pairs of households to whom it came, 61 (55 to 67)",
        "Any of these",
        "0.49 (0.35 to 0.70)",
    ],
)
def test_what_it_says(text, said):
    assert said in text


def test_counts_are_rounded_and_small_ones_hidden(text):
    assert "too few to show" in text
    assert "1,234" not in text
    assert "1,235" in text
    assert " 417 " not in text
    assert " 415 " in text


def test_every_item_of_tripod_is_there_and_blanks_are_marked(text):
    found = answered(evaluation(), small_place())
    items = {re.match(r"\d+", item.number).group() for item in found.tripod}
    assert items == {str(at) for at in range(1, 28)}
    assert len(found.making) == len(found.testing) == 4
    for item in (*found.tripod, *found.making, *found.testing):
        assert item.answer or item.place, item.number
        assert "{" not in item.answer + item.place
    assert text.count("s to answer ") == found.blanks
    assert found.blanks >= 20


def test_a_place_that_switches_parts_off_has_no_such_sections():
    bare = evaluation().model_copy(update={"closer": None})
    text = _text(_page(bare))
    for heading in (
        "What is each source worth?",
        "When, not only whether",
        "Would more households",
    ):
        assert heading in _text(_page(evaluation()))
        assert heading not in text


def test_an_outcome_without_a_model_is_said_to_have_none():
    made = evaluation()
    listed = made.outcomes["edge_of_crisis"]
    none = type(listed)(outcome="edge_of_crisis", trained=False, why_not="Too few events.")
    text = _text(_page(made.model_copy(update={"outcomes": {"edge_of_crisis": none}})))
    assert "No model could be made. Too few events." in text


def test_the_same_evaluation_makes_the_same_page(tmp_path):
    evaluation().write(tmp_path / "evaluation.json")
    one = write_model_report(place=small_place(), folder=tmp_path).read_bytes()
    assert write_model_report(place=small_place(), folder=tmp_path).read_bytes() == one


def test_nothing_evaluated_says_what_to_do(tmp_path):
    with pytest.raises(DataMissing, match="Train the models first"):
        write_model_report(place=small_place(), folder=tmp_path)
