"""The charts of the weekly report, drawn to SVG when the report is built: no script, font or network in the page.

The same rows give the same bytes. Every place in a chart is computed from the rows alone and never from the width of a
text, since that depends on the fonts of the machine. Colours are names that the page's style sheet gives a value, so
that a chart is light or dark with its page. Called by `weekly`; altair is loaded at the first call.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any, Final

from babel.dates import format_date

from reports.clean import plain, shortened

Trend = Sequence[tuple[str, int]]

WIDE_PIXELS: Final = 680
NARROW_PIXELS: Final = 340  # for telephones: letters keep their size where a smaller picture would shrink them
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
_ACCENT: Final = "var(--accent, #1b5e7b)"
_SOFT: Final = "var(--bar, #b9cdd6)"
_PAPER: Final = "var(--paper, #fffdfa)"
_INK: Final = "var(--ink, #1d2125)"
_MUTED: Final = "var(--muted, #5d666e)"


def trend_chart(trend: Trend, mean: float | None, text: str, width_pixels: int = WIDE_PIXELS) -> str:
    """Return bars of the events of each week, the last one marked, with a line at the mean of the weeks before.

    `text` is what the chart says to those who do not see it. Returns "" for a trend without weeks.
    """
    if not trend:
        return ""
    import altair as alt

    rows = _weeks(trend)
    top = max(1.0, *(float(count) for _, count in trend), mean or 0)
    places = alt.Scale(domain=_domain(rows), paddingInner=0.28, paddingOuter=0.1)
    bars = alt.Chart(alt.Data(values=rows)).encode(x=alt.X("week:N", axis=None, sort=None, scale=places))
    height = alt.Y("count:Q", axis=None, scale=alt.Scale(domain=[0, top]))
    colour = alt.Color("colour:N", scale=None, legend=None)
    layers = [
        bars.mark_bar().encode(y=height, color=colour),
        *_with_halo(bars, dy=-5, baseline="bottom", y=height, text="count:Q"),
        bars.mark_text(baseline="top", fontSize=12, color=_MUTED).encode(y=alt.value(158), text="day:N"),
        bars.mark_text(baseline="top", fontSize=12, color=_MUTED).encode(y=alt.value(174), text="month:N"),
    ]
    if mean is not None:  # behind the bars, which must stay readable
        line = alt.Chart(alt.Data(values=[{"count": mean}]))
        layers.insert(0, line.mark_rule(strokeDash=[4, 3], strokeWidth=1.5, color=_MUTED).encode(y=height))
    return _drawn(alt.layer(*layers), text, width_pixels, 150, {"left": 0, "right": 0, "top": 24, "bottom": 42})


def kinds_chart(kinds: Sequence[tuple[str, int, float | None]], text: str, width_pixels: int = WIDE_PIXELS) -> str:
    """Return bars of the events of each kind (name, events, mean of the weeks before), with a tick at the mean.

    `text` is what the chart says to those who do not see it. Returns "" where there is no kind.
    """
    if not kinds:
        return ""
    import altair as alt

    rows = [{"kind": shortened(name, 28), "count": count, "mean": mean} for name, count, mean in kinds]
    places = alt.Scale(domain=[row["kind"] for row in rows], padding=0.3)
    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("kind:N", axis=None, sort=None, scale=places))
    longest = max(1.0, *(max(count, mean or 0) for _, count, mean in kinds))
    length = alt.X("count:Q", axis=None, scale=alt.Scale(domain=[0, longest]))
    layers = [
        base.mark_bar(color=_ACCENT).encode(x=length),
        base.mark_text(align="right", fontSize=13, color=_INK).encode(x=alt.value(-10), text="kind:N"),
        base.mark_tick(color=_MUTED, thickness=2, bandSize=20).encode(x=alt.X("mean:Q", axis=None)),
        *_with_halo(base, dx=6, align="left", x=length, text="count:Q"),
    ]
    padding = {"left": 196, "right": 30, "top": 4, "bottom": 4}
    return _drawn(alt.layer(*layers), text, width_pixels, 28 * len(rows), padding)


def _with_halo(
    base: Any, *, text: str, dx: int = 0, dy: int = 0, align: str = "center", baseline: str = "middle", **place: Any
) -> tuple[Any, Any]:
    """Return numbers with the page's colour around them, so that a line behind them does not cross them out."""
    shape = {"dx": dx, "dy": dy, "align": align, "baseline": baseline, "fontSize": 13}
    halo = base.mark_text(**shape, color=_PAPER, stroke=_PAPER, strokeWidth=5, strokeJoin="round")
    return halo.encode(text=text, **place), base.mark_text(**shape, color=_INK).encode(text=text, **place)


def _weeks(trend: Trend) -> list[dict[str, Any]]:
    """Return a row for each week: its Monday in two lines, the month only where it begins."""
    mondays = [_monday(week) for week, _ in trend]
    months = [format_date(monday, "MMM", locale="en") for monday in mondays]
    return [
        {
            "week": week,
            "count": count,
            "day": str(mondays[position].day),
            "month": "" if position and months[position] == months[position - 1] else months[position],
            "colour": _ACCENT if position == len(trend) - 1 else _SOFT,
        }
        for position, (week, count) in enumerate(trend)
    ]


def _domain(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return the places on the axis: at least eight, so that the bars of a first week are no walls."""
    return [*(row["week"] for row in rows), *(f"none {number}" for number in range(8 - len(rows)))]


def _monday(week: str) -> date:
    """Return the Monday of an ISO week such as 2026-W47."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _drawn(chart: Any, text: str, width_pixels: int, height_pixels: int, padding: dict[str, int]) -> str:
    """Return a chart as SVG that scales with the page and is one picture, with a text, to a screen reader."""
    import vl_convert

    specification = (
        chart.properties(
            width=width_pixels - padding["left"] - padding["right"],
            height=height_pixels,
            autosize={"type": "none"},
            padding=padding,
            background="transparent",
        )
        .configure(font=_FONT)
        .configure_view(stroke=None)
        .configure_text(font=_FONT)
        .to_dict()
    )
    svg = str(vl_convert.vegalite_to_svg(specification))
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(plain(text))}" ', 1)
