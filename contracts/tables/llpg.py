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
            "blpu_class",
            Kind.CODE,
            "O",
            "What kind of property it is.",
            codes=BLPU_CLASSES,
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
        column("start_date", Kind.DATE, "O", "When it began.", required=True),
        column("end_date", Kind.DATE, "O", "When it ended."),
    ),
)

AREA_LOOKUP = Table(
    name="area_lookup",
    source="area",
    says="One row for each census area, from open data.",
    key=("lsoa21",),
    business=(
        column("lsoa21", Kind.CODE, "O", "Census 2021 area.", required=True),
        column("ward", Kind.CODE, "O", "Electoral ward."),
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
    ),
)

TABLES = (LLPG_BLPU, LLPG_LPI, AREA_LOOKUP)
