from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from contracts.errors import DataMissing, SettingsError
from contracts.place import Check
from contracts.warehouse import month_schema
from fairness import run_audit, write_report
from fairness.notes import NOTES_FILE
from fairness.report import render_report
from fairness.result import AUDIT_FILE
from fairness.verdicts import Verdict
from features.catalogue import CATALOGUE
from models.measured import Measured
from models.report import Evaluation, OutcomeReport, RankingReport, SplitRow
from tests.unit.fairness.invented import MONTH, households, month_warehouse, northmere

PLACE = northmere()
PLACE = PLACE.model_copy(update={"training": PLACE.training.model_copy(update={"replicates": 200})})
SPLIT = {
    name: 6 if field.annotation is int else MONTH for name, field in SplitRow.model_fields.items()
}


class _Text(HTMLParser):
    """The words of a page, and its tables as rows of cells."""

    def __init__(self, html):
        super().__init__()
        self.words, self.rows, self._cell = [], [], None
        self._skip = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self._skip += tag == "style"
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._cell = []

    def handle_endtag(self, tag):
        self._skip -= tag == "style"
        if tag in ("td", "th") and self._cell is not None:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data):
        if self._skip:
            return
        self.words.append(data)
        if self._cell is not None:
            self._cell.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def _ranking(says, right, reached):
    return RankingReport(
        says=says,
        listed=1200,
        listed_events=300,
        precision=Measured(value=right, low=right - 0.03, high=right + 0.03),
        recall=Measured(value=reached, low=reached - 0.02, high=reached + 0.02),
        lift=Measured(value=5.0),
        auroc=Measured(value=0.8),
        average_precision=Measured(value=None),
    )


def _evaluation():
    edge = OutcomeReport(
        outcome="edge_of_crisis",
        trained=True,
        shipped_model="lightgbm",
        shipped_because="It beat the best simple rule, 29 to 22 of every 100.",
        rankings={
            "random": _ranking("households in random order", 0.05, 0.05),
            "lightgbm": _ranking("the model", 0.29, 0.33),
            "arrears": _ranking("most missed payments first", 0.22, 0.27),
        },
    )
    return Evaluation(
        place="northmere",
        month=MONTH,
        seed=1,
        replicates=200,
        gap_days=28,
        horizon_months=6,
        features=60,
        list_sizes={"N1": 60},
        splits=[],
        scoring=SplitRow(**SPLIT),
        outcomes={"edge_of_crisis": edge},
    )


def _month(folder, **kinds):
    """An audited month in a folder."""
    con = month_warehouse(households(count=4000, dates=3, **kinds))
    folder.mkdir(parents=True, exist_ok=True)
    return con, run_audit(con, place=PLACE, month=MONTH, folder=folder)


@pytest.fixture(scope="module")
def harmed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("harmed")
    con, audit = _month(folder, harmed=("age_band", "65+"))
    _evaluation().write(folder / "evaluation.json")
    path = write_report(con, place=PLACE, month=MONTH, folder=folder)
    con.close()
    return audit, path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def fair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fair")
    con, audit = _month(folder)
    path = write_report(con, place=PLACE, month=MONTH, folder=folder)
    con.close()
    return audit, path.read_text(encoding="utf-8")


def test_marking_question_and_whose_decision_it_is(harmed):
    text = _Text(harmed[1]).text
    assert text.index("OFFICIAL") < text.index("Is the October 2026 list fair enough to use?")
    assert "For decision: Prevention Data Board" in text
    assert "No list reaches a neighbourhood team until two of you approve it." in text


def test_tiles_count_the_verdicts(harmed):
    audit, html = harmed
    told = dict(re.findall(r"<dt>([^<]*)</dt><dd>(\d+)</dd>", html[: html.index("In short")]))
    assert int(told["passed"]) == audit.count(Verdict.PASSED)
    assert int(told["not passed"]) == audit.count(Verdict.NOT_PASSED) > 0
    assert int(told["too few households to say"]) == audit.count(Verdict.TOO_FEW)
    assert sum(map(int, told.values())) == len(audit.judged)


