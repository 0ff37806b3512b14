from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from contracts.errors import SettingsError
from contracts.place import Wording
from contracts.workspace import REPOSITORY
from surfaces import OFFICIAL, OFFICIAL_SENSITIVE, MenuItem, render_page

WORDING = Wording(
    council="Anytown & District Council",
    board="Data Board",
    contact="Data team",
    contact_line="extension 1",
    brand_colour="#5b2a86",
)
HOOKS = {"govuk-table__row", "govuk-table__body"}
"""Names that GOV.UK Frontend gives to markup without a style of their own."""
TEMPLATE = """{% extends "page.html" %}
{% block caption %}{{ team }}{% endblock %}
{% block heading %}Households{% endblock %}
{% block content %}<p>{{ 3 | opening }} on {{ day | day }}</p>{% endblock %}
{% block foot %}<p>End</p>{% endblock %}
"""


class _Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, tag):
        return [attrs for found, attrs in self.found if found == tag]


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "some.html"
    path.write_text(TEMPLATE)
    return path


def _render(template, **changed):
    from datetime import date

    settings = {
        "wording": WORDING,
        "marking": OFFICIAL,
        "title": "A page",
        "team": "Harbour <East>",
        "day": date(2026, 12, 4),
        **changed,
    }
    return render_page(template, **settings)


def test_the_blocks_stand_in_the_shell(template):
    html = _render(template, menu=(MenuItem("Top", "#main"),))
    assert "<title>A page - Early support lists - Anytown &amp; District Council</title>" in html
    assert "<p>Three on 4 December</p>" in html
    assert 'href="#main">Top</a>' in html
    body = html[html.index("<body") :]
    assert body.index("app-marking") < body.index("govuk-generic-header__logo")
    assert html.rstrip().endswith("</html>")


def test_what_is_passed_is_escaped(template):
    html = _render(template, team="<script>alert(1)</script>")
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_name_that_was_not_passed_raises(template, tmp_path):
    other = tmp_path / "other.html"
    other.write_text(TEMPLATE.replace("{{ team }}", "{{ unknown }}"))
    with pytest.raises(UndefinedError, match="unknown"):
        _render(other)


def test_a_page_asks_nothing_of_anybody(template):
    html = _render(template, menu=(MenuItem("Top", "#main"),))
    tags = _Tags(html)
    assert not [tag for tag in ("script", "link", "img", "iframe") if tags.named(tag)]
    assert all(link["href"].startswith("#") for link in tags.named("a"))
    assert not re.search(r"url\(|@import|@font-face|src=", html)


@pytest.mark.parametrize("marking", [OFFICIAL, OFFICIAL_SENSITIVE])
def test_the_marking_is_on_screen_and_on_every_printed_page(template, marking):
    html = _render(template, marking=marking)
    assert f"<p>{marking.label} <span>{marking.sentence}</span></p>" in html
    assert f'@bottom-left{{content:"{marking.label}"' in html


def test_the_colour_is_the_place_s_own(template):
    html = _render(template)
    assert "--brand:#5b2a86" in html
    assert html.index("--brand:#5b2a86") > html.index("--brand: #0b5a5e")


def test_a_colour_that_cannot_be_read_is_refused(template):
    pale = WORDING.model_copy(update={"brand_colour": "#ffdd00"})
    with pytest.raises(SettingsError, match="darker"):
        _render(template, wording=pale)


def test_the_same_page_twice_is_the_same_bytes(template):
    assert _render(template) == _render(template)


def test_caption_and_lead_may_be_left_out(tmp_path):
    path = tmp_path / "bare.html"
    path.write_text('{% extends "page.html" %}{% block heading %}H{% endblock %}')
    html = _render(path)
    assert 'govuk-caption-l"' not in html
    assert 'govuk-body-l"' not in html


def test_the_stylesheet_has_no_typeface_crown_or_crest():
    css = (REPOSITORY / "surfaces/static/page.css").read_text(encoding="utf-8")
    assert not css.startswith("\ufeff")
    for unwanted in ("GDS Transport", "@font-face", "crown", "crest", "url("):
        assert unwanted not in css
    assert '"Arial"' in css


def _classes_of(template):
    """Classes written out in a template; those that are worked out are left aside."""
    text = re.sub(r"{%.*?%}", " ", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"{{.*?}}", "{}", text)
    for words in re.findall(r'class="([^"]*)"', text):
        yield from (word for word in words.split() if "{" not in word and "}" not in word)


@pytest.mark.parametrize(
    "template", sorted(REPOSITORY.glob("*/templates/*.html")), ids=lambda path: path.name
)
def test_every_class_of_every_page_is_in_the_stylesheet(template):
    css = (REPOSITORY / "surfaces/static/page.css").read_text(encoding="utf-8").replace("\\", "")
    missing = {name for name in _classes_of(template) if f".{name}" not in css} - HOOKS
    assert not missing
