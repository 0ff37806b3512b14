"""Short forms for declaring features that share a theme, a table and an owner."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contracts.columns import ColumnClass
from features.aggregates import Aggregate
from features.declare import (
    Cover,
    Derived,
    Direction,
    Feature,
    Fold,
    Measure,
    Sentence,
    Theme,
    Unit,
)
from features.measures import count_in, days_since


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What the features of one table have in common.

    Attributes:
        theme: What they are about.
        block: The block that they are counted from.
        owner: Who owns the data and agreed the sentences.
        source_words: The source in plain words.
        cls: Class of the most sensitive column that is read.
        strength: True where they are strengths.
    """

    theme: Theme
    block: str
    owner: str
    source_words: str
    cls: ColumnClass = ColumnClass.ORDINARY
    strength: bool = False

    def about(self, theme: Theme) -> Shelf:
        """The same table under another theme."""
        return replace(self, theme=theme)

    def strengths(self, theme: Theme) -> Shelf:
        """The same table, for facts that were agreed as strengths."""
        return replace(self, theme=theme, strength=True)

    def feature(
        self,
        name: str,
        measure: Measure | Derived,
        *,
        says: str,
        unit: Unit,
        direction: Direction,
        sentence: Sentence | None,
        window: int | None = None,
    ) -> Feature:
        """A feature that is declared in full."""
        return Feature(
            name=name,
            says=says,
            theme=self.theme,
            measure=measure,
            window=window,
            unit=unit,
            cls=self.cls,
            owner=self.owner,
            direction=direction,
            sentence=sentence,
            source_words=self.source_words,
            strength=self.strength,
        )

    def value(
        self,
        name: str,
        value: Aggregate,
        *,
        says: str,
        unit: Unit,
        direction: Direction,
        sentence: Sentence | None,
        window: int | None = None,
        fold: Fold = Fold.MAX,
        empty: float | None = None,
        cover: Cover | None = None,
    ) -> Feature:
        """A value of the latest, the largest or the like: unknown where nothing was recorded."""
        measure = Measure(block=self.block, value=value, fold=fold, empty=empty, cover=cover)
        return self.feature(
            name,
            measure,
            says=says,
            unit=unit,
            direction=direction,
            sentence=sentence,
            window=window,
        )

    def yes_no(
        self,
        name: str,
        value: Aggregate,
        *,
        says: str,
        direction: Direction,
        one: str | None,
        window: int | None = None,
        cover: Cover | None = None,
    ) -> Feature:
        """Whether something was so: 0 where the household is covered and it was not."""
        return self.value(
            name,
            value,
            says=says,
            unit=Unit.YES_NO,
            direction=direction,
            sentence=None if one is None else Sentence(one=one),
            window=window,
            empty=0.0,
            cover=cover,
        )

    def counted(
        self,
        stem: str,
        windows: tuple[int, ...],
        where: str,
        *,
        says: str,
        one: str | None,
        many: str | None = None,
        latest: str | None = None,
        direction: Direction = 1,
        unit: Unit = Unit.TIMES,
    ) -> tuple[Feature, ...]:
        """How many events of a kind there were: one feature for each window."""
        year = f"{stem}_12m" if 12 in windows else None
        return tuple(
            self.feature(
                f"{stem}_{months}m",
                Measure(block=self.block, value=count_in(months, where)),
                says=f"{says}, last {months} months" if months > 1 else f"{says}, last month",
                unit=unit,
                direction=direction,
                sentence=None
                if one is None
                else Sentence(
                    one=one,
                    many=many,
                    longer=year if months < 12 else None,
                    latest=latest,
                ),
                window=months,
            )
            for months in windows
        )

    def since(self, name: str, column: str, where: str, *, says: str, one: str | None) -> Feature:
        """Days since the latest event of a kind: unknown where there was none."""
        measure = Measure(
            block=self.block,
            value=days_since(column, where),
            fold=Fold.MIN,
            empty=None,
            never=True,
        )
        return self.feature(
            name,
            measure,
            says=says,
            unit=Unit.DAYS,
            direction=-1,
            sentence=None if one is None else Sentence(one=one, above=None),
        )
