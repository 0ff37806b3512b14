from __future__ import annotations

import pytest

from contracts.errors import SettingsError
from synthetic.injections import chosen_preset
from synthetic.settings import EVEN_FAULTS, Switches, chosen_size


def test_unknown_names_are_refused_with_the_choices():
    with pytest.raises(SettingsError, match="tiny"):
        chosen_size("huge", None)
    with pytest.raises(SettingsError, match="B0"):
        chosen_preset("B9")


@pytest.mark.parametrize("months", [0, 7, 121])
def test_months_that_cannot_be_used_are_refused(months: int):
    with pytest.raises(SettingsError, match="between 8 and 120"):
        chosen_size("tiny", months)


def test_another_number_of_months_keeps_the_rest():
    assert chosen_size("small", 12).households == chosen_size("small", None).households
    assert chosen_size("small", 12).months == 12


@pytest.mark.parametrize("wrong", [{"group": ("NOBODY",)}, {"unlinked": 1.5}, {"spurious": -0.1}])
def test_switches_that_make_no_sense_are_refused(wrong: dict[str, object]):
    with pytest.raises(SettingsError, match="switch"):
        Switches(**wrong)  # type: ignore[arg-type]  # the point of the test


def test_the_fair_place_has_no_fault_that_hits_a_group():
    fair = chosen_preset("B0").faults
    assert fair == EVEN_FAULTS
    assert fair.transliterated == fair.name_order == 0.0
    assert fair.default_birth_date_abroad == fair.default_birth_date
    assert fair.stale_gp_young == fair.stale_gp
    assert fair.missing_uprn_renters == 1.0
    assert fair.wrong_nino_migrants == fair.ethnicity_differs_mixed == 1.0
    assert chosen_preset("B0").switches == Switches()
