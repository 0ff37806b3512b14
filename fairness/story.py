"""Sentences worked out from an audit: what was missed, for whom, and what that may rest on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from contracts.place import FairnessPolicy
from fairness.checks import CHECKS
from fairness.labels import SHORT, who
from fairness.recording import RECORDED
from fairness.result import AuditResult, Row, missed_checks
from fairness.verdicts import Verdict
from surfaces.words import SOURCES, in_100, listing, number, opening, sentence

_NAMED_AT_MOST = 3
_SEEING: Final = ("coverage", "resolved", "located")
_MISSED: Final = {
    "coverage": "too few {who} are to be found in {source}",
    "resolved": "too few {who} can be told apart from others at their address",
    "located": "too few records of {who} say which home they are of",
    "link_rate": "the records of {who} are joined up too seldom",
    "recording": "too little is recorded about {who}",
    "list_share": "the list has too few {who} for the help that they needed",
    "reach": "the list would miss too many {who}",
    "missed": "the list would miss too many {who}",
    "false_omission": "too many of those left off the list needed help among {who}",
    "precision": "suggestions were right too seldom for {who}",
    "calibration": "what was expected did not match what happened for {who}",
}
_FIGURE: Final = {
    "coverage": "Of every 100 {who}, {rate} are to be found in {source}",
    "resolved": "Of every 100 {who}, {rate} can be told apart from others at their address",
    "located": "Of every 100 records of {who}, {rate} say which home they are of",
    "link_rate": "Of every 100 records of {who} that should meet another source, {rate} did",
    "recording": "For {who}, it is known in {rate} of every 100",
    "list_share": "Of every 100 {who}, {rate} were suggested",
    "reach": "Of every 100 {who} that later {says}, {rate} would have been suggested",
    "missed": "Of every 100 {who} that later {says}, {rate} would have been missed",
    "false_omission": "Of every 100 {who} that were not suggested, {rate} later {says}",
    "precision": "Of every 100 {who} that were suggested, {rate} later {says}",
}


def warning(audit: AuditResult, *, policy: FairnessPolicy) -> list[str]:
    """What stands above everything else; nothing where no check is missed."""
    if audit.problems:
        return [*audit.problems, "So the audit could not be made, and no list can be approved."]
    missed = missed_checks((*audit.rows, *audit.pairs.rows), policy=policy)
    failed = not_passed(audit)
    sentences = [_opening(failed)] if failed else []
    sentences += [
        f"No group could be shown to pass this check: {_title(key)}"
        for key in missed
        if not any(row.check == key for row in failed)
    ]
    if "stop" in missed.values():
        return [*sentences, f"Policy {policy.id} says that no list of such a release is approved."]
    if missed:
        says = "such a release may be approved only with a written reason."
        return [*sentences, f"Policy {policy.id} says that {says}"]
    return []


def not_passed(audit: AuditResult) -> list[Row]:
    """Rows that are not passed, in the order of the checks, then groups of two."""
    alone = [row for row in audit.rows if row.verdict is Verdict.NOT_PASSED]
    return [*alone, *audit.pairs.rows]


def unseen(audit: AuditResult) -> str:
    """Who the data cannot see well enough, in one sentence."""
    low = [row for row in not_passed(audit) if row.check in _SEEING]
    judged = [row for row in audit.judged if row.check in _SEEING]
    if not judged:
        return "No floor is agreed for these figures, so nobody is held to one."
    if not low:
        return (
            "No group, neighbourhood or small area was found to be seen too seldom. A result that "
            "is uncertain, or too small to say, is not a pass."
        )
    return f"{_opening(low)} Whatever the rest of this report says of them rests on less."


def found(row: Row, audit: AuditResult, *, says: str) -> str:
    """What was found of one group, with its range and everyone beside it."""
    people = _people(row)
    if row.rate is None or row.low is None or row.high is None:
        return f"{sentence(_missed(row.check, [row]))}. Its figures are not shown."
    if row.check == "calibration":
        return (
            f"{sentence(people)}: {row.rate:.2f} were expected for every one that later {says} "
            f"({row.low:.2f} to {row.high:.2f})."
        )
    figure = _FIGURE[row.check].format(
        who=people, rate=in_100(row.rate), says=says, source=_source(row)
    )
    ranged = f"{figure} ({in_100(row.low)} to {in_100(row.high)})."
    return f"{ranged} {_everyone(row, audit)}".strip()


def may_rest_on(row: Row, audit: AuditResult) -> str | None:
    """What the figures themselves say of the cause; no more than they can."""
    whole = audit.everyone.get("reach")
    if row.check != "reach" or row.expected is None or whole is None or not whole.expected:
        return None
    usual = in_100(whole.expected)
    expected = f"{in_100(row.expected)} of every 100 (for everyone {usual})"
    if row.ratio is not None and row.expected / whole.expected > row.ratio + 0.1:
        return (
            f"If every expectation of the model were right, the list would reach {expected} "
            f"among {_people(row)}. It reached fewer: look first at what is recorded about them."
        )
    return (
        f"Even if every expectation of the model were right, the list would reach only {expected} "
        f"among {_people(row)}: their need shows less in the records that the model has."
    )


def together(audit: AuditResult) -> str:
    """How the verdicts stand when they are all looked at together."""
    failed = [row for row in audit.rows if row.verdict is Verdict.NOT_PASSED]
    if not failed:
        return ""
    clear = sum(row.clear_of_chance is True for row in failed)
    return (
        f"{opening(audit.method.verdicts)} verdicts were given, so a few could be chance. Looked "
        f"at together, {number(clear)} of the {number(len(failed))} not passed "
        f"{'is' if clear == 1 else 'are'} clear of it."
    )


def most_fragile(audit: AuditResult) -> str | None:
    """The passed group whose reach rests most on its events having been recorded."""
    passed = [
        row
        for row in audit.of("reach")
        if row.verdict is Verdict.PASSED and row.flips_below is not None
    ]
    if not passed:
        return None
    row = max(passed, key=lambda row: row.flips_below or 0.0)
    share = in_100(row.flips_below or 0.0)
    return (
        f"The passed group that rests on this most is {_people(row)}: their reach would fall to "
        f"the floor if only {share} of every 100 times that they needed help had been recorded, "
        "and all of the times that others did."
    )


def _everyone(row: Row, audit: AuditResult) -> str:
    if row.check == "link_rate" and row.expected is not None:
        return f"From these sources {in_100(row.expected)} would be expected."
    whole = audit.everyone.get(row.check)
    return f"For everyone it is {in_100(whole.rate)}." if whole and whole.rate is not None else ""


def _opening(failed: Sequence[Row]) -> str:
    """``Two results are not passed: ...``, by check, naming at most three groups."""
    named = failed[:_NAMED_AT_MOST]
    parts = [
        _missed(check, [row for row in named if row.check == check])
        for check in dict.fromkeys(row.check for row in named)
    ]
    more = len(failed) - len(named)
    if more:
        parts.append(f"{number(more)} more, listed below")
    are = "result is" if len(failed) == 1 else "results are"
    return f"{opening(len(failed))} {are} not passed: {'; '.join(parts)}."


def _missed(check: str, rows: Sequence[Row]) -> str:
    sources = listing(dict.fromkeys(_source(row) for row in rows))
    return _MISSED[check].format(who=listing(_people(row) for row in rows), source=sources)


def _source(row: Row) -> str:
    return f"the {SOURCES[row.source]}" if row.source in SOURCES else row.source


def _people(row: Row) -> str:
    if row.group == RECORDED:
        return f"“{SHORT[row.attribute].lower()}”"
    return who(row.attribute, row.group)


def _title(check: str) -> str:
    return next(spec.title for spec in CHECKS if spec.key == check)
