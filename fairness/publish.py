"""From exact findings to rows that may be shown: rounded, and hidden where too small."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import groupby

from contracts.place import FairnessPolicy
from fairness.findings import Finding, bounds_of
from fairness.result import Row
from fairness.verdicts import Verdict, holm
from surfaces.disclosure import Disclosure

FINE_FROM = 5000
"""Base from which three decimals of a rate still tell a count to the nearest 5 only."""
_FALSE_FINDINGS = 0.05


def publish(findings: Sequence[Finding], policy: FairnessPolicy) -> tuple[Row, ...]:
    """The findings as rows, in the same order.

    The groups of one attribute under one check are one table: what is hidden there is never one
    group alone.
    """
    disclosure = Disclosure(minimum=policy.minimum_cell, base=policy.round_to)
    clear = _clear_of_chance(findings)
    rows: list[Row] = []
    for _, table in groupby(findings, key=lambda one: (one.check, one.source, one.attribute)):
        members = list(table)
        hidden = disclosure.hidden({found.group: found.base for found in members})
        rows += [
            _hidden(found) if found.group in hidden else _shown(found, disclosure, policy)
            for found in members
        ]
    return tuple(
        row.model_copy(update={"clear_of_chance": clear[index]})
        if row.verdict is Verdict.NOT_PASSED
        else row
        for index, row in enumerate(rows)
    )


def published_one(finding: Finding, policy: FairnessPolicy) -> Row:
    """A finding that stands alone, such as everyone's."""
    disclosure = Disclosure(minimum=policy.minimum_cell, base=policy.round_to)
    if disclosure.shown(finding.base) is None:
        return _hidden(finding)
    return _shown(finding, disclosure, policy)


def _hidden(found: Finding) -> Row:
    return Row(
        check=found.check,
        attribute=found.attribute,
        group=found.group,
        verdict=found.verdict,
        source=found.source,
    )


def _shown(found: Finding, disclosure: Disclosure, policy: FairnessPolicy) -> Row:
    places = 3 if found.base >= FINE_FROM else 2
    return Row(
        check=found.check,
        attribute=found.attribute,
        group=found.group,
        base=disclosure.rounded(found.base),
        rate=_plain(found.rate, places),
        low=_plain(found.low, places),
        high=_plain(found.high, places),
        ratio=_plain(found.ratio, 2),
        ratio_low=_plain(found.ratio_low, 2),
        ratio_high=_plain(found.ratio_high, 2),
        verdict=found.verdict,
        outside=_plain(found.outside, 2),
        needed=_roughly(found.needed),
        expected=_plain(found.expected, places),
        flips_below=_flips_below(found, policy),
        source=found.source,
    )


def _roughly(count: int | None) -> int | None:
    """Two figures that count: it is a forecast, not a count of anybody."""
    if count is None:
        return None
    step = int("1" + "0" * max(len(str(count)) - 2, 1))
    return -(-count // step) * step


def _flips_below(found: Finding, policy: FairnessPolicy) -> float | None:
    """The recording rate at which a reach above its floor would fall to it.

    An event that was never recorded was never looked at by the list either. If only this share of
    the group's events were recorded, against all of everyone's, its reach of all events would be at
    the floor.
    """
    bounds = bounds_of(policy, found.check)
    if found.check != "reach" or bounds is None or bounds.floor is None:
        return None
    if not found.ratio > bounds.floor:
        return None
    return _plain(bounds.floor / found.ratio, 2)


def _clear_of_chance(findings: Iterable[Finding]) -> list[bool]:
    """Whether each finding's gap stands by Holm's rule over all that were judged."""
    every = list(findings)
    judged = [index for index, found in enumerate(every) if math.isfinite(found.by_chance)]
    stands = holm([every[index].by_chance for index in judged], level=_FALSE_FINDINGS)
    clear = dict(zip(judged, stands, strict=True))
    return [clear.get(index, False) for index in range(len(every))]


def _plain(value: float, places: int) -> float | None:
    return round(value, places) if math.isfinite(value) else None
