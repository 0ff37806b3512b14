"""What is on a list, and what never is."""

import csv
import html
import io
import re
from datetime import date

import polars as pl
import pytest

from contracts.errors import ReleaseRefused
from features.sentences import HEALTH_SENTENCE, NOT_SHOWN
from releases import write_lists
from releases.evidence import read_parquet
from releases.guard import health_labels
from releases.lists import reference_table, render_lists
from releases.reasons import NO_STRENGTH
from tests.unit.releases.kit import CHAIR, MONTH, OFFICER, SCHEMA, Kit, month_audit, steady_place

CODES = ("N1", "N2", "N3", "N4")


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    return Kit(place=steady_place(), folder=tmp_path_factory.mktemp("ready")).ready()


@pytest.fixture(scope="module")
def pages(approved_kit):
    """HTML of every neighbourhood, and its text without tags and style."""
    files = render_lists(approved_kit[1])
    return {name.removesuffix(".html"): _text(files[name]) for name in files if ".html" in name}


def _text(content):
    body = content.decode().partition("<body")[2]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def _rows(files, code):
    return list(csv.DictReader(io.StringIO(files[f"{code}.csv"].decode("utf-8-sig"))))


def _render(ready, tmp_path, sql="", place=None):
    """Lists of the same month after a change, approved."""
    kit = ready.copy_to(tmp_path / "kit")
    kit.place = place or kit.place
    with kit.tables() as con:
        if sql:
            con.execute(sql.format(s=SCHEMA))
        audit = month_audit("passed", kit.place, con)
        (kit.workspace.month(MONTH) / "audit.json").write_bytes(audit.to_bytes())
    release = kit.seal()
    for person in (CHAIR, OFFICER):
        kit.decide(release, person)
    return render_lists(kit.approve(release.release_id))


def test_one_page_and_one_table_for_each_neighbourhood(approved, tmp_path):
    paths = write_lists(approved, outbox=tmp_path / "outbox")
    folder = tmp_path / "outbox" / approved.release_id
    assert paths == [folder / f"{code}.{kind}" for code in CODES for kind in ("html", "csv")]
    assert sorted(folder.iterdir()) == sorted(paths)
    assert [path.name for path in folder.parent.iterdir()] == [approved.release_id]


def test_the_same_release_gives_the_same_bytes_and_stands(approved, tmp_path):
    first = write_lists(approved, outbox=tmp_path)
    stamps = [path.stat().st_mtime_ns for path in first]
    assert write_lists(approved, outbox=tmp_path) == first
    assert [path.stat().st_mtime_ns for path in first] == stamps
    assert render_lists(approved) == render_lists(approved)


def test_other_lists_of_the_release_are_not_written_over(approved, tmp_path):
    path = write_lists(approved, outbox=tmp_path)[0]
    path.write_text("a worker's own notes")
    with pytest.raises(ReleaseRefused, match="in the outbox already"):
        write_lists(approved, outbox=tmp_path)
    assert path.read_text() == "a worker's own notes"


