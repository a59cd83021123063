"""`monitor replay`: the real nightly and weekly flows, night by night, on a recording with the clock given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from flows.home import Home
from flows.nightly import nightly
from flows.progress import current
from flows.settings import Settings
from flows.weekly import weekly
from warehouse.open import read_only

EXAMPLE_QUERY = """\
SELECT label, status, date_start, countries, report_count AS reports, publisher_count AS publishers
FROM mart.events
ORDER BY publishers DESC, date_start, label
LIMIT 8"""


@dataclass(frozen=True, slots=True)
class ReplayOutcome:
    """What a replay left behind."""

    home: Home
    nights: int
    rejects: int
    deliveries: tuple[Path, ...]

    def print_to(self, console: Console) -> None:
        """Print where everything is, and one example query with its result."""
        console.print(f"{self.nights} nights replayed; {self.rejects} rows in quarantine.", highlight=False)
        for name, path in self._places():
            console.print(f"{name + ':':22}{path}", highlight=False, soft_wrap=True)
        console.print("\nAn example, for any DuckDB client on the published file:\n")
        console.print(EXAMPLE_QUERY, style="cyan", highlight=False)
        console.print(_answer(self.home.published, EXAMPLE_QUERY))

    def _places(self) -> Iterator[tuple[str, Path]]:
        """Yield the names and paths that a reader wants to open."""
        if self.deliveries:
            yield "weekly report", self.deliveries[-1] / "report.html"
            yield "exports", self.deliveries[-1]
        yield "published DuckDB file", self.home.published
        yield "quality pages", self.home.quality


def replay_nights(settings: Settings, first: date, last: date) -> ReplayOutcome:
    """Run the nightly flow for each night from first to last, and the weekly flow on each day on which it is due."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    rejects = 0
    deliveries: list[Path] = []
    with current().stage("nights", len(days)) as advance:
        for day in days:
            at = _moment(day, settings.schedule.nightly_at, settings)
            counts = nightly(home=str(settings.home), recording=str(settings.recording), at=at)
            rejects += counts.get("rejects", 0)
            current().say(f"{day}  {_in_words(counts)}")
            if f"{day:%A}".lower() == settings.schedule.weekly_day:
                made = weekly(home=str(settings.home), at=_moment(day, settings.schedule.weekly_at, settings))
                deliveries.append(Path(made["exports"]))
                current().say(f"{day}  week {made['week']}: {made['events_of_the_week']} events, {made['report']}")
            advance()
    return ReplayOutcome(Home(settings.home), len(days), rejects, tuple(deliveries))


def _moment(day: date, clock: str, settings: Settings) -> datetime:
    """Return the moment, in UTC, at which it is this time of day in the report's zone."""
    return datetime.combine(day, time.fromisoformat(clock), settings.zone).astimezone(UTC)


def _in_words(counts: dict[str, int]) -> str:
    """Return a night's counts on one line."""
    feeds = sum(number for name, number in counts.items() if name.startswith("feeds_"))
    return (
        f"{feeds} feeds asked, {counts.get('articles', 0)} articles, {counts.get('event_reports', 0)} reports of "
        f"events, {counts.get('events', 0)} events in all, {counts.get('rejects', 0)} rejected"
    )


def _answer(published: Path, query: str) -> Table:
    """Return a query's answer as a table."""
    with read_only(published) as connection:
        answer = connection.execute(query)
        table = Table(*[str(column[0]) for column in answer.description or []])
        for row in answer.fetchall():
            table.add_row(*[", ".join(cell) if isinstance(cell, list) else str(cell) for cell in row])
    return table
