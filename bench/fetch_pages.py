"""Composes the pages that `bench/fetch.py` serves: the region's articles in its templates, in the frame of a real site.

A page of the region holds 4–8 kB, one of a real news site ten times that: menus, cards of other stories, styles, the
site's state as JSON. That frame is added here. The same numbers give the same bytes; nothing is fetched.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from examples.region.model import Article, OutletPlan, load_articles, load_region
from examples.region.rendering import Renderer, load_renderer, render_article

INDEX = "pages.jsonl"
SMALLEST_BYTES, LARGEST_BYTES = 30_000, 100_000
_FIRST_AT = datetime.fromisoformat("2025-09-16T08:00:00+05:00")
_MENU_LINKS = 70


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the outlet (by number) that serves it, its path there, and the gzip file of its bytes."""

    outlet: int
    path: str
    file: str


@dataclass(frozen=True, slots=True)
class _Desk:
    """One outlet and language of the region, with the material from which its pages are made."""

    outlet: OutletPlan
    language: str
    articles: Sequence[Article]


def compose_pages(folder: Path, outlets: int, pages: int) -> list[Page]:
    """Write that many pages, spread evenly over so many outlets, and their index; return them in the index's order."""
    folder.mkdir(parents=True, exist_ok=True)
    renderer, desks = load_renderer(), list(_desks())
    composed = [_compose(folder, renderer, desks, number, number % outlets) for number in range(pages)]
    lines = (json.dumps({"outlet": page.outlet, "path": page.path, "file": page.file}) + "\n" for page in composed)
    (folder / INDEX).write_text("".join(lines), encoding="utf-8")
    return composed


def read_pages_index(folder: Path) -> list[Page]:
    """Return the pages that `compose_pages` wrote to a folder."""
    return [Page(**json.loads(line)) for line in (folder / INDEX).read_text(encoding="utf-8").splitlines()]


def _desks() -> Iterator[_Desk]:
    """Yield the outlets of the region by language, where they have published something."""
    region = load_region()
    articles = load_articles(region)
    for outlet in region.outlet:
        for feed in outlet.feed:
            if articles[outlet.id, feed.language]:
                yield _Desk(outlet, feed.language, articles[outlet.id, feed.language])


def _compose(folder: Path, renderer: Renderer, desks: Sequence[_Desk], number: int, outlet: int) -> Page:
    """Write one page; an outlet keeps one template and language."""
    dice = random.Random(number)
    desk = desks[outlet % len(desks)]
    article = _article(desk, dice, number)
    bare = render_article(renderer, desk.outlet, desk.outlet.template, desk.language, article, desk.articles)
    page = _framed(bare, desk, dice, dice.randint(SMALLEST_BYTES, LARGEST_BYTES))
    name = f"{number:05}.html.gz"
    (folder / name).write_bytes(gzip.compress(page.encode(), compresslevel=6, mtime=0))
    return Page(outlet, f"/{article.published_at:%Y/%m/%d}/{article.slug}.html", name)


def _article(desk: _Desk, dice: random.Random, number: int) -> Article:
    """Return an article of usual length, its paragraphs drawn from all that the desk has published."""
    base = dice.choice(desk.articles)
    pool = [paragraph for article in desk.articles for paragraph in article.paragraphs]
    paragraphs = dice.sample(pool, min(len(pool), dice.randint(6, 22)))
    return base.model_copy(
        update={
            "slug": f"{base.slug}-{number}",
            "text": "\n\n".join(paragraphs),
            "published_at": _FIRST_AT + timedelta(minutes=7 * number),
            "correction": (),
        }
    )


def _framed(page: str, desk: _Desk, dice: random.Random, size_bytes: int) -> str:
    """Return the page inside a site's frame, of about this size: half cards, a quarter styles, a quarter state."""
    missing = max(0, size_bytes - len(page.encode()))
    styles = f"<style>{_filled(_style_rules(dice), missing // 4)}</style>"
    state = f"<script>window.__STATE__=[{_filled(_state(desk, dice), missing // 4)}null];</script>"
    cards = f'<div class="feed-more">{_filled(_cards(desk, dice), missing // 2)}</div>'
    page = page.replace("</head>", f"{styles}</head>", 1)
    start = page.index(">", page.index("<body")) + 1
    page = page[:start] + _menu(desk) + page[start:]
    return page.replace("</body>", f"{cards}{state}</body>", 1)


def _filled(pieces: Iterator[str], size_bytes: int) -> str:
    """Return pieces up to this size."""
    taken, size = [], 0
    while size < size_bytes:
        taken.append(next(pieces))
        size += len(taken[-1].encode())
    return "".join(taken)


def _menu(desk: _Desk) -> str:
    """Return the menu that real sites open with: sections, regions, services."""
    titles = islice(cycle([article.section for article in desk.articles]), _MENU_LINKS)
    links = (f'<li class="nav-item"><a href="/{number}/">{title}</a></li>' for number, title in enumerate(titles))
    return f'<nav class="mega"><ul>{"".join(links)}</ul></nav>'


def _cards(desk: _Desk, dice: random.Random) -> Iterator[str]:
    """Yield cards of other stories, each with picture, headline, lead and time."""
    while True:
        article, key = dice.choice(desk.articles), dice.getrandbits(48)
        lead = f"<p>{article.lead}</p>" if dice.random() < 0.3 else ""
        yield (
            f'<div class="card card--{key % 3}" data-id="{key}"><a href="/story/{key:x}" class="card__link">'
            f'<img loading="lazy" src="/img/{key:x}-320.webp" srcset="/img/{key:x}-640.webp 2x" alt="" width="320" '
            f'height="180"><h3 class="card__title">{article.title}</h3></a>{lead}<span class="card__time">'
            f"{key % 24:02}:{key % 60:02}</span></div>\n"
        )


def _style_rules(dice: random.Random) -> Iterator[str]:
    """Yield rules of a style sheet."""
    while True:
        yield (
            f".c-{dice.getrandbits(24):06x}{{display:flex;margin:{dice.randint(0, 40)}px auto;padding:0 "
            f"{dice.randint(0, 24)}px;color:#{dice.getrandbits(24):06x};font-size:{dice.randint(11, 30)}px}}\n"
        )


def _state(desk: _Desk, dice: random.Random) -> Iterator[str]:
    """Yield members of the state that a site's scripts start from."""
    while True:
        story = {"id": dice.getrandbits(40), "t": dice.choice(desk.articles).title, "v": dice.randint(1, 90_000)}
        yield json.dumps(story, ensure_ascii=False) + ","
