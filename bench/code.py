"""How fast the coder is, on one core: `python -m bench.code` (`--articles 100000` to watch its memory too).

A stream as a night brings it: articles of about 3 kB in nine languages, the language given, one in twenty telling of
an event. They are put together from the composed region: an article, and below it paragraphs of others in its language
that report nothing, until it is long enough. Beside it, in the same run, trafilatura extracts pages made of the same
texts: the ratio says what coding adds to reading. Times are processor time, so that other work beside it counts little.
"""

from __future__ import annotations

import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Annotated, Final

import trafilatura
import typer

from bench.region_gold import region_codebook, region_records
from transforms.coding import code_article
from transforms.gold import GoldArticle, gold_article
from transforms.records import ArticleText

LONG_BYTES: Final = 3_000
TELLING: Final = 0.05
_SEED = 7
_SAMPLE = 400  # pages that trafilatura reads
_STEP = 10_000  # articles between two looks at the memory
_FURNITURE = "<nav><ul>" + "<li><a href='/x'>Section</a></li>" * 12 + "</ul></nav>"


def main(articles: Annotated[int, typer.Option(help="How many articles to code.")] = 5_000) -> None:
    """Code a stream, extract a part of it, and print both speeds, their ratio and the memory on the way."""
    codebook = region_codebook()
    for article in stream(200):
        code_article(article, codebook)  # scanners are made at first use
    found: Counter[str] = Counter()
    seconds, peaks = 0.0, []
    for number, article in enumerate(stream(articles), start=1):
        started = time.process_time()
        coded = code_article(article, codebook)
        seconds += time.process_time() - started
        found[coded.relevance] += 1
        if number % _STEP == 0 or number == articles:
            peaks.append((number, _peak_mib()))
    reading = _reading_seconds()
    print(f"articles {articles}, {dict(found)}")
    print(f"coded per second of one core: {articles / seconds:.0f}; per article {seconds / articles * 1e3:.2f} ms")
    share = seconds / articles / reading
    print(f"trafilatura, the same texts as pages: {reading * 1e3:.1f} ms each; coding takes {share:.2f} of that")
    print("peak memory in MiB: " + ", ".join(f"{peak:.0f} after {number}" for number, peak in peaks))


def stream(articles: int) -> Iterator[ArticleText]:
    """Yield articles of about 3 kB; the same number gives the same stream."""
    chance = random.Random(_SEED)
    gold = [gold_article(record) for record in region_records()]
    telling = [one for one in gold if one.relevance == "cooperation"]
    silent = [one for one in gold if one.relevance == "none"]
    fillers = {
        language: [row for row in silent if row.article.language == language]
        for language in {one.article.language for one in silent}
    }
    for number in range(articles):
        start = chance.choice(telling if chance.random() < TELLING else silent)
        yield replace(start.article, id=str(number), text=_lengthened(start, fillers, chance))


def _lengthened(start: GoldArticle, fillers: dict[str | None, list[GoldArticle]], chance: random.Random) -> str:
    """Return an article's text with paragraphs of others below it."""
    parts = [start.article.text]
    while sum(len(part.encode()) for part in parts) < LONG_BYTES:
        parts.append(chance.choice(fillers.get(start.article.language) or [start]).article.text)
    return "\n\n".join(parts).encode()[:LONG_BYTES].decode(errors="ignore")


def _reading_seconds() -> float:
    """Return the processor time that trafilatura needs for one page of such a text."""
    pages = [_page(article) for article in stream(_SAMPLE)]
    trafilatura.bare_extraction(pages[0], fast=True)
    started = time.process_time()
    for page in pages:
        trafilatura.bare_extraction(page, fast=True, include_comments=False, with_metadata=False)
    return (time.process_time() - started) / _SAMPLE


def _page(article: ArticleText) -> str:
    """Return an article as a plain page."""
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in article.text.split("\n\n"))
    title = escape(article.title)
    body = f"{_FURNITURE}<article><h1>{title}</h1>{paragraphs}</article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def _peak_mib() -> float:
    """Return the peak memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    typer.run(main)
