"""What stands among an article's paragraphs and is not the article: teasers, sign-up boxes, share bars, its headline.

`clear` takes blocks out of a page's tree before the text is extracted, by their shape and never by a site's class
names; `without_frame` takes lines off the extracted text. One teaser left in a text is enough to make an event of
somebody else's headline. Called by `articles`.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from transforms.plain import one_line, text_of

_BLOCKS: Final = frozenset({"p", "div", "aside", "section", "blockquote", "figure"})
_MOST_LABEL_CHARACTERS: Final = 25  # "Read also:", «Читайте также:»
_FEWEST_HEADLINE_WORDS: Final = 4  # a shorter link is part of a sentence, or a name
_FEWEST_HEADLINE_CHARACTERS: Final = 12  # Chinese headlines have no words between spaces
_MOST_BOX_CHARACTERS: Final = 300
# fmt: off
_SERVICES: Final = frozenset({
    "facebook", "twitter", "x", "telegram", "whatsapp", "vk", "vkontakte", "вконтакте", "ok", "одноклассники", "viber",
    "email", "e-mail", "linkedin", "instagram", "youtube", "tiktok", "pinterest", "weibo", "wechat", "line",
    "messenger", "copy", "link", "print",
})
# fmt: on
_FEWEST_SERVICES: Final = 3
_WORDS: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def clear(tree: etree._Element) -> None:
    """Take teasers of other articles and sign-up boxes out of a page's tree, in place."""
    boxes = [box for field in tree.iter("input", "form") if (box := _box_of(field)) is not None]
    for block in [*boxes, *(block for block in tree.iter(*_BLOCKS) if _is_teaser(block))]:
        _remove(block)


def without_frame(text: str, title: str) -> str:
    """Return a text (a line a paragraph) without the headline before its first paragraph and without share bars."""
    lines = [line for line in text.split("\n") if not _is_share_bar(line)]
    if len(lines) > 1 and _bare(lines[0]) == _bare(title):
        lines = lines[1:]
    return "\n".join(lines)


def _is_teaser(block: etree._Element) -> bool:
    """Say whether a block is nothing but a link with a headline in it, perhaps behind a label."""
    links = [link for link in block.iter("a") if link.get("href")]
    if len(links) != 1 or any(child.tag in _BLOCKS for child in block):
        return False
    headline, whole = one_line(text_of(links[0])) or "", one_line(text_of(block)) or ""
    return _is_headline(headline) and len(whole) - len(headline) <= _MOST_LABEL_CHARACTERS


def _is_headline(text: str) -> bool:
    """Say whether a link's text is long enough to be a headline."""
    is_spaced = text.isascii() or " " in text
    if is_spaced:
        return len(_WORDS.findall(text)) >= _FEWEST_HEADLINE_WORDS
    return len(text) >= _FEWEST_HEADLINE_CHARACTERS


def _box_of(field: etree._Element) -> etree._Element | None:
    """Return the small block that holds a form or a field for typing, or None where it belongs to something large."""
    if field.tag == "input" and field.get("type", "text") not in ("text", "email"):
        return None
    box = None
    for above in field.iterancestors(*_BLOCKS):
        if len(one_line(text_of(above)) or "") > _MOST_BOX_CHARACTERS:
            break
        box = above
    return box


def _remove(block: etree._Element) -> None:
    """Take an element out of its tree, and leave the text behind it where it was."""
    parent = block.getparent()
    if parent is None:
        return
    if block.tail:
        previous = block.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + block.tail
        else:
            previous.tail = (previous.tail or "") + block.tail
    parent.remove(block)


def _is_share_bar(line: str) -> bool:
    """Say whether a line does little else than name places to share an article at."""
    words = [word.lower() for word in _WORDS.findall(line)]
    services = sum(word in _SERVICES for word in words)
    return services >= _FEWEST_SERVICES and services * 2 >= len(words)


def _bare(text: str) -> str:
    """Return a text's letters and figures alone, in small letters."""
    return " ".join(_WORDS.findall(text.lower()))
