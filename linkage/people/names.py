"""Names: out of one free-text field, into a form that can be compared.

Council tax and Housing Benefit hold a name as somebody typed it: ``SMITH, MR JOHN PAUL``,
``MR & MRS J SMITH``, ``THE EXECUTORS OF ...``, ``THE OCCUPIER`` or a firm.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_TITLE_WORDS = """
    mr mrs miss ms mx master dr prof professor rev revd reverend sir lady lord dame fr father
    sister capt captain cllr mstr messrs mesdames hon mme mlle pani herr frau senor senora"""
TITLES = frozenset(_TITLE_WORDS.split())
_COMMON_TITLES = frozenset(("mr", "mrs", "miss", "ms", "mx", "dr"))
FEMALE_TITLES = frozenset(
    ["mrs", "miss", "ms", "lady", "dame", "mme", "mlle", "pani", "frau", "senora"]
)
MALE_TITLES = frozenset(["mr", "master", "mstr", "sir", "lord", "herr", "senor"])
_OCCUPIER = re.compile(
    r"\b(occupiers?|occupants?|residents?|tenants?|householder|owner|person responsible)\b"
)
_EXECUTORS = re.compile(
    r"\b(executors?|executrix|exors?|exec|estate of|reps? of|pers(onal)? rep(resentative)?s?|"
    r"administrators?|decd|deceased|the late)\b"
)
_FIRM = re.compile(r"\b(ltd|limited|llp|plc|inc|council|lettings|properties|trustees?)\b")
_COMPANY = re.compile(
    r"\b(letting|property|homes|estates?|housing|association|trust|company|co|investments?|holdings|"
    r"rentals?|developments?|group|services|society|church|university|college|partnership|"
    r"management|agents?|agency|bank)\b"
)
_AND = re.compile(r"\s*(?:&|\band\b|\+)\s*|\s+/\s+")
# What stands beside a name: who else there is, whom letters go to, a trade, a name before marriage.
_BESIDE = re.compile(
    r"(?:&|\band\b|\+)\s*(?:another|others?)\b|\bc/o\b.*|\b(?:t/a|trading as)\b.*"
    r"|\bn[eé]e\s+[^\s)]+"
)
_UNKNOWN = frozenset(("unknown", "not known", "not stated", "n a", "na", "tbc", "no name"))
_NOT_NAME = re.compile(r"[^a-z' \-]+")
_SPACES = re.compile(r"\s+")
_SUFFIXES = frozenset(("jnr", "jr", "snr", "sr", "junior", "senior", "ii", "iii", "esq"))
_PARTICLE_WORDS = "van von de der den del della di da dos la le al el bin ibn ben o mac mc st ter"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
# A sign that slipped into the middle of a word; between initials the same signs part them.
_STRAY = re.compile(r"\*|(?<=[a-z]{2})[&./](?=[a-z]{2})")
_TYPED_DIGITS = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s"})
# Between consonants a 1 is an I (sm1th); elsewhere it is an L (wi1son).
_ONE_FOR_I = re.compile(r"(?<=[bcdfghjklmnpqrstvwxz])1(?=[bcdfghjklmnpqrstvwxz])")


class NameKind(StrEnum):
    """What a name field turned out to hold."""

    PERSON = "PERSON"
    OCCUPIER = "OCCUPIER"
    EXECUTORS = "EXECUTORS"
    COMPANY = "COMPANY"
    EMPTY = "EMPTY"


@dataclass(frozen=True, kw_only=True)
class Name:
    """One person's name in comparable form: lower case, no marks; None where not given."""

    title: str | None = None
    first: str | None = None
    middle: str | None = None
    last: str | None = None

    @property
    def sex(self) -> str | None:
        """F or M where the title tells."""
        if self.title in FEMALE_TITLES:
            return "F"
        return "M" if self.title in MALE_TITLES else None


@dataclass(frozen=True, kw_only=True)
class NameField:
    """A free-text name field, read."""

    kind: NameKind
    people: tuple[Name, ...] = ()


def plain(text: str | None) -> str:
    """Lower case without marks, stray signs or digits typed for letters; words by one space."""
    if not text:
        return ""
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c)).lower()
    letters = letters.replace("\u2019", "'").replace("ø", "o").replace("ł", "l").replace("ß", "ss")
    letters = _STRAY.sub("", _digits_as_letters(letters))
    return _SPACES.sub(" ", _NOT_NAME.sub(" ", letters)).strip(" -'")


def _digits_as_letters(text: str) -> str:
    """Digits inside a word that also has letters are letters mistyped; others are dropped."""
    return " ".join(
        _ONE_FOR_I.sub("i", word).translate(_TYPED_DIGITS)
        if any(c.isalpha() for c in word)
        else word
        for word in text.split()
    )


def name_part(text: str | None) -> str | None:
    """A first or last name as one word: apostrophes, hyphens and spaces taken out."""
    joined = plain(text).replace("'", "").replace("-", "").replace(" ", "")
    return joined or None


