"""Training, testing over time, scores, selection and reasons."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from contracts.zones import Zone
from pipelines.house import check, step
from pipelines.report import as_picture, as_table, table_metadata
from pipelines.resources import AfloatHome


@step(
    group="models",
    kinds={"interpret", "lightgbm", "scikitlearn"},
    deps=("features", "labels", "crossing", "level_changes"),
    description=(
        "For each outcome a points card, a logistic regression, an explainable boosting machine "
        "and LightGBM, calibrated and tested at rolling origins with an embargo, beside published "
        "simple rules. One is picked by regret; the simplest that it does not beat ships."
    ),
    check_specs=(
        check(
            "nothing_too_good_to_be_true",
            "models",
            "No single feature, and no model, is better than records can be. Blocking.",
            blocking=True,
        ),
    ),
)
def models(
    context: dg.AssetExecutionContext, home: AfloatHome
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write ``backtest``, model files and ``evaluation.json``."""
    from models.design import capacity_picture
    from models.run import train_and_evaluate

    run = home.run(context)
    with run.write(Zone.MODELLING) as con:
        report = train_and_evaluate(
            con,
            place=run.place,
            month=run.month,
            folder=run.folder,
            progress=context.log.info,
        )
        metadata = table_metadata(con, run.schema, ["backtest"])
    listed = run.place.listed_outcome.value
    metadata["temporal design"] = as_picture(
        report.design_svg, "Which months train and which months test"
    )
    metadata["at the place's capacity"] = as_picture(
        capacity_picture(report.evaluation, listed), "Of every 100 listed, how many had the event"
    )
    metadata["figures"] = as_table(report.summary_rows())
    metadata["what ships and why"] = as_table(report.choice_rows())
    metadata["the points card"] = as_table(report.card_rows(listed))
    yield dg.MaterializeResult(
        metadata=metadata,
        check_results=[
            dg.AssetCheckResult(
                check_name="nothing_too_good_to_be_true",
                passed=not report.leak_warnings,
                metadata={"warnings": list(report.leak_warnings)},
            )
        ],
    )


@step(
    group="models",
    kinds={"html"},
    deps=("models",),
    description=(
        "How well the lists find households in time, for the board and its analysts: beside "
        "simpler ways, by neighbourhood, source and month, with the field's two checklists."
    ),
)
def model_report(context: dg.AssetExecutionContext, home: AfloatHome) -> dg.MaterializeResult[Any]:
    """Write ``model-report.html``."""
    from models.page import write_model_report

    run = home.run(context)
    path = write_model_report(place=run.place, folder=run.folder)
    return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(str(path))})


@step(
    group="models",
    kinds={"lightgbm", "duckdb"},
    deps=("models", "features"),
    description="A calibrated score for each household at the release month. No person sees it.",
)
def scores(context: dg.AssetExecutionContext, home: AfloatHome) -> dg.MaterializeResult[Any]:
    """Write ``score``."""
    from models.run import score_month

    run = home.run(context)
    with run.write(Zone.MODELLING) as con:
        score_month(con, place=run.place, month=run.month, folder=run.folder)
        metadata = table_metadata(con, run.schema, ["score"])
    return dg.MaterializeResult(metadata=metadata)


@step(
    group="models",
    kinds={"duckdb"},
    deps=("scores", "labels", "crossing"),
    description=(
        "As many households for each neighbourhood as its team can talk to. Whoever already has "
        "support, is restricted for safety, or would be listed for health alone takes another "
        "route."
    ),
)
def selection(context: dg.AssetExecutionContext, home: AfloatHome) -> dg.MaterializeResult[Any]:
    """Write ``selection``."""
    from models.figures import households_by_route
    from models.selection import select_households

    run = home.run(context)
    with run.write(Zone.MODELLING) as con:
        select_households(con, place=run.place, month=run.month, folder=run.folder)
        routes = households_by_route(con, run.month)
        metadata = table_metadata(con, run.schema, ["selection"])
    metadata["routes"] = as_table(routes.to_dicts())
    return dg.MaterializeResult(metadata=metadata)


@step(
    group="models",
    kinds={"lightgbm", "numba"},
    deps=("selection",),
    description=(
        "What each theme added to every household's score, exactly; for each suggested household "
        "also by feature, told in the catalogue's own sentences, with strengths and what is not "
        "known."
    ),
    check_specs=(
        check(
            "contributions_add_up",
            "explanations",
            "Contributions plus the base value equal the raw score within 1e-6. Blocking.",
            blocking=True,
        ),
    ),
)
def explanations(
    context: dg.AssetExecutionContext, home: AfloatHome
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write ``explanation``, ``theme_contribution``, ``base_value`` and ``reason``."""
    from models.explain import explain_selection
    from models.figures import households_by_theme, largest_gap, scores_by_theme
    from models.what_counts import dependence_picture, summary_picture, what_counts

    run = home.run(context)
    with run.write(Zone.MODELLING) as con:
        explain_selection(con, place=run.place, month=run.month, folder=run.folder)
        gap = largest_gap(con, run.month)
        themes = households_by_theme(con, run.month)
        moved = scores_by_theme(con, run.month)
        counts = what_counts(con, place=run.place, month=run.month, folder=run.folder)
        metadata = table_metadata(con, run.schema, ["explanation", "reason"])
    metadata["what counted most"] = as_table(themes.to_dicts())
    metadata["how far each theme moved scores"] = as_table(moved.to_dicts())
    metadata["what counts most (SHAP summary)"] = as_picture(
        summary_picture(counts), "What each feature adds, for low, high and unknown values"
    )
    metadata["by value (SHAP dependence)"] = as_picture(
        dependence_picture(counts), "What the first features add, by their value"
    )
    yield dg.MaterializeResult(
        metadata=metadata,
        check_results=[
            dg.AssetCheckResult(
                check_name="contributions_add_up",
                passed=gap < 1e-6,
                metadata={"largest difference": gap},
            )
        ],
    )
