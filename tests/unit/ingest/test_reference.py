"""The reference page says what the declarations say, and a stale one is noticed."""

from __future__ import annotations

import pytest

from contracts import reference
from contracts.columns import ColumnClass, Kind
from contracts.tables import SOURCES, TABLES


def test_the_page_in_the_repository_is_current(capsys):
    assert reference.main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_a_stale_page_is_noticed_and_made_again(tmp_path, monkeypatch, capsys):
    page = tmp_path / "reference" / "tables.md"
    monkeypatch.setattr(reference, "PAGE", page)
    assert reference.main(["--check"]) == 1
    assert "tables.md is out of date" in capsys.readouterr().err
    assert reference.main(["--write"]) == 0
    assert reference.main(["--check"]) == 0
    page.write_text(page.read_text(encoding="utf-8").replace("Week of", "Day of"), encoding="utf-8")
    assert reference.main(["--check"]) == 1


def test_one_of_write_and_check_is_needed():
    with pytest.raises(SystemExit):
        reference.main([])


def test_everything_declared_is_on_the_page():
    page = reference.tables_markdown()
    sections = dict(part.split("\n", 1) for part in page.split("\n### ")[1:])
    assert list(sections) == [f"`{name}`" for tables in SOURCES.values() for name in _names(tables)]
    for name, table in TABLES.items():
        section = sections[f"`{name}`"]
        for column in table.business:
            line = next(one for one in section.splitlines() if one.startswith(f"| `{column.name}`"))
            assert f"| `{column.cls}` |" in line
            assert column.says in line
            assert (column.unit or "") in line
            for code, says in (column.codes or {}).items():
                assert f"| `{code}` | {says} |" in section


def _names(tables):
    return [table.name for table in tables]


def test_every_class_and_form_has_words():
    assert set(reference._CLASSES) == set(ColumnClass)
    assert set(reference._FORMS) == set(Kind)
    assert set(reference.SOURCE_NAMES) == set(SOURCES)
