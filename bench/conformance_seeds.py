"""The five reference articles through the coder, against what the codebook says of them (its section 9).

The facts stand below as data; the articles themselves stay outside the repository. Called by `conformance`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from bench.figures import Figure
from codebook.load import load_codebook
from transforms.coding import code_article
from transforms.records import ArticleText, CodedArticle, Event, EventType, Relevance, Status

_TIME_ZONE: Final = "Asia/Almaty"  # of the publication times in the index


@dataclass(frozen=True, slots=True)
class ExpectedEvent:
    """What the codebook says of one event; `organisations` are ids of the gazetteer."""

    type: EventType
    status: Status
    countries: frozenset[str]
    organisations: frozenset[str] = frozenset()
    provisions: frozenset[str] = frozenset()
    date_start: date | None = None
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """What the codebook says of one reference article, by the beginning of its file's name."""

    name: str
    relevance: Relevance
    events: tuple[ExpectedEvent, ...] = field(default=())


def _event(
    kind: EventType, status: Status, countries: str, organisations: str = "", provisions: str = ""
) -> ExpectedEvent:
    """Return an expected event from words separated by spaces."""
    return ExpectedEvent(
        kind, status, frozenset(countries.split()), frozenset(organisations.split()), frozenset(provisions.split())
    )


EXPECTED: Final = (
    ExpectedArticle(
        "000",
        "cooperation",
        (_event("agreement", "concluded", "KG KZ", "kabar alatau-aqparat", "co_production content_exchange forum"),),
    ),
    ExpectedArticle(
        "001",
        "cooperation",
        (
            ExpectedEvent(
                "agreement",
                "concluded",
                frozenset({"CN", "KZ"}),
                frozenset({"nrta", "cmg", "xinhua"}),
                frozenset({"co_production", "training"}),
                date(2024, 1, 1),
            ),
            _event("forum", "concluded", "CN"),
            _event("broadcasting", "proposed", "KZ"),
            _event("co_production", "ongoing", "KZ UZ KG"),
            _event("broadcasting", "ongoing", "KZ"),
            _event("meeting", "concluded", "CN KZ", "trk-president xinhua"),
        ),
    ),
    ExpectedArticle(
        "002",
        "cooperation",
        (
            ExpectedEvent(
                "forum",
                "concluded",
                frozenset({"KZ", "RU"}),
                frozenset({"trk-president", "mci-kz", "ccs-kz"}),
                date_start=date(2025, 9, 28),
                edition="II",
            ),
        ),
    ),
    ExpectedArticle("003", "adjacent"),
    ExpectedArticle("004", "none"),
)


def measure(data: Path) -> list[Figure]:
    """Return the figures of the articles in DATA/seeds."""
    codebook = load_codebook()
    coded = {article.id: code_article(article, codebook) for article in _articles(data / "seeds")}
    pairs = [(expected, coded[expected.name]) for expected in EXPECTED]
    wrong = [expected.name for expected, found in pairs if found.relevance != expected.relevance]
    matched = [pair for expected, found in pairs for pair in _matched(expected, found)]
    wanted = sum(len(expected.events) for expected, _ in pairs)
    given = sum(len(found.events) for _, found in pairs)
    facts = [fact for expected, event in matched for fact in _facts(expected, event)]
    missed = [name for name, holds in facts if not holds]
    note = f"wrong: {', '.join(wrong) or 'none'}"
    return [
        Figure("seeds.relevance", 1 - len(wrong) / len(pairs), len(pairs), note),
        Figure("seeds.recall", len(matched) / wanted, wanted, "events of the codebook that are found"),
        Figure("seeds.precision", len(matched) / max(1, given), given, "events found that are the codebook's"),
        Figure(
            "seeds.facts", 1 - len(missed) / max(1, len(facts)), len(facts), f"missed: {', '.join(missed) or 'none'}"
        ),
    ]


def _articles(folder: Path) -> Iterable[ArticleText]:
    """Yield the reference articles with the publication times of their index."""
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            published = datetime.fromisoformat(row["published_at"]) if row["published_at"] else None
            text = (folder / row["file"]).read_text(encoding="utf-8")
            yield ArticleText(row["file"][:3], "", text, published, language=row["language"], time_zone=_TIME_ZONE)


def _matched(expected: ExpectedArticle, found: CodedArticle) -> Iterable[tuple[ExpectedEvent, Event]]:
    """Pair expected with found events one to one: same type, and the status decides between two of one type."""
    left = list(found.events)
    for wanted in expected.events:
        same = [event for event in left if event.type == wanted.type]
        best = next((event for event in same if event.status == wanted.status), same[0] if same else None)
        if best:
            left.remove(best)
            yield wanted, best


def _facts(expected: ExpectedEvent, event: Event) -> Iterable[tuple[str, bool]]:
    """Yield each stated fact of an event and whether the coder says the same."""
    about = f"{expected.type} {expected.status}"
    found = {organisation.id for organisation in event.organisations if organisation.id}
    yield f"{about}: status", event.status == expected.status
    yield f"{about}: countries", expected.countries == set(event.countries)
    yield f"{about}: organisations", expected.organisations == found
    if expected.provisions:
        yield f"{about}: provisions", expected.provisions <= set(event.provisions)
    if expected.date_start:
        yield f"{about}: date", event.date_start == expected.date_start
    if expected.edition:
        yield f"{about}: edition", event.edition == expected.edition
