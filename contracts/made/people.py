"""Tables of linking people that only linking reads: history, review, and what a month leaves."""

from __future__ import annotations

from contracts.columns import Column, Kind, column
from contracts.made.table import MadeTable
from contracts.zones import Zone

_RECORD = column("record_id", Kind.INTEGER, "I", "Number of the record, made of what it says.")
_CLUSTER = column("cluster", Kind.INTEGER, "I", "Smallest record of those held together.")
_BAND = column("band", Kind.CODE, "O", "Kind of doubt that the pair was drawn for.")
_STATUS = column("status", Kind.CODE, "O", "Linked, not linked or kept apart when drawn.")
_RULE = column("rule_id", Kind.CODE, "O", "Rule of the link.")


def _number(name: str, says: str) -> Column:
    return column(name, Kind.NUMBER, "O", says)


def _handles() -> tuple[Column, ...]:
    return tuple(
        one
        for side in ("a", "b")
        for one in (
            column(f"source_{side}", Kind.CODE, "O", "Source of the record."),
            column(f"local_id_{side}", Kind.TEXT, "I", "The record's key in its source."),
        )
    )


def _ends() -> tuple[Column, Column]:
    return (
        column("a", Kind.INTEGER, "I", "One record."),
        column("b", Kind.INTEGER, "I", "The other."),
    )


def _identity(name: str, says: str, *columns: Column) -> MadeTable:
    return MadeTable(name=name, says=says, zone=Zone.IDENTITY, columns=columns)


_BITS = tuple(
    _number(f"{name}_bits", f"Bits by which {name} speaks for one person.")
    for name in ("first", "last", "dob", "place", "phone", "nino", "sex")
)
_SURE = (_number("confidence", "Probability."), _number("weight", "Bits."))

TABLES = (
    _identity(
        "person_history",
        "One row for each thing that became of a person's number, up to the month.",
        column("person_id", Kind.INTEGER, "I", "Number of the person, made by Afloat."),
        column("event", Kind.CODE, "O", "First seen, merged, split, records moved, no records."),
        column("month", Kind.DATE, "O", "Month."),
        column("from_person_id", Kind.INTEGER, "I", "Number before."),
        column("to_person_id", Kind.INTEGER, "I", "Number after."),
        column("records", Kind.INTEGER, "O", "Records that went along."),
    ),
    _identity(
        "doubted_key",
        "One row for each pair of records that share a personal number and contradict it.",
        _RULE,
        column("why", Kind.CODE, "O", "What the check found."),
        *_handles(),
    ),
    _identity(
        "clerical_pair",
        "One row for each pair that was drawn for review.",
        column("pair_id", Kind.TEXT, "O", "The pair; tells nothing of its records."),
        _BAND,
        _STATUS,
        _RULE,
        *_SURE,
        column("group_value", Kind.CODE, "P", "Ethnic group recorded of a record or its home."),
        _number("stands_for", "Pairs that it stands for."),
        *_handles(),
        *_BITS,
    ),
    _identity(
        "clerical_error",
        "One row for each band: the share of its pairs that reviewers found wrong.",
        _BAND,
        _STATUS,
        column("reviewed", Kind.INTEGER, "O", "Pairs with a decision."),
        column("cannot_tell", Kind.INTEGER, "O", "Those left open."),
        column("wrong", Kind.INTEGER, "O", "Those found wrong."),
        _number("share_wrong", "Share found wrong, by what the pairs stand for."),
        _number("share_low", "Low end of its 95 % interval."),
        _number("share_high", "High end."),
    ),
    _identity(
        "link_difference",
        "One row for each record that a full linkage put beside others than going on would.",
        column("source", Kind.CODE, "O", "Source of the record."),
        column("local_id", Kind.TEXT, "I", "The record's key in its source."),
        column("mates_before", Kind.INTEGER, "O", "Records beside it when going on."),
        column("mates_after", Kind.INTEGER, "O", "Records beside it when linked anew."),
    ),
    _identity(
        "link_drift",
        "One row for each level of agreement: what it was and what a full linkage learnt.",
        column("comparison", Kind.CODE, "O", "Comparison."),
        column("level", Kind.INTEGER, "O", "Level, from the closest."),
        *(
            _number(f"{name}_{when}", f"{name}, {when}.")
            for name in ("m", "u", "weight")
            for when in ("before", "after")
        ),
        _number("change", "Change of the weight in bits."),
    ),
    _identity(
        "link_state_record",
        "State of the engine: one row for each record.",
        _RECORD,
        _CLUSTER,
        _SURE[0],
        _RULE,
        column("grp", Kind.INTEGER, "I", "Smallest record that exact keys hold it with."),
        column("part", Kind.INTEGER, "I", "Smallest record that any link leads to."),
        column("stands", Kind.BOOLEAN, "O", "Weighed in the name of its equal copies."),
    ),
    _identity(
        "link_state_edge",
        "State of the engine: one row for each link.",
        *_ends(),
        *_SURE,
        _RULE,
        column("used", Kind.BOOLEAN, "O", "False where it would join two kept apart."),
    ),
    _identity(
        "link_state_pair",
        "State of the engine: pairs kept apart, and decided by people.",
        *_ends(),
        column("kind", Kind.CODE, "O", "Why."),
    ),
    _identity(
        "link_state_model",
        "State of the engine: what was learnt of agreement.",
        column("key", Kind.CODE, "O", "Part of the model."),
        column("value", Kind.TEXT, "O", "Its value as JSON."),
    ),
    _identity(
        "link_state_frequency",
        "State of the engine: how common values are.",
        column("column", Kind.CODE, "O", "Column."),
        column("value", Kind.TEXT, "I", "Value, such as a last name."),
        _number("share", "Its share."),
    ),
    _identity(
        "link_state_person",
        "State of the rules: who is held together with whom.",
        _RECORD,
        _CLUSTER,
    ),
    _identity("link_state_rule_edge", "State of the rules: their links.", *_ends(), *_SURE, _RULE),
    _identity(
        "link_state_run",
        "State of the month: how records were compared, and since when.",
        column("full_month", Kind.DATE, "O", "Month of the last full linkage."),
        column("settings", Kind.TEXT, "O", "Fingerprint of how records are compared."),
    ),
)
