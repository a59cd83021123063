"""All real pages through `read_article`, beside plain trafilatura on the same pages in the same run.

Bodies by F1 of 4-word shingles against the text that people marked; titles and dates exactly, where they are known.
Called by `conformance`.
"""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytz
import trafilatura

from bench.figures import Figure
from transforms.articles import read_article
from transforms.records import Article, Capture, CaptureKind, Outcome, Outlet, Request, Response, digest

_NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
_SHINGLE_WORDS: Final = 4
_WORKERS: Final = 2
_COUNTRIES: Final = {"uk": "GB", "ind": "IN", "aeb": "US"}  # the test set's own names


@dataclass(frozen=True, slots=True)
class Reading:
    """One page read by us and by trafilatura; titles and dates are None where nobody knows them."""

    name: str
    body: float
    plain_body: float
    title: bool | None
    plain_title: bool | None
    date: bool | None
    note: str


def measure(data: Path) -> list[Figure]:
    """Return the figures of all pages in DATA/extraction."""
    with zipfile.ZipFile(data / "extraction" / "pages.zip") as pages:
        lines = (data / "extraction" / "expected.jsonl").read_text(encoding="utf-8").splitlines()
        tasks = [(row := json.loads(line), gzip.decompress(pages.read(f"{row['id']}.html.gz"))) for line in lines]
    with ProcessPoolExecutor(_WORKERS) as pool:
        readings = list(pool.map(_read, tasks, chunksize=8))
    failures = [f"{reading.name} {reading.note}" for reading in readings if reading.note]
    bodies, plain_bodies = [reading.body for reading in readings], [reading.plain_body for reading in readings]
    gain = _mean(bodies) - _mean(plain_bodies)
    titles = [reading for reading in readings if reading.title is not None]
    exact = _mean([bool(reading.title) for reading in titles])
    plain_exact = _mean([bool(reading.plain_title) for reading in titles])
    dates = [bool(reading.date) for reading in readings if reading.date is not None]
    return [
        Figure("pages.body_f1", _mean(bodies), len(readings), f"no article: {', '.join(failures) or 'none'}"),
        Figure("pages.body_gain", gain, len(readings), f"plain trafilatura {_mean(plain_bodies):.4f}"),
        Figure("pages.title_exact", exact, len(titles)),
        Figure("pages.title_gain", exact - plain_exact, len(titles), f"plain trafilatura {plain_exact:.3f}"),
        Figure("pages.date_exact", _mean(dates), len(dates)),
    ]


def _mean(values: list[float] | list[bool]) -> float:
    """Return the mean, 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def _read(task: tuple[dict[str, Any], bytes]) -> Reading:
    """Read one page both ways."""
    row, payload = task
    zone = _zone_of(row["id"])
    article = read_article(_capture(row["url"], payload), _outlet(zone), None)
    plain = trafilatura.bare_extraction(payload, url=row["url"], fast=True, include_comments=False, with_metadata=True)
    body = row["body"]
    title = (row.get("title") or "").strip()
    return Reading(
        name=row["id"],
        body=shingle_f1(article.text if isinstance(article, Article) else "", body),
        plain_body=shingle_f1(plain.text if plain else "", body),
        title=isinstance(article, Article) and article.title == title if title else None,
        plain_title=plain is not None and plain.title == title if title else None,
        date=_has_date(article, row["date"], zone) if row.get("date") else None,
        note=article.value if isinstance(article, Outcome) else "",
    )


def shingle_f1(found: str, expected: str) -> float:
    """Return the F1 of the sets of 4-word shingles of two texts."""
    one, other = _shingles(found), _shingles(expected)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _shingles(text: str) -> set[tuple[str, ...]]:
    """Return the runs of four words; a shorter text is one run."""
    words = re.findall(r"\w+", text.lower())
    count = max(1, len(words) - _SHINGLE_WORDS + 1)
    return {tuple(words[start : start + _SHINGLE_WORDS]) for start in range(count)} if words else set()


def _has_date(article: Article | Outcome, expected: str, zone: str) -> bool:
    """Say whether an article appeared on the expected day, in its country's zone or in UTC: nobody says which."""
    if isinstance(article, Outcome) or article.published_at is None:
        return False
    return expected in {article.published_at.astimezone(ZoneInfo(name)).date().isoformat() for name in (zone, "UTC")}


def _zone_of(name: str) -> str:
    """Return the time zone of the country in a page's id (`fundus-de-…`)."""
    country = name.split("-")[1 if name.startswith("fundus") else 0]
    return str(pytz.country_timezones.get(_COUNTRIES.get(country, country.upper()), ["UTC"])[0])


def _capture(url: str, payload: bytes) -> Capture:
    """Return a page as if it had been fetched."""
    request = Request(CaptureKind.PAGE, "bench", url)
    return Capture(
        digest(url, payload), request, Response(Outcome.FETCHED, url, 200, (), payload), _NOW, "bench.warc.gz", 0
    )


def _outlet(zone: str) -> Outlet:
    """Return an outlet of which nothing is known but its zone."""
    return Outlet("bench", "bench", None, "KZ", (), "online", None, None, None, zone, None, ())
