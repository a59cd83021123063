"""Compare what the coder finds in the composed region with what its articles are labelled to report. Run by hand.

    python -m bench.region_labels [--misses] [--language kk]

The region's articles were labelled before any coder ran on them, but the coder has been improved on them since: these
figures are development figures and say nothing about articles that nobody has seen.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from codebook.load import Codebook, load_codebook
from transforms.coding import code_article
from transforms.records import GROUP_OF_TYPE, ArticleText, CodedArticle, Event

REGION = Path(__file__).parent.parent / "examples" / "region"


@dataclass
class Tally:
    """Counts of one language."""

    articles: int = 0
    hits: int = 0  # articles rightly called co-operation
    alarms: int = 0
    missed: int = 0
    events: int = 0
    found: int = 0
    extra: int = 0
    fields: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))


def main() -> None:
    """Code every article of the region and print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="print each article where coder and label differ")
    parser.add_argument("--language", help="only this language")
    options = parser.parse_args()
    codebook = region_codebook()
    tallies: dict[str, Tally] = defaultdict(Tally)
    for name, language, row in labelled_articles():
        if options.language in (None, language):
            coded = code_article(article_of(name, language, row), codebook)
            differences = compare(row["expect"], coded, tallies[language])
            if differences and options.misses:
                _print_misses(f"{name}/{row['slug']}", coded, differences)
    _print_table(tallies)


def region_codebook() -> Codebook:
    """Return the codebook with the region's own organisations and series."""
    return load_codebook(extra_organisations=REGION / "organisations.toml", extra_series=REGION / "series.toml")


def labelled_articles() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each article of the region with the name of its file and its language."""
    for path in sorted((REGION / "articles").glob("*.toml")):
        outlet, language = path.stem.rsplit(".", 1)
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["article"]:
            yield f"{outlet}.{language}", language, row


def article_of(name: str, language: str, row: dict[str, Any]) -> ArticleText:
    """Return an article of the region as the coder takes it."""
    published: datetime = row["published_at"]
    identity = f"{name}/{row['slug']}"
    return ArticleText(identity, row["title"], row["text"].strip(), published, language=_written(language, row["text"]))


def _written(language: str, text: str) -> str:
    """Return the language with its script where Uzbek is written in Cyrillic letters."""
    cyrillic = sum("а" <= letter <= "я" for letter in text.lower())
    return "uz-Cyrl" if language == "uz" and cyrillic > len(text) / 3 else language


def compare(expected: dict[str, Any], coded: CodedArticle, tally: Tally) -> list[str]:
    """Count one article and return what differs, in words."""
    wanted = expected["relevance"] == "cooperation"
    got = coded.relevance == "cooperation"
    tally.articles += 1
    tally.hits += wanted and got
    tally.alarms += got and not wanted
    tally.missed += wanted and not got
    differences = [] if wanted == got else [f"relevance {coded.relevance}, expected {expected['relevance']}"]
    return differences + _compare_events(expected.get("event", []), list(coded.events), tally)


def _compare_events(expected: list[dict[str, Any]], events: list[Event], tally: Tally) -> list[str]:
    """Match events one to one and compare their fields."""
    differences = []
    tally.events += len(expected)
    left = list(events)
    for label in expected:
        match = next((event for event in left if _matches(label, event)), None)
        if match is None:
            differences.append(f"missed {label['type']} {label['status']} {label['organisations']}")
            continue
        left.remove(match)
        tally.found += 1
        differences += _compare_fields(label, match, tally)
    tally.extra += len(left)
    return differences + [f"extra {event.type} {event.status} {_ids(event)} {event.countries}" for event in left]


def _matches(label: dict[str, Any], event: Event) -> bool:
    """Say whether an event is the labelled one: same group, and a shared organisation or the same countries."""
    if GROUP_OF_TYPE[label["type"]] != event.group:
        return False
    ours, theirs = set(label["organisations"]), set(_ids(event))
    return bool(ours & theirs) if ours and theirs else set(label["countries"]) == set(event.countries)


def _compare_fields(label: dict[str, Any], event: Event, tally: Tally) -> list[str]:
    """Compare type, status, organisations and countries of a matched event."""
    pairs = {
        "type": (label["type"], event.type),
        "status": (label["status"], event.status),
        "organisations": (sorted(label["organisations"]), sorted(_ids(event))),
        "countries": (sorted(label["countries"]), sorted(event.countries)),
    }
    for name, (wanted, got) in pairs.items():
        tally.fields[name].append(wanted == got)
    return [f"{name} {got}, expected {wanted}" for name, (wanted, got) in pairs.items() if wanted != got]


def _ids(event: Event) -> list[str]:
    """Return the gazetteer ids of an event's organisations, or their names as written."""
    return [one.id or f"?{one.name}" for one in event.organisations]


def _print_misses(name: str, coded: CodedArticle, differences: list[str]) -> None:
    """Print one article where coder and label differ, with the quotes that fired."""
    print(f"\n{name}")
    for difference in differences:
        print(f"  {difference}")
    for event in coded.events:
        for quote in event.evidence:
            print(f"    {event.type} | {quote.rule_ids} | {quote.quote}")


def _print_table(tallies: dict[str, Tally]) -> None:
    """Print precision and recall by language, then for all."""
    fields = ("type", "status", "organisations", "countries")
    print(
        f"{'':6}{'n':>5}{'rel P':>8}{'rel R':>8}{'events':>8}{'ev P':>8}{'ev R':>8}"
        + "".join(f"{f[:9]:>11}" for f in fields)
    )
    for language, tally in [*sorted(tallies.items()), ("all", _total(tallies))]:
        rates = [
            _rate(tally.hits, tally.hits + tally.alarms),
            _rate(tally.hits, tally.hits + tally.missed),
            f"{tally.events:>8}",
            _rate(tally.found, tally.found + tally.extra),
            _rate(tally.found, tally.events),
        ]
        right = [f"{_rate(sum(tally.fields[name]), len(tally.fields[name])):>11}" for name in fields]
        print(f"{language:6}{tally.articles:>5}" + "".join([*rates, *right]))


def _total(tallies: dict[str, Tally]) -> Tally:
    """Return the sum over languages."""
    total = Tally()
    for tally in tallies.values():
        for name in ("articles", "hits", "alarms", "missed", "events", "found", "extra"):
            setattr(total, name, getattr(total, name) + getattr(tally, name))
        for name, values in tally.fields.items():
            total.fields[name].extend(values)
    return total


def _rate(part: int, whole: int) -> str:
    """Return a share in two decimals, or a dash for no cases."""
    return f"{part / whole:>8.2f}" if whole else f"{'–':>8}"


if __name__ == "__main__":
    main()
