"""What governance keeps: books of schema ``rights``, and what it makes of a month.

The books are kept beside the extracts in the identity zone, and appended to only. No name, address
or value of a class I, S, C, P or X column stands in any of them, but for a request, which is about
one record and has to say which.
"""

from __future__ import annotations

from contracts.columns import Column, Kind, column
from contracts.made.table import MadeTable
from contracts.zones import Zone

RIGHTS = "rights"
"""Schema of the books."""
ASIDE = "aside"
"""Schema of rows of sources that a place does without for now; each as in schema ``raw``."""

_CERTIFICATE = column("certificate", Kind.INTEGER, "O", "Number of the certificate.")
_SOURCE = column("source", Kind.CODE, "O", "Source.")

BOOKS = (
    MadeTable(
        name="deletion",
        says="One row for each delivery that was deleted.",
        zone=Zone.IDENTITY,
        columns=(
            _CERTIFICATE,
            column("delivery_id", Kind.TEXT, "O", "The delivery."),
            column("table_name", Kind.CODE, "O", "Its table."),
            _SOURCE,
            column("controller", Kind.TEXT, "O", "Who answered for the data."),
            column("agreement", Kind.TEXT, "O", "Agreement that it came under."),
            column("extract_to", Kind.DATE, "O", "Last day that it covered."),
            column("retain_until", Kind.DATE, "O", "What its manifest said."),
            column("rule", Kind.CODE, "O", "Rule under which it went."),
            column("kept_until", Kind.DATE, "O", "Last day on which it could be held."),
            column("deleted_on", Kind.DATE, "O", "Day of the deletion."),
            column("loaded_rows", Kind.INTEGER, "O", "Rows that were loaded."),
            column("quarantined_rows", Kind.INTEGER, "O", "Rows that were in quarantine."),
        ),
    ),
    MadeTable(
        name="deletion_also",
        says="One row for whatever else went with a certificate, or was left.",
        zone=Zone.IDENTITY,
        columns=(
            _CERTIFICATE,
            column("what", Kind.TEXT, "O", "Table, or schema of a month and its zone."),
            column("done", Kind.TEXT, "O", "What was done with it."),
            column("rows", Kind.INTEGER, "O", "Rows."),
        ),
    ),
    MadeTable(
        name="deletion_reach",
        says="One row for each certificate and zone that it has reached.",
        zone=Zone.IDENTITY,
        columns=(
            _CERTIFICATE,
            column("zone", Kind.CODE, "O", "The zone."),
            column("from_schema", Kind.TEXT, "O", "First month that may hold what was made of it."),
            column("derived", Kind.CODE, "O", "Whether such months are deleted, or marked."),
        ),
    ),
    MadeTable(
        name="request",
        says="One row for each step of a request: received, upheld, refused, withdrawn.",
        zone=Zone.IDENTITY,
        columns=(
            column("request_id", Kind.TEXT, "O", "Number of the request."),
            column("step", Kind.CODE, "O", "The step."),
            column("kind", Kind.CODE, "O", "What is asked."),
            column("reason", Kind.CODE, "O", "Reason."),
            column("recorded_by", Kind.CODE, "O", "Role of who recorded it."),
            column("recorded_on", Kind.DATE, "O", "Day of recording."),
            column("received_on", Kind.DATE, "O", "When the request was received."),
            _SOURCE,
            column("local_id", Kind.TEXT, "I", "The record's key in its source."),
            column("table_name", Kind.CODE, "O", "Table of a value to be corrected."),
            column("key_json", Kind.TEXT, "I", "Key of its row."),
            column("column_name", Kind.CODE, "O", "Its column."),
            column("value", Kind.TEXT, "S", "What it should hold, of whatever class."),
        ),
    ),
)


def _days(**says: str) -> tuple[Column, ...]:
    return tuple(column(name, Kind.DATE, "O", words) for name, words in says.items())


def _texts(**says: str) -> tuple[Column, ...]:
    return tuple(column(name, Kind.TEXT, "O", words) for name, words in says.items())


def _counts(**says: str) -> tuple[Column, ...]:
    return tuple(column(name, Kind.INTEGER, "O", words) for name, words in says.items())


def _numbers(**says: str) -> tuple[Column, ...]:
    return tuple(column(name, Kind.NUMBER, "O", words) for name, words in says.items())


TABLES = (
    MadeTable(
        name="legal_register",
        says="One row for each source, controller and purpose, with what is held under it.",
        zone=Zone.IDENTITY,
        columns=(
            _SOURCE,
            *_texts(
                purpose="Purpose.",
                controller="Who answers for the data.",
                agreement="Agreement that it moves under.",
                lawful_basis="Lawful basis.",
                condition="Condition for special category data.",
                offence_condition="Condition for criminal offence data.",
            ),
            *_days(expires_on="Last day of the entry."),
            *_texts(privacy_notice="What people were told."),
            *_days(privacy_notice_date="When."),
            *_texts(dpia="Data protection impact assessment."),
            *_counts(
                opt_out_within_days="How old applied opt-outs may be.",
                keep_months="Months for which the place keeps an extract.",
            ),
            *_texts(state="Whether the entry is in force.", faults="What it lacks."),
            *_counts(deliveries="Deliveries held.", held_rows="Rows held."),
            *_days(
                oldest="First day that a held delivery covers.",
                newest="Last day that one covers.",
                first_deleted_after="Day after which the first of them goes.",
                last_deleted_after="Day after which the last of them goes.",
            ),
        ),
    ),
    MadeTable(
        name="level_change",
        says="One row for each change of level in what a source records by month.",
        zone=Zone.IDENTITY,
        columns=(
            *_texts(series="What is counted."),
            _SOURCE,
            *_days(month="End of the first month at the new level."),
            *_numbers(
                change="Change as a share of what it was.",
                low="Lower end of its range.",
                high="Upper end of its range.",
            ),
            *_texts(explained="What the policy calendar says of it."),
        ),
    ),
    MadeTable(
        name="coverage",
        says="One row for each group: how many households are told apart, located and found.",
        zone=Zone.IDENTITY,
        copied_to=Zone.AUDIT,
        columns=(
            *_texts(measure="What is measured."),
            _SOURCE,
            *_texts(group_kind="What groups are formed by."),
            column("group_value", Kind.CODE, "P", "The group."),
            *_counts(
                base="Households, or records of them, that should be seen.",
                reached="Those that are.",
                households="Households.",
            ),
        ),
    ),
)
