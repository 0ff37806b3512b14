"""The page that a board decides from: ``fairness-report.html``, made from ``audit.json``."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from markupsafe import Markup

from contracts.errors import DataMissing
from contracts.fingerprint import of_bytes
from contracts.months import month_key
from contracts.place import Place
from fairness import comparisons, group_tables, plain_tables, story
from fairness.labels import ATTRIBUTES, HOMES, ROUTES, group_label
from fairness.notes import NOTES_FILE, read_notes
from fairness.reading import input_fingerprints
from fairness.result import AUDIT_FILE, AuditResult, Row, read_audit
from fairness.run import LISTED
from fairness.tables import Table
from fairness.verdicts import Verdict
from models.report import Evaluation
from surfaces import OFFICIAL, MenuItem, render_page
from surfaces.words import SOURCES, full_month, in_100

_LOG = logging.getLogger(__name__)
REPORT_FILE = "fairness-report.html"
_TEMPLATE = Path(__file__).parent / "templates" / "fairness-report.html"
_MENU = (
    MenuItem("Who is seen", "#seen"),
    MenuItem("Reach", "#reach"),
    MenuItem("Other checks", "#other"),
    MenuItem("Your decision", "#sign"),
    MenuItem("Sources", "#sources"),
)
_LINKS = "Records that met another source, by group, against what is usual for the same sources"
_RECORDING = "For how many households this is known"
_CALIBRATION = (
    "Households expected to need help for every one that did, by group: 1.00 is exactly right"
)
_PRECISION = "Suggestions that were right, by group"
_CAN_SEE = {
    "coverage": ("Found in the primary care extract, by group and place", "Found, in 100"),
    "resolved": ("Told apart from others at their address, by group", "Told apart, in 100"),
    "located": ("Records that say which home they are of, by group", "Located, in 100"),
}
_HELD = {
    "list_share": ("Part of the list against part of need", "Suggested, in 100", "Against need"),
    "missed": ("Missed, by group", "Missed, in 100", "Against everyone"),
    "false_omission": ("Left off and needing help", "Needed help, in 100", "Against everyone"),
}
"""Tables of checks that a policy may have beside the usual four."""
_IF_REFUSED = (
    "No new list is sent. The list in use stops on its last day, and teams go on with their own "
    "referrals, as now."
)


def write_report(
    con: duckdb.DuckDBPyConnection, *, place: Place, month: date, folder: Path
) -> Path:
    """Write the report of a month's audit.

    Args:
        con: Modelling and audit, as ``linkage.crossing.for_audit`` opens them; only to make sure
            that the audit is about what they hold now.
        place: The place.
        month: The release month's last day.
        folder: The month's folder, with ``audit.json`` and, where models were tested,
            ``evaluation.json``.

    Raises:
        DataMissing: If there is no audit, or the tables have changed since it was made.
    """
    audit = read_audit(folder)
    if audit.inputs != input_fingerprints(con, place=place, month=month):
        raise DataMissing(
            f"{AUDIT_FILE} is not about the tables and policy as they are now.",
            next_step="Run the audit again, then the report.",
        )
    path = folder / REPORT_FILE
    path.write_text(render_report(audit, place=place, folder=folder), encoding="utf-8")
    _LOG.info("fairness report: %d rows, %s", len(audit.rows), audit.overall)
    return path


def render_report(audit: AuditResult, *, place: Place, folder: Path) -> str:
    """The report as HTML.

    Args:
        audit: What was audited.
        place: The place.
        folder: Where the month's audit, evaluation and the team's notes lie.
    """
    evaluation = comparisons.evaluation_of(folder)
    return render_page(
        _TEMPLATE,
        wording=place.wording,
        marking=OFFICIAL,
        title=f"Fairness report: release {month_key(audit.month)}",
        service="Release approvals",
        menu=_MENU,
        place=place,
        policy=place.fairness,
        audit=audit,
        says=_says(place),
        month=full_month(audit.month),
        release=month_key(audit.month),
        tested=_tested(audit),
        range_name=_range_name(place),
        floor=_floor(place),
        tables=_tables(audit, place=place, evaluation=evaluation),
        why=comparisons.why_this_one(evaluation, place),
        picture=_picture(audit, place),
        notes=read_notes(folder),
        notes_file=NOTES_FILE,
        refused=_IF_REFUSED,
        sources=[SOURCES.get(source, source) for source in place.sources],
        fingerprint=of_bytes(audit.to_bytes()),
        in_100=in_100,
        **_words(audit, place),
        **_strip(audit, place),
    )


def _words(audit: AuditResult, place: Place) -> dict[str, Any]:
    """The sentences that the audit leads to."""
    decisions = {"passed": "approve", "needs_reason": "approve_with_reason", "failed": "refuse"}
    return {
        "unseen": story.unseen(audit),
        "warning": story.warning(audit, policy=place.fairness),
        "missed": [
            (story.found(row, audit, says=_says(place)), story.may_rest_on(row, audit))
            for row in story.not_passed(audit)
        ],
        "together": story.together(audit),
        "fragile": story.most_fragile(audit),
        "decision": decisions[audit.overall],
        "unjudged": not set(_HELD) & set(place.fairness.checks),
    }


def _strip(audit: AuditResult, place: Place) -> dict[str, Any]:
    """Tiles of verdicts, and the strip of facts."""
    tiles = {
        Verdict.PASSED: ("is-pass", "passed"),
        Verdict.UNCERTAIN: ("is-unsure", "uncertain: the figures cannot settle it"),
        Verdict.NOT_PASSED: ("is-stop", "not passed"),
        Verdict.TOO_FEW: ("is-few", "too few households to say"),
    }
    counts = {verdict: audit.count(verdict) for verdict in tiles}
    counts[Verdict.NOT_PASSED] += len(audit.pairs.rows)
    return {
        "tiles": [(style, text, counts[verdict]) for verdict, (style, text) in tiles.items()],
        "suggested": audit.routes.get(LISTED),
        "capacity": sum(area.list_size for area in place.neighbourhoods.values()),
        "right": _known(audit, "precision"),
        "reached": _known(audit, "reach"),
        "random": _known(audit, "list_share"),
    }


def _tables(audit: AuditResult, *, place: Place, evaluation: Evaluation | None) -> dict[str, Any]:
    ranged = _range_name(place)

    def judged(check: str, caption: str, short: str, rate: str, ratio: str | None) -> Table:
        style = group_tables.Style(
            caption=caption, short=short, rate=rate, range_name=ranged, ratio=ratio
        )
        return group_tables.judged_table(audit, check, style)

    everyone = "Against everyone"
    reach, calibration = _reach_caption(audit, place), _calibration_caption(place)
    return {
        "seen": plain_tables.seen_table(audit, SOURCES),
        "can_see": [
            judged(check, caption, caption, rate, everyone)
            for check, (caption, rate) in _CAN_SEE.items()
            if audit.of(check)
        ],
        "sources": plain_tables.sources_table(audit, SOURCES),
        "links": judged(
            "link_rate", _LINKS, "Joined up, by group", "Joined, in 100", "Against usual"
        ),
        "recording": judged("recording", _RECORDING, "", "Recorded, in 100", None),
        "reach": judged("reach", reach, "", "Reached, in 100", everyone),
        "calibration": judged(
            "calibration", calibration, "Expected and seen, by group", "Expected for each", None
        ),
        "precision": judged(
            "precision",
            _PRECISION,
            "Suggestions that were right, by group",
            "Right, in 100",
            everyone,
        ),
        "held": [
            judged(check, caption, caption, rate, ratio)
            for check, (caption, rate, ratio) in _HELD.items()
            if check in place.fairness.checks
        ],
        "list_and_need": group_tables.list_and_need_table(audit, range_name=ranged),
        "pairs": group_tables.pairs_table(audit, range_name=ranged),
        "proxies": plain_tables.proxies_table(audit, range_name=ranged),
        "rankings": plain_tables.rankings_table(comparisons.rankings(evaluation, place)),
        "kinds": plain_tables.kinds_table(comparisons.by_kind(evaluation, place)),
        "left_out": plain_tables.left_out_table(
            _counts(audit.routes, ROUTES) + _counts(audit.homes, HOMES)
        ),
    }


def _reach_caption(audit: AuditResult, place: Place) -> str:
    whole, floor = _known(audit, "reach"), _floor(place)
    if whole is None or whole.rate is None or floor is None:
        return "Reach by group"
    at = in_100(floor * whole.rate)
    return f"Reach by group against policy {place.fairness.id} (floor: {at} in 100)"


def _calibration_caption(place: Place) -> str:
    check = place.fairness.checks.get("calibration")
    if check is None or check.floor is None or check.ceiling is None:
        return _CALIBRATION
    return f"{_CALIBRATION} ({check.floor:.2f} to {check.ceiling:.2f} passes)"


def _says(place: Place) -> str:
    return place.outcomes[place.listed_outcome].says


def _range_name(place: Place) -> str:
    return f"{place.fairness.confidence:.0%} range"


def _floor(place: Place) -> float | None:
    check = place.fairness.checks.get("reach")
    return check.floor if check else None


def _tested(audit: AuditResult) -> str:
    if audit.tested.first is None or audit.tested.last is None:
        return "no month"
    return f"{full_month(audit.tested.first)} to {full_month(audit.tested.last)}"


def _known(audit: AuditResult, check: str) -> Row | None:
    """Everyone's row of a check where its figure and range may be shown."""
    row = audit.everyone.get(check)
    if row is None or row.rate is None or row.low is None or row.high is None:
        return None
    return row


