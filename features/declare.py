"""What a feature is: its meaning, its words and the measure that it is counted by.

A feature is declared once. The SQL that builds it, the sentence that a worker reads, the monotone
constraint of the model and the reference page all come from that one declaration.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Literal

from contracts.columns import ColumnClass
from contracts.made import MADE
from contracts.made.crossed import Attach
from contracts.tables import TABLES
from features.aggregates import Aggregate

Direction = Literal[-1, 0, 1]
"""+1: a larger value may only raise the estimate. -1: only lower it. 0: either."""


class Theme(StrEnum):
    """What a feature is about. Reasons are added up by theme before the strongest are picked."""

    RENT = "rent"
    COUNCIL_TAX = "council_tax"
    BENEFITS = "benefits"
    HARDSHIP = "hardship"
    HOUSING_HELP = "housing_help"
    HEALTH = "health"
    SCHOOL = "school"
    FAMILY = "family_help"
    CARE = "care"
    SEVERAL = "several_things"
    CHANGE = "change_at_home"
    HOME = "home"
    NEIGHBOURHOOD = "neighbourhood"
    PAYING = "keeping_up_with_payments"
    PLAN = "sticking_to_a_plan"
    ASKING = "asked_for_help_early"
    WORKING = "working"
    SETTLED = "settled_home"
    INCOME = "income_maximised"
    THROUGH = "getting_through_it_before"
    SCHOOL_WELL = "doing_well_at_school"
    CONNECTED = "connected_to_support"

    @property
    def words(self) -> str:
        """The theme as a person reads it."""
        return _THEME_WORDS[self]


_THEME_WORDS = {
    Theme.RENT: "Rent and the tenancy",
    Theme.COUNCIL_TAX: "Council tax",
    Theme.BENEFITS: "Benefits and earnings",
    Theme.HARDSHIP: "Everyday costs",
    Theme.HOUSING_HELP: "Help with housing",
    Theme.HEALTH: "Health",
    Theme.SCHOOL: "School",
    Theme.FAMILY: "Family help",
    Theme.CARE: "Care and support",
    Theme.SEVERAL: "Several things at once",
    Theme.CHANGE: "Changes at home",
    Theme.HOME: "The home",
    Theme.NEIGHBOURHOOD: "The neighbourhood",
    Theme.PAYING: "Keeping up with payments",
    Theme.PLAN: "Sticking to an agreed plan",
    Theme.ASKING: "Asked for help early",
    Theme.WORKING: "Working or returning to work",
    Theme.SETTLED: "Settled home",
    Theme.INCOME: "Income maximised",
    Theme.THROUGH: "Getting through it before",
    Theme.SCHOOL_WELL: "Children doing well at school",
    Theme.CONNECTED: "Connected to support",
}


class Unit(StrEnum):
    """What one of a feature's value is."""

    TIMES = "times"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    WEEKS_OWED = "weeks of rent"
    POUNDS = "GBP"
    SHARE = "share"
    YES_NO = "1 yes, 0 no"
    PEOPLE = "people"
    TENTH = "tenth of England"


class Cover(StrEnum):
    """Whom a source can speak of. Outside it a value is unknown (NULL), never 0."""

    EVERYONE = "every household"
    CTAX = "households with a council tax account in the last 12 months"
    RENT = "households with a tenancy in the last 12 months"
    UC = "households in the Universal Credit feed in the last 12 months"
    SHBE = "households with a Housing Benefit claim in the last 12 months"
    SCHOOL = "households with a child on a school census of the last 12 months"
    HEALTH = "homes of one household with a patient of a practice that shares its data"


class Fold(StrEnum):
    """How the values of several accounts or people become one value of their household."""

    SUM = "sum"
    MAX = "max"
    MIN = "min"


