"""Where a site may have feeds and sitemaps: bytes that were fetched in, addresses to try out.

Evidence comes in the order of trust: link tags, links to be clicked, then the paths that are usual. Whether a candidate
is a feed only its own bytes can say. Never fetches; trafilatura lends its patterns, not its downloader. Called by the
flow that finds sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from lxml import etree, html
from trafilatura.feeds import BLACKLIST, FEED_TYPES, LINK_VALIDATION_RE
from trafilatura.sitemaps import GUESSES

from transforms.decoding import decode
from transforms.page_facts import facts_of
from transforms.plain import one_line, text_of, without_controls
from transforms.urls import absolute_url, are_same_site

Evidence = Literal["the address given", "link tag", "link on a page", "usual path", "robots.txt"]

# Types of other things, too (WordPress offers its JSON interface as an alternate): the address must speak as well.
_ANY_TYPE: Final = frozenset({"application/json", "application/xml", "text/plain", "text/xml"})
# In a link's address: what outlets of the region use, beside what trafilatura knows.
_SPEAKING: Final = re.compile(r"(?<![a-z])(?:rss|feeds?|atom|rdf)\d?(?![a-z])", re.IGNORECASE)
_RELAYS: Final = re.compile(r"^(?:feeds\d?\.feedburner\.com|feedproxy\.google\.com|rss\.app|feeds\..+)$")
_NOT_THE_NEWS: Final = re.compile(
    r"/(?:comments?|author|tags?|user|search|wp-json|comment-page-\d+)(?:/|$)|oembed|sitemap|podcast", re.IGNORECASE
)

# By how many feeds of the catalogue use them, then what content systems make by default.
_USUAL_FEEDS: Final = (
    *("/rss", "/feed/", "/rss.xml", "/ru/rss", "/en/rss", "/feed.xml", "/atom.xml", "/rss/all.xml", "/rss/news"),
    *("/export/rss2/archive/index.xml", "/news/rss", "/index.xml", "/?feed=rss2"),
)
_USUAL_SITEMAPS: Final = ("sitemap-news.xml", *GUESSES)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed, what speaks for it, and what the link calls it."""

    url: str
    evidence: Evidence
    title: str | None = None


@dataclass(frozen=True, slots=True)
class PageIdentity:
    """What a page calls its site, and the language it claims; both are hints."""

    name: str | None = None
    language: str | None = None


def feeds_in_page(payload: bytes, content_type: str | None, url: str) -> tuple[Candidate, ...]:
    """Return the addresses that a page offers as feeds, link tags first; none of comments, authors or labels.

    A link tag may lead to any host; a link to be clicked must stay on the site, or lead to a known relay of feeds.
    """
    tree = tree_of(payload, content_type)
    if tree is None:
        return ()
    base = next((link for tag in tree.iter("base") if (link := absolute_url(url, tag.get("href")))), url)
    found = [*_declared(tree, base), *_linked(tree, base, url)]
    return distinct(candidate for candidate in found if not _is_of_other_things(candidate.url))


def usual_feeds(home_url: str) -> tuple[Candidate, ...]:
    """Return the addresses at which many sites have their feed."""
    links = (absolute_url(home_url, path) for path in _USUAL_FEEDS)
    return tuple(Candidate(link, "usual path") for link in links if link)


def usual_sitemaps(home_url: str) -> tuple[str, ...]:
    """Return the addresses at which many sites have their sitemap, that of the news first."""
    links = (absolute_url(home_url, f"/{path}") for path in _USUAL_SITEMAPS)
    return tuple(link for link in links if link)


def distinct(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return each address once, with what was said of it first."""
    seen: dict[str, Candidate] = {}
    for candidate in candidates:
        seen.setdefault(candidate.url, candidate)
    return tuple(seen.values())


def identity_of(payload: bytes, content_type: str | None, url: str) -> PageIdentity:
    """Return what a front page calls its site, and its language.

    The name is `og:site_name`; else the part of the title that speaks of the host; else the title's last part.
    """
    tree = tree_of(payload, content_type)
    if tree is None:
        return PageIdentity()
    facts = facts_of(tree)
    name = facts.meta.get("og:site_name") or facts.meta.get("application-name")
    root = next(iter(tree.iter("html")), None)
    return PageIdentity(
        name or _name_in(facts.document_title, url), one_line(root.get("lang")) if root is not None else None
    )


def tree_of(payload: bytes, content_type: str | None) -> etree._Element | None:
    """Return a page as a tree; None for what cannot be read as one."""
    decoded = decode(payload, content_type)
    if decoded is None or not decoded.text.strip():
        return None
    try:
        # bytes, since lxml refuses text that declares an encoding
        parser = html.HTMLParser(encoding="utf-8", no_network=True)
        return html.document_fromstring(without_controls(decoded.text).encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def _declared(tree: etree._Element, base: str) -> Iterator[Candidate]:
    """Yield what link tags offer as a feed, by their type or by their address."""
    for tag in tree.iter("link"):
        link = absolute_url(base, tag.get("href"))
        if link and "alternate" in (tag.get("rel") or "").lower().split() and _is_feed_type(tag.get("type"), link):
            yield Candidate(link, "link tag", one_line(tag.get("title")))


def _is_feed_type(media_type: str | None, link: str) -> bool:
    """Say whether a link tag's type, with its address where the type may mean anything, is that of a feed."""
    kind = (media_type or "").split(";")[0].strip().lower()
    if kind in FEED_TYPES and kind not in _ANY_TYPE:
        return True
    return (not kind or kind in _ANY_TYPE) and _speaks_of_feed(link)


def _linked(tree: etree._Element, base: str, url: str) -> Iterator[Candidate]:
    """Yield what links on the page seem to lead to a feed."""
    for tag in tree.iter("a"):
        link = absolute_url(base, tag.get("href"))
        if link and (_is_relay(link) or (are_same_site(link, url) and _speaks_of_feed(link))):
            yield Candidate(link, "link on a page", one_line(text_of(tag)))


def _speaks_of_feed(link: str) -> bool:
    """Say whether an address looks like that of a feed."""
    parts = urlsplit(link)
    return bool(LINK_VALIDATION_RE.search(link) or _SPEAKING.search(f"{parts.path}?{parts.query}"))


def _is_relay(link: str) -> bool:
    """Say whether a link leads to a host that serves other sites' feeds."""
    return _RELAYS.match(urlsplit(link).hostname or "") is not None


def _is_of_other_things(link: str) -> bool:
    """Say whether an address is that of a feed of comments, an author or a label, or of no feed but an interface."""
    return bool(BLACKLIST.search(link) or _NOT_THE_NEWS.search(link))


def _name_in(title: str | None, url: str) -> str | None:
    """Return the part of a front page's title that is the site's name."""
    parts = [part for part in re.split(r"\s+[|·•–—:/-]+\s+|\s*[|•]\s*", title or "") if part]
    label = _letters((urlsplit(url).hostname or "").removeprefix("www.").split(".")[0])
    named = (part for part in parts if label and label in _letters(part))
    return next(named, parts[-1] if parts else None)


def _letters(words: str) -> str:
    """Return what of a name could stand in a host's: small letters and figures, nothing between them."""
    return "".join(sign for sign in words.lower() if sign.isalnum())
