"""How person records are compared: the keys, the comparisons, and who is never one person."""

from __future__ import annotations

from linkage.engine import comparisons as compare
from linkage.engine.settings import Comparison, ExactKey, Level, LinkSettings

SAME_RECORD = "SAME_RECORD"
NAME_AT_HOME = "NAME_AT_HOME"
NAME_MOVED = "NAME_MOVED"
NAME_AT_POSTCODE = "NAME_AT_POSTCODE"
NAME_BESIDE = "NAME_BESIDE"
NEW_SURNAME = "NEW_SURNAME"
PERSONAL_KEYS = ("NINO", "UPN", "SAME_LOCAL_ID")
"""Keys that only one person should have; a telephone is a household's."""
CHILD_OF_CLAIM = "CHILD_OF_CLAIM"


def birth_agrees(left: str = "l.", right: str = "r.") -> str:
    """SQL: two of the three parts of the dates of birth agree, or day and month are turned round.

    The first of January stands for a date of which only the year is known.
    """
    a, b = f"{left}dob", f"{right}dob"
    parts = " + ".join(
        f"(substr({a}, {start}, {length}) = substr({b}, {start}, {length}))::INTEGER"
        for start, length in ((1, 4), (6, 2), (9, 2))
    )
    year = f"left({a}, 4) = left({b}, 4)"
    stand_in = f"{year} AND (right({a}, 5) = '01-01' OR right({b}, 5) = '01-01')"
    return f"(({parts}) >= 2 OR {_turned(a, b)} OR ({stand_in}))"


def _turned(a: str, b: str) -> str:
    """SQL: one year, and day and month the other way round."""
    return (
        f"(left({a}, 4) = left({b}, 4) AND substr({a}, 6, 2) = substr({b}, 9, 2)"
        f" AND substr({a}, 9, 2) = substr({b}, 6, 2))"
    )


def names_agree(part: str, *, close: float = 0.9) -> str:
    """SQL on ``l.`` and ``r.``: a name is the same, a form of the same, or spelt or sounds alike.

    A last name may also be one slip of the hand away; among first names that is too near to
    another name of the same family (Mark and Mary).

    Args:
        part: ``first`` or ``last``.
        close: Jaro-Winkler similarity from which spellings are alike.
    """
    a, b = f"l.{part}", f"r.{part}"
    tests = [
        f"{a} = {b}",
        f"list_has_any({a}_forms, {b}_forms)",
        f"jaro_winkler_similarity({a}, {b}) >= {close}",
        f"({a}_sound = {b}_sound AND length({a}_sound) > 2)",
    ]
    if part == "last":
        tests += [
            f"list_has_any({a}_parts, {b}_parts)",
            f"(least(length({a}), length({b})) >= 4 AND damerau_levenshtein({a}, {b}) <= 1)",
        ]
    return _any(tests)


def initials_agree() -> str:
    """SQL on ``l.`` and ``r.``: one first name is an initial, and it fits a form of the other."""
    return "(least(length(l.first), length(r.first)) = 1 AND list_has_any(l.initials, r.initials))"


def names_crossed(left: str = "l.{}", right: str = "r.{}") -> str:
    """SQL: first and last name stand the other way round, spelt or sounding nearly the same.

    Args:
        left: How a column of one record is written, ``{}`` for its name.
        right: How a column of the other is.
    """
    crossing = []
    for here, there in (("first", "last"), ("last", "first")):
        a, b = left.format(here), right.format(there)
        a_sound, b_sound = left.format(f"{here}_sound"), right.format(f"{there}_sound")
        crossing.append(f"(jaro_winkler_similarity({a}, {b}) >= 0.85 OR {a_sound} = {b_sound})")
    # Where a name agrees in its own place the order is not in doubt: twins may share the other.
    straight = " OR ".join(
        f"{left.format(part)} = {right.format(part)}" for part in ("first", "last")
    )
    return f"coalesce({crossing[0]} AND {crossing[1]} AND ({straight}) IS NOT TRUE, false)"


