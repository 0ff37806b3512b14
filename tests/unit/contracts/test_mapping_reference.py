"""The page of mapping settings is current, complete, and its example works."""

from __future__ import annotations

import tomllib

from contracts import mapping_reference
from contracts.holders import SourceSettings, check_mapping


def test_the_page_in_the_repository_is_current():
    assert mapping_reference.main(["--check"]) == 0


def test_every_setting_is_said_in_words():
    page = mapping_reference.mapping_markdown()
    for _, _, model in mapping_reference._PARTS:
        for name, field in model.model_fields.items():
            assert f"| `{name}` |" in page
            assert field.description, f"{model.__name__}.{name} says nothing"


def test_the_example_is_sound():
    text = mapping_reference._EXAMPLE.removeprefix("```toml").removesuffix("```")
    found = tomllib.loads(text)["sources"]
    found["ctax"]["lawful_basis"] = "public task"
    found["uc"] |= {"lawful_basis": "public task", "controller": "DWP", "agreement": "1"}
    for key, settings in found.items():
        source = SourceSettings.model_validate(settings)
        for at, table, mapping in source.every_mapping():
            check_mapping(at, key, table, mapping)