def _picture(audit: AuditResult, place: Place) -> Markup | None:
    """The chart of reach; None where there is nothing to draw."""
    from fairness.chart import Scale, reach_picture

    whole, rows = _known(audit, "reach"), audit.of("reach")
    if whole is None or whole.rate is None or not rows:
        return None
    share = _floor(place)
    floor = None if share is None else 100 * share * whole.rate
    scale = Scale(everyone=100 * whole.rate, floor=floor, brand=place.wording.brand_colour)
    return reach_picture(
        rows,
        scale,
        title=f"Reach by group, with {place.fairness.confidence:.0%} ranges",
        description=_description(rows, scale, says=_says(place)),
        axis="households reached, out of every 100 who needed help",
    )


def _description(rows: Sequence[Row], scale: Any, *, says: str) -> str:
    failed = [
        f"{ATTRIBUTES[row.attribute]}: {group_label(row.attribute, row.group)}"
        for row in rows
        if row.verdict is Verdict.NOT_PASSED
    ]
    floor = "" if scale.floor is None else f" The policy floor is {round(scale.floor)}."
    below = f"Not passed: {'; '.join(failed)}." if failed else "No group is not passed."
    return (
        f"Of every 100 households that later {says}, how many the list would have suggested. "
        f"Everyone: {round(scale.everyone)}.{floor} {below} All numbers are in the table that "
        "follows."
    )


def _counts(
    counts: dict[str, int | None], words: Mapping[str, str]
) -> list[tuple[str, int | None]]:
    """Counts with words, in the words' order; a kind of which there are none is left out."""
    return [(text, counts[key]) for key, text in words.items() if key in counts]
