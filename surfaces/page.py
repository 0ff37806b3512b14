"""Renders a page inside the shell that all pages share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from contracts.place import Wording
from surfaces import words
from surfaces.brand import brand_css

_HERE = Path(__file__).parent
_SHELL = _HERE / "templates"
_STYLESHEET = _HERE / "static" / "page.css"


@dataclass(frozen=True)
class Marking:
    """The band above everything, on screen and on every printed page.

    Attributes:
        label: The marking itself.
        sentence: What it asks of the reader.
    """

    label: str
    sentence: str


OFFICIAL = Marking(
    "OFFICIAL",
    "No personal information. Small groups are hidden. For board members until published.",
)
OFFICIAL_SENSITIVE = Marking(
    "OFFICIAL – SENSITIVE",  # noqa: RUF001 - the marking is written with an en dash
    "Personal information. For the named team only. Do not print, copy or forward outside it.",
)


@dataclass(frozen=True)
class MenuItem:
    """A link beside the service's name; ``href`` is a place in the same page, such as ``#sign``."""

    text: str
    href: str


def render_page(
    template: Path,
    *,
    wording: Wording,
    marking: Marking,
    title: str,
    service: str | None = None,
    menu: tuple[MenuItem, ...] = (),
    **context: Any,
) -> str:
    """A whole page as HTML.

    Args:
        template: A template file that extends ``page.html``.
        wording: The place's names and colour.
        marking: Who may see the page.
        title: Title of the window; never about a person.
        service: Name beside the menu; the place's service where not given.
        menu: Links to parts of this page.
        context: What the template needs.

    Raises:
        SettingsError: If text on the place's brand colour could not be read by everybody.
    """
    page = _environment(template.parent).get_template(template.name)
    return page.render(
        **context,
        wording=wording,
        marking=marking,
        title=title,
        service=service or wording.service,
        menu=menu,
        stylesheet=_stylesheet(),
        brand=Markup(brand_css(wording.brand_colour)),  # noqa: S704 - a checked hex colour
    )


@cache
def _stylesheet() -> Markup:
    return Markup(_STYLESHEET.read_text(encoding="utf-8"))  # noqa: S704 - our own file


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(_SHELL)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=words.day,
        full_day=words.full_day,
        number=words.number,
        opening=words.opening,
        thousands=words.thousands,
        listing=words.listing,
        counted=words.counted,
        sentence=words.sentence,
        in_100=words.in_100,
    )
    return environment
