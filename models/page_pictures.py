"""Which pictures the model report shows, each from the same figures as the table after it."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from contracts.place import Place
from models.closer_report import Closer
from models.measured import Measured
from models.page_charts import Dot, Trace, Words, dots, lines
from models.page_closer import block_name, helping
from models.page_words import in_every_100
from models.report import Evaluation, OutcomeReport
from surfaces.words import sentence


def pictures_of(
    evaluation: Evaluation, report: OutcomeReport, place: Place
) -> Mapping[str, Markup | None]:
    """Every picture by name; None where there is nothing to draw."""
    brand, closer = place.wording.brand_colour, evaluation.closer
    found: dict[str, Markup | None] = dict.fromkeys(("calibration", "worth", "blocks", "learning"))
    if closer is not None:
        found = {
            "calibration": _calibration(closer, brand),
            "worth": _worth(closer, brand),
            "blocks": _blocks(closer, brand),
            "learning": _learning(closer, brand),
        }
    return found | {"rankings": _rankings(report, brand)}


def _rankings(report: OutcomeReport, brand: str) -> Markup | None:
    by_precision = sorted(
        report.rankings.items(), key=lambda item: (-(item[1].precision.value or 0.0), item[0])
    )
    shipped = report.rankings.get(report.shipped_model or "")
    said = in_every_100(shipped.precision if shipped else None)
    return dots(
        [
            Dot(
                name=sentence(ranking.says),
                measured=ranking.precision,
                stands_out=name == report.shipped_model,
            )
            for name, ranking in by_precision
        ],
        Words(
            identifier="fig1",
            title="Right among every 100 suggested",
            description=f"The model that ships: {said}. All numbers are in the table that follows.",
            x="right, out of every 100 suggested",
        ),
        brand=brand,
    )


def _calibration(closer: Closer, brand: str) -> Markup | None:
    curve = closer.smooth_calibration
    if curve is None:
        return None
    return lines(
        [
            Trace(
                name="came",
                x=tuple(100 * point.expected for point in curve.points),
                y=tuple(_times(point.observed, 100) for point in curve.points),
            )
        ],
        Words(
            identifier="fig2",
            title="Expected and came",
            description="Of every 100 with some chance, how many had the event, with its range. "
            "The main figures are in the table that follows.",
            x="expected, in every 100",
            y="came, in every 100",
        ),
        brand=brand,
        even=True,
    )


def _worth(closer: Closer, brand: str) -> Markup | None:
    at = tuple(100 * point.threshold for point in closer.net_benefit)
    model = tuple(point.model for point in closer.net_benefit)
    rule = tuple(point.rule for point in closer.net_benefit)
    tops = [one.high or one.value or 0.0 for one in (*model, *rule)]
    most = max([*tops, 1.0])
    return lines(
        [Trace(name="this model", x=at, y=model), Trace(name="best simple rule", x=at, y=rule)],
        Words(
            identifier="fig3",
            title="Net benefit by the chance from which on an offer is worth making",
            description="The model is drawn in full with its range, the best simple rule broken. "
            "All numbers are in the table that follows.",
            x="worth making from a chance of, in 100",
            y="net benefit in every 1,000",
        ),
        brand=brand,
        span=(-0.4 * most, 1.1 * most),
    )


def _blocks(closer: Closer, brand: str) -> Markup | None:
    if closer.refits is None or not closer.refits.block_out:
        return None
    return dots(
        [
            Dot(
                name=block_name(one.key),
                measured=one.difference.precision,
                stands_out=(one.difference.precision.low or 0.0) > 0,
            )
            for one in closer.refits.block_out
        ],
        Words(
            identifier="fig4",
            title="What each source is worth",
            description=f"{helping(closer)} All numbers are in the table that follows.",
            x="more right in every 100 suggested than without it",
        ),
        brand=brand,
    )


def _learning(closer: Closer, brand: str) -> Markup | None:
    if closer.refits is None or not closer.refits.learning_curve:
        return None
    points = closer.refits.learning_curve
    return lines(
        [
            Trace(
                name="pairs in order",
                x=tuple(float(point.households) for point in points),
                y=tuple(_times(point.tested.auroc, 100) for point in points),
            )
        ],
        Words(
            identifier="fig5",
            title="Pairs in order by households learnt from",
            description="How often, of two households, the right one stands higher, as more "
            "households are learnt from. All numbers are in the table that follows.",
            x="households learnt from",
            y="pairs in order, in every 100",
        ),
        brand=brand,
        span=(50, 100),
    )


def _times(measured: Measured, by: float) -> Measured:
    return Measured(
        value=None if measured.value is None else by * measured.value,
        low=None if measured.low is None else by * measured.low,
        high=None if measured.high is None else by * measured.high,
    )
