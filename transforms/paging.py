"""Where a feed goes on: the address of its next older page, from the bytes of the page at hand.

Two ways are known: the links of RFC 5005 (`next`, `prev-archive`; `next_url` in JSON Feed), and `?paged=2` where the
feed says that WordPress made it. Only pages of the same site are named. Never fetches, never reads items. Called by
`gaps`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from transforms.records import Capture, Outcome
from transforms.safe_xml import local_name, read_tree
from transforms.urls import absolute_url, are_same_site

_ATOM: Final = "{http://www.w3.org/2005/Atom}link"
_OLDER: Final = ("next", "prev-archive", "http://www.iana.org/assignments/relation/next")
_HEADS: Final = frozenset({"rss", "feed", "channel", "rdf"})


def next_page(capture: Capture) -> str | None:
    """Return the address of the next older page of the feed that was captured; None where it names none."""
    response = capture.response
    if response.outcome is not Outcome.FETCHED:
        return None
    found = _named_page(response.payload, response.final_url)
    here = response.final_url
    return found if found and found != here and are_same_site(found, here) else None


def _named_page(payload: bytes, url: str) -> str | None:
    """Return the next page that a feed of either notation names, absolute."""
    if payload.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return absolute_url(url, _next_url(payload))
    tree = read_tree(payload)
    if tree is None:
        return None
    link = next((href for relation in _OLDER for href in _links(tree, relation)), None)
    if link is not None:
        return absolute_url(url, link)
    return _wordpress_page(url) if _is_wordpress(tree) else None


def _next_url(payload: bytes) -> str | None:
    """Return what a JSON Feed names as its next page."""
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    found = document.get("next_url") if isinstance(document, dict) else None
    return found if isinstance(found, str) else None


def _heads(tree: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements whose children speak of the feed as a whole; items come after them and are not looked at."""
    if local_name(tree) in _HEADS:
        yield tree
        yield from (child for child in tree if local_name(child) in _HEADS)


def _links(tree: etree._Element, relation: str) -> Iterator[str]:
    """Yield the addresses of the feed's own links of that relation."""
    for head in _heads(tree):
        for link in head.iterchildren(_ATOM):
            if relation in (link.get("rel") or "").lower().split() and link.get("href"):
                yield link.get("href") or ""


def _is_wordpress(tree: etree._Element) -> bool:
    """Say whether the feed names WordPress as what made it."""
    makers = (child for head in _heads(tree) for child in head if local_name(child) == "generator")
    return any("wordpress" in f"{maker.text} {maker.get('uri')}".lower() for maker in makers)


def _wordpress_page(url: str) -> str | None:
    """Return the address of the page after this one, by the parameter that WordPress counts pages with."""
    parts = urlsplit(url)
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    number = next((value for name, value in parameters if name == "paged"), "1")
    if not (number.isascii() and number.isdigit() and len(number) < 5):
        return None
    others = [pair for pair in parameters if pair[0] != "paged"]
    return urlunsplit(parts._replace(query=urlencode([*others, ("paged", str(int(number) + 1))])))
