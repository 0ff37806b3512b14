"""The ladder of errors, split by who can act on them.

Each class has its own exit code, so that a failed run can be told apart without its logs. A message
says what is wrong, in which file, table, column or row, and what to do next. It never holds a value
of class I, S, C, P or X: a row is named by its number.
"""

from __future__ import annotations


class AfloatError(Exception):
    """Base of the errors that a user can mend; shown without a traceback.

    Args:
        what: What is wrong and where.
        next_step: What to do about it, as a full sentence.
    """

    exit_code = 1

    def __init__(self, what: str, *, next_step: str) -> None:
        super().__init__(f"{what} {next_step}")
        self.what = what
        self.next_step = next_step


class SettingsError(AfloatError):
    """The place's settings or policy cannot be used."""

    exit_code = 3


class DeliveryRefused(AfloatError):
    """A delivery was refused whole; nothing of it was loaded."""

    exit_code = 4


class RowsQuarantined(AfloatError):
    """A delivery was loaded, and some of its rows went to quarantine."""

    exit_code = 5


class DataMissing(AfloatError):
    """A step needs a table, file or period that is not there."""

    exit_code = 6


class TrainingStopped(AfloatError):
    """What a source records changed, and nothing explains it: no model may learn across that."""

    exit_code = 11


class LeakSuspected(AfloatError):
    """A check found signs that the future reached a feature or a model."""

    exit_code = 7


class ReleaseRefused(AfloatError):
    """No list may be made.

    Args:
        reasons: Every rule that was not met, each as a sentence.
    """

    exit_code = 8

    def __init__(self, reasons: list[str], *, next_step: str) -> None:
        super().__init__("No list was made. " + " ".join(reasons), next_step=next_step)
        self.reasons = tuple(reasons)


class DecisionRefused(AfloatError):
    """A decision on a release was not recorded.

    Args:
        reasons: Every rule that was not met, each as a sentence.
    """

    exit_code = 10

    def __init__(self, reasons: list[str], *, next_step: str) -> None:
        super().__init__("No decision was recorded. " + " ".join(reasons), next_step=next_step)
        self.reasons = tuple(reasons)


class ZoneRefused(AfloatError):
    """A zone cannot be opened or sealed: its key, its seal, its lock or its working folder."""

    exit_code = 11
