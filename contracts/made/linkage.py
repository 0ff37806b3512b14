"""Tables that linking people and building households makes."""

from __future__ import annotations

from contracts.columns import Column, Kind, column
from contracts.made.table import MadeTable
from contracts.zones import Zone

HOUSEHOLD = column("household_id", Kind.INTEGER, "O", "Number of the household, made by Afloat.")
SNAPSHOT = column("snapshot_date", Kind.DATE, "O", "Month end that is looked at.")
# A person's number leads to names and local keys: it stays where those are.
_PERSON = column("person_id", Kind.INTEGER, "I", "Number of the person, made by Afloat.")


def _audit_groups() -> tuple[Column, ...]:
    return (
        column("ethnic_group", Kind.CODE, "P", "Ethnic group."),
        column("age_band", Kind.CODE, "P", "Age band."),
        column("sex", Kind.CODE, "P", "Sex as recorded."),
        column("disability", Kind.CODE, "P", "Disability recorded."),
    )


_PEOPLE = (
    MadeTable(
        name="person_link",
        says="One row for each identity record: the person it belongs to.",
        zone=Zone.IDENTITY,
        columns=(
            column("source", Kind.CODE, "O", "Source of the record."),
            column("local_id", Kind.TEXT, "I", "The record's key in its source."),
            _PERSON,
            column("link_confidence", Kind.NUMBER, "O", "How sure the surest link is."),
            column("rule_id", Kind.CODE, "O", "The rule of that link."),
        ),
    ),
    MadeTable(
        name="person",
        says="One row for each person.",
        zone=Zone.IDENTITY,
        columns=(
            _PERSON,
            column("birth_ym", Kind.INTEGER, "Q", "Year and month of birth, such as 198405."),
            column("sex", Kind.CODE, "P", "Sex as recorded."),
            column("link_confidence_min", Kind.NUMBER, "O", "The least sure of the links."),
        ),
    ),
    MadeTable(
        name="person_identity",
        says="One row for each person with a name: the name as a worker's list shows it.",
        zone=Zone.IDENTITY,
        columns=(
            _PERSON,
            column("title", Kind.TEXT, "I", "Title."),
            column("first_name", Kind.TEXT, "I", "First name."),
            column("last_name", Kind.TEXT, "I", "Last name."),
        ),
    ),
    MadeTable(
        name="person_protected",
        says="One row for each person: what is recorded for the equity audit.",
        zone=Zone.IDENTITY,
        columns=(_PERSON, *(c for c in _audit_groups() if c.name != "age_band")),
    ),
    MadeTable(
        name="match_rate",
        says="One row for each source and group: records that met another source's.",
        zone=Zone.IDENTITY,
        copied_to=Zone.AUDIT,
        columns=(
            column("source", Kind.CODE, "O", "Source."),
            column("group_kind", Kind.CODE, "O", "What groups are formed by."),
            column("group_value", Kind.CODE, "P", "The group."),
            column("records", Kind.INTEGER, "O", "Records that should meet another source's."),
            column("linked", Kind.INTEGER, "O", "Those that did."),
            column("met", Kind.NUMBER, "O", "Records, each for the share of sources that it met."),
            column("met_usual", Kind.NUMBER, "O", "The same, if it were as is usual."),
            column("share", Kind.NUMBER, "O", "Share of records that met another source's."),
            column("share_low", Kind.NUMBER, "O", "Low end of its 95 % interval."),
            column("share_high", Kind.NUMBER, "O", "High end."),
            column("mean_confidence", Kind.NUMBER, "O", "Mean confidence of their links."),
            column("mean_confidence_low", Kind.NUMBER, "O", "Low end of its 95 % interval."),
            column("mean_confidence_high", Kind.NUMBER, "O", "High end."),
        ),
    ),
)

