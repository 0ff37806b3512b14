from __future__ import annotations

import re

import altair as alt
import pytest

from surfaces.pictures import inline_svg


def _picture(title="A & B", description='Three "bars"'):
    chart = (
        alt.Chart(alt.InlineData(values=[{"a": "x", "b": 1}, {"a": "y", "b": 3}]))
        .mark_bar()
        .encode(x="a:N", y="b:Q")
    )
    return inline_svg(chart, identifier="fig", title=title, description=description)


@pytest.fixture(scope="module")
def svg():
    return _picture()


def test_only_the_whole_picture_has_a_role_and_a_name(svg):
    assert svg.count('role="img"') == 1
    assert len(re.findall(r"\brole=", svg)) == 1
    assert re.findall(r"\baria-[a-z]+=", svg) == ["aria-labelledby="]
    assert svg.startswith('<svg role="img" aria-labelledby="fig-t fig-d" focusable="false"')


def test_title_and_description_are_escaped_text(svg):
    assert '<title id="fig-t">A &amp; B</title>' in svg
    assert '<desc id="fig-d">Three &quot;bars&quot;</desc>' in svg


def test_a_backslash_in_a_title_is_text():
    assert r"a\1b</title>" in _picture(title=r"a\1b")


def test_the_picture_is_drawn(svg):
    assert svg.count("<path") >= 2
    assert svg.endswith("</svg>")
    assert "<script" not in svg


def test_the_same_chart_is_the_same_bytes(svg):
    assert _picture() == svg
