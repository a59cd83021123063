"""How fast the coder is, on one core: `python -m bench.code` (`--articles 100000` to watch its memory too).

A stream as a night brings it: articles of about 3 kB in nine languages, the language given. One in twenty tells of an
event, three in twenty are hard (media everywhere, and no event), the rest is everyday news. They are put together from
the composed region and the plain articles of the development gold: an article, and below it others of its kind in its
language, until it is long enough. `--hard` takes the hard ones for all that tell of nothing.

Beside it, in the same run, trafilatura extracts pages made of the same texts: the ratio says what coding adds to
reading. Times are processor time, so that other work beside it counts little.
"""

from __future__ import annotations

import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from typing import Annotated, Final

import trafilatura
import typer

from bench.region_gold import region_codebook, region_records
from bench.train_weights import GOLD
from flows.gold_files import read_gold
from transforms.coding import code_article
from transforms.gold import GoldArticle, gold_article
from transforms.records import ArticleText

LONG_BYTES: Final = 3_000
TELLING: Final = 0.05
HARD: Final = 0.15
_SEED = 7
_SAMPLE = 400  # pages that trafilatura reads
_STEP = 10_000  # articles between two looks at the memory
_FURNITURE = "<nav><ul>" + "<li><a href='/x'>Section</a></li>" * 12 + "</ul></nav>"


def main(
    articles: Annotated[int, typer.Option(help="How many articles to code.")] = 5_000,
    hard: Annotated[bool, typer.Option(help="No everyday news at all.")] = False,
) -> None:
    """Code a stream, extract a part of it, and print both speeds, their ratio and the memory on the way."""
    codebook = region_codebook()
    for article in stream(200, hard):
        code_article(article, codebook)  # scanners are made at first use
    found: Counter[str] = Counter()
    seconds, peaks = 0.0, []
    for number, article in enumerate(stream(articles, hard), start=1):
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


def stream(articles: int, is_hard: bool = False) -> Iterator[ArticleText]:
    """Yield articles of about 3 kB; the same number gives the same stream."""
    chance = random.Random(_SEED)
    gold = [gold_article(record) for record in region_records()]
    telling = [one for one in gold if one.relevance == "cooperation"]
    silent = [one for one in gold if one.relevance == "none"]
    plain = silent if is_hard else [one for one in read_gold(sorted(GOLD.glob("*.jsonl"))) if one.kind == "plain"]
    for number in range(articles):
        draw = chance.random()
        rows = telling if draw < TELLING else silent if draw < TELLING + HARD else plain
        start = chance.choice(rows)
        others = plain if rows is telling else rows
        yield replace(start.article, id=str(number), text=_lengthened(start, others, chance))


def _lengthened(start: GoldArticle, others: Sequence[GoldArticle], chance: random.Random) -> str:
    """Return an article's text with others in its language below it."""
    parts = [start.article.text]
    own = [one for one in others if one.article.language == start.article.language] or [start]
    while sum(len(part.encode()) for part in parts) < LONG_BYTES:
        parts.append(chance.choice(own).article.text)
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