@lru_cache(maxsize=200_000)
def read_name(text: str | None) -> NameField:
    """What a free-text name field holds.

    A couple written as one (``MR & MRS J SMITH``) gives two people; initials stay initials.
    """
    typed = (text or "").lower()
    kind = _kind(plain(re.sub(r"[&+]", " and ", re.sub(r"[,/]", " ", typed))))
    lowered = _STRAY.sub("", re.sub(r"[()\[\]]", " ", _BESIDE.sub(" ", typed)))
    if kind is not NameKind.PERSON:
        return NameField(kind=kind)
    people = _surname_first(lowered) if "," in lowered else _surname_last(lowered)
    return NameField(kind=NameKind.PERSON if people else NameKind.EMPTY, people=people)


def _kind(words: str) -> NameKind:
    if not words or words in _UNKNOWN:
        return NameKind.EMPTY
    if _EXECUTORS.search(words):
        return NameKind.EXECUTORS
    if _FIRM.search(words):
        return NameKind.COMPANY
    # "Mrs Church" and "Mr Tenant" are people.
    if not TITLES.isdisjoint(words.split()):
        return NameKind.PERSON
    if _COMPANY.search(words):
        return NameKind.COMPANY
    return NameKind.OCCUPIER if _OCCUPIER.search(words) else NameKind.PERSON


def _surname_first(text: str) -> tuple[Name, ...]:
    surname, _, rest = text.partition(",")
    words = plain(surname).split()
    titles = _leading_titles(words) if len(words) > 1 else 0
    rest = f"{' '.join(words[:titles])} {rest}" if titles < len(words) else rest
    last = name_part(" ".join(words[titles:]) or surname)
    people = [_one(piece, last=last) for piece in _AND.split(rest.replace(",", " ")) if piece]
    return tuple(people) if people else (Name(last=last),)


def _surname_last(text: str) -> tuple[Name, ...]:
    pieces = [words for piece in _AND.split(text) if (words := plain(piece).split())]
    if not pieces:
        return ()
    shared = _read_words(pieces[-1])
    people = [shared]
    for words in pieces[:-1]:
        own = _read_words(words)
        initials_only = own.first is None or (own.last is not None and len(own.last) == 1)
        if initials_only:
            own = _given(words, last=shared.last)
        people.insert(-1, own)
    return tuple(_couple_initial(people))


def _read_words(words: list[str]) -> Name:
    """Title, given names, last name; or, where a title stands in the middle, last name first."""
    inner = next((n for n, word in enumerate(words) if n and word in _COMMON_TITLES), None)
    if inner is not None and words[0] not in TITLES:
        return _given(words[inner:], last=name_part(" ".join(words[:inner])))
    given, last = _split_surname(words)
    return _given(given, last=last)


def _couple_initial(people: list[Name]) -> list[Name]:
    """``MR & MRS J SMITH``: the initial is the first person's, the other's is not known."""
    if len(people) == 2 and people[0].first is None and people[1].first is not None:
        shared = people[1]
        first = Name(title=people[0].title, first=shared.first, last=shared.last)
        return [first, Name(title=shared.title, last=shared.last)]
    return people


def _split_surname(words: list[str]) -> tuple[list[str], str | None]:
    words = [word for word in words if word not in _SUFFIXES]
    titles = _leading_titles(words)
    named = words[titles:]
    if not named:
        return words, None
    # "SMITH J": an initial after a longer word is a given name.
    if len(named[-1]) == 1 and len(named) > 1 and len(named[0]) > 1:
        return words[:titles] + named[1:], name_part(named[0])
    start = len(named) - 1
    while start > 1 and named[start - 1] in _PARTICLES:
        start -= 1
    return words[:titles] + named[:start], name_part(" ".join(named[start:]))


def _leading_titles(words: list[str]) -> int:
    return next((n for n, word in enumerate(words) if word not in TITLES), len(words))


def _one(text: str, *, last: str | None) -> Name:
    return _given(plain(text).split(), last=last)


def _given(words: list[str], *, last: str | None) -> Name:
    titles = _leading_titles(words)
    after = words[-1] if not titles and words and words[-1] in _COMMON_TITLES else None
    words = words[:-1] if after else words
    given = [w.strip("-'") for w in words[titles:] if w not in _SUFFIXES and w.strip("-'")]
    return Name(
        title=words[0] if titles else after,
        first=name_part(given[0]) if given else None,
        middle=name_part(given[1]) if len(given) > 1 else None,
        last=last,
    )


def sound(text: str | None) -> str | None:
    """How a name sounds: its consonants, by sounds that spellings share; None where too short.

    Made for names carried between alphabets as well as for English ones: mohammed, muhammad and
    mohamad share one code, as do hussain and hussein.
    """
    if not text:
        return None
    word = text
    for spelt, heard in _SPELLINGS:
        word = word.replace(spelt, heard)
    head = "a" if word[0] in "aeiouy" else word[0]
    code = head + re.sub(r"[aeiouhwy]", "", word[1:])
    code = re.sub(r"(.)\1+", r"\1", code)
    return code if len(code) > 1 else None


_SPELLINGS = (
    ("ph", "f"),
    ("gh", "g"),
    ("kh", "k"),
    ("ck", "k"),
    ("sch", "s"),
    ("sh", "s"),
    ("ch", "s"),
    ("th", "t"),
    ("dh", "d"),
    ("zh", "z"),
    ("dz", "z"),
    ("dj", "j"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "sy"),
    ("c", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("z", "s"),
    ("v", "w"),
    ("kn", "n"),
    ("wr", "r"),
)
