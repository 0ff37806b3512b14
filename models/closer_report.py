"""What a closer look at the listed outcome says: plain values inside ``evaluation.json``."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from models.kinds import ModelName
from models.measured import Difference, Measured, Plain


class Tested(Plain):
    """How one fit did on the tested rows, on lists made anew from the highest scores."""

    rows: int
    events: int
    listed: int
    listed_events: int
    precision: Measured
    recall: Measured
    auroc: Measured
    average_precision: Measured


class BlockedOut(Plain):
    """The model fitted again without some of the sources.

    Attributes:
        key: Short key, a source's or a group's.
        sources: The sources that it did without.
        features: How many features went with them: also those made of several sources.
        difference: With every source minus without these; above zero they help.
    """

    key: str
    sources: list[str]
    features: int
    tested: Tested
    difference: Difference


class LearningPoint(Plain):
    """The model fitted again on a share of the households, the same ones in every larger share."""

    share: float
    households: int
    households_with_event: int
    tested: Tested


class OtherHouseholds(Plain):
    """Two models, each fitted on one half of the households.

    Attributes:
        met: Every row scored by the model that has learnt from its household's earlier months.
        unmet: The same rows scored by the model that has not.
        difference: Met minus unmet: what a model only remembers.
    """

    met: Tested
    unmet: Tested
    difference: Difference


class Refits(Plain):
    """Models fitted again in the same way on the same rows, to be compared among themselves.

    Attributes:
        kind: Their kind: what ships.
        months: Month ends that they were tested on.
        rows: Rows that the model with everything learnt from.
        everything: That model.
    """

    kind: ModelName
    months: list[date]
    rows: int
    households_with_event: int
    everything: Tested
    block_out: list[BlockedOut] = Field(default_factory=list)
    learning_curve: list[LearningPoint] = Field(default_factory=list)
    other_households: OtherHouseholds | None = None


class CurvePoint(Plain):
    """Share with the event that goes with a probability, as a smooth curve has it."""

    expected: float
    observed: Measured


class SmoothCalibration(Plain):
    """A smooth curve of the event on the calibrated log-odds.

    Attributes:
        index: Mean distance of probability and curve over all rows (integrated calibration index).
        ninth_tenth: The distance that nine rows in ten stay below.
        points: The curve, from the least to the most probable.
    """

    index: Measured
    ninth_tenth: Measured
    points: list[CurvePoint]


class NetBenefit(Plain):
    """Net benefit of each 1,000 rows where an offer is worth making from a probability on.

    Attributes:
        threshold: That probability.
        chosen: Rows that have at least it, by the model that ships.
        gain: The model minus the better of the rule, everybody and nobody.
    """

    threshold: float
    chosen: int
    model: Measured
    rule: Measured
    everyone: Measured
    gain: Measured


class Newcomers(Plain):
    """Tested rows of households from whom the model that scored them had no row at all.

    Attributes:
        newcomers: Those rows.
        others: The rest.
    """

    newcomers: Tested
    others: Tested


class KnownTo(Plain):
    """How many of the listed a kind of service already knew of.

    Attributes:
        key: Short key; ``any`` for at least one.
        says: The services in plain words.
        listed: Share of the listed.
        listed_events: Share of the listed to whom the event came.
        everyone: Share of all tested rows.
    """

    key: str
    says: str
    listed: Measured
    listed_events: Measured
    everyone: Measured


class HorizonReport(Plain):
    """How the chance of an event within some months held.

    Attributes:
        months: The horizon.
        rows: Rows followed for as long, or until the event or the household's end.
        events: Those with the event by then.
        expected: Mean chance that was given.
        observed: Share to whom the event came by then, with those lost from view allowed for.
        expected_over_observed: The first over the second; 1 is right.
        slope: Slope of the event on the log-odds of the chance; 1 is right.
    """

    months: int
    rows: int
    events: int
    expected: float | None
    observed: float | None
    expected_over_observed: Measured
    auroc: Measured
    slope: Measured


class Timing(Plain):
    """When an event may come: how well a hazard for each month ahead did on unseen months.

    Attributes:
        tested: Month ends tested.
        learnt_until: The last month end learnt from.
        periods: Household-months learnt from.
        events: Those in which the event came.
        ends: Those in which the household left or came to an end.
        horizons: By months ahead.
        concordance: Of two households to whom the event came in different months, the chance that
            the one expected sooner was sooner; .5 is no better than a coin.
        median_error_months: Median distance of the expected and the true month, of those to whom
            the event came.
        median_error_alone: The same where everybody is told the usual month.
    """

    tested: list[date]
    learnt_until: date
    periods: int
    events: int
    ends: int
    horizons: list[HorizonReport]
    concordance: Measured
    median_error_months: float | None
    median_error_alone: float | None


class Closer(Plain):
    """A closer look at the outcome that lists are made from; blank where a part is switched off."""

    outcome: str
    smooth_calibration: SmoothCalibration | None = None
    net_benefit: list[NetBenefit] = Field(default_factory=list)
    newcomers: Newcomers | None = None
    known_to: list[KnownTo] = Field(default_factory=list)
    refits: Refits | None = None
    timing: Timing | None = None
