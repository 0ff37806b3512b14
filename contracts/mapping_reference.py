"""The reference page of mapping settings and manifests, made from the models that read them.

``python -m contracts.mapping_reference --write`` makes it; ``--check`` fails where it is stale.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from contracts.holders import Controller, Former, Shape, SourceSettings
from contracts.manifest import Manifest
from contracts.mapping import FileStyle, NumberStyle, TableMapping
from contracts.pages import write_or_check
from contracts.register import PurposeEntry
from contracts.workspace import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "mapping.md"

_PARTS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("A table", "`[sources.<source>.tables.<table>]`", TableMapping),
    ("How its file is written", "`[sources.<source>.tables.<table>.file]`", FileStyle),
    ("How its numbers are written", "`[sources.<source>.tables.<table>.numbers]`", NumberStyle),
    ("A source", "`[sources.<source>]`", SourceSettings),
    ("Another version of a feed", "`[sources.<source>.shapes.<schema_version>]`", Shape),
    ("One of several controllers", "`[sources.<source>.controllers.<code>]`", Controller),
    ("Its entry in the legal register", "`[sources.<source>.legal.<purpose>]`", PurposeEntry),
    ("A former name", "`[[sources.<source>.formerly]]`", Former),
    ("The manifest", "`manifest.json`, beside the file", Manifest),
)

_EXAMPLE = """```toml
[sources.ctax.controllers.east]            # one of five districts; ids become east:...
controller = "Eastdale District Council"
agreement = "NS-012"

[sources.ctax.controllers.east.tables.ctax_account]
date_format = ["%d/%m/%Y", "iso"]          # both are in the file
absent = ["breathing_space_until"]         # it has no such column
constants = { source_system = "revenues" } # nor this one, but we know its value
ignore = ["notes", "user_*"]               # never read
numbers = { thousands = ",", drop = ["£"], negatives = ["CR"] }

[sources.ctax.controllers.east.tables.ctax_account.file]
encoding = "cp1252"
delimiter = ";"
header_row = 3                             # below a title
footer_rows = 1                            # a total

[sources.ctax.controllers.east.tables.ctax_account.columns]
liability_start = "occupation_date"        # Afloat's name = the file's name

[sources.ctax.controllers.east.tables.ctax_account.codes.payment_method]
"Direct Debit" = "DD"                      # the file's code = Afloat's code

[sources.uc]
schema_version = "2"                       # the shape that sources.uc.tables describes

[sources.uc.shapes."1"]                    # the old one, still read from old deliveries
leaves_out = ["uc_deduction"]

[sources.uc.shapes."1".tables.uc_award]
absent = ["sanction_reduction_pm"]
```"""


def mapping_markdown() -> str:
    """The whole page, as Markdown."""
    return "\n\n".join(_parts()) + "\n"


def _parts() -> Iterator[str]:
    yield "# Mapping settings and manifests"
    yield (
        "<!-- Made from the settings' models by `python -m contracts.mapping_reference --write`. "
        "Change those, not this page. -->"
    )
    yield (
        "What a vendor does in its own way is a setting in `place.toml`, never code. "
        "`afloat map <file> --place <name>` drafts these settings from a sample of a file."
    )
    yield _EXAMPLE
    for title, where, model in _PARTS:
        yield f"## {title}"
        yield f"{where}. {(model.__doc__ or '').splitlines()[0]}"
        yield "\n".join(_rows(model))


def _rows(model: type[BaseModel]) -> Iterator[str]:
    yield "| setting | where not given | what it says |"
    yield "| --- | --- | --- |"
    for name, field in model.model_fields.items():
        says = " ".join((field.description or "").split()).replace("|", "\\|")
        yield f"| `{name}` | {_default(field.get_default(call_default_factory=True))} | {says} |"


def _default(value: object) -> str:
    if value is PydanticUndefined:
        return "*needed*"
    if isinstance(value, BaseModel):
        return "as below"
    if value in (None, "", (), {}):
        return "nothing"
    shown = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    return f"`{shown}`".replace("|", "\\|")


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or check that it is as the models have it.

    Returns:
        0 where all is well, 1 where the page is out of date.
    """
    return write_or_check(
        PAGE, mapping_markdown, module="contracts.mapping_reference", arguments=arguments
    )


if __name__ == "__main__":
    sys.exit(main())
