"""Tables of the model report that are made from what every outcome was tested on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from contracts.place import Place
from models.page_words import NOT_MEASURED, figure, in_every_100
from models.report import Evaluation, OutcomeReport, RankingReport
from surfaces.disclosure import Disclosure
from surfaces.tables import Line, Section, Table
from surfaces.words import full_month, in_100, sentence, thousands

NOT_SHOWN: Final = "too few to show"
_ENOUGH: Final = {
    "yes": ("enough", "green"),
    "unknown": ("uncertain", "yellow"),
    "no": ("too few", "grey"),
}
_RIGHT, _REACHED, _PAIRS = "Right, in 100 suggested", "Reached, in 100", "Pairs in order, in 100"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How counts are shown in a place: too small ones not at all, others rounded."""

    place: Place

    def count(self, count: int) -> str:
        """A count that stands alone."""
        policy = self.place.fairness
        shown = Disclosure(minimum=policy.minimum_cell, base=policy.round_to).shown(count)
        return NOT_SHOWN if shown is None else thousands(shown)

    def enough(self, count: int) -> bool:
        """Whether there are enough to say anything of them."""
        return count >= self.place.fairness.minimum_cell


def plain(
    caption: str, first: str, figures: tuple[str, ...], lines: list[Line], **more: bool | str
) -> Table:
    """A table without headings inside."""
    return Table(
        caption=caption,
        first=first,
        figures=figures,
        sections=(Section(title="", lines=tuple(lines)),),
        judged=bool(more.get("judged", False)),
        worded=bool(more.get("worded", False)),
        short=str(more.get("short", "")),
    )


def outcomes_table(evaluation: Evaluation, place: Place, shown: Shown) -> Table:
    """Each event: how many it is learnt from, what ships, and how that did."""
    lines = []
    for outcome, chosen in place.outcomes.items():
        report = evaluation.outcomes.get(outcome.value)
        name = sentence(chosen.says) + (" (these lists)" if chosen.listed else "")
        if report is None or not report.trained:
            lines.append(Line(label=name, cells=("not trained: too few events",)))
            continue
        words, colour = _ENOUGH[report.enough_events]
        cells = (
            shown.count(report.households_with_event),
            report.shipped_model or "-",
            in_every_100(report.shipped.precision if report.shipped else None),
            in_every_100(report.shipped.recall if report.shipped else None),
        )
        lines.append(Line(label=name, cells=cells, result=words, colour=colour))
    return plain(
        "Households with each event that a model learnt from: 1,000 are enough, under 100 too few",
        "Event",
        ("Households", "What ships", _RIGHT, _REACHED),
        lines,
        judged=True,
    )


def rankings_table(report: OutcomeReport, shown: Shown) -> Table:
    """Every way of making lists of the same length."""
    by_precision = sorted(
        report.rankings.items(), key=lambda item: (-(item[1].precision.value or 0.0), item[0])
    )
    return plain(
        "Lists of the same length made in other ways, on the same month ends",
        "How the list is made",
        ("Suggested", _RIGHT, _REACHED, "Times as often as by chance", _PAIRS),
        [
            Line(
                label=sentence(ranking.says) + (" (ships)" * (name == report.shipped_model)),
                cells=_ranking(ranking, shown),
            )
            for name, ranking in by_precision
        ],
    )


def _ranking(ranking: RankingReport, shown: Shown) -> tuple[str, ...]:
    if not shown.enough(ranking.listed):
        return (NOT_MEASURED,)
    return (
        shown.count(ranking.listed),
        in_every_100(ranking.precision),
        in_every_100(ranking.recall),
        figure(ranking.lift, digits=1),
        figure(ranking.auroc, digits=1, times=100),
    )


def differences_table(report: OutcomeReport) -> Table:
    """The first way minus the second, on the same draws of households."""
    return plain(
        "How much more the first of two ways has than the second, in every 100",
        "The two ways",
        ("More right", "More reached", "More pairs in order"),
        [
            Line(
                label=f"{one.first} against {one.second}",
                cells=(
                    figure(one.precision, digits=1, times=100),
                    figure(one.recall, digits=1, times=100),
                    figure(one.auroc, digits=1, times=100),
                ),
            )
            for one in report.differences
        ],
    )


