"""The catalogue: which outlets the monitor listens to, and where their feeds are, from `outlets.toml`.

It reads and checks one hand-kept file. It never asks the network and knows nothing of what came of a feed: that is
state, kept elsewhere. `flows` calls it and hands the outlets on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from codebook.files import Location, read_toml, refuse
from transforms.records import Feed, Outlet

PACKAGED = Path(__file__).with_name("outlets.toml")  # the catalogue where settings name no other
Problem = tuple[Location, str, str]

_LANGUAGE_TAG = re.compile(r"([a-z]{2,3})(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


def load_catalogue(path: Path | None = None) -> tuple[Outlet, ...]:
    """Read the catalogue (default: the packaged `outlets.toml`), outlets and feeds in the order of the file.

    Raises FileError, which names file, line, key and cure of everything that is wrong.
    """
    file = path or PACKAGED
    rows = read_toml(file, _Catalogue).outlet
    refuse(file, [*_repeated_ids(rows), *_repeated_addresses(rows), *_unfounded_claims(rows), *_odd_languages(rows)])
    return tuple(_outlet_of(row) for row in rows)


# --- the file ---


def _known_language(tag: str) -> str:
    """Return the tag when it is BCP 47 as we write it (`kk`, `uz-Cyrl`, `pt-BR`) and its language is one."""
    from babel import localedata  # not at the top: it would slow every command down

    found = _LANGUAGE_TAG.fullmatch(tag)
    if not found or not localedata.exists(found.group(1)):
        raise ValueError(f"{tag!r} is no language tag, such as kk or uz-Cyrl")
    return tag


def _known_zone(name: str) -> str:
    """Return the name when it is a time zone's."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{name!r} is no time zone, such as Asia/Almaty") from None
    return name


def _web_address(url: str) -> str:
    """Return the address when it is one that can be fetched: http or https, with a host, without a password."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or re.search(r"\s", url):
        raise ValueError(f"{url!r} is no web address, such as https://example.org/feed")
    return url


_Text = Annotated[str, Field(min_length=1)]
_Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
_Language = Annotated[str, AfterValidator(_known_language)]
_Address = Annotated[str, AfterValidator(_web_address)]


class _Row(BaseModel):
    """A table of the file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _FeedRow(_Row):
    url: _Address
    language: _Language | None = None
    monitored_since: date
    confirmation: _Text


class _OutletRow(_Row):
    id: _Id
    name: _Text
    native_name: _Text | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    languages: Annotated[tuple[_Language, ...], Field(min_length=1)]
    kind: Literal["news_agency", "broadcaster", "newspaper", "magazine", "online"]
    owner: _Id | None = None
    is_state_owned: bool | None = None
    ownership_source: _Text | None = None
    time_zone: Annotated[str, AfterValidator(_known_zone)]
    home_url: _Address | None = None
    note: _Text | None = None
    feed: tuple[_FeedRow, ...] = ()


class _Catalogue(_Row):
    outlet: tuple[_OutletRow, ...]


# --- what no single value can show ---


def _repeated_ids(rows: tuple[_OutletRow, ...]) -> Iterator[Problem]:
    """Find the outlets whose id an earlier one has."""
    seen: set[str] = set()
    for position, row in enumerate(rows):
        if row.id in seen:
            yield ("outlet", position, "id"), f"the outlet {row.id} stands in the file twice", "Rename or join them."
        seen.add(row.id)


def _repeated_addresses(rows: tuple[_OutletRow, ...]) -> Iterator[Problem]:
    """Find the feeds whose address another feed has; a slash at the end makes no other address."""
    seen: dict[str, str] = {}
    for position, row in enumerate(rows):
        for number, feed in enumerate(row.feed):
            address = feed.url.rstrip("/")
            if address in seen:
                problem = f"this feed stands at the outlet {seen[address]} already"
                yield ("outlet", position, "feed", number, "url"), problem, "Remove one of them."
            seen.setdefault(address, row.id)


def _unfounded_claims(rows: tuple[_OutletRow, ...]) -> Iterator[Problem]:
    """Find the outlets that state an owner, or state ownership, without saying where that was read."""
    for position, row in enumerate(rows):
        key = "is_state_owned" if row.is_state_owned is not None else "owner" if row.owner else None
        if key and not row.ownership_source:
            yield ("outlet", position, key), "stated without a source", "Add ownership_source, or leave it unknown."


def _odd_languages(rows: tuple[_OutletRow, ...]) -> Iterator[Problem]:
    """Find the feeds in a language that their outlet does not list."""
    for position, row in enumerate(rows):
        for number, feed in enumerate(row.feed):
            if feed.language and feed.language not in row.languages:
                location = ("outlet", position, "feed", number, "language")
                yield location, f"the outlet does not list {feed.language}", "Add it to `languages`, or correct it."


# --- the records ---


def _outlet_of(row: _OutletRow) -> Outlet:
    """Return a row of the file as the record that the rooms share."""
    return Outlet(
        outlet_id=row.id,
        name=row.name,
        native_name=row.native_name,
        country=row.country,
        languages=row.languages,
        kind=row.kind,
        owner=row.owner,
        is_state_owned=row.is_state_owned,
        ownership_source=row.ownership_source,
        time_zone=row.time_zone,
        home_url=row.home_url,
        feeds=tuple(_feeds_of(row)),
        note=row.note,
    )


def _feeds_of(row: _OutletRow) -> Iterator[Feed]:
    """Yield the outlet's feeds, each named by its language, and by a number where that does not tell it apart."""
    counts: Counter[str | None] = Counter()
    for feed in row.feed:
        counts[feed.language] += 1
        number = counts[feed.language]
        name = str(number) if feed.language is None else feed.language if number == 1 else f"{feed.language}-{number}"
        yield Feed(
            feed_id=f"{row.id}/{name}",
            outlet_id=row.id,
            url=feed.url,
            language=feed.language,
            monitored_since=feed.monitored_since,
            confirmation=feed.confirmation,
        )
