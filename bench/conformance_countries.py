"""Countries in real sentences, each in nine languages: which of those mentioned does the scanner name.

The sentences say which countries they mention, not where; a country counts as found where any of its forms, or of what
lies in it, is named. What is named beyond them is for information: a sentence may name a city, a people or a currency
that whoever listed its countries left out. Called by `conformance`.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from bench.conformance_languages import OURS
from bench.figures import Figure
from codebook.load import Codebook, load_codebook
from transforms.matching import scan, scanner_for

_MOST_TOLD: Final = 5


def measure(data: Path) -> list[Figure]:
    """Return recall and precision, over all and by language, of the sentences in DATA/countries."""
    with (data / "countries" / "mentions_dev.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    codebook = load_codebook()
    found = {language: list(_compared(rows, language, codebook)) for language in OURS}
    everything = [pair for pairs in found.values() for pair in pairs]
    figures = [Figure("countries.recall", *_recall(everything)), Figure("countries.precision", *_precision(everything))]
    for language, pairs in found.items():
        figures.append(Figure(f"countries.recall.{language}", *_recall(pairs)))
        figures.append(Figure(f"countries.precision.{language}", *_precision(pairs)))
    return figures


def countries_named(text: str, language: str, codebook: Codebook) -> set[str]:
    """Return the countries that the scanner finds named in a text, by themselves or by a place in them."""
    hits = scan(text, scanner_for(codebook, language))
    countries = {codebook.places[hit.key].country for hit in hits if hit.kind == "place"}
    return {country for country in countries if country}


def _compared(rows: Iterable[dict[str, Any]], language: str, codebook: Codebook) -> Iterator[tuple[set[str], set[str]]]:
    """Yield for each sentence in a language the countries that it mentions and those that were found."""
    for row in rows:
        if language in row["text"]:
            yield set(row["countries"]), countries_named(row["text"][language], language, codebook)


def _recall(pairs: Iterable[tuple[set[str], set[str]]]) -> tuple[float, int, str]:
    """Return the share of mentioned countries that were found, their number, and which were missed most."""
    return _share([(mentioned & found, mentioned - found) for mentioned, found in pairs], "missed")


def _precision(pairs: Iterable[tuple[set[str], set[str]]]) -> tuple[float, int, str]:
    """Return the share of found countries that are mentioned, their number, and which were found beyond them."""
    return _share([(mentioned & found, found - mentioned) for mentioned, found in pairs], "beyond the list")


def _share(sides: Iterable[tuple[set[str], set[str]]], what: str) -> tuple[float, int, str]:
    """Return the share of the first sides in both, how many both are, and what the second sides hold most."""
    count: dict[bool, Counter[str]] = defaultdict(Counter)
    for right, wrong in sides:
        count[True].update(right)
        count[False].update(wrong)
    total = count[True].total() + count[False].total()
    told = ", ".join(f"{country} {number}" for country, number in count[False].most_common(_MOST_TOLD))
    return count[True].total() / max(1, total), total, f"{what}: {told or 'none'}"