def areas_table(report: OutcomeReport, place: Place, shown: Shown) -> Table:
    """Each neighbourhood's lists."""
    lines = []
    for area in report.neighbourhoods:
        known = shown.enough(area.listed)
        cells = (
            str(area.list_size),
            shown.count(area.listed),
            in_every_100(area.precision) if known else NOT_MEASURED,
            in_every_100(area.recall) if known else NOT_MEASURED,
        )
        name = place.neighbourhoods[area.neighbourhood_code].name
        lines.append(Line(label=name, cells=cells))
    return plain(
        "Lists of each neighbourhood, over all month ends tested",
        "Neighbourhood",
        ("Conversations a list", "Suggested", _RIGHT, _REACHED),
        lines,
    )


def months_table(report: OutcomeReport, shown: Shown) -> Table:
    """Each month end tested."""
    return plain(
        "Each month end tested, by the model that ships",
        "Month end",
        ("Learnt until", "Households", "Suggested", _RIGHT, _PAIRS),
        [
            Line(
                label=full_month(one.month),
                cells=(
                    full_month(one.learnt_until),
                    thousands(one.rows),
                    shown.count(one.listed),
                    in_100(one.listed_events / one.listed)
                    if shown.enough(one.listed)
                    else NOT_MEASURED,
                    "-" if one.auroc is None else f"{100 * one.auroc:.1f}",
                ),
            )
            for one in report.months
        ],
        short="Each month end tested",
    )


def calibration_table(report: OutcomeReport, evaluation: Evaluation) -> Table:
    """How far chances hold, in figures for analysts."""
    shipped, closer = report.shipped, evaluation.closer
    curve = closer.smooth_calibration if closer else None
    rows = [
        ("Expected for every one that came, all rows (0.9 to 1.1)", "expected_over_observed"),
        ("The same on the lists", "expected_over_observed_listed"),
        ("The same in the most probable hundredth (0.8 to 1.25)", "expected_over_observed_top"),
        ("Slope of the event on the log-odds (0.9 to 1.1)", "calibration_slope"),
    ]
    lines = [
        Line(label=text, cells=(figure(getattr(shipped, name)) if shipped else NOT_MEASURED,))
        for text, name in rows
    ]
    if curve is not None:
        index = "Mean distance of chance and what came, in 100 (integrated calibration index)"
        ninth = "The distance that nine rows in ten stay below, in 100"
        lines += [
            Line(label=index, cells=(figure(curve.index, times=100),)),
            Line(label=ninth, cells=(figure(curve.ninth_tenth, times=100),)),
        ]
    return plain("How far the chances hold", "Measure", ("Figure and range",), lines)


def bands_table(report: OutcomeReport) -> Table:
    """Rows in twenty equal bands of their chance."""
    return plain(
        "Rows in bands from the least to the most probable, in every 100",
        "Band",
        ("Expected", "Came"),
        [
            Line(
                label=str(at),
                cells=(f"{100 * band.expected:.1f}", f"{100 * band.observed:.1f}"),
            )
            for at, band in enumerate(report.calibration_bands, start=1)
        ],
        short="Expected and came, in twenty bands",
    )


def lead_table(report: OutcomeReport, shown: Shown) -> Table | None:
    """Days from a list to the event; None where it was not measured."""
    lead = report.lead_time
    if lead is None:
        return None
    return plain(
        "Days from the month end of a list to the event, for the listed to whom it came",
        "Days",
        ("Times",),
        [Line(label=days, cells=(shown.count(times),)) for days, times in lead.by_30_days.items()],
        short="How early, in months",
    )


def regret_table(report: OutcomeReport) -> Table | None:
    """Ways of picking a model and what each has cost; None where none was followed."""
    if report.regret is None:
        return None
    return plain(
        "Ways of picking a model by the months before, and what following each has cost",
        "Way of picking",
        ("Fewer right in 100 than the best", "Picks now"),
        [
            Line(
                label=sentence(way.says) + (" (followed)" * (way.way == report.regret.way)),
                cells=("-" if way.regret is None else f"{100 * way.regret:.1f}", way.picks),
            )
            for way in report.regret.ways
        ],
    )


def splits_table(evaluation: Evaluation) -> Table:
    """The months behind each fitted model."""
    rows = [*evaluation.splits, evaluation.scoring]
    return plain(
        "The months behind each fitted model",
        "Model",
        ("Learnt from", "Later block", "Tested or scored"),
        [
            Line(
                label="scoring" if at == len(rows) else f"test {at}",
                cells=(
                    f"{full_month(row.learnt_from)} to {full_month(row.learnt_until)}",
                    f"{full_month(row.later_from)} to {full_month(row.later_until)}"
                    if row.later_from and row.later_until
                    else "-",
                    f"{full_month(row.tested_from)} to {full_month(row.tested_until)}",
                ),
            )
            for at, row in enumerate(rows, start=1)
        ],
        short="The months behind each fitted model",
    )
