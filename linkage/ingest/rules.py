"""The contract of a table as named rules, derived from its declaration.

Each rule is an SQL condition that is true for a row that breaks it. The same rules make the profile
on which Great Expectations decides, and choose the rows that go to quarantine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from contracts.columns import Column, Kind, Table
from contracts.tables import TABLES
from linkage.ingest.typing_sql import EARLIEST, LATEST, SCIENTIFIC

# The four columns that say when: a version cannot be known after the file that tells of it.
SYSTEM_PERIOD = ("recorded_date", "extract_date")

_UNREADABLE = {
    Kind.BOOLEAN: ("is true or false", "is neither true nor false"),
    Kind.INTEGER: ("is a whole number", "is not a whole number"),
    Kind.MONEY: ("is an amount in pounds", "is not an amount with at most two decimals"),
    Kind.NUMBER: ("is a number", "is not a number"),
    Kind.DATE: (
        f"is a date that exists, {EARLIEST[:4]} to {LATEST[:4]}",
        f"is not a date that exists, from {EARLIEST[:4]} to {LATEST[:4]}, in the agreed format",
    ),
    Kind.TIMESTAMP: ("is a date and time", "is not a date and time that exists"),
}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that every row of a table must hold to.

    Attributes:
        name: Short name, such as ``date``.
        column: The column; several joined by a comma.
        expects: What holds of a sound row, to follow the column's name.
        reason: What is wrong with one that breaks it, to follow the column's name.
        bad: SQL that is true for a row that breaks it, over ``t_<column>`` (cleaned text) and
            ``v_<column>`` (typed value); empty where it is decided over several rows.
    """

    name: str
    column: str
    expects: str
    reason: str
    bad: str = ""

    @property
    def key(self) -> str:
        """Name of the rule's count in the profile."""
        return f"{self.column.replace(', ', '__')}__{self.name}"


@cache
def row_rules(table: str) -> tuple[Rule, ...]:
    """Rules that one row alone breaks or keeps."""
    declared = TABLES[table]
    rules = [rule for column in declared for rule in _column_rules(declared, column)]
    rules += [_order_rule(pair) for pair in (*declared.periods, SYSTEM_PERIOD)]
    return tuple(rules)


@cache
def key_rules(table: str) -> tuple[Rule, ...]:
    """Rules about rows that share a key and a date."""
    key = ", ".join(TABLES[table].key)
    return (
        Rule(
            name="repeated",
            column=key,
            expects="is given once for each recorded date",
            reason="is on an earlier row with the same values",
        ),
        Rule(
            name="conflict",
            column=key,
            expects="has one set of values for each recorded date",
            reason="is on several rows that disagree, so none of them was taken",
        ),
    )


def rules_of(table: str) -> tuple[Rule, ...]:
    """Every rule that can send a row to quarantine."""
    return row_rules(table) + key_rules(table)


def _column_rules(table: Table, column: Column) -> list[Rule]:
    rules = _unreadable_rules(column)
    if column.required or column.name in table.key:
        unread = " OR ".join(f"({rule.bad})" for rule in rules) or "false"
        missing = f"v_{column.name} IS NULL AND NOT coalesce({unread}, false)"
        rules.append(_rule(column, "missing", "has a value", "has no value", missing))
    if column.codes is not None:
        rules.append(_code_rule(column))
    if column.low is not None or column.high is not None:
        rules.append(_bounds_rule(column))
    return rules


def _unreadable_rules(column: Column) -> list[Rule]:
    text, value = f"t_{column.name}", f"v_{column.name}"
    unread = f"{text} IS NOT NULL AND {value} IS NULL"
    if column.kind is Kind.UPRN:
        return _uprn_rules(column, text, unread)
    if column.kind not in _UNREADABLE:
        return []
    expects, reason = _UNREADABLE[column.kind]
    return [_rule(column, column.kind.value, expects, reason, unread)]


def _uprn_rules(column: Column, text: str, unread: str) -> list[Rule]:
    lost = f"regexp_full_match({text}, '{SCIENTIFIC}')"
    long = rf"regexp_full_match({text}, '\d{{13,}}(\.0*)?')"
    return [
        _rule(
            column,
            "uprn_precision",
            "keeps all its digits",
            "was written in scientific notation (as in 1.00023E+11), so its last digits are "
            "lost; export the column as text",
            f"{unread} AND {lost}",
        ),
        _rule(
            column,
            "uprn_length",
            "has at most 12 digits",
            "has more than 12 digits",
            f"{unread} AND {long}",
        ),
        _rule(
            column,
            "uprn",
            "is a UPRN",
            "is not a UPRN, a whole number of 1 to 12 digits",
            f"{unread} AND NOT {lost} AND NOT {long}",
        ),
    ]


def _code_rule(column: Column) -> Rule:
    codes = column.codes or {}
    listed = ", ".join("'" + code.replace("'", "''") + "'" for code in sorted(codes))
    count = f"{len(codes)} {'code' if len(codes) == 1 else 'codes'}"
    bad = f"v_{column.name} NOT IN ({listed})"
    for beginning in column.families:
        bad += f" AND NOT starts_with(v_{column.name}, '{beginning}')"
    if column.families:
        count += f", and begins with none of {', '.join(column.families)}"
    return _rule(column, "code", f"is one of {count}", f"is not one of its {count}", bad)


def _bounds_rule(column: Column) -> Rule:
    value, conditions, words = f"v_{column.name}", [], []
    if column.low is not None:
        conditions.append(f"{value} < {column.low}")
        words.append(f"at least {column.low:g}")
    if column.high is not None:
        conditions.append(f"{value} > {column.high}")
        words.append(f"at most {column.high:g}")
    span = " and ".join(words)
    return _rule(column, "bounds", f"is {span}", f"is not {span}", " OR ".join(conditions))


def _order_rule(pair: tuple[str, str]) -> Rule:
    first, last = pair
    return Rule(
        name="order",
        column=f"{first}, {last}",
        expects="are in order",
        reason="are in impossible order, the first after the second",
        bad=f"v_{first} > v_{last}",
    )


def _rule(column: Column, name: str, expects: str, reason: str, bad: str) -> Rule:
    return Rule(name=name, column=column.name, expects=expects, reason=reason, bad=bad)