def _any(tests: list[str]) -> str:
    """SQL: one of the tests holds; one that cannot be told does not."""
    return "(" + " OR ".join(f"coalesce({test}, false)" for test in tests) + ")"


def _first_name_differs() -> str:
    fits = [
        names_agree("first", close=0.84),
        f"coalesce({initials_agree()}, false)",
        names_crossed(),
        "coalesce(l.first = r.middle, false)",
        "coalesce(l.middle = r.first, false)",
        "coalesce((l.first = r.last OR l.last = r.first) AND l.last <> r.last, false)",
    ]
    return f"(l.first IS NOT NULL AND r.first IS NOT NULL AND NOT ({' OR '.join(fits)}))"


def never() -> str:
    """SQL: two records are not one person, however much else agrees.

    Twins share a date of birth, a surname and a home; a father and son may share their full name.
    So a different first name, or a different date of birth, keeps two records apart unless the
    National Insurance number, or a pupil's number, agrees.
    """
    birth = f"(l.dob IS NOT NULL AND r.dob IS NOT NULL AND NOT {birth_agrees()})"
    same_number = "(coalesce(l.nino = r.nino, false) OR coalesce(l.upn = r.upn, false))"
    return (
        f"((NOT {same_number} AND ({birth} OR {_first_name_differs()}))"
        f" OR ({birth} AND {_first_name_differs()}))"
    )


def lines_of_one_form() -> str:
    """SQL: two lines of one form are two people, unless a line was entered twice over."""
    twice = (
        "l.first = r.first AND length(l.first) > 1 AND l.last = r.last AND l.dob = r.dob"
        f" OR l.nino = r.nino AND l.dob = r.dob AND {names_agree('first')}"
    )
    return f"l.held_in = r.held_in AND l.local_id <> r.local_id AND NOT coalesce({twice}, false)"


def worth_weighing() -> str:
    """SQL: both records are named, and something beside name and place can speak.

    A date of birth that is the same, or only turned round, speaks for itself. One that is nearly
    the same, or of which only the year is known, needs the home, the number or the telephone.
    """
    named = "coalesce(l.last, l.first) IS NOT NULL AND coalesce(r.last, r.first) IS NOT NULL"
    either = "coalesce(l.nino = r.nino, false) OR coalesce(l.phone = r.phone, false)"
    home = "coalesce(l.uprn = r.uprn, false) OR coalesce(l.postcode = r.postcode, false)"
    exact = f"((l.dob = r.dob AND right(l.dob, 5) <> '01-01') OR {_turned('l.dob', 'r.dob')})"
    born = f"l.dob IS NOT NULL AND r.dob IS NOT NULL AND ({exact} OR {home})"
    return f"({named}) AND ({either} OR ({born}))"


def person_keys() -> tuple[ExactKey, ...]:
    """Exact keys, each with the check that a shared or mistyped one would fail."""
    first, last = names_agree("first"), names_agree("last")
    initial = f"coalesce({initials_agree()}, false)"
    same_name = f"((({first} OR {initial}) AND {last}) OR {names_crossed()})"
    other_last = f"(l.last IS NOT NULL AND r.last IS NOT NULL AND NOT {last})"
    said = f"(({birth_agrees()} AND NOT ({_first_name_differs()} AND {other_last})) OR {same_name})"
    return (
        ExactKey(rule_id=SAME_RECORD, columns=("source", "local_id"), confidence=1.0, most=10_000),
        ExactKey(rule_id="NINO", columns=("nino",), agree=said, confidence=0.999),
        ExactKey(rule_id="UPN", columns=("upn",), agree=said, confidence=0.999),
        ExactKey(
            rule_id="SAME_LOCAL_ID",
            columns=("source", "in_system"),
            agree=said,
            confidence=0.998,
        ),
        ExactKey(
            rule_id="NAME_BIRTH_HOME",
            columns=("first", "last", "dob", "uprn"),
            agree="length(l.first) > 1",
            confidence=0.997,
        ),
        ExactKey(
            rule_id="NAME_BIRTH_POSTCODE",
            columns=("first", "last", "dob", "postcode"),
            agree="length(l.first) > 1",
            confidence=0.995,
        ),
        ExactKey(
            rule_id="NAME_PHONE",
            columns=("last", "phone"),
            agree=f"({first} AND length(l.first) > 1 AND length(r.first) > 1)",
            confidence=0.98,
        ),
    )