_SPAN = (
    column("first_date", Kind.DATE, "O", "First month end of the span."),
    column("last_date", Kind.DATE, "O", "Its last."),
)
_MEMBER = (
    HOUSEHOLD,
    _PERSON,
    column("role", Kind.CODE, "Q", "Lead, adult or child."),
    column("share", Kind.CODE, "Q", "Main or secondary home."),
)
_STATE = (
    column("uprn_key", Kind.INTEGER, "I", "Number of the home; none for a refuge."),
    column("hh_kind", Kind.CODE, "Q", "Kind of household."),
    column("communal_type", Kind.CODE, "Q", "Kind of communal home."),
    column("size", Kind.INTEGER, "Q", "People."),
    column("adults", Kind.INTEGER, "Q", "Adults."),
    column("children_0_4", Kind.INTEGER, "Q", "Children under 5."),
    column("children_5_17", Kind.INTEGER, "Q", "Children from 5 to 17."),
    column("adults_65p", Kind.INTEGER, "Q", "Adults of 65 or more."),
    column("composition", Kind.CODE, "Q", "Who lives together."),
    column("tenure", Kind.CODE, "Q", "Tenure."),
    column("tenure_source", Kind.CODE, "O", "The source that told it."),
    column("neighbourhood_code", Kind.CODE, "Q", "Neighbourhood."),
    column("neighbourhood_basis", Kind.CODE, "O", "What tells the neighbourhood."),
    column("lsoa21", Kind.CODE, "Q", "Census 2021 area."),
    column("imd_decile", Kind.INTEGER, "O", "Deprivation tenth of the area."),
    column("residency_confidence", Kind.NUMBER, "O", "How sure residency is."),
    column(
        "x_restricted",
        Kind.BOOLEAN,
        "X",
        "Kept off every list for somebody's safety.",
        permitted="That the household is kept off every list; not which record says so.",
    ),
    column("lead_person_id", Kind.INTEGER, "I", "Number of the lead person."),
    column("resident_since", Kind.DATE, "Q", "Since when in this home."),
)
_AUDITED_HOME = (
    column("tenure", Kind.CODE, "Q", "Tenure."),
    column("deprivation", Kind.CODE, "Q", "Pair of deprivation tenths of the area."),
)
_HOMES = (
    MadeTable(
        name="dwelling",
        says="One row for each property known at the release month.",
        zone=Zone.IDENTITY,
        columns=(
            column("uprn", Kind.UPRN, "I", "The property."),
            column("uprn_key", Kind.INTEGER, "I", "Its number, made by Afloat."),
            column("puprn", Kind.TEXT, "I", "Its keyed pseudonym in the health extracts."),
            column("parent_uprn", Kind.UPRN, "I", "The building that it is a part of."),
            column("blpu_class", Kind.CODE, "O", "Class of property."),
            column("residential", Kind.BOOLEAN, "O", "Somebody may live there."),
            column("communal", Kind.BOOLEAN, "Q", "A communal home."),
            column("lsoa21", Kind.CODE, "Q", "Census 2021 area."),
            column("neighbourhood_code", Kind.CODE, "Q", "Neighbourhood."),
            column("imd_decile", Kind.INTEGER, "O", "Deprivation tenth of the area."),
            column("address_line", Kind.TEXT, "I", "Address in one line."),
            column("postcode", Kind.TEXT, "I", "Postcode."),
        ),
    ),
    MadeTable(
        name="residency_evidence",
        says="One row for each stretch of time in which a source saw a person at a property.",
        zone=Zone.IDENTITY,
        columns=(
            _PERSON,
            column("uprn", Kind.UPRN, "I", "The property."),
            column("seen_from", Kind.DATE, "Q", "From."),
            column("seen_to", Kind.DATE, "Q", "To."),
            column("source", Kind.CODE, "O", "Source."),
            column("role", Kind.CODE, "O", "Part in the source's record."),
            column("strength", Kind.NUMBER, "O", "How much it counts."),
            column("stale_days", Kind.INTEGER, "O", "Days after which it counts no more."),
            column("known_from", Kind.DATE, "O", "Known from."),
            column("known_to", Kind.DATE, "O", "Known until the day before."),
        ),
    ),
    MadeTable(
        name="residency_spell",
        says="One row for each stretch of time in which a person lived at a property.",
        zone=Zone.IDENTITY,
        columns=(
            _PERSON,
            column("uprn", Kind.UPRN, "I", "The property."),
            column("spell_from", Kind.DATE, "Q", "From."),
            column("spell_to", Kind.DATE, "Q", "To; empty where it goes on."),
            column("inferred_end", Kind.BOOLEAN, "O", "Nobody told the end."),
            column("share", Kind.CODE, "Q", "Main or secondary home."),
            column("residency_confidence", Kind.NUMBER, "O", "How sure residency is."),
        ),
    ),
    MadeTable(
        name="household_spell",
        says="One row for each stretch of time in which a person was of a household.",
        zone=Zone.IDENTITY,
        columns=(
            HOUSEHOLD,
            _PERSON,
            column("role", Kind.CODE, "Q", "Lead, adult or child."),
            column("share", Kind.CODE, "Q", "Main or secondary home."),
            column("since", Kind.DATE, "Q", "From."),
            column("until", Kind.DATE, "Q", "To; empty where it goes on."),
        ),
    ),
    MadeTable(
        name="severed",
        says="One row for each person whose records must not reach a household.",
        zone=Zone.IDENTITY,
        columns=(
            HOUSEHOLD,
            _PERSON,
            column("severed_from", Kind.DATE, "X", "From which month end on."),
        ),
    ),
    MadeTable(
        name="household_member_span",
        says="One row for each span of month ends in which a person is of a household alike.",
        zone=Zone.IDENTITY,
        columns=(*_SPAN, *_MEMBER),
    ),
    MadeTable(
        name="household_member",
        says="One row for each person of a household at a month end; a view of its spans.",
        zone=Zone.IDENTITY,
        columns=(SNAPSHOT, *_MEMBER),
    ),
    MadeTable(
        name="household_snapshot_span",
        says="One row for each span of month ends in which a household stays as it is.",
        zone=Zone.IDENTITY,
        columns=(HOUSEHOLD, *_SPAN, *_STATE),
    ),
    MadeTable(
        name="household_snapshot",
        says="One row for each household at a month end; a view of its spans.",
        zone=Zone.IDENTITY,
        copied_to=Zone.MODELLING,
        columns=(
            HOUSEHOLD,
            SNAPSHOT,
            *_STATE,
        ),
    ),
    MadeTable(
        name="household_event",
        says="One row for each change of a household.",
        zone=Zone.IDENTITY,
        copied_to=Zone.MODELLING,
        columns=(
            HOUSEHOLD,
            column("event", Kind.CODE, "Q", "What happened."),
            column("event_date", Kind.DATE, "Q", "When."),
            column("from_household_id", Kind.INTEGER, "O", "Household before."),
            column("to_household_id", Kind.INTEGER, "O", "Household after."),
            column("confidence", Kind.NUMBER, "O", "How sure it is."),
        ),
    ),
    MadeTable(
        name="household_audit_span",
        says="One row for each span of month ends in which a household is of the same groups.",
        zone=Zone.IDENTITY,
        columns=(
            *_SPAN,
            HOUSEHOLD,
            *(c for c in _audit_groups() if c.name != "age_band"),
            column("lead_born", Kind.INTEGER, "Q", "The lead's month of birth, since year 0."),
            *_AUDITED_HOME,
        ),
    ),
    MadeTable(
        name="household_audit",
        says="One row for each household at a month end: its groups in the equity audit; a view.",
        zone=Zone.IDENTITY,
        copied_to=Zone.AUDIT,
        columns=(
            SNAPSHOT,
            HOUSEHOLD,
            *_audit_groups(),
            *_AUDITED_HOME,
        ),
    ),
)

TABLES = (*_PEOPLE, *_HOMES)
