"""Charts as inline SVG: drawn with Altair, turned by vl-convert, readable without sight."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

import vl_convert
from markupsafe import Markup

if TYPE_CHECKING:
    import altair as alt

_INNER_ROLES = re.compile(r"\s(?:role|aria-[a-z]+)=\"[^\"]*\"")
_CLIP = re.compile(r"\bclip\d+\b")
_ROOT = re.compile(r"<svg\b([^>]*)>")


def inline_svg(
    chart: alt.TopLevelMixin, *, identifier: str, title: str, description: str
) -> Markup:
    """The chart as one SVG element for a page.

    The marks inside lose their roles and labels, which screen readers would read as a hundred
    unnamed pictures; the whole gets one title and one sentence saying what it shows.

    Args:
        chart: An Altair chart.
        identifier: Prefix of the element's ids, unique in its page.
        title: What the picture is of.
        description: What it shows; the same figures must follow as a table.
    """
    specification: dict[str, Any] = chart.to_dict()
    drawn = vl_convert.vegalite_to_svg(specification)
    bare = _own_clips(_INNER_ROLES.sub("", drawn), identifier)
    start = f'<svg role="img" aria-labelledby="{identifier}-t {identifier}-d" focusable="false"'
    names = (
        f'<title id="{identifier}-t">{escape(title)}</title>'
        f'<desc id="{identifier}-d">{escape(description)}</desc>'
    )
    whole = _ROOT.sub(lambda root: f"{start}{root.group(1)}>{names}", bare, count=1)
    return Markup(whole)  # noqa: S704 - drawn from our own chart, names escaped


def _own_clips(drawn: str, identifier: str) -> str:
    """Clip paths by names of this picture's own: the library numbers those of a whole process."""
    names: dict[str, str] = {}
    return _CLIP.sub(lambda found: names.setdefault(found[0], f"{identifier}-c{len(names)}"), drawn)
