"""Tables and sentences of the model report's closer look: sources, households, worth, when."""

from __future__ import annotations

from typing import Final

from models.closer_report import Closer, Tested
from models.page_tables import NOT_SHOWN, Shown, plain
from models.page_words import (
    NOT_MEASURED,
    beyond_doubt,
    figure,
    in_every_100,
)
from surfaces.tables import Line, Table
from surfaces.words import SOURCES, listing, sentence, thousands

GROUP_WORDS: Final = {"health": "All health extracts", "dwp": "All benefits extracts"}
_COLOURS: Final = {"helps": "green", "hinders": "red", "uncertain": "yellow"}
_RIGHT, _REACHED, _PAIRS = "Right, in 100 suggested", "Reached, in 100", "Pairs in order, in 100"


def block_name(key: str) -> str:
    """A source, or a group of them, in plain words."""
    return GROUP_WORDS.get(key) or sentence(SOURCES.get(key, key))


def block_table(closer: Closer) -> Table | None:
    """What is lost without each source; None where nothing was blocked out."""
    refits = closer.refits
    if refits is None or not refits.block_out:
        return None
    lines = []
    for one in refits.block_out:
        verdict = beyond_doubt(one.difference.precision)
        cells = (
            str(one.features),
            figure(one.difference.precision, digits=1, times=100),
            figure(one.difference.recall, digits=1, times=100),
            figure(one.difference.auroc, digits=1, times=100),
        )
        label, colour = block_name(one.key), _COLOURS.get(verdict, "grey")
        lines.append(Line(label=label, cells=cells, result=verdict, colour=colour))
    return plain(
        "How much more with every source than without this one, in every 100",
        "Left out",
        ("Features that go", "More right", "More reached", "More pairs in order"),
        lines,
        judged=True,
    )


def learning_table(closer: Closer, shown: Shown) -> Table | None:
    """The model fitted on fewer households; None where that was not asked."""
    if closer.refits is None or not closer.refits.learning_curve:
        return None
    return plain(
        "The model fitted again on a share of the households it may learn from",
        "Households",
        ("With the event", _RIGHT, _REACHED, _PAIRS),
        [
            Line(
                label=shown.count(point.households),
                cells=(shown.count(point.households_with_event), *_tested(point.tested, shown)),
            )
            for point in closer.refits.learning_curve
        ],
    )


def others_table(closer: Closer, shown: Shown) -> Table | None:
    """Households met and not met in training; None where neither was looked at."""
    rows: list[tuple[str, Tested]] = []
    others = closer.refits.other_households if closer.refits else None
    if others is not None:
        rows += [
            ("Same rows, by the half that had learnt from the household", others.met),
            ("Same rows, by the half that had not", others.unmet),
        ]
    if closer.newcomers is not None:
        rows += [
            ("Households new since the months learnt from", closer.newcomers.newcomers),
            ("All other households", closer.newcomers.others),
        ]
    if not rows:
        return None
    return plain(
        "Households that training had met, and those that it had not",
        "Whose rows",
        ("Rows", "With the event", _RIGHT, _REACHED, _PAIRS),
        [
            Line(
                label=label,
                cells=(
                    shown.count(tested.rows),
                    shown.count(tested.events),
                    *_tested(tested, shown),
                ),
            )
            for label, tested in rows
        ],
    )


def _tested(tested: Tested, shown: Shown) -> tuple[str, str, str]:
    if not shown.enough(tested.events):
        return NOT_MEASURED, NOT_MEASURED, NOT_MEASURED
    listed = shown.enough(tested.listed)
    return (
        in_every_100(tested.precision) if listed else NOT_MEASURED,
        in_every_100(tested.recall) if listed else NOT_MEASURED,
        figure(tested.auroc, digits=1, times=100),
    )


def known_table(closer: Closer) -> Table | None:
    """How many of the listed a service knew of already; None where it cannot be told."""
    if not closer.known_to:
        return None
    return plain(
        "Known to a service already at the month end, in every 100",
        "Known to",
        ("Of the suggested", "Of the suggested to whom it came", "Of all households"),
        [
            Line(
                label=sentence(one.says),
                cells=tuple(
                    in_every_100(share) for share in (one.listed, one.listed_events, one.everyone)
                ),
            )
            for one in closer.known_to
        ],
    )


def worth_table(closer: Closer, shown: Shown) -> Table:
    """The decision curve in figures."""
    return plain(
        "Net benefit in every 1,000 household-months, by the chance from which on an offer is "
        "worth making",
        "Worth making from",
        (
            "With that chance",
            "This model",
            "Best simple rule",
            "Everybody",
            "Gain on the best of the others",
        ),
        [
            Line(
                label=f"{100 * one.threshold:.0f} in 100",
                cells=(NOT_SHOWN,)
                if not shown.enough(one.chosen)
                else (
                    shown.count(one.chosen),
                    figure(one.model, digits=1),
                    figure(one.rule, digits=1),
                    figure(one.everyone, digits=0),
                    figure(one.gain, digits=1),
                ),
            )
            for one in closer.net_benefit
        ],
    )


def timing_table(closer: Closer, shown: Shown) -> Table | None:
    """Chances by 3, 6 and 12 months beside what came; None where the place does not ask when."""
    if closer.timing is None:
        return None
    return plain(
        "Chances of the event by some months ahead, on month ends not seen",
        "Within",
        ("Events", "Expected, in 100", "Came, in 100", "Expected for each", "Slope", _PAIRS),
        [
            Line(
                label=f"{one.months} months",
                cells=(
                    shown.count(one.events),
                    _hundredth(one.expected),
                    _hundredth(one.observed),
                    figure(one.expected_over_observed),
                    figure(one.slope),
                    figure(one.auroc, digits=1, times=100),
                ),
            )
            for one in closer.timing.horizons
        ],
    )


def _hundredth(share: float | None) -> str:
    return NOT_MEASURED if share is None else f"{100 * share:.1f}"


def timing_words(closer: Closer) -> str | None:
    """How well the order in time is told, in a sentence; None where that was not asked."""
    timing = closer.timing
    if timing is None or timing.concordance.value is None:
        return None
    order = figure(timing.concordance, digits=0, times=100)
    said = f"Of every 100 pairs of households to whom it came, {order} were told in the right order"
    if timing.median_error_months is None or timing.median_error_alone is None:
        return f"{said}."
    return (
        f"{said}; half of the expected months were within {timing.median_error_months:.1f} months "
        f"of the true one, against {timing.median_error_alone:.1f} if everybody were told the "
        "usual month."
    )


def helping(closer: Closer) -> str | None:
    """Which sources help beyond doubt, in a sentence; None where nothing was blocked out."""
    if closer.refits is None or not closer.refits.block_out:
        return None
    helps = [
        block_name(one.key)
        for one in closer.refits.block_out
        if beyond_doubt(one.difference.precision) == "helps"
    ]
    if not helps:
        return "No source was missed beyond doubt when it alone was left out."
    words = listing(name[:1].lower() + name[1:] for name in helps)
    return f"Missed beyond doubt when left out: {words}."


def rows_of(closer: Closer) -> str:
    """What the models that were fitted again learnt from."""
    if closer.refits is None:
        return ""
    rows = thousands(closer.refits.rows)
    return (
        f"For these tables the kind of model that ships ({closer.refits.kind}) was fitted again on "
        f"{rows} rows, fewer than it learns from in use, each time in the same way; only the "
        "differences between them count."
    )
