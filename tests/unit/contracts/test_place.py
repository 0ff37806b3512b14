"""A place's settings: what is wrong is named, all at once, and nothing of value is echoed."""

import subprocess
import sys
from pathlib import Path

import pytest

from contracts.errors import SettingsError
from contracts.place import Outcome, load_place, place_names, places_folder
from contracts.workspace import REPOSITORY
from tests.settings import settings_without

SETTINGS = (places_folder() / "northmere" / "place.toml").read_text(encoding="utf-8")


def _place(folder: Path, text: str, name: str = "northmere") -> Path:
    (folder / name).mkdir()
    (folder / name / "place.toml").write_text(text, encoding="utf-8")
    return folder


def test_every_place_in_the_repository_can_be_used():
    assert place_names()
    for name in place_names():
        assert load_place(name).listed_outcome in Outcome


@pytest.mark.parametrize(
    "lacking", [("gp", "mh", "ecds", "O7"), ("uc", "shbe"), ("rent", "welfare", "O9")]
)
def test_a_place_without_a_feed_is_a_valid_place(tmp_path: Path, lacking: tuple[str, ...]):
    place = load_place("northmere", _place(tmp_path, settings_without(*lacking)))
    assert not set(lacking) & set(place.sources)
    assert not any(name.startswith("uc_") for name in place.tables) or "uc" not in lacking


def test_a_place_needs_its_core_sources(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"ctax.*needed in every place"):
        load_place("northmere", _place(tmp_path, settings_without("ctax")))


def test_mental_health_without_registrations_reaches_no_home(tmp_path: Path):
    with pytest.raises(SettingsError, match="only through gp registrations"):
        load_place("northmere", _place(tmp_path, settings_without("gp")))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "northmere"', 'name = "Northmere!"', "name: "),
        ("list_size = 60", "list_size = 0", "neighbourhoods.N1.list_size: "),
        ("listed = true", "listed = false", "exactly one must have listed = true"),
        (
            'homeless_service_neighbourhood = "N1"',
            'homeless_service_neighbourhood = "N9"',
            "choose one of the place's neighbourhoods",
        ),
        ("version = 1", "version = 1\nsurprise = 3", "fairness.surprise: Extra inputs"),
        ("liability_start =", "liability_begin =", "there is no column 'liability_begin'"),
        ("[outcomes.O9]", "[outcomes.O99]", "outcomes"),
        ("agreed_on = 2026-09-01", "agreed_on = 'soon'", "fairness.agreed_on"),
    ],
)
def test_a_fault_is_named_with_its_setting(tmp_path: Path, old: str, new: str, says: str):
    assert old in SETTINGS
    with pytest.raises(SettingsError) as caught:
        load_place("northmere", _place(tmp_path, SETTINGS.replace(old, new, 1)))
    assert says in str(caught.value)
    assert "northmere/place.toml" in str(caught.value)
    assert caught.value.next_step in str(caught.value)


def test_faults_come_together(tmp_path: Path):
    text = SETTINGS.replace("list_size = 60", "list_size = -1")
    with pytest.raises(SettingsError, match="4 faults"):
        load_place("northmere", _place(tmp_path, text))


def test_an_outcome_needs_a_source_that_can_show_it(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"outcomes.O9: none of its sources \(welfare\)"):
        load_place("northmere", _place(tmp_path, settings_without("welfare")))


def test_broken_toml_names_the_line(tmp_path: Path):
    with pytest.raises(SettingsError, match="line 1"):
        load_place("northmere", _place(tmp_path, "name = \n"))


def test_an_unknown_place_lists_the_known_ones():
    with pytest.raises(SettingsError, match="northmere"):
        load_place("nowhere")


def test_name_and_folder_agree(tmp_path: Path):
    with pytest.raises(SettingsError, match="calls itself 'northmere'"):
        load_place("elsewhere", _place(tmp_path, SETTINGS, "elsewhere"))


def test_a_source_that_is_off_by_default_needs_a_reason(tmp_path: Path):
    elect = '\n[sources.elect]\ncontroller = "c"\nagreement = "a"\nlawful_basis = "b"\n'
    with pytest.raises(SettingsError, match=r"elect: off by default; say in on_because"):
        load_place("northmere", _place(tmp_path, SETTINGS + elect))


def test_special_category_data_needs_its_condition(tmp_path: Path):
    bare = "\n".join(line for line in SETTINGS.splitlines() if "art9_condition" not in line)
    with pytest.raises(SettingsError, match="special category data; say art9_condition"):
        load_place("northmere", _place(tmp_path, bare))


def test_the_settings_can_be_read_without_a_warning():
    """Every command reads them first: what is said there, everybody would read every time."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import contracts.place"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
