"""Why each listed household is named: contributions that add up, and the lines of its card."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from contracts.errors import AfloatError
from contracts.months import month_end
from contracts.place import Place
from contracts.warehouse import month_schema
from features.catalogue import BY_NAME
from features.mapped import map_features
from features.missing import reached, why_missing
from models.batches import EXPLAINED, explainer
from models.catalogue import catalogue_specs
from models.panel import Panel, feature_columns, load_panel
from models.reasons import Line, lines_of
from models.sampling import Floats, Ints
from models.selection import Route, raw_scores
from models.spec import align
from models.store import Shipped, check_columns, load_shipped
from models.tables import read_table, replace_tables
from models.themes import number_themes

logger = logging.getLogger(__name__)

CLOSE = 1e-6
"""Most that contributions and base may differ from the raw score that they explain."""


class DoesNotAddUp(AfloatError):
    """Contributions and base do not sum to the scores that they are to explain."""


@dataclass(frozen=True, kw_only=True)
class ExplainReport:
    """What was explained.

    Attributes:
        households: Households explained by theme: every one that was scored.
        listed: Those explained by feature, with a card: the listed.
        largest_gap: Largest distance of contributions plus base from the raw score.
        lines: Lines of cards by kind.
    """

    households: int
    listed: int
    largest_gap: float
    lines: dict[str, int]


def explain_selection(
    connection: duckdb.DuckDBPyConnection, *, place: Place, month: date, folder: Path
) -> ExplainReport:
    """Write what each theme added to every score, and each feature for the listed households.

    The tables are ``theme_contribution`` and ``base_value`` for every household, ``explanation``
    and ``reason`` for the listed.

    Raises:
        DoesNotAddUp: If contributions and base differ from a raw score by more than 1e-6.
        DataMissing: If the month was not scored or nobody was selected.
    """
    month, outcome = month_end(month), place.listed_outcome
    specs = align(catalogue_specs(), feature_columns(connection, month))
    panel = load_panel(connection, place=place, month=month, specs=specs, only=month)
    model = load_shipped(folder, outcome, threads=place.training.threads)
    check_columns(model, panel.names)
    raw = raw_scores(connection, month, panel.household, model)
    rows = _listed(connection, month, panel)
    names, numbers = number_themes(specs)
    themes = explained(connection, model, panel.names, numbers, place=place, month=month)
    contributions = model.contributions(panel.x[rows])
    gap = max(check_additive(themes, raw), check_additive(contributions, raw[rows]))
    reasons = reason_table(
        panel.household[rows],
        _cards(
            panel,
            rows,
            contributions,
            tenures=_tenures(connection, month),
            place=place,
            month=month,
        ),
    )
    replace_tables(
        connection,
        month,
        {
            "explanation": explanation_table(
                panel, rows, contributions, outcome.value, place=place
            ),
            "theme_contribution": theme_table(panel.household, names, themes, outcome.value),
            "base_value": pl.DataFrame({"outcome": [outcome.value], "value": [themes[0, -1]]}),
            "reason": reasons,
        },
    )
    kinds = reasons.group_by("kind").len().sort("kind")
    logger.info("explained %d households; largest gap %.1e", len(raw), gap)
    return ExplainReport(
        households=len(raw), listed=len(rows), largest_gap=gap, lines=dict(kinds.iter_rows())
    )


def explained(
    connection: duckdb.DuckDBPyConnection,
    model: Shipped,
    names: Sequence[str],
    themes: Sequence[int] | None,
    *,
    place: Place,
    month: date,
) -> Floats:
    """What each theme or feature added to every household's raw score; the base is last.

    Args:
        connection: The modelling zone.
        model: The model.
        names: The features.
        themes: Number of each feature's theme; by feature where None.
        place: Its engine explains.
        month: Index date.

    Returns:
        A row for each household, in their order.
    """
    table = map_features(
        connection,
        engine=place.engine,
        month=month,
        names=names,
        function=explainer(model, themes),
        schema=EXPLAINED,
    )
    flat = table.column("contributions").combine_chunks().flatten().to_numpy()
    return np.asarray(flat, dtype=np.float64).reshape(table.num_rows, -1)


def _cards(
    panel: Panel,
    rows: Ints,
    contributions: Floats,
    *,
    tenures: dict[int, str | None],
    place: Place,
    month: date,
) -> list[list[Line]]:
    return [
        lines_of(
            contributions[at, :-1],
            panel.specs,
            _values(panel, row),
            tenure=tenures.get(int(panel.household[row])),
            place=place,
            index_date=month,
        )
        for at, row in enumerate(rows)
    ]


def check_additive(contributions: Floats, raw: Floats) -> float:
    """The largest distance of a row's contributions and base from its raw score.

    Raises:
        DoesNotAddUp: If it is more than 1e-6.
    """
    gaps = np.abs(contributions.sum(axis=1) - raw)
    worst = float(gaps.max(initial=0.0))
    if not worst <= CLOSE:
        raise DoesNotAddUp(
            f"Contributions do not add up to the raw score for {int((~(gaps <= CLOSE)).sum())} of "
            f"{len(raw)} households; the largest gap is {worst:.2e}.",
            next_step="Score and explain the month again with the same model.",
        )
    return worst


def _listed(connection: duckdb.DuckDBPyConnection, month: date, panel: Panel) -> Ints:
    """Positions of the listed households in the panel, in order of household."""
    chosen = read_table(
        connection,
        month,
        "selection",
        order="household_id",
        step="Select the households first.",
    ).filter(pl.col("route") == Route.LISTED.value)
    ids = chosen["household_id"].to_numpy().astype(np.int64)
    return np.searchsorted(panel.household, ids).astype(np.int64)


def _tenures(connection: duckdb.DuckDBPyConnection, month: date) -> dict[int, str | None]:
    rows = connection.execute(
        f"SELECT household_id, tenure FROM {month_schema(month)}.household_snapshot "
        "WHERE snapshot_date = ?",
        [month],
    ).fetchall()
    return dict(rows)


def _values(panel: Panel, row: int) -> dict[str, float | None]:
    """One household's features by name; None where not known."""
    return {
        name: None if np.isnan(value) else float(value)
        for name, value in zip(panel.names, panel.x[row], strict=True)
    }