def _first_name() -> Comparison:
    return Comparison(
        name="first",
        missing=compare.missing("first"),
        levels=(
            Level(when="first_l = first_r AND length(first_l) = 1", m=0.01, u=0.002),
            Level(when="first_l = first_r", m=0.73, u=0.004, rarity="first"),
            Level(when="list_has_any(first_forms_l, first_forms_r)", m=0.1, u=0.006),
            Level(when=names_crossed("{}_l", "{}_r"), m=0.01, u=0.00003),
            Level(when="jaro_winkler_similarity(first_l, first_r) >= 0.9", m=0.04, u=0.003),
            Level(
                when="first_sound_l = first_sound_r AND length(first_sound_l) > 2",
                m=0.02,
                u=0.003,
            ),
            Level(
                when="least(length(first_l), length(first_r)) = 1 AND initial_l = initial_r",
                m=0.05,
                u=0.01,
            ),
            Level(when="jaro_winkler_similarity(first_l, first_r) >= 0.8", m=0.01, u=0.01),
        ),
        other_m=0.02,
        other_u=0.96,
    )


def _last_name() -> Comparison:
    return Comparison(
        name="last",
        missing=f"{compare.missing('last')} OR {names_crossed('{}_l', '{}_r')}",
        levels=(
            Level(when="last_l = last_r", m=0.85, u=0.003, rarity="last"),
            Level(when="list_has_any(last_forms_l, last_forms_r)", m=0.03, u=0.001),
            Level(when="list_has_any(last_parts_l, last_parts_r)", m=0.01, u=0.0002),
            Level(when="jaro_winkler_similarity(last_l, last_r) >= 0.9", m=0.03, u=0.002),
            Level(when="last_sound_l = last_sound_r AND length(last_sound_l) > 2", m=0.01, u=0.002),
            Level(when="jaro_winkler_similarity(last_l, last_r) >= 0.82", m=0.01, u=0.004),
        ),
        other_m=0.06,
        other_u=0.985,
    )


_BLOCKS = (
    ("nino",),
    ("phone", "birth_year"),
    ("phone", "initial"),
    ("dob", "last"),
    ("dob", "first"),
    ("dob", "uprn"),
    ("dob", "postcode"),
    ("dob", "first_sound"),
    ("dob", "last_sound"),
    ("first", "last", "birth_year"),
    ("uprn", "first", "birth_year"),
    ("postcode", "last", "birth_year"),
)


def person_settings() -> LinkSettings:
    """The linkage of council and benefit records."""
    return LinkSettings(
        comparisons=(
            _first_name(),
            _last_name(),
            compare.birth_date("dob"),
            compare.ladder(
                "place",
                ("uprn", "postcode", "building", "sector"),
                m=0.6,
                u=(0.0001, 0.0005, 0.0001, 0.004),
            ),
            compare.equal("phone", m=0.7, u=0.00005),
            compare.equal("nino", m=0.985, u=0.00002),
            compare.equal("sex", m=0.99, u=0.5),
        ),
        blocks=_BLOCKS,
        keys=person_keys(),
        fit_on=(("nino",), ("first", "last"), ("dob",)),
        sure=(("nino",), ("first", "last", "dob")),
        sure_recall=0.8,
        never=never(),
        apart=lines_of_one_form(),
        weigh=worth_weighing(),
        handles=("source", "local_id", "held_in", "in_system"),
        threshold=0.95,
        error=0.01,
        floor=0.8,
        per_person=4.0,
    )
