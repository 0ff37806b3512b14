"""What is read out of a free-text name field, as a table."""

from __future__ import annotations

import pytest

from linkage.people.names import read_name

PEOPLE = [
    # as typed                              title   first   middle  last
    ("SMITH, MR JOHN PAUL", [("mr", "john", "paul", "smith")]),
    ("MR JOHN PAUL SMITH", [("mr", "john", "paul", "smith")]),
    ("MR & MRS J SMITH", [("mr", "j", None, "smith"), ("mrs", None, None, "smith")]),
    ("MR J & MRS K SMITH", [("mr", "j", None, "smith"), ("mrs", "k", None, "smith")]),
    ("SMITH, MR J & MRS K", [("mr", "j", None, "smith"), ("mrs", "k", None, "smith")]),
    (
        "MR JOHN SMITH AND MRS KATE JONES",
        [("mr", "john", None, "smith"), ("mrs", "kate", None, "jones")],
    ),
    ("SMITH J", [(None, "j", None, "smith")]),
    ("MR J.K. SMITH", [("mr", "j", "k", "smith")]),
    ("MR PIETER VAN DER BERG", [("mr", "pieter", None, "vanderberg")]),
    ("O'BRIEN, MS MARY-ANN", [("ms", "maryann", None, "obrien")]),
    ("SMITH-JONES, DR A", [("dr", "a", None, "smithjones")]),
    ("MR JOHN SMITH JNR", [("mr", "john", None, "smith")]),
    ("&SMITH, MR J*OHN", [("mr", "john", None, "smith")]),
    ("SMI.TH, MR J0HN", [("mr", "john", None, "smith")]),
    ("Müller, Mr Łukasz", [("mr", "lukasz", None, "muller")]),
    ("CHURCH, MRS A", [("mrs", "a", None, "church")]),
    ("SMITH MR JOHN", [("mr", "john", None, "smith")]),
    ("MR ADAM LORD", [("mr", "adam", None, "lord")]),
    ("LORD, MRS A", [("mrs", "a", None, "lord")]),
    ("MR SMITH", [("mr", None, None, "smith")]),
    # What stands beside a name is not the name.
    ("MRS ANN SMITH (NEE JONES)", [("mrs", "ann", None, "smith")]),
    ("SMITH, JOHN (MR)", [("mr", "john", None, "smith")]),
    ("MR JOHN SMITH T/A SMITH PLUMBING", [("mr", "john", None, "smith")]),
    ("MR J SMITH C/O MRS K JONES", [("mr", "j", None, "smith")]),
    ("MR J SMITH AND ANOTHER", [("mr", "j", None, "smith")]),
    ("MR A SMITH & OTHERS", [("mr", "a", None, "smith")]),
    # Two people whichever way they are joined.
    ("MR J SMITH / MRS K SMITH", [("mr", "j", None, "smith"), ("mrs", "k", None, "smith")]),
    # A title in the wrong place.
    ("MS LI, WEI", [("ms", "wei", None, "li")]),
    ("KOWALCZYK-NOWAK, PANI ANNA", [("pani", "anna", None, "kowalczyknowak")]),
    # Digits typed for letters: 1 is an I between consonants and an L elsewhere.
    ("SM1TH, MR D4VID", [("mr", "david", None, "smith")]),
    ("WI1SON, MR J0HN", [("mr", "john", None, "wilson")]),
    ("J0N3S, MRS A", [("mrs", "a", None, "jones")]),
    # Marks, patronymics and names of several words.
    ("NGUYỄN, MR VĂN AN", [("mr", "van", "an", "nguyen")]),
    ("ABDI, HASSAN OMAR", [(None, "hassan", "omar", "abdi")]),
    ("SMITH – JONES, MRS A", [("mrs", "a", None, "smithjones")]),  # noqa: RUF001 - a dash as typed
]


@pytest.mark.parametrize(("typed", "people"), PEOPLE, ids=[row[0] for row in PEOPLE])
def test_people(typed: str, people: list[tuple[str | None, ...]]) -> None:
    read = read_name(typed)
    assert [(n.title, n.first, n.middle, n.last) for n in read.people] == people


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("THE OCCUPIER", "OCCUPIER"),
        ("OCCUPIERS", "OCCUPIER"),
        ("HARBOUR LETTINGS LTD", "COMPANY"),
        ("DALE ESTATES", "COMPANY"),
        ("THE EXECUTORS OF MR J SMITH", "EXECUTORS"),
        ("J SMITH (DECD)", "EXECUTORS"),
        ("EXORS OF THE LATE A JONES", "EXECUTORS"),
        ("THE OWNER/OCCUPIER", "OCCUPIER"),
        ("THE PERSON RESPONSIBLE", "OCCUPIER"),
        ("PERSONAL REPRESENTATIVE OF MR A JONES", "EXECUTORS"),
        ("TRUSTEE OF A SMITH", "COMPANY"),
        ("UNKNOWN", "EMPTY"),
        ("NOT KNOWN", "EMPTY"),
        ("", "EMPTY"),
        (" - ", "EMPTY"),
        (None, "EMPTY"),
    ],
)
def test_not_people(typed: str | None, kind: str) -> None:
    assert read_name(typed).kind == kind
