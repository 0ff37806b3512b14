"""The reference page says what the catalogue says."""

from __future__ import annotations

from pathlib import Path

import pytest

from features import reference
from features.catalogue import CATALOGUE
from features.reference import PAGE, catalogue_markdown, main


def test_the_page_is_as_the_catalogue_has_it() -> None:
    assert main(["--check"]) == 0
    assert PAGE.read_text(encoding="utf-8") == catalogue_markdown()


def test_every_feature_has_one_row() -> None:
    page = catalogue_markdown()
    for feature in CATALOGUE:
        assert page.count(f"| `{feature.name}` |") == 1


def test_a_page_out_of_date_fails_and_writing_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference, "PAGE", tmp_path / "reference" / "features.md")
    assert main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().err
    assert main(["--write"]) == 0
    assert main(["--check"]) == 0