def explanation_table(
    panel: Panel, rows: Ints, contributions: Floats, outcome: str, *, place: Place
) -> pl.DataFrame:
    """One row for each listed household and feature; where it has no value, why."""
    width = len(panel.specs)
    return pl.DataFrame(
        {
            "household_id": np.repeat(panel.household[rows], width),
            "outcome": [outcome] * (len(rows) * width),
            "feature": list(panel.names) * len(rows),
            "value": pl.Series(panel.x[rows].astype(np.float64).ravel(), nan_to_null=True),
            "contribution": contributions[:, :-1].ravel(),
            "no_value_because": pl.Series(
                [why for row in rows for why in _why_none(panel, row, place)], dtype=pl.String
            ),
        }
    )


def _why_none(panel: Panel, row: int, place: Place) -> list[str | None]:
    """Of each feature of a household, why it has no value; None where it has one."""
    values = _values(panel, row)
    covered = reached(values)
    return [
        None
        if values[name] is not None
        else why_missing(
            BY_NAME[name], covered, sources=place.sources, windows=place.windows.months
        )
        for name in panel.names
    ]


def theme_table(
    households: Ints, names: Sequence[str], themes: Floats, outcome: str
) -> pl.DataFrame:
    """One row for each household and theme; ``themes`` has the base in its last column."""
    return pl.DataFrame(
        {
            "household_id": np.repeat(households, len(names)),
            "outcome": [outcome] * (len(households) * len(names)),
            "theme": list(names) * len(households),
            "contribution": themes[:, :-1].ravel(),
        }
    )


def reason_table(households: Ints, cards: Sequence[Sequence[Line]]) -> pl.DataFrame:
    """Every card's lines, numbered from 1 within their kind."""
    rows = []
    for household, card in zip(households, cards, strict=True):
        seen: dict[str, int] = {}
        for line in card:
            seen[line.kind] = seen.get(line.kind, 0) + 1
            rows.append(
                {
                    "household_id": int(household),
                    "kind": line.kind.value,
                    "position": seen[line.kind],
                    "theme": line.theme,
                    "feature": line.feature,
                    "sentence": line.sentence,
                    "source_line": line.source_line,
                }
            )
    return pl.DataFrame(
        rows,
        schema={
            "household_id": pl.Int64,
            "kind": pl.String,
            "position": pl.Int32,
            "theme": pl.String,
            "feature": pl.String,
            "sentence": pl.String,
            "source_line": pl.String,
        },
    )
