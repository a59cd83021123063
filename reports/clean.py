"""Strangers' text made harmless: invisible characters, addresses, Markdown. The templates escape HTML.

Pure. Called by the template environments for everything they print, so that nothing can be forgotten.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from transforms.records import digest

# Controls, soft hyphens, zero-width characters, marks and overrides of direction, tag and interlinear characters: they
# show nothing, and can make a reader see another text than the one that stands there. The zero-width non-joiner stays
# between Arabic letters, since Persian is spelt with it.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
    "|(?<![\u0620-\u06ff])\u200c|\u200c(?![\u0620-\u06ff])"
)
_MARKDOWN: Final = re.compile(r"[\\`*_\[\]<>|~$]")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HOST: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_ADDRESS_SAFE: Final = ":/?#@!$&'*+,;=%-._~"


def plain(text: str) -> str:
    """Return the text without invisible characters, its white space made single spaces."""
    return " ".join(_INVISIBLE.sub("", text).split())


def as_lines(text: str) -> Markup:
    """Return a text of several lines, such as a diff, escaped for HTML with its line ends and spaces kept."""
    return Markup("\n").join(_INVISIBLE.sub("", line) for line in text.splitlines())


def shortened(text: str, limit: int) -> str:
    """Return the text, cut with an ellipsis when it has more than `limit` characters."""
    cleaned = plain(text)
    return cleaned if len(cleaned) <= limit else f"{cleaned[: limit - 1].rstrip()}…"


def web_address(address: str | None) -> str | None:
    """Return an address that may be a link, percent-encoded: only http and https, with a host, without a user."""
    if not address or plain(address) != address or re.search(r"[\s\\]", address):
        return None
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:  # a broken host or port
        return None
    if parts.scheme.lower() not in {"http", "https"} or not _HOST.fullmatch(host) or "@" in parts.netloc:
        return None
    return quote(parts._replace(netloc=f"{host}{port}").geturl(), safe=_ADDRESS_SAFE)


def language_tag(language: str | None) -> str | None:
    """Return a language tag that may stand in a `lang` attribute, or None."""
    return language if language and language != "und" and _LANGUAGE.fullmatch(language) else None


def anchor(*parts: str) -> str:
    """Return a name for a place in the page: legible, and different for different parts."""
    text = "-".join(parts)
    legible = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:60]
    return text if legible == text else f"{legible}-{digest(*parts)[:8]}"


def for_html(value: Any) -> Any:
    """Return what an HTML template prints; the template escapes it afterwards unless it is Markup."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def for_markdown(value: Any) -> Any:
    """Return what a Markdown template prints: everything escaped that is not Markup."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _MARKDOWN.sub(r"\\\g<0>", plain(value).replace("&", "&amp;"))
    return value


def markdown_link(address: str | None, text: str) -> Markup:
    """Return a Markdown link, or the text alone where the address may be no link."""
    safe, shown = web_address(address), for_markdown(text)
    # The address is percent-encoded and holds no <, > or line end; the text is escaped.
    return Markup(shown if safe is None else f"[{shown}](<{safe}>)")  # noqa: S704
