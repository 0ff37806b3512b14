"""What a place's model report looks into beyond the lists; each part costs time."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.mapping import Positive, Settings


class Reporting(Settings):
    """Parts of the model report that a place may switch off, or on."""

    block_out: bool = True
    """Fit the model again without each source, to say what each is worth."""
    learning_curve: bool = True
    """Fit it again on fewer households, to say whether more would help."""
    other_households: bool = True
    """Fit it on one half of the households and test it on the other."""
    fits: Positive = 1
    """How many of the newest tested fits are made again; one tests up to four month ends."""
    most_rows: Annotated[int, Field(ge=1000)] = 12_000
    """Most rows, about, that a model is fitted on again; every model on the same ones."""
    timing: bool = False
    """Say when an event may come, not only whether: a hazard for each month ahead."""
