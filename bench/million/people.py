"""Records of invented people in three registers, with the faults that real registers have.

Families in homes, twins, fathers and sons of one name, people who share a building, movers whose
old address stays on a register, and what goes wrong at a keyboard: slips, dates turned round,
dates left out, short forms, names changed by marriage, numbers mistyped or borrowed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_YEARS = 100
_TODAY = np.datetime64("2026-10-31")
_HOMES_A_POSTCODE = 15
_FLATS = 12
_SYLLABLES = [
    first + vowel for first in "bcdfghjklmnprstvwy" for vowel in ("a", "e", "i", "o", "ai", "ee")
]
_ENDINGS = ["", "n", "r", "s", "l", "d", "th", "ck", "ton", "ley", "son", "man", "ford", "ham"]


@dataclass(frozen=True, kw_only=True)
class Register:
    """One source and what it holds.

    Attributes:
        name: Name of the source.
        covers: Share of people in it.
        twice: Share of its people that stand in it twice.
        number: Share of records with a national number.
        health: Share of records with a health number.
        homes: Share of records with a property reference.
        stale: Share of movers whose old address it still holds.
        slip: Factor on its typing mistakes.
    """

    name: str
    covers: float
    twice: float
    number: float
    health: float
    homes: float
    stale: float
    slip: float


REGISTERS = (
    Register(
        name="council", covers=0.90, twice=0.03, number=0.22, health=0.05, homes=0.97, stale=0.3,
        slip=1.0,
    ),
    Register(
        name="benefits", covers=0.55, twice=0.005, number=0.995, health=0.0, homes=0.6, stale=0.2,
        slip=0.8,
    ),
    Register(
        name="practice", covers=0.95, twice=0.01, number=0.0, health=0.995, homes=0.8, stale=0.5,
        slip=1.2,
    ),
)  # fmt: skip


def invented_records(people: int, *, seed: int) -> pl.DataFrame:
    """About 2.4 records a person: register, local_id, the identity columns, and who it truly is.

    Args:
        people: How many people.
        seed: The same seed gives the same records.

    Returns:
        Columns register, local_id, first, last, dob (text), sex, postcode, uprn, nino, nhs, and
        person, which no linkage may read; in random order.
    """
    rng = np.random.default_rng(seed)
    world = _World.of(people, rng)
    parts = [world.records(register, rng) for register in REGISTERS]
    whole = pl.concat(parts)
    return whole[rng.permutation(whole.height)]


@dataclass(frozen=True, kw_only=True)
class _World:
    """People as they are; one array entry each."""

    first: Ints
    last: Ints
    born: Ints
    sex: Ints
    home: Ints
    home_before: Ints
    moved: NDArray[np.bool_]
    national: Ints
    health: Ints
    first_names: NDArray[np.object_]
    last_names: NDArray[np.object_]
    postcodes: NDArray[np.object_]

    @classmethod
    def of(cls, people: int, rng: np.random.Generator) -> _World:
        sizes = rng.choice(np.arange(1, 8), p=[.30, .345, .16, .13, .045, .015, .005],
                           size=people)  # fmt: skip
        sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), people)) + 1]
        family = np.repeat(np.arange(len(sizes)), sizes)[:people]
        starts = np.r_[0, np.cumsum(sizes)[:-1]]
        place = np.arange(people) - starts[family]
        sex = rng.integers(0, 2, people)
        born = _births(rng, family, place, people)
        last = _zipf(rng, 30_000, len(sizes))[family]
        own = (place == 1) & (rng.random(people) < 0.35) | (rng.random(people) < 0.03)
        last[own] = _zipf(rng, 30_000, int(own.sum()))
        first = _zipf(rng, 800, people) + 800 * sex
        cls._repeat_fathers(rng, first, sex, place, starts[family])
        homes = int(len(sizes) * 1.05)
        home = rng.permutation(homes)[: len(sizes)][family]
        moved = (rng.random(len(sizes)) < 0.08)[family] | (rng.random(people) < 0.03)
        before = np.where(moved, rng.integers(0, homes, len(sizes))[family], home)
        return cls(
            first=first, last=last, born=born, sex=sex, home=home, home_before=before, moved=moved,
            national=rng.permutation(people * 3)[:people],
            health=rng.permutation(people * 3)[:people],
            first_names=_names(rng, 1_600, 2), last_names=_names(rng, 30_000, 3),
            postcodes=_postcodes(rng, homes // _HOMES_A_POSTCODE + 1),
        )  # fmt: skip

    @staticmethod
    def _repeat_fathers(
        rng: np.random.Generator, first: Ints, sex: Ints, place: Ints, head: Ints
    ) -> None:
        """One son in sixty has his father's first name."""
        son = (place >= 2) & (sex == 1) & (sex[head] == 1) & (rng.random(len(first)) < 1 / 60)
        first[son] = first[head[son]]

    def records(self, register: Register, rng: np.random.Generator) -> pl.DataFrame:
        """What one register holds of them."""
        who = np.flatnonzero(rng.random(len(self.first)) < register.covers)
        again = rng.choice(who, int(register.twice * len(who)), replace=False)
        who = np.r_[who, again]
        count, slip = len(who), register.slip
        home = np.where(
            self.moved[who] & (rng.random(count) < register.stale),
            self.home_before[who],
            self.home[who],
        )
        return pl.DataFrame(
            {
                "register": pl.Series([register.name]).new_from_index(0, count),
                "local_id": pl.int_range(count, eager=True).cast(pl.String()),
                "first": self._first(who, slip, rng),
                "last": self._last(who, slip, rng),
                "dob": self._dates(who, slip, rng),
                "sex": _kept(np.array(["M", "F"])[1 - self.sex[who]], rng, 0.97),
                "postcode": _kept(self.postcodes[home // _HOMES_A_POSTCODE], rng, 0.985),
                "uprn": pl.Series(_kept(home + 10_000_000, rng, register.homes)),
                "nino": self._number(self.national, who, "n", register.number, rng),
                "nhs": self._number(self.health, who, "h", register.health, rng),
                "person": who,
            }
        ).with_columns(
            # A block of flats that a register knows by its front door alone.
            pl.when(pl.Series(rng.random(count) < 0.02))
            .then(pl.col("uprn") - pl.col("uprn") % _FLATS)
            .otherwise(pl.col("uprn"))
            .alias("uprn")
        )

    def _first(self, who: Ints, slip: float, rng: np.random.Generator) -> pl.Series:
        names = pl.Series(self.first_names[self.first[who]])
        short = pl.Series(rng.random(len(who)) < 0.03)
        names = pl.select(pl.when(short).then(names.str.slice(0, 3)).otherwise(names)).to_series()
        return _slipped(names, 0.02 * slip, rng)

    def _last(self, who: Ints, slip: float, rng: np.random.Generator) -> pl.Series:
        count = len(who)
        married = (self.sex[who] == 0) & (rng.random(count) < 0.02)
        number = np.where(married, _zipf(rng, 30_000, count), self.last[who])
        return _slipped(pl.Series(self.last_names[number]), 0.025 * slip, rng)

    def _dates(self, who: Ints, slip: float, rng: np.random.Generator) -> pl.Series:
        days = self.born[who].copy()
        wrong = np.flatnonzero(rng.random(len(who)) < 0.012 * slip)
        days[wrong] += rng.choice([-365, 365, -30, 30, 1, -1, 9, -9, 3652], len(wrong))
        dates = pl.Series(_TODAY - days.astype("timedelta64[D]")).cast(pl.Date())
        text = dates.dt.strftime("%Y-%m-%d")
        turned = pl.Series(rng.random(len(who)) < 0.006 * slip) & (dates.dt.day() <= 12)
        stand_in = pl.Series(rng.random(len(who)) < 0.004 * slip)
        missing = pl.Series(rng.random(len(who)) < 0.015 * slip)
        return pl.select(
            pl.when(missing)
            .then(None)
            .when(stand_in)
            .then(pl.format("{}-01-01", text.str.slice(0, 4)))
            .when(turned)
            .then(dates.dt.strftime("%Y-%d-%m"))
            .otherwise(text)
        ).to_series()

    def _number(
        self, numbers: Ints, who: Ints, letter: str, share: float, rng: np.random.Generator
    ) -> pl.Series:
        """A number, now and then mistyped into another's or borrowed from one at home."""
        held = numbers[who].copy()
        wrong = np.flatnonzero(rng.random(len(who)) < 0.003)
        held[wrong] = rng.choice(numbers, len(wrong))
        kin = np.flatnonzero(rng.random(len(who)) < 0.001)
        held[kin] = numbers[np.maximum(who[kin] - 1, 0)]
        text = pl.select(pl.format(letter + "{}", pl.Series(held))).to_series()
        return pl.select(
            pl.when(pl.Series(rng.random(len(who)) < share)).then(text).otherwise(None)
        ).to_series()


def _births(rng: np.random.Generator, family: Ints, place: Ints, people: int) -> Ints:
    """Days before today: a head, perhaps a partner, then children, some of them twins."""
    head = np.clip(20 + rng.gamma(3.2, 10.0, family[-1] + 1), 18, 95)[family]
    child = np.clip(head - 20 - rng.gamma(2, 5, people), 0, 30)
    partner = head + rng.normal(0, 4, people)
    years = np.where(place == 0, head, np.where(place == 1, partner, child))
    born: Ints = (np.clip(years, 0, _YEARS) * 365.25 + rng.integers(0, 365, people)).astype(
        np.int64
    )
    twin = np.flatnonzero((place >= 3) & (rng.random(people) < 0.03))
    born[twin] = born[twin - 1]
    return born


def _zipf(rng: np.random.Generator, count: int, size: int) -> Ints:
    """Numbers under ``count``, the first of them the commonest."""
    share = np.cumsum(np.arange(1, count + 1) ** -0.7)
    at: Ints = np.searchsorted(share / share[-1], rng.random(size), side="right")
    return at


def _names(rng: np.random.Generator, count: int, syllables: int) -> NDArray[np.object_]:
    found: dict[str, None] = {}
    while len(found) < count:
        words = [rng.choice(_SYLLABLES, count) for _ in range(syllables)]
        words.append(rng.choice(_ENDINGS, count))
        found.update(dict.fromkeys("".join(parts) for parts in zip(*words, strict=True)))
    return np.array(list(found)[:count], dtype=object)


def _postcodes(rng: np.random.Generator, count: int) -> NDArray[np.object_]:
    letters = np.array(list("abdefghjlnpqrstuwxyz"))
    numbers = rng.choice(letters.size**2 * 90 * 9, count, replace=count > letters.size**2 * 810)
    area, sector = np.divmod(numbers, 9)
    ends = letters[rng.integers(0, letters.size, (2, count))]
    found = [
        f"{letters[a % 20]}{letters[a // 20 % 20]}{a // 400 + 1} {s + 1}{x}{y}".upper()
        for a, s, x, y in zip(area, sector, *ends, strict=True)
    ]
    return np.array(found, dtype=object)


def _kept(values: NDArray[np.generic], rng: np.random.Generator, share: float) -> pl.Series:
    held = pl.Series(values)
    there = pl.Series(rng.random(len(values)) < share)
    return pl.select(pl.when(there).then(held).otherwise(None)).to_series()


def _slipped(names: pl.Series, share: float, rng: np.random.Generator) -> pl.Series:
    """One slip of the hand in a share of the names: a letter wrong, lost, doubled or exchanged."""
    hit = np.flatnonzero(rng.random(len(names)) < share)
    words = names.gather(hit).to_list()
    at = rng.random(len(hit))
    letter = rng.choice(list("abcdefghijklmnopqrstuvwxyz"), len(hit))
    kind = rng.integers(0, 4, len(hit))
    changed = [
        _slip(word, int(where * (len(word) - 1)), str(other), int(how))
        for word, where, other, how in zip(words, at, letter, kind, strict=True)
    ]
    return names.scatter(hit, pl.Series(changed, dtype=pl.String()))


def _slip(word: str, at: int, letter: str, kind: int) -> str:
    if len(word) < 3:
        return word
    here, after = word[:at], word[at + 1 :]
    if kind == 0:
        return here + letter + after
    if kind == 1:
        return here + after
    if kind == 2:
        return here + word[at] + word[at:]
    return here + after[0] + word[at] + after[1:]
