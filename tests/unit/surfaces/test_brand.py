from __future__ import annotations

import pytest

from contracts.errors import SettingsError
from surfaces.brand import brand_css, contrast


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0b5a5e", "#ffffff", 7.96)],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_a_brand_colour_replaces_the_default():
    css = brand_css("#1d3557")
    assert "--brand:#1d3557" in css
    assert "--govuk-brand-colour:#1d3557" in css
    assert "--brand-tint:#eff1f3" in css


@pytest.mark.parametrize("pale", ["#ffdd00", "#777777", "#85994b"])
def test_a_colour_on_which_text_cannot_be_read_is_refused(pale):
    with pytest.raises(SettingsError, match=f"brand_colour {pale} has a contrast of"):
        brand_css(pale)


def test_a_colour_that_reaches_white_but_not_its_own_tint_is_refused():
    assert contrast("#767676", "#ffffff") > 4.5
    with pytest.raises(SettingsError, match="Choose a darker colour"):
        brand_css("#767676")