def test_what_is_not_passed_is_told_first_and_in_words(harmed):
    text = _Text(harmed[1]).text
    assert "the list would miss too many households led by someone aged 65 and over" in text
    assert "may be approved only with a written reason" in text
    assert (
        "Of every 100 households led by someone aged 65 and over that later needed crisis" in text
    )
    assert "--decision approve_with_reason" in text


def test_a_fair_month_has_no_warning(fair):
    html = fair[1]
    assert '<div class="govuk-warning-text">' not in html
    assert "No check of policy FP-1 was missed." in html
    assert "--decision approve --person" in html


def test_figures_of_the_table_are_those_of_the_audit(harmed):
    audit, html = harmed
    reach = html[html.index("Table 4.") : html.index("Table 5.")]
    rows = {row[0]: row for row in _Text(reach).rows}
    (old,) = [row for row in audit.of("reach", "age_band") if row.group == "65+"]
    told = rows["65 and over"]
    assert told[1] == f"{old.base:,}"
    assert told[2] == str(round(100 * old.rate))
    assert told[3] == f"{round(100 * old.low)} to {round(100 * old.high)}"
    assert told[4] == f"{old.ratio:.2f}"
    assert told[5] == "Not passed"


def test_the_picture_shows_the_same_figures_as_the_table(harmed):
    audit, html = harmed
    svg = html[html.index('<svg role="img"') : html.index("</figure>")]
    for row in audit.of("reach"):
        if row.shown:
            low, high = round(100 * row.low), round(100 * row.high)
            assert f"({low} to {high})" in svg
    assert svg.count("Too few households to show") == sum(
        row.verdict is Verdict.TOO_FEW for row in audit.of("reach")
    )
    whole = audit.everyone["reach"].rate
    assert f"everyone {round(100 * whole)}" in svg
    assert f"floor {round(80 * whole)}" in svg
    assert "<script" not in svg


def test_hidden_groups_have_no_figure_anywhere(harmed):
    audit, html = harmed
    rows = [row for row in _Text(html).rows if row and row[0] in ("Mixed or multiple",)]
    hidden = [row for row in audit.of("reach", "ethnic_group") if not row.shown]
    assert {row.group for row in hidden} >= {"MIXED", "OTHER"}
    reach = [row for row in rows if "Too few to say" in row]
    assert reach
    assert all(row[1] == "not shown" for row in reach)


def test_no_figure_without_its_range(harmed):
    for row in _Text(harmed[1]).rows:
        if row[-1] in ("Passed", "Not passed") and len(row) > 3:
            assert re.fullmatch(r"(fewer than )?[\d.]+ to (more than )?[\d.]+", row[3]), row


def test_the_list_stands_beside_simpler_ones(harmed):
    html = harmed[1]
    rows = {row[0]: row[1:] for row in _Text(html).rows if row}
    assert rows["The model (this list)"] == ["1,200", "29 (26 to 32)", "33 (31 to 35)"]
    assert rows["Households in random order"] == ["1,200", "5 (2 to 8)", "5 (3 to 7)"]
    assert html.index("The model (this list)") < html.index("Most missed payments first")
    assert "It beat the best simple rule" in html


def test_what_was_not_measured_says_so(harmed, fair):
    assert "Not measured: this month has no evaluation." in fair[1]
    rows = {row[0]: row[1:] for row in _Text(harmed[1]).rows if row}
    assert rows["Needed help with homelessness"] == ["not measured"]


def test_who_cannot_be_on_a_list_is_counted_and_rounded(fair):
    rows = {row[0]: row[1:] for row in _Text(fair[1]).rows if row}
    assert rows["A service works with them already"] == ["60"]
    assert rows["Held back by a safety rule, or because somebody objected"] == ["35"]
    assert rows["Communal homes"] == ["45"]


def test_words_that_people_s_pages_never_use(harmed):
    text = _Text(harmed[1]).text.lower()
    for word in ("risk", "vulnerable", "flagged", "score", "threshold", "recall", "false negative"):
        assert word not in text


def test_the_page_is_a_file_that_asks_for_nothing(harmed):
    html = harmed[1]
    for part in ("<script", "<form", "<link", "<img", "src=", "url(", "@font-face", "@import"):
        assert part not in html


