"""What a page says about itself outside its text: meta tags, JSON-LD, headings, canonical link.

One tree, walked once; nothing is chosen here and nothing is believed. Called by `articles`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from transforms.plain import one_line, text_of, text_of_markup

_ARTICLE_TYPES: Final = re.compile(r"(?:\w*Article|\w*BlogPosting|Report|Review|VideoObject)$")
_MAX_DEPTH: Final = 12
_HEADINGS: Final = 6


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A page's claims about itself, as written; `meta` by lower-case name or property, the first of a name."""

    meta: dict[str, str]
    linked_data: tuple[dict[str, Any], ...]  # the objects that describe an article, in document order
    headings: tuple[str, ...]  # h1, in document order
    document_title: str | None
    canonical_link: str | None

    def linked_text(self, name: str) -> str | None:
        """Return the first JSON-LD value of that name, as text."""
        return next((text for item in self.linked_data for text in texts_of(item.get(name)) if text), None)


def facts_of(tree: etree._Element) -> PageFacts:
    """Return what an HTML tree says about itself."""
    meta: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower()
        if name and (content := one_line(tag.get("content"))):
            meta.setdefault(name, content)
    canonical = (
        link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()
    )
    headings = (one_line(text_of(heading)) for heading in tree.iter("h1"))
    titles = (one_line(title.text) for title in tree.iter("title") if not _is_drawn(title))
    return PageFacts(
        meta=meta,
        linked_data=tuple(_linked_data(tree)),
        headings=tuple(heading for heading in headings if heading)[:_HEADINGS],
        document_title=next((title for title in titles if title), None),
        canonical_link=next((link for link in canonical if link), None),
    )


def texts_of(value: Any) -> Iterator[str]:
    """Yield the texts in a JSON-LD value: text, a named thing, or a list of either."""
    if isinstance(value, str):
        if text := text_of_markup(value):
            yield text
    elif isinstance(value, dict):
        yield from texts_of(value.get("name"))
    elif isinstance(value, list):
        for member in value:
            yield from texts_of(member) if not isinstance(member, list) else ()


def _is_drawn(title: etree._Element) -> bool:
    """Say whether a title belongs to a drawing in the page."""
    parent = title.getparent()
    return parent is not None and parent.tag not in ("head", "html", "body")


def _linked_data(tree: etree._Element) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects that describe an article; broken JSON is passed over."""
    for script in tree.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() == "application/ld+json" and script.text:
            try:
                # line ends inside strings are the commonest fault
                document = json.loads(script.text.strip().rstrip(";"), strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _articles_in(document, _MAX_DEPTH)


def _articles_in(node: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Yield the objects of an article's type in a JSON-LD document, outermost first."""
    if depth and isinstance(node, list):
        for member in node:
            yield from _articles_in(member, depth - 1)
    elif depth and isinstance(node, dict):
        types = node.get("@type")
        if any(
            isinstance(name, str) and _ARTICLE_TYPES.search(name)
            for name in (types if isinstance(types, list) else [types])
        ):
            yield node
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles_in(node.get(name), depth - 1)
