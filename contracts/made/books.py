"""The books that are kept about deliveries, in schema ``raw`` beside what they brought."""

from __future__ import annotations

from contracts.columns import Column, Kind, column
from contracts.made.table import MadeTable
from contracts.zones import Zone

_DELIVERY = column("delivery_id", Kind.TEXT, "O", "The delivery.")
_TABLE = column("table_name", Kind.CODE, "O", "The table.")
_FILE = column("file_name", Kind.TEXT, "O", "Its file.")

ARRIVAL: tuple[Column, ...] = (
    _DELIVERY,
    column("row_number", Kind.INTEGER, "O", "The row's place in its file; 0 for a withdrawal."),
    column("known_since", Kind.DATE, "O", "Since when it was known, where that is later."),
    column("stands", Kind.BOOLEAN, "O", "False where it said nothing new or came out of date."),
)
"""What loading adds to every row of a delivered table; the last two are NULL for most."""

TABLES = (
    MadeTable(
        name="delivery",
        says="One row for each delivery that was loaded.",
        zone=Zone.IDENTITY,
        columns=(
            _DELIVERY,
            _TABLE,
            _FILE,
            column("sha256", Kind.TEXT, "O", "Fingerprint of the file."),
            column("schema_version", Kind.TEXT, "O", "Version of the sender's layout."),
            column("extract_from", Kind.DATE, "O", "What it covers, from."),
            column("extract_to", Kind.DATE, "O", "What it covers, to."),
            column("controller", Kind.TEXT, "O", "Who answers for the data."),
            column("holder", Kind.TEXT, "O", "Which of a source's controllers, by its key."),
            column("coverage", Kind.CODE, "O", "Whether it holds everything or changes alone."),
            column("dated_by_extract", Kind.BOOLEAN, "O", "Rows take the day of the extract."),
            column("settled", Kind.BOOLEAN, "O", "Whether its history has been worked out."),
            column("sharing_agreement_ref", Kind.TEXT, "O", "Agreement it moves under."),
            column("purpose_code", Kind.CODE, "O", "Purpose."),
            column("retain_until", Kind.DATE, "O", "Day after which it must be gone."),
            column("row_count", Kind.INTEGER, "O", "Rows in the file."),
            column("loaded_rows", Kind.INTEGER, "O", "Rows that were loaded."),
            column("quarantined_rows", Kind.INTEGER, "O", "Rows in quarantine."),
        ),
    ),
    MadeTable(
        name="quarantine",
        says="One row for each fault of a row that was not loaded.",
        zone=Zone.IDENTITY,
        columns=(
            _DELIVERY,
            _TABLE,
            _FILE,
            ARRIVAL[1],
            column("column_name", Kind.TEXT, "O", "Column at fault."),
            column("reason", Kind.TEXT, "O", "What is wrong, without the value."),
            column("row_json", Kind.TEXT, "I", "The whole row as it was delivered."),
        ),
    ),
    MadeTable(
        name="contract_check",
        says="One row for each expectation that a delivery was held to.",
        zone=Zone.IDENTITY,
        columns=(
            _DELIVERY,
            _TABLE,
            column("expectation", Kind.CODE, "O", "Expectation."),
            column("column_name", Kind.TEXT, "O", "Column."),
            column("rule", Kind.TEXT, "O", "Rule of the expectation."),
            column("bad_rows", Kind.INTEGER, "O", "Rows that did not meet it."),
            column("passed", Kind.BOOLEAN, "O", "Whether it was met."),
        ),
    ),
)
