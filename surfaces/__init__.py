"""The shell of every page that people read: one look, one set of words, one disclosure rule.

A page is one HTML file with its style inside it: no script, no font file, no outside request. To
make one, write a Jinja2 template in your own package that extends ``page.html`` and fills its
blocks, then call :func:`render_page`::

    {% extends "page.html" %}
    {% block caption %}Harbour East neighbourhood team{% endblock %}
    {% block heading %}Households who may welcome an early conversation{% endblock %}
    {% block lead %}10 households, suggested from records up to {{ day | full_day }}.{% endblock %}
    {% block content %} ... {% endblock %}
    {% block foot %}<p>List {{ reference }}.</p>{% endblock %}

    html = render_page(
        Path(__file__).parent / "templates" / "list.html",
        wording=place.wording, marking=OFFICIAL_SENSITIVE, title="Early support list",
        menu=(MenuItem("Households", "#households"),), day=day, reference=reference)

Everything in a template is escaped unless it is ``Markup``; a name that was not passed raises.
``caption``, ``lead`` and ``foot`` may be left out. Never put a name, an address or a reason into
``title``: it shows in browser histories and window lists.

Filters: ``day`` (4 December), ``full_day`` (4 December 2026), ``number`` (four; 12; 18,420),
``opening`` (the same with a capital, to open a sentence), ``thousands`` (18,420), ``listing``
(a, b and c), ``counted`` (``3 | counted("household")`` is 3 households), ``sentence`` (a capital at
the start), ``in_100`` (a share as whole numbers out of 100). The same functions are in
:mod:`surfaces.words`.

Classes of our own beside GOV.UK Frontend's typography, table, tag, summary list, inset text,
warning text, details and spacing overrides: ``app-facts`` (strip of at most four), ``app-glance``
(a table whose first column does not wrap), ``app-scroll`` (box in which a wide table scrolls; give
it ``tabindex="0" role="region"`` and an ``aria-label``), ``app-household`` with ``__head``,
``__where``, ``__by`` and ``__body``, ``app-two`` (reasons beside strengths), ``app-h4``,
``app-list`` with ``--also`` and ``--strength`` and ``app-src`` inside an item, ``app-first`` (check
first), ``app-offer``, ``app-actions``, ``app-key``, ``app-verdict``, ``app-figure``, ``app-num``,
``app-checks``, ``app-sign``, ``app-command``, ``app-fold`` (details with a table), ``app-note``,
``app-prov``, ``app-noprint``. Forms are not there: a page that is a file cannot receive one.

Other modules: :mod:`surfaces.disclosure` (small counts), :mod:`surfaces.tables` (figures in
rows), :mod:`surfaces.pictures` (Altair chart to inline SVG), :mod:`surfaces.brand` (a place's
colour).
"""

from __future__ import annotations

from surfaces.page import OFFICIAL, OFFICIAL_SENSITIVE, Marking, MenuItem, render_page

__all__ = ["OFFICIAL", "OFFICIAL_SENSITIVE", "Marking", "MenuItem", "render_page"]
