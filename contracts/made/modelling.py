"""Tables that labels and models make; the feature table is declared by its own catalogue."""

from __future__ import annotations

from contracts.columns import Column, Kind, column
from contracts.made.linkage import HOUSEHOLD, SNAPSHOT
from contracts.made.table import MadeTable
from contracts.zones import Zone

_OUTCOME = column("outcome", Kind.CODE, "O", "The outcome.")
_HEALTH = "Health counts of the home take part in it, and nobody reads it by household."
_NEIGHBOURHOOD = column("neighbourhood_code", Kind.CODE, "Q", "Neighbourhood.")
_EVENT = column(
    "event",
    Kind.BOOLEAN,
    "S",
    "Whether the event came; none where that is not known.",
    permitted="One of the outcomes is a mental health crisis: that it came, and nothing of it.",
)
_LEAD = column(
    "lead_days",
    Kind.INTEGER,
    "S",
    "Days from the month end to the event.",
    permitted="How long after the month end it came.",
)


def _scores(*names: str) -> tuple[Column, ...]:
    return tuple(
        column(name, Kind.NUMBER, "S", "What a model or rule estimates.", permitted=_HEALTH)
        for name in names
    )


def _flags(*names: str) -> tuple[Column, ...]:
    return tuple(
        column(name, Kind.BOOLEAN, "Q", "Whether the list would name it.") for name in names
    )


TABLES = (
    MadeTable(
        name="label",
        says="One row for each household, month end and outcome: what happened afterwards.",
        zone=Zone.MODELLING,
        columns=(
            HOUSEHOLD,
            SNAPSHOT,
            _OUTCOME,
            column("eligible", Kind.BOOLEAN, "Q", "Whether it may be listed."),
            column(
                "already_supported",
                Kind.BOOLEAN,
                "S",
                "A crisis service was already helping.",
                permitted="That one was; not which, nor why.",
            ),
            _EVENT,
            column("event_date", Kind.DATE, "S", "When.", permitted="The day on which it came."),
            _LEAD,
        ),
    ),
    MadeTable(
        name="backtest",
        says="One row for each household and outcome at a test month: estimate and event.",
        zone=Zone.MODELLING,
        columns=(
            _OUTCOME,
            column("origin", Kind.DATE, "O", "Month at which the model was trained."),
            SNAPSHOT,
            HOUSEHOLD,
            _NEIGHBOURHOOD,
            _EVENT,
            *_scores(
                "raw_score",
                "probability",
                "rule_score",
                "rule_probability",
                "logistic_score",
            ),
            *_flags("selected", "rule_selected", "logistic_selected"),
            _LEAD,
        ),
    ),
    MadeTable(
        name="score",
        says="One row for each household and outcome at the release month.",
        zone=Zone.MODELLING,
        columns=(HOUSEHOLD, _OUTCOME, *_scores("raw_score", "probability")),
    ),
    MadeTable(
        name="timing",
        says="One row for each household that could be listed: when the event may come.",
        zone=Zone.MODELLING,
        columns=(
            HOUSEHOLD,
            _OUTCOME,
            *_scores("within_3m", "within_6m", "within_12m", "middle_month"),
        ),
    ),
    MadeTable(
        name="selection",
        says="One row for each household that was high enough for its neighbourhood's list.",
        zone=Zone.MODELLING,
        columns=(
            HOUSEHOLD,
            _NEIGHBOURHOOD,
            _OUTCOME,
            column(
                "route",
                Kind.CODE,
                "X",
                "Listed, or the other route that it takes.",
                permitted="That safety, health or support sends it another way; not what.",
            ),
        ),
    ),
    MadeTable(
        name="explanation",
        says="One row for each listed household and feature: what it added to the score.",
        zone=Zone.MODELLING,
        columns=(
            HOUSEHOLD,
            _OUTCOME,
            column("feature", Kind.CODE, "O", "The feature."),
            *_scores("value", "contribution"),
            column("no_value_because", Kind.CODE, "O", "Why there is no value, where none is."),
        ),
    ),
    MadeTable(
        name="theme_contribution",
        says="One row for each household and theme: what the theme added to the score.",
        zone=Zone.MODELLING,
        columns=(
            HOUSEHOLD,
            _OUTCOME,
            column("theme", Kind.CODE, "O", "The theme."),
            *_scores("contribution"),
        ),
    ),
    MadeTable(
        name="base_value",
        says="One row for each outcome: the score before anything counted.",
        zone=Zone.MODELLING,
        columns=(_OUTCOME, column("value", Kind.NUMBER, "O", "The base.")),
    ),
    MadeTable(
        name="reason",
        says="One row for each line on the card of a listed household.",
        zone=Zone.MODELLING,
        columns=(
            HOUSEHOLD,
            column("kind", Kind.CODE, "O", "What the line is."),
            column("position", Kind.INTEGER, "O", "Its place on the card."),
            column("theme", Kind.CODE, "O", "What it is about."),
            column("feature", Kind.CODE, "O", "The feature that it says."),
            column(
                "sentence",
                Kind.TEXT,
                "S",
                "The agreed words.",
                permitted="Of health no more than one sentence, where the place agreed to it.",
            ),
            column("source_line", Kind.TEXT, "O", "The line under it."),
        ),
    ),
)
