"""The address gazetteer (LLPG, AddressBase Premium structure) and the open area lookup."""

from __future__ import annotations

from contracts.columns import Kind, Table, column

BLPU_CLASSES = {
    "RD01": "caravan",
    "RD02": "detached house",
    "RD03": "semi-detached house",
    "RD04": "terraced house",
    "RD06": "self-contained flat",
    "RD07": "houseboat",
    "RD08": "sheltered accommodation",
    "RH01": "house in multiple occupation, parent",
    "RH02": "bedsit, not self-contained",
    "RH03": "house in multiple occupation, not divided",
    "RI01": "care or nursing home",
    "RI02": "communal residence",
    "RI03": "residential education",
    "PP": "property shell",
    "U": "unclassified",
    "C": "commercial",
}

LLPG_BLPU = Table(
    name="llpg_blpu",
    source="llpg",
    says="One row for each addressable property.",
    key=("uprn",),
    periods=(("start_date", "end_date"),),
    business=(
        column("uprn", Kind.UPRN, "I", "Unique property reference number.", required=True),
        column("parent_uprn", Kind.UPRN, "I", "The building that a flat or room is part of."),
        column(
            "logical_status",
            Kind.CODE,
            "O",
            "Whether the address is in use.",
            required=True,
            codes={"1": "approved", "6": "provisional", "8": "historical"},
        ),
        column(
            "blpu_state",
            Kind.CODE,
            "O",
            "How the building stands.",
            codes={
                "1": "under construction",
                "2": "in use",
                "3": "unoccupied",
                "4": "demolished",
                "6": "planning permission granted",
            },
        ),
        column(
            "blpu_class",
            Kind.CODE,
            "O",
            "What kind of property it is.",
            codes=BLPU_CLASSES,
            families=("C", "L", "O", "R", "U", "X", "Z"),
        ),
        column(
            "postal_address_code",
            Kind.CODE,
            "O",
            "Whether the address stands alone or is part of a building.",
            codes={
                "S": "single",
                "C": "child of a building with several addresses",
                "M": "building with several addresses",
                "N": "not postal",
            },
        ),
        column("easting", Kind.NUMBER, "I", "British National Grid.", unit="metres", low=0),
        column("northing", Kind.NUMBER, "I", "British National Grid.", unit="metres", low=0),
        column("lsoa21", Kind.CODE, "Q", "Census 2021 area of about 700 households."),
        column("ward_code", Kind.CODE, "Q", "Electoral ward."),
        column("start_date", Kind.DATE, "O", "When the address began.", required=True),
        column("end_date", Kind.DATE, "O", "When the address ended."),
    ),
)

LLPG_LPI = Table(
    name="llpg_lpi",
    source="llpg",
    says="One row for each way of writing an address.",
    key=("lpi_key",),
    periods=(("start_date", "end_date"),),
    business=(
        column("lpi_key", Kind.TEXT, "I", "Key of the address line.", required=True),
        column("uprn", Kind.UPRN, "I", "The property.", required=True),
        column(
            "logical_status",
            Kind.CODE,
            "O",
            "Whether this way of writing it is in use.",
            required=True,
            codes={
                "1": "approved",
                "3": "alternative",
                "6": "provisional",
                "8": "historical",
            },
        ),
        column("saon", Kind.TEXT, "I", "Flat or room."),
        column("paon", Kind.TEXT, "I", "House number or name."),
        column("street", Kind.TEXT, "I", "Street."),
        column("locality", Kind.TEXT, "I", "Locality."),
        column("town", Kind.TEXT, "I", "Town."),
        column("postcode", Kind.TEXT, "I", "Postcode."),
        column(
            "language",
            Kind.CODE,
            "O",
            "Language of the line.",
            codes={"ENG": "English", "CYM": "Welsh"},
        ),
        column("start_date", Kind.DATE, "O", "When it began.", required=True),
        column("end_date", Kind.DATE, "O", "When it ended."),
    ),
)

LLPG_XREF = Table(
    name="llpg_xref",
    source="llpg",
    says="One row for each number that another system has for a property.",
    key=("uprn", "xref_source", "xref_id"),
    periods=(("start_date", "end_date"),),
    business=(
        column("uprn", Kind.UPRN, "I", "The property.", required=True),
        column(
            "xref_source",
            Kind.CODE,
            "O",
            "The other system.",
            required=True,
            codes={
                "ctax_propref": "council tax",
                "nndr": "business rates",
                "housing_propref": "housing",
                "education": "education",
            },
        ),
        column("xref_id", Kind.TEXT, "I", "Its number there.", required=True),
        column("start_date", Kind.DATE, "O", "From.", required=True),
        column("end_date", Kind.DATE, "O", "To."),
    ),
)

UPRN_SUCCESSION = Table(
    name="uprn_succession",
    source="llpg",
    says="One row for each property number that took the place of another.",
    key=("old_uprn", "new_uprn", "change_date"),
    business=(
        column("old_uprn", Kind.UPRN, "I", "The number before.", required=True),
        column("new_uprn", Kind.UPRN, "I", "The number since.", required=True),
        column("change_date", Kind.DATE, "O", "When.", required=True),
        column(
            "change_type",
            Kind.CODE,
            "O",
            "How.",
            required=True,
            codes={
                "merge": "several became one",
                "split": "one became several",
                "replace": "one took the place of one",
            },
        ),
    ),
)

AREA_LOOKUP = Table(
    name="area_lookup",
    source="area",
    says="One row for each census area, from open data.",
    key=("lsoa21",),
    business=(
        column("lsoa21", Kind.CODE, "O", "Census 2021 area.", required=True),
        column("msoa21", Kind.CODE, "O", "Census 2021 area of about 3,000 households."),
        column("ward", Kind.CODE, "O", "Electoral ward."),
        column("lad", Kind.CODE, "O", "Council."),
        column(
            "neighbourhood_code",
            Kind.CODE,
            "O",
            "The place's own neighbourhood.",
            required=True,
        ),
        column("imd_score", Kind.NUMBER, "O", "Index of Multiple Deprivation score.", low=0),
        column(
            "imd_decile",
            Kind.INTEGER,
            "O",
            "Deprivation tenth of England, 1 the most deprived.",
            required=True,
            low=1,
            high=10,
        ),
        column(
            "income_domain",
            Kind.NUMBER,
            "O",
            "Share of people on a low income.",
            low=0,
            high=1,
        ),
        column("imd_vintage", Kind.TEXT, "O", "Year of the index."),
        column("idaci", Kind.NUMBER, "O", "Share of children in low income.", low=0, high=1),
        column("rural_urban", Kind.CODE, "O", "Rural and urban classification."),
        column("broadband", Kind.NUMBER, "O", "Share of homes with fast internet.", low=0, high=1),
        column(
            "chc_register_need",
            Kind.NUMBER,
            "O",
            "Households on the housing register, per 100.",
            low=0,
        ),
    ),
)

TABLES = (LLPG_BLPU, LLPG_LPI, LLPG_XREF, UPRN_SUCCESSION, AREA_LOOKUP)
