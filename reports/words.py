"""English words for what the records hold: kinds, stages, countries, languages, dates, numbers.

Pure. What a reader sees of the closed lists is said here and nowhere else; a value that is not listed is shown as it
is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from transforms.records import REGION, EventCard, Outcome

_LOCALE: Final = "en_GB"
_PATTERNS: Final = {"day": "d MMMM y", "month": "MMMM y", "year": "y"}  # by granularity of an event's date


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun with its plural."""

    one: str
    many: str


KINDS: Final = {
    "agreement": Noun("agreement", "agreements"),
    "forum": Noun("forum", "forums"),
    "meeting": Noun("meeting", "meetings"),
    "content_exchange": Noun("exchange of content", "exchanges of content"),
    "co_production": Noun("co-production", "co-productions"),
    "broadcasting": Noun("broadcasting arrangement", "broadcasting arrangements"),
    "technical": Noun("technical project", "technical projects"),
    "training": Noun("training programme", "training programmes"),
    "membership": Noun("membership", "memberships"),
    "presence": Noun("presence abroad", "presences abroad"),
    "contest": Noun("contest", "contests"),
}
STAGES: Final = ("proposed", "planned", "concluded", "ongoing", "renewed", "suspended", "ended")
ROLES: Final = {
    "organiser": Noun("Organiser", "Organisers"),
    "host": Noun("Host", "Hosts"),
    "party": Noun("Party", "Parties"),
    "participant": Noun("Participant", "Participants"),
}
OUTCOMES: Final = {
    Outcome.FETCHED: "answered",
    Outcome.NOT_MODIFIED: "answered: nothing new",
    Outcome.UNCHANGED: "answered: nothing new",
    Outcome.EMPTY: "a feed without items",
    Outcome.SILENT: "answers, but shows no items",
    Outcome.FROZEN: "answers, but its newest item is old",
    Outcome.NOT_A_FEED: "the answer was no feed",
    Outcome.UNPARSABLE: "the answer could not be read",
    Outcome.DNS: "host name not found",
    Outcome.CONNECT: "no connection",
    Outcome.TLS: "no trustworthy encryption",
    Outcome.TIMEOUT: "no answer in time",
    Outcome.TOO_LARGE: "the answer was too large",
    Outcome.TOO_MANY_REDIRECTS: "redirected in circles",
    Outcome.REFUSED_ADDRESS: "led to an address that is not public",
    Outcome.ROBOTS: "robots.txt forbids it",
    Outcome.MISSING: "page not found",
    Outcome.HTTP_4XX: "refused by the server",
    Outcome.HTTP_429: "asked too often, says the server",
    Outcome.HTTP_5XX: "error of the server",
}


def kind(name: str) -> Noun:
    """Return the noun for a type of event."""
    words = name.replace("_", " ")
    return KINDS.get(name, Noun(words, words))


def role(name: str) -> Noun:
    """Return the noun for a role."""
    return ROLES.get(name, Noun(name.capitalize(), name.capitalize()))


def outcome(name: str) -> str:
    """Return in words how the last attempt at a feed ended."""
    return OUTCOMES.get(name, name.replace("_", " "))  # type: ignore[call-overload, no-any-return]


def number(value: float) -> str:
    """Return a number for reading: 1,234 or 8.3, and 8 for 8.0."""
    rounded = round(value, 1)
    return f"{int(rounded):,}" if rounded == int(rounded) else f"{rounded:,.1f}"


def counted(value: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: 1 event, 2 events."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """Return the parts as a list in a sentence: a, b and c."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def country(code: str) -> str:
    """Return a country's English name by CLDR; the code where CLDR has none."""
    return str(_english().territories.get(code, code))


def countries(codes: Iterable[str]) -> list[str]:
    """Return the names of countries, those of the region first, each group in alphabetical order."""
    return [country(code) for code in sorted(codes, key=lambda code: (code not in REGION, country(code)))]


def language(tag: str) -> str:
    """Return a language's English name by CLDR; the tag where CLDR has none."""
    if tag in {"", "und"}:
        return "language not recognised"
    try:
        return str(Locale.parse(tag, sep="-").get_display_name(_LOCALE) or tag)
    except (ValueError, UnknownLocaleError, TypeError):
        return tag


def day(value: date) -> str:
    """Return a day: 16 November 2026."""
    return _written(value, _PATTERNS["day"])


def day_of(moment: datetime, time_zone: str) -> str:
    """Return the day of a moment (aware) in a time zone."""
    return day(moment.astimezone(ZoneInfo(time_zone)).date())


def days(first: date, last: date) -> str:
    """Return a span of days, saying month and year once where they are shared: 16–22 November 2026."""
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    return f"{_written(first, 'd MMMM' if first.year == last.year else _PATTERNS['day'])} – {day(last)}"


def event_date(card: EventCard) -> str | None:
    """Return an event's own date as exactly as it is known; None where it is not."""
    pattern = _PATTERNS.get(card.date_granularity)
    if card.date_start is None or pattern is None:
        return None
    if card.date_end is None:
        return f"since {_written(card.date_start, pattern)}"
    if card.date_granularity == "day":
        return days(card.date_start, card.date_end)
    first, last = _written(card.date_start, pattern), _written(card.date_end, pattern)
    return first if first == last else f"{first} – {last}"


def _written(value: date, pattern: str) -> str:
    """Return a date by a CLDR pattern."""
    return str(format_date(value, pattern, locale=_LOCALE))


@cache
def _english() -> Locale:
    """Return the locale; its tables are read once."""
    return Locale.parse(_LOCALE)
