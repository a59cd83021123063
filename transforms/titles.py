"""One title out of the several a page gives, without the site's name.

og:title, JSON-LD, h1 and <title> of a page are written by different programs: one appends the site, one is cut short,
one is the same on every page. They correct each other, and the feed's title, where there is one, decides between them.
Never composes words of its own. Called by `articles`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from transforms.page_facts import PageFacts

_SEPARATOR: Final = re.compile(r"\s+[|\-–—*·•»:/~]{1,2}\s+|\s*\|\s*|\s+::\s+|\s*_\s*")  # the last on Chinese sites
_WORD: Final = re.compile(r"\w+")
_CUT: Final = re.compile(r"\s*(?:…|\.\.\.)$")
_LONG_WORD_CHARACTERS: Final = 4  # a title without one such word of the other titles is the whole site's


def choose_title(facts: PageFacts, feed_title: str | None, site_names: Iterable[str]) -> str | None:
    """Return the article's title as the page writes it, the feed's where the page has none, or None.

    `site_names` are what the site may call itself, beside what its own tags say; they are cut off either end.
    """
    names = {_loose(name) for name in (*site_names, *_own_names(facts)) if name}
    raw = _candidates(facts)
    plain = [title for title in (*facts.headings[:1], facts.linked_text("headline"), feed_title) if title]
    titles = [title for title in (_without_site(title, plain, names) for title in raw) if _loose(title) not in names]
    if feed_title and (same := next((title for title in titles if _loose(title) == _loose(feed_title)), None)):
        return same
    credible = [title for title in titles if _is_credible(title, titles)] or titles
    return _uncut(credible[0], titles) if credible else feed_title


def _candidates(facts: PageFacts) -> list[str]:
    """Return the titles of a page in the order in which they are trusted; a heading only where <title> confirms it."""
    document = facts.document_title or ""
    confirmed = next((heading for heading in facts.headings if _loose(heading) in _loose(document)), None)
    shared = facts.meta.get("og:title") or facts.meta.get("twitter:title")
    ordered = (shared, facts.linked_text("headline"), confirmed, document, *facts.headings[:1])
    return [title for title in ordered if title]


def _own_names(facts: PageFacts) -> list[str]:
    """Return what the site calls itself in its tags."""
    tags = (facts.meta.get(name) for name in ("og:site_name", "application-name", "publisher"))
    return [name for name in (*tags, facts.linked_text("publisher")) if name]


def _loose(title: str) -> str:
    """Return what two spellings of one title share: letters and digits, without case, quotation marks and spaces."""
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", title).casefold()))


def _without_site(title: str, plain: list[str], names: set[str]) -> str:
    """Return a title without what follows (or precedes) the headline: the site's name, a section, a date.

    Whatever follows a part that is exactly a title given elsewhere goes; else the parts that are the site's name.
    """
    known = {_loose(other) for other in plain}
    cuts = [match.span() for match in _SEPARATOR.finditer(title)]
    for start, end in cuts:
        for part in (title[:start], title[end:]):
            if _loose(part) in known and _loose(part) not in names:
                return part.strip()
    while cuts and _loose(title[cuts[-1][1] :]) in names:
        title = title[: cuts.pop()[0]]
    if cuts and _loose(title[: cuts[0][0]]) in names:
        title = title[cuts[0][1] :]
    return title.strip()


def _is_credible(title: str, titles: list[str]) -> bool:
    """Say whether a title has a word in common with another one of the page, where others agree among themselves."""
    others = [other for other in titles if _loose(other) != _loose(title)]
    do_agree = len({_loose(other) for other in others}) < len(others)
    if not do_agree:
        return True
    return any(_long_words(title) & _long_words(other) for other in others)


def _long_words(title: str) -> set[str]:
    """Return the words of a title that say something, by their length."""
    return {word for word in _WORD.findall(title.casefold()) if len(word) >= _LONG_WORD_CHARACTERS}


def _uncut(title: str, titles: list[str]) -> str:
    """Return the whole of a title that ends in an ellipsis, where another one goes on."""
    if not _CUT.search(title):
        return title
    beginning = _loose(_CUT.sub("", title))
    return next((other for other in titles if not _CUT.search(other) and _loose(other).startswith(beginning)), title)
