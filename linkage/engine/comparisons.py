"""Comparisons that most person records need, with probabilities to fall back on.

The probabilities are planning figures for records of a few thousand to a few hundred thousand
people; they stand only where the records at hand are too few to learn from.
"""

from __future__ import annotations

from linkage.engine.settings import Comparison, Level


def missing(*columns: str) -> str:
    """SQL: one of the two records lacks one of the columns."""
    return " OR ".join(f"{column}_{side} IS NULL" for column in columns for side in "lr")


def any_of(*tests: str) -> str:
    """SQL: one of the tests holds, asked in this order until one does; one that can't be told not.

    ``OR`` asks all of them of every pair; put the cheap ones first.
    """
    cases = " ".join(f"WHEN {test} THEN true" for test in tests)
    return f"CASE {cases} ELSE false END"


def _close(column: str, similarity: float) -> str:
    # Told where to stop, it gives up early on pairs that are nowhere near.
    return f"jaro_winkler_similarity({column}_l, {column}_r, {similarity}) >= {similarity}"


def slips(left: str, right: str, most: int) -> str:
    """SQL: at most one or two slips of the hand between two dates.

    A slip is in the year, the month or the day, so the other parts are equal. That is asked first
    because it costs a tenth of counting slips, and two dates taken at random seldom pass.
    """
    year, month, day = (
        f"substr({left}, {start}, {length}) = substr({right}, {start}, {length})"
        for start, length in ((1, 4), (6, 2), (9, 2))
    )
    some = f"{year} OR {month} OR {day}"
    if most == 1:
        some = f"{year} AND ({month} OR {day}) OR {month} AND {day}"
    return f"CASE WHEN {some} THEN damerau_levenshtein({left}, {right}) <= {most} ELSE false END"


def name(column: str, *, swapped_with: str | None = None, swap_counts: bool = False) -> Comparison:
    """One part of a name.

    Args:
        column: The name, in lower case without marks.
        swapped_with: Column with the other part, where records may have them the wrong way round.
        swap_counts: True for the part at which an exchange counts; at the other it says nothing,
            so that it is not counted twice.
    """
    silent = missing(column)
    levels = [Level(when=f"{column}_l = {column}_r", m=0.8, u=0.004, rarity=column)]
    if swapped_with is not None:
        crossed = (
            f"{column}_l = {swapped_with}_r AND {swapped_with}_l = {column}_r"
            f" AND {column}_l <> {column}_r"
        )
        if swap_counts:
            levels.append(Level(when=crossed, m=0.01, u=0.00004))
        else:
            silent = f"{silent} OR coalesce({crossed}, false)"
    same_initial = f"left({column}_l, 1) = left({column}_r, 1)"
    levels += [
        Level(when=_close(column, 0.92), m=0.09, u=0.002),
        Level(when=_close(column, 0.85), m=0.03, u=0.006),
        Level(when=f"({_close(column, 0.7)}) OR {same_initial}", m=0.03, u=0.08),
    ]
    return Comparison(name=column, missing=silent, levels=tuple(levels), other_m=0.04, other_u=0.9)


def birth_date(column: str) -> Comparison:
    """A date of birth as text, ``YYYY-MM-DD``, which may be mistyped, turned round or a stand-in.

    The first of January is the date that systems write when only the year is known, so its
    agreement counts for less.
    """
    left, right = f"{column}_l", f"{column}_r"
    turned = (
        f"left({left}, 4) = left({right}, 4)"
        f" AND substr({left}, 6, 2) = substr({right}, 9, 2)"
        f" AND substr({left}, 9, 2) = substr({right}, 6, 2)"
    )
    return Comparison(
        name=column,
        missing=missing(column),
        levels=(
            Level(when=f"{left} = {right} AND right({left}, 5) <> '01-01'", m=0.88, u=0.00004),
            Level(when=f"{left} = {right}", m=0.015, u=0.000002),
            Level(when=turned, m=0.01, u=0.00004),
            Level(when=slips(left, right, 1), m=0.04, u=0.0015),
            Level(when=slips(left, right, 2), m=0.02, u=0.02),
            Level(when=f"left({left}, 4) = left({right}, 4)", m=0.015, u=0.013),
        ),
        other_m=0.02,
        other_u=0.965,
    )


def ladder(name_: str, columns: tuple[str, ...], *, m: float, u: tuple[float, ...]) -> Comparison:
    """Places from the narrowest to the widest: the first of ``columns`` that agrees counts.

    Args:
        name_: Name of the comparison.
        columns: Such as property, postcode, postcode sector.
        m: Share of true pairs at the narrowest; half of the rest falls to each next one.
        u: Chance agreement at each.
    """
    levels: list[Level] = []
    left = 1.0
    for column, chance in zip(columns, u, strict=True):
        share = m if not levels else left / 2
        rarity = column if not levels else None
        levels.append(Level(when=f"{column}_l = {column}_r", m=share, u=chance, rarity=rarity))
        left -= share
    silent = " AND ".join(f"({missing(column)})" for column in columns)
    return Comparison(
        name=name_,
        missing=silent,
        levels=tuple(levels),
        other_m=left,
        other_u=1 - sum(u),
    )


def equal(column: str, *, m: float, u: float, rarity: bool = False) -> Comparison:
    """Equal or not; where ``rarity`` is true, sharing a rare value counts for more."""
    return Comparison(
        name=column,
        missing=missing(column),
        levels=(
            Level(when=f"{column}_l = {column}_r", m=m, u=u, rarity=column if rarity else None),
        ),
        other_m=1 - m,
        other_u=1 - u,
    )


def text(column: str, *, m: float = 0.75, u: float = 0.001) -> Comparison:
    """Free text such as a street: the same, nearly so, or not."""
    return Comparison(
        name=column,
        missing=missing(column),
        levels=(
            Level(when=f"{column}_l = {column}_r", m=m, u=u, rarity=column),
            Level(when=_close(column, 0.9), m=(1 - m) / 2, u=u * 2),
        ),
        other_m=(1 - m) / 2,
        other_u=1 - u * 3,
    )
