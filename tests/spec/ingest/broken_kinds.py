"""The table of broken deliveries: what is wrong, how it ends, and what is said."""

from __future__ import annotations

from tests.spec.ingest import broken
from tests.spec.ingest.broken import Case
from tests.unit.ingest.vendors import fixed_of

CASES = {
    # ---- bytes -----------------------------------------------------------------------------
    "gzip": Case(make=broken.csv(broken.zipped), said=("a compressed file",)),
    "gzip cut short": Case(
        make=broken.csv(lambda content: broken.zipped(content)[:-9]), said=("a compressed file",)
    ),
    "old workbook": Case(
        make=broken.csv(lambda content: b"\xd0\xcf\x11\xe0" + content), said=(".xls",)
    ),
    "Parquet where CSV is agreed": Case(
        make=broken.csv(lambda content: b"PAR1" + content), said=("a Parquet file, not CSV",)
    ),
    "UTF-16 without a mark": Case(
        make=broken.csv(lambda content: content.decode().encode("utf-16-le")),
        said=("is not UTF-8",),
    ),
    "a NUL byte": Case(
        make=broken.csv(lambda content: content.replace(b"title-3", b"title\x003")),
        said=("row 3, column title,",),
    ),
    "byte order mark": Case(
        make=broken.csv(lambda content: b"\xef\xbb\xbf" + content), outcome="loaded", loaded=10
    ),
    # ---- shape -----------------------------------------------------------------------------
    "a delimiter inside quotes": Case(
        make=broken.rows_of(lambda rows: rows[4].update(last_name="de la Cruz, Jr")),
        outcome="loaded",
        loaded=20,
    ),
    "a line end inside quotes": Case(
        make=broken.rows_of(lambda rows: rows[4].update(last_name="de la\nCruz")),
        outcome="loaded",
        loaded=20,
    ),
    "a long value": Case(
        make=broken.rows_of(lambda rows: rows[4].update(last_name="x" * 90_000)),
        outcome="loaded",
        loaded=20,
    ),
    "a value without an end": Case(
        make=broken.rows_of(lambda rows: rows[4].update(last_name="x" * 1_200_000)),
        said=("row 5 has a value of more than 1,000,000 characters",),
    ),
    "two header rows": Case(
        make=broken.csv(
            lambda content: content.split(b"\n", 1)[0] + b"\n" + content, 20, row_count=21
        ),
        outcome="loaded",
        loaded=20,
        quarantined=1,
        said=("row 1",),
    ),
    "a title above the header": Case(
        make=broken.csv(lambda content: b"Housing system extract\n" + content),
        said=("the first line is not the header: 0 of 16",),
    ),
    "header alone": Case(make=broken.csv(count=0), outcome="loaded"),
    "nothing but line ends": Case(
        make=broken.csv(lambda _: b"\n\n\n", row_count=0), said=("not the header",)
    ),
    "header in capitals": Case(
        make=broken.csv(lambda content: content.replace(b"title,", b"TITLE,", 1)),
        said=("missing title", "not known column TITLE"),
    ),
    "ten thousand columns": Case(
        make=broken.csv(lambda content: content.replace(b"\n", b"," * 9_990 + b"z\n")),
        said=("10,006 columns, more than 2,000",),
    ),
    # ---- values ----------------------------------------------------------------------------
    "a code list with one new code": Case(
        make=broken.rows_of(lambda rows: rows[7].update(role="GUARANTOR")),
        outcome="loaded",
        loaded=19,
        quarantined=1,
        said=("role is not one of its 3 codes (row 8)",),
    ),
    "another code list": Case(
        make=broken.rows_of(lambda rows: [row.update(role="G") for row in rows]),
        said=("20 of 20 rows break the contract", "role is not one of its 3 codes"),
    ),
    "two date formats, one agreed": Case(
        make=broken.rows_of(lambda rows: [row.update(dob="05/01/1980") for row in rows[:3]]),
        outcome="loaded",
        loaded=17,
        quarantined=3,
        said=("dob is not a date", "rows 1, 2, 3"),
    ),
    "two date formats, both agreed": Case(
        make=broken.rows_of(
            lambda rows: [row.update(award_from="05/01/2026") for row in rows[:9]], "ctax_cts"
        ),
        outcome="loaded",
        loaded=20,
    ),
    "a UPRN through a spreadsheet": Case(
        make=broken.rows_of(lambda rows: rows[0].update(uprn="1.00023E+11"), "llpg_lpi"),
        outcome="loaded",
        loaded=19,
        quarantined=1,
        said=("scientific notation",),
    ),
    "a row given twice": Case(
        make=broken.rows_of(lambda rows: rows.append(dict(rows[2])), row_count=21),
        outcome="loaded",
        loaded=20,
        quarantined=1,
        said=("is on an earlier row",),
    ),
    # ---- workbooks -------------------------------------------------------------------------
    "numbers as text": Case(make=broken.book(), outcome="loaded", loaded=10),
    "a formula": Case(
        make=broken.book(lambda cells: cells[4].__setitem__(2, "=1+1")),
        said=("line 5, column 3", "a formula"),
    ),
    "a formula that calls out": Case(
        make=broken.book(lambda cells: cells[4].__setitem__(0, "=WEBSERVICE(A1)")),
        said=("a formula",),
    ),
    "an error in a cell": Case(
        make=broken.book(lambda cells: cells[2].__setitem__(2, "#REF!")),
        said=("line 3, column 3", "an error of Excel's"),
    ),
    "another worksheet": Case(
        make=broken.book(sheets=("Sheet1",)), said=("no worksheet of the name", "file.sheet")
    ),
    "a workbook cut short": Case(
        make=broken.other(broken.XLSX, lambda lines: broken.workbook_of(lines)[:-400]),
        said=("not a whole Excel workbook",),
    ),
    "CSV where a workbook is agreed": Case(
        make=broken.other(broken.XLSX, lambda lines: b"a,b\n"), said=("not an Excel workbook",)
    ),
    "a zip archive": Case(
        make=broken.archive({"rent.csv": b"a,b\n"}, of_book=False), said=("no Excel workbook",)
    ),
    "a zip bomb": Case(
        make=broken.archive({"xl/worksheets/sheet1.xml": b" " * 20_000_000}),
        said=("would unpack to far more",),
    ),
    "a bomb of entities": Case(
        make=broken.archive({"xl/worksheets/sheet1.xml": broken.ENTITIES}),
        said=("cannot be read as an Excel workbook",),
    ),
    # ---- other formats ---------------------------------------------------------------------
    "Parquet": Case(make=broken.other(broken.PARQUET, broken.parquet), outcome="loaded", loaded=10),
    "Parquet cut short": Case(
        make=broken.other(broken.PARQUET, lambda lines: broken.parquet(lines)[:-30]),
        said=("cannot be read as Parquet",),
    ),
    "Parquet with lists": Case(
        make=broken.other(broken.PARQUET, lambda lines: broken.parquet(lines, nested=True)),
        said=("columns 1 hold lists",),
    ),
    "a line of fixed width cut short": Case(
        make=broken.other(
            broken.FIXED, lambda lines: fixed_of(lines[1:4]) + fixed_of(lines[4:])[: -24 * 3 - 2]
        ),
        said=("row 10 has", "where the last column begins at"),
    ),
    # ---- manifests -------------------------------------------------------------------------
    "a path upwards": Case(make=broken.manifest(broken.with_file("../rent.csv")), said=("file",)),
    "an absolute path": Case(make=broken.manifest(broken.with_file("/etc/hosts")), said=("file",)),
    "a Windows path": Case(make=broken.manifest(broken.with_file("..\\x.csv")), said=("file",)),
    "a hidden file": Case(make=broken.manifest(broken.with_file(".x.csv")), said=("plain file",)),
    "the manifest as its own file": Case(
        make=broken.manifest(broken.with_file("manifest.json")), said=("the manifest itself",)
    ),
    "a list for a manifest": Case(make=broken.manifest(lambda _: "[1, 2]"), said=("cannot be",)),
    "a count that is no number": Case(
        make=broken.manifest(broken.with_field(row_count="many")), said=("row_count",)
    ),
    "a field too many": Case(make=broken.manifest(broken.with_field(x=1)), said=("x: Extra",)),
    "an unknown table": Case(
        make=broken.manifest(broken.with_field(table="parking")), said=("not one that Afloat",)
    ),
    "dates in impossible order": Case(
        make=broken.manifest(broken.with_field(extract_to="2025-01-01")), said=("lies before",)
    ),
    "a manifest of two megabytes": Case(
        make=broken.manifest(lambda _: " " * 2_000_000), said=("larger than any manifest",)
    ),
    "a manifest nested without end": Case(
        make=broken.manifest(lambda _: "[" * 50_000), said=("cannot be used",)
    ),
    # ---- links and loose files -------------------------------------------------------------
    "a link to a file": Case(make=broken.linked("file"), said=("a link to a file",)),
    "a link to a folder": Case(make=broken.linked("folder"), said=("it is a link",)),
    "a link to a manifest": Case(make=broken.linked("manifest"), said=("no manifest.json",)),
    # ---- versions, controllers, coverage, parts --------------------------------------------
    "the feed's old shape": Case(make=broken.native("uc_award", "1"), outcome="loaded", loaded=10),
    "the feed's new shape": Case(make=broken.native("uc_member", "2"), outcome="loaded", loaded=10),
    "a shape nobody knows": Case(
        make=broken.native("uc_element", "3"), said=("schema_version '3' (it has: 1, 2)",)
    ),
    "a table that the old shape lacks": Case(
        make=broken.native("uc_deduction", "1"), said=("does not read table uc_deduction",)
    ),
    "one district": Case(
        make=broken.district("East District", "H-east"), outcome="loaded", loaded=10
    ),
    "another district": Case(
        make=broken.district("West District", "H-west"), outcome="loaded", loaded=10
    ),
    "a district under its former name": Case(
        make=broken.district("Old West", "H-0", extract_to="2026-01-31"),
        outcome="loaded",
        loaded=10,
    ),
    "a district that is none of ours": Case(
        make=broken.district("North District", "H-east"),
        said=("controller is 'North District'", "'East District', 'West District'"),
    ),
    "a district with another's agreement": Case(
        make=broken.district("East District", "H-west"), said=("sharing_agreement_ref is 'H-west'",)
    ),
    "a district after its last day": Case(
        make=broken.district("Gone District", "H-gone"), said=("last day was 2026-01-15",)
    ),
    "f1 a full extract": Case(
        make=broken.full("full", 100, 149, "2026-02-02"), outcome="loaded", loaded=50
    ),
    "f2 a full extract that lacks most": Case(
        make=broken.full("full", 140, 149, "2026-02-09"), said=("lacks", "most_withdrawn")
    ),
    "f3 an older one after a newer": Case(
        make=broken.full("changes", 100, 119, "2026-02-01"), outcome="loaded", loaded=20
    ),
    "two files": Case(make=broken.parts(), outcome="loaded", loaded=10),
    "two files, one changed": Case(
        make=broken.parts(lambda folder: (folder / "part1.csv").write_bytes(b"x")),
        said=("sha256 differs",),
    ),
    "two files, none there": Case(
        make=broken.parts(lambda folder: [path.unlink() for path in folder.glob("part*")]),
        said=("not in the delivery",),
    ),
    "y once": Case(make=broken.csv(count=9), outcome="loaded", loaded=9),
    "zz the same again": Case(make=broken.csv(count=9), outcome="already_loaded", loaded=9),
}
