"""A measure of the place beside what it was meant to be."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from synthetic.national import PLANNING


@dataclass(frozen=True, kw_only=True)
class Marginal:
    """One measure of the place.

    Attributes:
        name: What is measured.
        target: What it was meant to be.
        achieved: What it is.
        tolerance: Largest difference allowed, from the target's size.
        tag: How good the evidence for the target is.
    """

    name: str
    target: float
    achieved: float
    tolerance: float
    tag: str = "D"

    @property
    def met(self) -> bool:
        """Whether the difference is within the tolerance."""
        return abs(self.achieved - self.target) <= self.tolerance

    @property
    def planning(self) -> bool:
        """Whether the target may only be shown as a planning figure."""
        return self.tag in PLANNING

    def to_json(self) -> dict[str, str | float | bool]:
        """The measure as plain values, rounded for reading."""
        plain = asdict(self) | {"met": self.met, "planning": self.planning}
        return {k: round(v, 5) if isinstance(v, float) else v for k, v in plain.items()}


def marginal(
    name: str, target: float, achieved: float, slack: float = 0.10, tag: str = "M-"
) -> Marginal:
    """A tenth of the target, or half a point for shares under five in a hundred.

    Args:
        name: What is measured.
        target: What it was meant to be.
        achieved: What it is.
        slack: Relative tolerance.
        tag: How good the evidence for the target is.
    """
    least = 0.005 if target < 0.05 else 0.0
    if target < 0.02:
        least = 0.2 * target
    return Marginal(
        name=name,
        target=target,
        achieved=float(achieved),
        tolerance=max(slack * target, least),
        tag=tag,
    )
