"""The weekly report: one self-contained HTML page, and the same in Markdown for e-mail and chat.

The same view gives the same bytes. It reads no clock, no database and no network, and writes no file. Called by the
weekly flow.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from reports import charts, headline, words
from reports.environment import html_environment, markdown_environment
from reports.page import FIRST_ROWS, OPEN_CARDS, Page, page_of
from transforms.records import WeekView


def render_html(view: WeekView) -> str:
    """Return the report as a page of its own, to be opened from anywhere: no script, no font, no request."""
    page = page_of(view)
    template = html_environment().get_template("weekly.html.j2")
    return template.render(**_shared(page), trend=_trend(page), kinds_picture=_kinds(page))


def render_markdown(view: WeekView) -> str:
    """Return the report in GitHub's Markdown."""
    return markdown_environment().get_template("weekly.md.j2").render(**_shared(page_of(view)))


def _shared(page: Page) -> dict[str, object]:
    """Return what both templates are given."""
    view = page.view
    return {
        "page": page,
        "view": view,
        "span": words.days(view.monday, view.sunday),
        "weeks_before": headline.weeks_before(view.trend) if page.mean is not None else "",
        "open_cards": OPEN_CARDS,
        "first_rows": FIRST_ROWS,
    }


def _trend(page: Page) -> tuple[tuple[str, Markup], ...]:
    """Return the trend as SVG by the width it is for."""
    weeks = ", ".join(f"{week} {count}" for week, count in page.view.trend)
    text = f"Bar chart of the events of each week. {page.finding}. {weeks}."
    return _in_both_widths(lambda width: charts.trend_chart(page.view.trend, page.mean, text, width))


def _kinds(page: Page) -> tuple[tuple[str, Markup], ...]:
    """Return the kinds as SVG by the width it is for."""
    rows = [(row.name, row.events.value, row.mean) for row in page.kinds]
    text = f"Bar chart of the events of each kind. {', '.join(f'{name} {count}' for name, count, _ in rows)}."
    return _in_both_widths(lambda width: charts.kinds_chart(rows, text, width))


def _in_both_widths(draw: Callable[[int], str]) -> tuple[tuple[str, Markup], ...]:
    """Return a picture for wide and one for narrow screens; none where there is nothing to draw."""
    drawn = (("wide", draw(charts.WIDE_PIXELS)), ("narrow", draw(charts.NARROW_PIXELS)))
    return tuple((width, Markup(svg)) for width, svg in drawn if svg)  # noqa: S704 - drawn from names of ours and numbers
