"""A place's one brand colour: checked for contrast, then turned into the tints a page needs."""

from __future__ import annotations

from contracts.errors import SettingsError

MINIMUM_CONTRAST = 4.5
"""What WCAG 2.2 AA asks of text."""
_WHITE = (255, 255, 255)
_TINT, _LINE = 0.07, 0.28


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two hex colours by WCAG's relative luminance, from 1 to 21."""
    lighter, darker = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def brand_css(colour: str) -> str:
    """The custom properties that put a place's colour into the stylesheet.

    Raises:
        SettingsError: If white text on the colour, or the colour on its own tint, would have less
            contrast than 4.5 to 1.
    """
    tint, line = _mixed(colour, _TINT), _mixed(colour, _LINE)
    least = min(contrast(colour, "#ffffff"), contrast(colour, tint))
    if least < MINIMUM_CONTRAST:
        raise SettingsError(
            f"wording.brand_colour {colour} has a contrast of {least:.1f} to 1 with the text or "
            f"background beside it; {MINIMUM_CONTRAST} is needed for everybody to read it.",
            next_step="Choose a darker colour.",
        )
    return (
        f":root{{--brand:{colour};--govuk-brand-colour:{colour};"
        f"--brand-tint:{tint};--brand-line:{line}}}"
    )


def _mixed(colour: str, share: float) -> str:
    pairs = zip(_rgb(colour), _WHITE, strict=True)
    mixed = [round(share * own + (1 - share) * white) for own, white in pairs]
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(rgb: tuple[int, int, int]) -> float:
    red, green, blue = (_linear(channel / 255) for channel in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    low = channel <= 0.04045
    return channel / 12.92 if low else float(((channel + 0.055) / 1.055) ** 2.4)