def test_the_report_twice_is_the_same_bytes(fair, tmp_path):
    audit, html = fair
    assert render_report(audit, place=PLACE, folder=tmp_path) == html


def test_an_audit_of_other_tables_is_refused(fair, tmp_path):
    (tmp_path / AUDIT_FILE).write_bytes(fair[0].to_bytes())
    con = month_warehouse(households(count=4000, dates=3))
    con.execute(f"UPDATE {month_schema(MONTH)}.backtest SET selected = NOT selected")
    with pytest.raises(DataMissing, match=r"audit\.json is not about the tables"):
        write_report(con, place=PLACE, month=MONTH, folder=tmp_path)
    con.close()


def test_the_team_s_own_words_stand_in_the_report(harmed, tmp_path):
    audit = harmed[0]
    bare = render_report(audit, place=PLACE, folder=tmp_path)
    assert "The team has not written its own explanation yet." in bare
    assert "The team has not written a proposal yet." in bare
    (tmp_path / NOTES_FILE).write_text(
        'likely_cause = "Care <records> come late."\nproposal = "Keep 20 places."\n'
        'if_refused = "Teams go on as now."\n'
    )
    told = render_report(audit, place=PLACE, folder=tmp_path)
    assert "Care &lt;records&gt; come late." in told
    assert "Keep 20 places." in told
    assert "Teams go on as now." in told
    assert "not written" not in told


@pytest.mark.parametrize("notes", ["likely_cause = ", 'cause = "x"', "proposal = 4"])
def test_notes_that_cannot_be_used_are_refused(fair, tmp_path, notes):
    (tmp_path / NOTES_FILE).write_text(notes)
    with pytest.raises(SettingsError, match=NOTES_FILE):
        render_report(fair[0], place=PLACE, folder=tmp_path)


def test_a_check_that_only_some_policies_have_shows_its_results(tmp_path):
    checks = {**PLACE.fairness.checks, "list_share": Check(floor=0.8)}
    stricter = PLACE.model_copy(
        update={"fairness": PLACE.fairness.model_copy(update={"checks": checks})}
    )
    with month_warehouse(households(count=2000, dates=2)) as con:
        audit = run_audit(con, place=stricter, month=MONTH, folder=tmp_path)
    html = render_report(audit, place=stricter, folder=tmp_path)
    held = _Text(html[html.index("Table 7a.") : html.index("Is it better than")])
    words = tuple(str(verdict).capitalize() for verdict in Verdict)
    results = [row[-1] for row in held.rows if row[-1].startswith(words)]
    assert len(results) == len([row for row in audit.of("list_share") if row.verdict])
    assert "No floor is agreed for these figures." not in html


def test_an_audit_that_could_not_be_made_has_a_report_that_says_so(tmp_path):
    con = month_warehouse(households(count=500, dates=2))
    con.execute(f"DELETE FROM {month_schema(MONTH)}.backtest")
    run_audit(con, place=PLACE, month=MONTH, folder=tmp_path)
    html = write_report(con, place=PLACE, month=MONTH, folder=tmp_path).read_text(encoding="utf-8")
    con.close()
    text = _Text(html).text
    assert "There are no test dates to audit." in text
    assert "This release cannot be approved." in text
    assert "not measured" in text
    assert "--decision refuse" in text
    assert '<svg role="img"' not in html


def test_records_that_tell_who_people_are_are_named(harmed):
    audit, html = harmed
    sex = next(one for one in audit.proxies if one.attribute == "sex")
    assert (sex.area, sex.features[0]) == (1.0, "area_deprivation_tenth")
    rows = _Text(html).rows
    said = next(feature.says for feature in CATALOGUE if feature.name == sex.features[0])
    assert any(row[0] == "Women" and row[-1].startswith(said) for row in rows)


def test_groups_of_two_are_counted_and_none_is_shown_beside_its_own_failed_group(harmed):
    audit, html = harmed
    assert audit.pairs.looked_at > 100
    assert audit.pairs.within > 0
    assert f"{audit.pairs.within} lie within a group" in _Text(html).text
