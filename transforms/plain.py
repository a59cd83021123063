"""Plain text out of markup and whitespace: the one place that says what a stored title, summary or text looks like.

Never decides what belongs to an article. Called by the feed and page readers.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from lxml import etree, html

# what XML forbids, and lone surrogates: no parser may see them
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_WINDOWS: Final = re.compile("[\x80-\x84\x86-\x9f]")
_WINDOWS_MARKS: Final = {
    code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0) if code != 0x85
}
# soft hyphens, zero-width spaces and byte order marks hide words from lexicons; joiners stay, Persian needs them
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")
_MARKUP: Final = re.compile(r"<[a-zA-Z/!?]|&[#a-zA-Z]")
_BLOCKS: Final = frozenset(
    {"address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "h1"}
    | {"h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "td", "th"}
    | {"tr", "ul"}
)
_UNSPOKEN: Final = ("script", "style", "template", "noscript")


def without_controls(text: str) -> str:
    """Return the text without characters that XML forbids; tab and line ends stay.

    Control codes between 128 and 159 are what old editors left of quotes and dashes: they become those, as in browsers.
    """
    return _FORBIDDEN.sub("", text.translate(_WINDOWS_MARKS) if _WINDOWS.search(text) else text)


def one_line(text: str | None) -> str | None:
    """Return text in NFC on one line with single spaces, or None when nothing is left."""
    if not text:
        return None
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", without_controls(text))).split()) or None


def lines_of(text: str) -> str:
    r"""Return text in NFC with ``\n`` line ends, single spaces within lines and no empty lines: the stored form."""
    lines = (one_line(line) for line in re.split(r"\r\n|[\n\r\u2028\u2029]", text))
    return "\n".join(line for line in lines if line)


def text_of_markup(markup: str | None) -> str | None:
    """Return what a reader sees of a piece of HTML, on one line, or None when that is nothing."""
    if not markup or not _MARKUP.search(markup):
        return one_line(markup)
    try:
        tree = html.document_fromstring(f"<div>{without_controls(markup)}</div>")
    except (etree.ParserError, ValueError):  # nothing but comments, or a declaration inside a string
        return None
    return one_line(text_of(tree))


def text_of(tree: etree._Element) -> str:
    """Return the text of an element with a space where a block begins or ends; scripts and styles are silent."""
    parts: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            parts.append("" if silent else element.tail or "")
            continue
        gap = " " if element.tag in _BLOCKS else ""
        if event == "start":
            silent += element.tag in _UNSPOKEN
            parts.append("" if silent else gap + (element.text or ""))
        else:
            silent -= element.tag in _UNSPOKEN
            outside = "" if element is tree or silent else element.tail or ""
            parts.append(gap + outside)
    return "".join(parts)
