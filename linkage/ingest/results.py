"""What came of a delivery, in figures and words that hold no value of any row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contracts.errors import DeliveryRefused, RowsQuarantined

EXAMPLES = 5


class Outcome(StrEnum):
    """What was done with a delivery."""

    LOADED = "loaded"
    ALREADY_LOADED = "already_loaded"
    SET_ASIDE = "set_aside"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One rule of the contract that some rows break.

    Attributes:
        rule: Name of the rule, such as ``date``.
        column: The column, or columns joined by a comma.
        reason: What is wrong, to follow the column's name.
        rows: How many rows.
        examples: Numbers of the first few of them.
    """

    rule: str
    column: str
    reason: str
    rows: int
    examples: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.column} {self.reason} ({rows_in_words(self.rows, self.examples)})"


@dataclass(frozen=True, kw_only=True)
class DeliveryResult:
    """What came of one delivery folder.

    Attributes:
        folder: Name of the folder in the landing place.
        outcome: Loaded, already loaded, or refused.
        message: What happened, naming file, columns and row numbers.
        next_step: What to do about it; empty where there is nothing to do.
        table: Its table, where the manifest could be read.
        file_name: Its file, where the manifest could be read.
        delivery_id: Its key in ``raw.delivery``, where the manifest could be read.
        row_count: Rows in the file.
        loaded_rows: Rows that are in ``raw.<table>``.
        quarantined_rows: Rows that are in ``raw.quarantine``.
        faults: Every rule that rows break, with how many and where.
    """

    folder: str
    outcome: Outcome
    message: str
    next_step: str = ""
    table: str | None = None
    file_name: str | None = None
    delivery_id: str | None = None
    row_count: int = 0
    loaded_rows: int = 0
    quarantined_rows: int = 0
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LandingResult:
    """What came of every delivery in a landing folder, in name order."""

    deliveries: tuple[DeliveryResult, ...]

    def of(self, outcome: Outcome) -> tuple[DeliveryResult, ...]:
        """The deliveries with that outcome."""
        return tuple(result for result in self.deliveries if result.outcome is outcome)

    @property
    def loaded_rows(self) -> int:
        """Rows that this landing has in the loaded tables."""
        return sum(result.loaded_rows for result in self.deliveries)

    @property
    def quarantined_rows(self) -> int:
        """Rows that this landing has in quarantine."""
        return sum(result.quarantined_rows for result in self.deliveries)

    @property
    def summary(self) -> str:
        """One sentence of counts."""
        counts = [f"{len(self.of(kind))} {kind.replace('_', ' ')}" for kind in Outcome]
        return (
            f"{len(self.deliveries)} deliveries: {', '.join(counts)}; {self.loaded_rows:,} rows "
            f"loaded, {self.quarantined_rows:,} in quarantine."
        )


def rows_in_words(count: int, examples: tuple[int, ...]) -> str:
    """``row 5``, ``rows 5, 9``, or ``7,204 rows, first 5, 9, 12``."""
    named = ", ".join(str(number) for number in examples)
    if count == 1:
        return f"row {named}"
    return f"rows {named}" if count == len(examples) else f"{count:,} rows, first {named}"


def raise_if_bad(result: DeliveryResult | LandingResult) -> None:
    """Turn refusals and quarantined rows into errors, for a command that must not pass over them.

    Raises:
        DeliveryRefused: If any delivery was refused.
        RowsQuarantined: If none was refused, and rows that were loaded now went to quarantine.
    """
    results = result.deliveries if isinstance(result, LandingResult) else (result,)
    refused = [one for one in results if one.outcome is Outcome.REFUSED]
    if refused:
        raise DeliveryRefused(
            " ".join(one.message for one in refused), next_step=_next_steps(refused)
        )
    loaded = [one for one in results if one.outcome is Outcome.LOADED]
    partly = [one for one in loaded if one.quarantined_rows]
    if partly:
        raise RowsQuarantined(
            " ".join(one.message for one in partly), next_step=_next_steps(partly)
        )


def _next_steps(results: list[DeliveryResult]) -> str:
    return " ".join(dict.fromkeys(result.next_step for result in results))
