"""A new outlet as an entry of the catalogue: what was found in, TOML out, with a remark at each value that is a guess.

Pure. What an entry must hold is said by `sources/catalogue.py`, which reads it. Called by the flow that finds sources.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, count
from typing import Final
from urllib.parse import urlsplit

import courlan

NO_COUNTRY: Final = "XX"
_OTHER_CODE: Final = {"uk": "GB", "xn--p1ai": "RU", "xn--80ao21a": "KZ", "xn--fiqs8s": "CN", "xn--fiqz9s": "CN"}
# Domains of countries and territories in which anybody registers; they say nothing of where an outlet is.
_ANYBODYS: Final = frozenset(
    {"ac", "ai", "cc", "co", "eu", "fm", "gg", "io", "la", "ly", "me", "nu", "sh", "st", "su"}
) | {*("to", "tv", "vc", "ws")}


@dataclass(frozen=True, slots=True)
class EntryFeed:
    """A feed that is to stand in the entry; the language is None where it could not be measured."""

    url: str
    language: str | None
    remark: str  # what it was like when it was found


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What is known of a new outlet; `remarks` stand under the entry, a line each."""

    outlet_id: str
    name: str
    country: str
    language: str  # of the site, where no feed's was measured
    time_zone: str | None
    home_url: str
    feeds: Sequence[EntryFeed]
    remarks: Sequence[str] = ()


def outlet_id_of(url: str, taken: Collection[str] = ()) -> str:
    """Return an id for the outlet at an address: its domain's own name, with the rest where that id is taken."""
    domain = courlan.extract_domain(url)
    names = [domain.partition(".")[0], domain] if domain else [(urlsplit(url).hostname or "").removeprefix("www.")]
    slugs = [_slug(name) for name in names]
    numbered = (f"{slugs[-1]}-{number}" for number in count(2))
    return next(slug for slug in chain(slugs, numbered) if slug not in taken)


def country_of(url: str) -> str:
    """Return the country that an address ends in; XX where it tells none."""
    ending = (urlsplit(url).hostname or "").rpartition(".")[2].lower()
    if ending in _OTHER_CODE:
        return _OTHER_CODE[ending]
    return ending.upper() if re.fullmatch(r"[a-z]{2}", ending) and ending not in _ANYBODYS else NO_COUNTRY


def entry_toml(entry: CatalogueEntry, day: date) -> str:
    """Return the entry as it is to stand in the catalogue, found on this day."""
    return "\n".join([*_outlet_lines(entry), *_feed_lines(entry.feeds, day), *_remark_lines(entry.remarks)]) + "\n"


def _outlet_lines(entry: CatalogueEntry) -> Iterator[str]:
    """Yield the lines of the outlet."""
    measured = dict.fromkeys(feed.language for feed in entry.feeds if feed.language)
    languages = list(measured) or [entry.language]
    yield "[[outlet]]"
    yield f"id = {_text(entry.outlet_id)}"
    yield f"name = {_text(entry.name)}  # as its page says: correct it where needed"
    yield _with_remark(
        f"country = {_text(entry.country)}", entry.country == NO_COUNTRY, "the address tells none: name it"
    )
    written = f"languages = [{', '.join(map(_text, languages))}]"
    yield _with_remark(written, not measured, "could not be measured: as the page claims")
    yield 'kind = "online"  # a guess: news_agency, broadcaster, newspaper, magazine or online'
    zone = f"time_zone = {_text(entry.time_zone or 'UTC')}"
    yield _with_remark(zone, entry.time_zone is None, "not known: name the zone of its days")
    yield f"home_url = {_text(entry.home_url)}"


def _feed_lines(feeds: Sequence[EntryFeed], day: date) -> Iterator[str]:
    """Yield the lines of the feeds."""
    for feed in feeds:
        yield "[[outlet.feed]]"
        yield f"url = {_text(feed.url)}  # {_remark(feed.remark)}"
        if feed.language:
            yield f"language = {_text(feed.language)}"
        yield f"monitored_since = {day.isoformat()}"
        yield f"confirmation = {_text(f'answered {day.isoformat()}')}"


def _remark_lines(remarks: Sequence[str]) -> Iterator[str]:
    """Yield what is to be known beside the entry."""
    for remark in remarks:
        yield f"# {_remark(remark)}"


def _with_remark(line: str, is_doubtful: bool, remark: str) -> str:
    """Return a line, with a remark where its value is doubtful."""
    return f"{line}  # {remark}" if is_doubtful else line


def _text(value: str) -> str:
    """Return a text as TOML writes it: as JSON does, apart from one control character that JSON leaves as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", r"\u007f")


def _remark(words: str) -> str:
    """Return words that can stand in a comment: on one line, without control characters."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


def _slug(name: str) -> str:
    """Return a name as an id: small letters, figures, single hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower())) or "outlet"
