"""Addresses that lead to one article: what a page calls its canonical address decides, if the texts agree.

A feed's short link, an AMP page and the page itself are one article when they name the same canonical address. A
template that names one address for everything would make one article of a whole site, so two readings are folded only
where their titles or most of their words are the same. Pure; called by the flow that loads pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from transforms.records import Article, ArticleAlias, digest
from transforms.urls import article_id_of, canonical_url

_WORD: Final = re.compile(r"\w+")
# two news items of one outlet share a quarter of their words, an AMP page and its original nearly all
_COMMON_SHARE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Told:
    """What must be known of an article to compare another with it."""

    article_id: str
    outlet_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Folded:
    """Readings of pages under the ids of their articles, in the order given, and the aliases that were found."""

    articles: tuple[Article, ...]
    aliases: tuple[ArticleAlias, ...]


def ids_of(articles: Iterable[Article]) -> list[str]:
    """Return the ids that folding asks about: of each address at first sight, and of each canonical address."""
    return sorted({name for article in articles for name in (article.article_id, article_id_of(article.canonical_url))})


def fold_articles(articles: Iterable[Article], held: Mapping[str, Told], aliases: Mapping[str, str]) -> Folded:
    """Return the readings with each article under one id, the one at which it was first stored.

    `held` are the stored articles and `aliases` the stored aliases (id to article id) among `ids_of` these articles,
    and the articles that those aliases name. An article that is stored keeps its id for ever.
    """
    known, names = dict(held), dict(aliases)
    folded: list[Article] = []
    found: list[ArticleAlias] = []
    for reading in articles:
        article = _folded(reading, known, names)
        known.setdefault(article.article_id, _told(article))
        folded.append(article)
        for name in (reading.article_id, article_id_of(article.canonical_url)):
            if name not in known and name not in names:
                names[name] = article.article_id
                found.append(ArticleAlias(name, article.article_id, reading.capture_id))
    return Folded(tuple(folded), tuple(found))


def _folded(reading: Article, known: Mapping[str, Told], names: Mapping[str, str]) -> Article:
    """Return a reading under the id of the article that it is."""
    claimed = article_id_of(reading.canonical_url)
    holder = names.get(claimed, claimed)
    for owner in (names.get(reading.article_id, ""), holder) if reading.article_id not in known else ():
        if owner in known and _is_same(reading, known[owner]):
            return replace(reading, article_id=owner, revision_id=digest(owner, reading.text_digest))
    if holder in known and holder != reading.article_id:
        # two texts claim one address: the second is found where it was fetched
        return replace(reading, canonical_url=canonical_url(reading.url) or reading.url)
    return reading


def _is_same(reading: Article, held: Told) -> bool:
    """Say whether a reading tells what a stored article tells."""
    if reading.outlet_id != held.outlet_id:
        return False
    one, other = _words(reading.text), _words(held.text)
    is_alike = len(one & other) >= _COMMON_SHARE * min(len(one), len(other))
    return is_alike or reading.title.casefold() == held.title.casefold()


def _words(text: str) -> set[str]:
    """Return the different words of a text."""
    return set(_WORD.findall(text.casefold()))


def _told(article: Article) -> Told:
    """Return what is to be known of an article."""
    return Told(article.article_id, article.outlet_id, article.title, article.text)