@dataclass(frozen=True, kw_only=True)
class Block:
    """Rows of one table, as they were known at each snapshot.

    Attributes:
        name: Name of the block.
        table: The table, as it crosses to the modelling zone.
        attach: How its rows reach a household.
        columns: The only columns that a measure can read.
        dated: Column of the event's date; None where a row is a state, not an event.
        months: How far back events are kept; needed where ``dated`` is set.
        cover: Whom the table can speak of.
        past: Keep versions that a later one has replaced (``replaced`` says which).
    """

    name: str
    table: str
    attach: Attach
    columns: tuple[str, ...]
    cover: Cover
    dated: str | None = None
    months: int | None = None
    past: bool = False

    def __post_init__(self) -> None:
        needed = {self.attach.number, *self.columns}
        unknown = needed - set(MADE[self.table].names)
        if unknown:
            raise ValueError(f"block {self.name}: {self.table} has no columns {sorted(unknown)}")
        if (self.dated is None) != (self.months is None):
            raise ValueError(f"block {self.name}: dated and months go together")
        if self.dated is not None and self.dated not in self.columns:
            raise ValueError(f"block {self.name}: {self.dated} is not among its columns")

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources without which the block is unknown."""
        return tuple(dict.fromkeys((self.attach.source, TABLES[self.table].source)))


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A value counted from one block.

    Attributes:
        block: Name of the block, or of one of the relations of households and areas.
        value: Aggregate over the block's rows of one account or person at one snapshot; of
            households and areas themselves, SQL of a value of theirs.
        fold: How several accounts or people become one household.
        empty: The value where the household is covered and nothing was recorded.
        cover: Whom it can speak of, where that differs from its block.
        never: True where no value says that nothing of the kind was recorded, such as of the days
            since; of others it says that the records are blank.
    """

    block: str
    value: Aggregate | str
    fold: Fold = Fold.SUM
    empty: float | None = 0.0
    cover: Cover | None = None
    never: bool = False

    @property
    def sql(self) -> str:
        """The value at one snapshot. ``lag`` is an event's age in whole months."""
        return self.value if isinstance(self.value, str) else self.value.sql


@dataclass(frozen=True, kw_only=True)
class Derived:
    """A value made of other values of the same household and snapshot.

    Attributes:
        sql: Expression over ``inputs``.
        inputs: Names of features or helper measures.
        any_source: True where one input's source is enough, False where all are needed.
    """

    sql: str
    inputs: tuple[str, ...]
    any_source: bool = False


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """The agreed words of a feature. See ``features.sentences`` for what the braces may hold.

    Attributes:
        one: Said of a value of one, and of every value where ``many`` is None.
        many: Said of larger values.
        above: The sentence is true of values above this; None where any known value will do.
        longer: A feature over 12 months, to compare with the months before the window.
        latest: A feature of the days since the last such event.
    """

    one: str
    many: str | None = None
    above: float | None = 0.0
    longer: str | None = None
    latest: str | None = None


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One column of the ``feature`` table.

    Attributes:
        name: Column name.
        says: What it counts, for analysts and the board.
        theme: What it is about.
        measure: How it is counted.
        window: Months that it looks back; None for a state or a distance in time.
        unit: What one of its value is.
        cls: Class of the most sensitive column that it is made from.
        owner: Who owns the data and agreed the sentence.
        direction: The monotone constraint.
        sentence: The agreed words; None where there are none.
        source_words: The source in plain words, for the line under a sentence.
        strength: True for a recorded fact that was agreed as a strength.
        sources: The sources without which it, or a part of it, is unknown; filled in by the
            catalogue from what it is made of.
    """

    name: str
    says: str
    theme: Theme
    measure: Measure | Derived
    window: int | None
    unit: Unit
    cls: ColumnClass
    owner: str
    direction: Direction
    sentence: Sentence | None
    source_words: str
    strength: bool = False
    sources: tuple[str, ...] = ()

    @property
    def showable(self) -> bool:
        """Whether a worker may ever read its sentence."""
        return self.sentence is not None


def as_told(feature: Feature) -> dict[str, Any]:
    """The declaration as plain values: how it is counted is told as SQL."""
    told = {field.name: getattr(feature, field.name) for field in fields(feature)}
    measure = feature.measure
    counted = {field.name: getattr(measure, field.name) for field in fields(measure)}
    counted.pop("value", None)
    sentence = None if feature.sentence is None else asdict(feature.sentence)
    return told | {"measure": counted | {"sql": measure.sql}, "sentence": sentence}


def words_of(sql: str) -> frozenset[str]:
    """Every word of an expression outside its quoted texts."""
    return frozenset(re.findall(r"[a-z_][a-z0-9_]*", re.sub(r"'[^']*'", "", sql)))