def test_nothing_half_written_is_left(approved, tmp_path, monkeypatch):
    def broken(self, target):
        raise OSError("disk full")

    monkeypatch.setattr("pathlib.Path.rename", broken)
    with pytest.raises(OSError, match="disk full"):
        write_lists(approved, outbox=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_listed_household_is_on_one_list_once(approved, pages):
    listed = read_parquet(approved.files["selection.parquet"])
    table = reference_table(approved)
    assert sorted(table["household_id"]) == sorted(listed["household_id"])
    assert table["reference"].n_unique() == table.height
    for code in CODES:
        own = table.filter(pl.col("neighbourhood_code") == code)["reference"].to_list()
        assert sorted(set(re.findall(r"[A-Z]{2}-\d{4}", pages[code]))) == sorted(own)


def test_a_list_holds_no_household_of_another_team(pages):
    assert "Dorothy Penhale" in pages["N1"]
    for code in ("N2", "N3", "N4"):
        assert "Dorothy Penhale" not in pages[code]


def test_a_card_says_who_where_why_and_what_goes_well(pages):
    page = pages["N1"]
    for said in (
        "Amara Okoye and family",
        "12 Quayside Row, Flat 3 · 2 adults, 2 children · HE-",
        "Counted most: Rent arrears have grown in each of the last 3 months.",
        "Housing account, 31 October",
        "Also counted: Two emergency awards were made this year.",
        "Same home for 6 years.",
        "Whether anyone's working hours have changed.",
        "housing options appointment · money advice",
        "We spoke and they said no thank you",
        "Something here is wrong?",
        "extension 4417, answered in one working day",
    ):
        assert said in page


def test_a_page_says_what_the_list_is(pages):
    for page in pages.values():
        for said in (
            "OFFICIAL – SENSITIVE",  # noqa: RUF001 - the marking is written with an en dash
            "records up to 31 October 2026",
            "Use this list until 30 November 2026",
            "approved 13 November 2026 by 2 board members",
            "of every 100 households on lists like this about 41 later needed crisis help",
            "about 59 did not",
            "It is not a judgement about anyone",
            "Nobody is ranked, and no score is shown",
            "Fictitious households",
            "2026-10-",
        ):
            assert said in page


def test_no_strength_on_record_is_said_in_words(ready, tmp_path, pages):
    assert NO_STRENGTH in pages["N1"]
    files = _render(
        ready, tmp_path,
        "INSERT INTO {s}.reason VALUES (0, 'STRENGTH', 1, '', NULL, 'Not known from data.', '')",
    )  # fmt: skip
    card = next(row for row in _rows(files, "N1") if row["Household"].startswith("Amara"))
    assert card["What is going well"] == NO_STRENGTH


def test_at_most_four_reasons(ready, tmp_path):
    extra = ", ".join(
        f"(0, 'ALSO', {n}, 'The home', 'x', 'Another thing happened {n} times.', 'Housing')"
        for n in range(2, 9)
    )
    files = _render(ready, tmp_path, f"INSERT INTO {{s}}.reason VALUES {extra}")
    card = next(row for row in _rows(files, "N1") if row["Household"].startswith("Amara"))
    assert card["Counted most"].count("(") + card["Also counted"].count("(") == 4


def test_health_is_one_sentence_without_a_source(pages, approved):
    sealed = read_parquet(approved.files["reasons.parquet"])
    assert sealed.filter(pl.col("sentence").str.contains("Depression")).height
    everything = " ".join(pages.values())
    assert HEALTH_SENTENCE in everything
    for word in ("epression", "GP records", *health_labels()):
        assert not re.search(rf"\b{re.escape(word)}\b", everything)


def test_a_place_can_leave_health_out_altogether(ready, tmp_path):
    wording = ready.place.wording.model_copy(update={"health_sentence": False})
    files = _render(ready, tmp_path, place=ready.place.model_copy(update={"wording": wording}))
    everything = " ".join(_text(content) for content in files.values())
    assert "ealth" not in everything
    assert "wellbeing" not in everything
    assert NOT_SHOWN in everything


@pytest.mark.parametrize("kind", ["STRENGTH", "NOT_KNOWN"])
def test_no_strength_or_gap_comes_from_health(ready, tmp_path, kind):
    files = _render(
        ready, tmp_path,
        f"INSERT INTO {{s}}.reason VALUES (0, '{kind}', 9, 'Health', 'x', 'Went to a group.', 'y')",
    )  # fmt: skip
    assert b"Went to a group" not in b"".join(files.values())


def test_a_health_feature_under_another_theme_says_no_more(ready, tmp_path):
    files = _render(
        ready, tmp_path,
        "UPDATE {s}.reason SET feature = 'health_anxiety_24m_to_latest', "
        "sentence = 'Something was coded.' WHERE household_id = 0 AND kind = 'MOST'",
    )  # fmt: skip
    assert b"Something was coded" not in b"".join(files.values())


def test_no_score_probability_or_id_is_on_any_list(approved):
    files = render_lists(approved)
    scores = read_parquet(approved.files["scores.parquet"])
    explained = read_parquet(approved.files["explanations.parquet"])
    numbers = {
        f"{value:.{digits}f}".lstrip("-0")
        for series in (scores["raw_score"], scores["probability"], explained["contribution"])
        for value in series
        for digits in (3, 4)
    }
    for name, content in files.items():
        text = _text(content) if name.endswith("html") else content.decode("utf-8-sig")
        found = {number.lstrip("-0") for number in re.findall(r"\d*\.\d+", text)}
        assert not found & numbers
        assert "%" not in text


@pytest.mark.parametrize(
    "sentence",
    [
        "The score was 0.43.",
        "At risk of losing the home.",
        "There is a 43% chance.",
        "National Insurance number QQ 12 34 56 C was used.",
        "NHS number 943 476 5919.",
        "A referral to a crisis line was made.",
        "Anxiety was recorded.",
        "A prescription was missed.",
        "Lives at 100023336956.",
        "Born on 01/02/1980.",
        "Is a vulnerable adult.",
        "Write to name@example.org.",
    ],
)
def test_a_sentence_that_may_not_be_shown_stops_the_list(ready, tmp_path, sentence):
    with pytest.raises(ReleaseRefused, match="no list may show") as refusal:
        _render(
            ready, tmp_path,
            f"UPDATE {{s}}.reason SET sentence = '{sentence}' "
            "WHERE household_id = 1 AND kind = 'MOST'",
        )  # fmt: skip
    assert sentence not in str(refusal.value)


def test_the_page_is_one_file_without_script_or_request(approved):
    for name, content in render_lists(approved).items():
        if name.endswith(".html"):
            page = content.decode()
            assert not re.search(
                r"<script|<form|<input|<button|@import|@font-face|src=|srcset=", page
            )
            assert not re.search(r"(href|url\()=?[\"']?(https?:|//)", page)


def test_no_name_or_address_in_titles_or_file_names(approved, tmp_path):
    for path in write_lists(approved, outbox=tmp_path):
        relative = str(path.relative_to(tmp_path))
        assert re.fullmatch(r"2026-10-[0-9a-f]{12}/N\d\.(html|csv)", relative)
        title = re.search(r"<title>(.*?)</title>", path.read_text("utf-8-sig"))
        if title:
            assert title[1] == "Early support list - Early support lists - Northmere Council"


def test_markup_in_a_name_is_text(ready, tmp_path):
    files = _render(
        ready, tmp_path,
        "UPDATE {s}.person_identity SET last_name = '<script>alert(1)</script>Okoye' "
        "WHERE person_id = 1000",
    )  # fmt: skip
    page = files["N1.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_formula_in_a_name_is_text(ready, tmp_path):
    files = _render(
        ready, tmp_path,
        "UPDATE {s}.dwelling SET address_line = '=HYPERLINK(\"http://x\",\"y\")' "
        "WHERE uprn_key = 100",
    )  # fmt: skip
    cells = [cell for row in _rows(files, "N1") for cell in row.values()]
    assert any(cell.startswith("'=") for cell in cells)
    assert not any(cell.startswith("=") for cell in cells)


def test_the_csv_opens_in_excel(approved):
    content = render_lists(approved)["N1.csv"]
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert len(lines) == 1 + 3 + 1
    assert all(row["Marking"] for row in _rows({"N1.csv": content}, "N1"))


def test_page_and_csv_say_the_same(approved, pages):
    files = render_lists(approved)
    for code in CODES:
        for row in _rows(files, code):
            for column in ("Reference", "Address"):
                assert row[column] in pages[code]


def test_households_come_in_order_of_date(approved):
    for code in CODES:
        dates = [row["Contact by"] for row in _rows(render_lists(approved), code)]
        assert dates == sorted(dates)
        assert all(date(2026, 11, 16) <= date.fromisoformat(day) for day in dates)


def test_a_neighbourhood_with_nobody_gets_a_page_that_says_so(ready, tmp_path):
    files = _render(
        ready, tmp_path,
        "UPDATE {s}.selection SET route = 'ALREADY_SUPPORTED' WHERE neighbourhood_code = 'N4'",
    )  # fmt: skip
    page = _text(files["N4.html"])
    assert "No household in this neighbourhood is suggested this time" in page
    assert "0 households" in page
    assert _rows(files, "N4") == []


def test_missing_names_addresses_and_people_are_said_plainly(ready, tmp_path):
    files = _render(
        ready, tmp_path,
        """UPDATE {s}.person_identity SET first_name = NULL, last_name = NULL;
           UPDATE {s}.dwelling SET address_line = NULL, postcode = NULL;
           UPDATE {s}.household_snapshot SET adults = NULL, children_0_4 = NULL""",
    )  # fmt: skip
    page = _text(files["N1.html"])
    assert "Household at an address we do not hold" in page
    assert "number of people not known" in page
    assert "None" not in page


def test_without_a_tried_model_the_page_claims_no_figure(ready, tmp_path):
    path = ready.workspace.month(MONTH) / "evaluation.json"
    kept = path.read_text()
    path.write_text(kept.replace('"value": 0.41', '"value": null'))
    try:
        page = _text(_render(ready, tmp_path)["N1.html"])
    finally:
        path.write_text(kept)
    assert "it is sometimes wrong." in page
    assert "of every 100" not in page
