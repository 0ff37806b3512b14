"""The model report, ``model-report.html``: how the model did, for the board and its analysts.

Made from ``evaluation.json`` and the place's settings alone, so that it can be made again at any
time. Its tables lie in :mod:`models.page_tables` and :mod:`models.page_closer`, its pictures in
:mod:`models.page_pictures`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contracts.fingerprint import of_file
from contracts.months import month_key
from contracts.place import Place
from models import page_closer, page_tables
from models.checklists import answered, tested_months
from models.page_pictures import pictures_of
from models.page_tables import Shown
from models.page_words import NOT_MEASURED, in_every_100, more_or_fewer
from models.report import EVALUATION_FILE, Evaluation, OutcomeReport, read_evaluation
from surfaces import OFFICIAL, MenuItem, render_page
from surfaces.words import full_month, in_100

REPORT_FILE = "model-report.html"
_TEMPLATE = Path(__file__).parent / "templates" / REPORT_FILE
_MENU = (
    MenuItem("Simpler ways", "#other"),
    MenuItem("Where and when", "#where"),
    MenuItem("Chances", "#chances"),
    MenuItem("Checklists", "#checklists"),
    MenuItem("Sources", "#from"),
)


def write_model_report(*, place: Place, folder: Path) -> Path:
    """Write the page into a release month's folder.

    Args:
        place: The place.
        folder: The month's folder, with ``evaluation.json``.

    Raises:
        DataMissing: If nothing was evaluated.
    """
    path = folder / REPORT_FILE
    html = render_model_report(
        read_evaluation(folder), place=place, fingerprint=of_file(folder / EVALUATION_FILE)
    )
    path.write_text(html, encoding="utf-8")
    return path


def render_model_report(evaluation: Evaluation, *, place: Place, fingerprint: str) -> str:
    """The page as HTML.

    Args:
        evaluation: What was tested.
        place: The place.
        fingerprint: SHA-256 of ``evaluation.json``.
    """
    report = evaluation.outcomes[place.listed_outcome.value]
    return render_page(
        _TEMPLATE,
        wording=place.wording,
        marking=OFFICIAL,
        title=f"Model report: release {month_key(evaluation.month)}",
        service="Release approvals",
        menu=_MENU,
        place=place,
        evaluation=evaluation,
        report=report,
        month=full_month(evaluation.month),
        release=month_key(evaluation.month),
        says=place.outcomes[place.listed_outcome].says,
        tested=tested_months(report),
        capacity=sum(area.list_size for area in place.neighbourhoods.values()),
        limits=_limits(report),
        tables=_tables(evaluation, report, place),
        pictures=pictures_of(evaluation, report, place),
        checklists=answered(evaluation, place),
        fingerprint=fingerprint,
        **_facts(report),
        **_sentences(evaluation, report),
    )


def _facts(report: OutcomeReport) -> dict[str, str]:
    """The strip at the top."""
    shipped, lead = report.shipped, report.lead_time
    value = shipped.precision.value if shipped else None
    days = lead.median_days if lead else None
    gain = next((one for one in report.differences if one.second == report.best_rule), None)
    return {
        "right": in_every_100(shipped.precision if shipped else None),
        "wrong": NOT_MEASURED if value is None else in_100(1 - value),
        "reached": in_every_100(shipped.recall if shipped else None),
        "gain": more_or_fewer(gain.precision if gain else None, digits=0),
        "early": NOT_MEASURED if days is None else f"{days:.0f} days before",
    }


def _limits(report: OutcomeReport) -> list[str]:
    """What a reader must know before any figure."""
    said = []
    if report.enough_events != "yes":
        households = "Fewer than 1,000" if report.enough_events == "unknown" else "Fewer than 100"
        said.append(
            f"{households} households with the event could be learnt from: every figure here is "
            "less sure than it looks."
        )
    if report.recommended and report.recommended != report.shipped_model:
        said.append("What ships does not beat the best simple rule beyond doubt.")
    return said


def _sentences(evaluation: Evaluation, report: OutcomeReport) -> dict[str, str]:
    closer, lead, steady = evaluation.closer, report.lead_time, report.steadiness
    found = dict.fromkeys(("steady", "lead", "helping", "rows", "timing"), "")
    if steady is not None and steady.overlap is not None:
        found["steady"] = (
            f"From month to month {in_100(steady.overlap)} of every 100 households on either list "
            f"are on both, where places are kept; {in_100(steady.overlap_anew or 0.0)} would be on "
            "lists made anew. Right in every 100 suggested, where places are kept: "
            f"{more_or_fewer(steady.precision_gained)}."
        )
    if lead is not None:
        share = in_every_100(lead.share_60_days_or_more)
        found["lead"] = f"Of every 100 listed to whom it came, {share} had 60 days or more."
    if closer is not None:
        found |= {
            "helping": page_closer.helping(closer) or "",
            "rows": page_closer.rows_of(closer),
            "timing": page_closer.timing_words(closer) or "",
        }
    return found


def _tables(evaluation: Evaluation, report: OutcomeReport, place: Place) -> dict[str, Any]:
    shown, closer = Shown(place=place), evaluation.closer
    closely: dict[str, Any] = dict.fromkeys(
        ("worth", "blocks", "learning", "others", "known", "timing")
    )
    if closer is not None:
        closely = {
            "worth": page_closer.worth_table(closer, shown),
            "blocks": page_closer.block_table(closer),
            "learning": page_closer.learning_table(closer, shown),
            "others": page_closer.others_table(closer, shown),
            "known": page_closer.known_table(closer),
            "timing": page_closer.timing_table(closer, shown),
        }
    return closely | {
        "outcomes": page_tables.outcomes_table(evaluation, place, shown),
        "rankings": page_tables.rankings_table(report, shown),
        "differences": page_tables.differences_table(report),
        "areas": page_tables.areas_table(report, place, shown),
        "months": page_tables.months_table(report, shown),
        "calibration": page_tables.calibration_table(report, evaluation),
        "bands": page_tables.bands_table(report),
        "lead": page_tables.lead_table(report, shown),
        "regret": page_tables.regret_table(report),
        "splits": page_tables.splits_table(evaluation),
    }
