"""How people and homes are written."""

import pytest

from releases.naming import home, household_name, people, tidy


@pytest.mark.parametrize(
    ("first", "last", "adults", "children", "said"),
    [
        ("AMARA", "OKOYE", 2, 2, "Amara Okoye and family"),
        ("Colin", "Thwaite", 1, 0, "Colin Thwaite"),
        ("susan", "gale", 2, 0, "Susan Gale and household"),
        ("A", "Okoye", 1, 1, "A Okoye and family"),
        (None, "DELL", 1, 2, "The Dell household"),
        (None, None, 1, 0, "Household at 27 Signal Street"),
        ("Amara", None, 1, 0, "Household at 27 Signal Street"),
    ],
)
def test_household(first, last, adults, children, said):
    name = household_name(first, last, address="27 SIGNAL STREET", adults=adults, children=children)
    assert name == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("O'BRIEN", "O'Brien"),
        ("LINDQVIST-RAO", "Lindqvist-Rao"),
        ("McDonald", "McDonald"),
        ("18 ST JOHN'S VIEW, FLAT 11A", "18 St John's View, Flat 11A"),
        ("1ST FLOOR,  2 high st", "1ST FLOOR, 2 high st"),
        ("8 HILL LANE, NORTHMERE, NM1 0AL", "8 Hill Lane, Northmere, NM1 0AL"),
        ("flat 2b, 8 hill lane", "Flat 2B, 8 Hill Lane"),
        ("ŁUKASZ", "Łukasz"),
        ("  two   spaces ", "Two Spaces"),
        ("", ""),
    ],
)
def test_tidy(written, said):
    assert tidy(written) == said


@pytest.mark.parametrize(
    ("adults", "children", "said"),
    [
        (2, 2, "2 adults, 2 children"),
        (1, 1, "1 adult, 1 child"),
        (1, 0, "1 adult"),
        (0, 0, "number of people not known"),
    ],
)
def test_people(adults, children, said):
    assert people(adults, children) == said


@pytest.mark.parametrize("address", [None, "", "  "])
def test_no_address(address):
    assert home(address) == "an address we do not hold"
