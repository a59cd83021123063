"""One address, one form: what two links to the same article have in common.

Only what cannot change the page is removed: tracking parameters, sessions, fragments, default ports, spelling of
percent signs. `www`, the scheme and a trailing slash stay in the address, since a reader must be able to follow it, and
are left out of the article's id. courlan names the registered domain; its own cleaning is not used, because it drops
parameters by their first letters (`gallery`, `cid`) and valueless ones (`/news?12345`), by which old sites
number articles.
Called by the feed and page readers.
"""

from __future__ import annotations

import re
import string
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

import courlan

from transforms.records import digest

_MAX_CHARACTERS: Final = 2_000
_UNRESERVED: Final = string.ascii_letters + string.digits + "-._~"
_SAFE_IN_PATH: Final = _UNRESERVED + "/:@!$&'()*+,;="
_SAFE_IN_QUERY: Final = _SAFE_IN_PATH + "?[]|"
_TRACKING: Final = re.compile(
    r"""
    utm_\w+ | (?:fb|g|dc|y|ys|msclk|ttc|tw|wbra|gbra)c?l?id | igshi?d? | mc_[ce]id | mkt_tok
    | _openstat | openstat_\w+ | etext | roistat\w* | mindbox-[\w-]+ | frommail | yadclid | rb_clickid # Russian
    | spm | scm | share_(?:token|from) # Chinese
    | cm_id | vero_\w+ | at_(?:medium|campaign|link\w*) | xtor | ncid | s?cmpid? | ito | wt[._]\w+
    | sphrase_id | bxajaxid | clear_cache # Bitrix, on which half of the region's sites run: search, fragments, cache
    | yrwinfo | ymclid | admitad_uid | aprt # Yandex's referrals and market; advertising networks
    | isappinstalled | nsukey | chksm | bd_vid | spm_id_from | vd_source | share_(?:source|medium|plat|tag) # Chinese
    | gad_(?:source|campaignid) | srsltid | fb_(?:action_ids|action_types|source|comment_id) | __twitter_impression
    | _x_tr_\w+ | __cf_chl_\w+ | usqp | amp_(?:js_v|gsa|r) # Google Translate, Cloudflare, viewers of AMP pages
    | pk_\w+ | mtm_\w+ | hsa_\w+ | _hs(?:enc|mi) | oly_\w+ | _g[al] | phpsessid | jsessionid | aspsessionid\w*
    """,
    re.IGNORECASE | re.VERBOSE,
)
# words that may also carry meaning: dropped only with a value that names a way to the page
_WAYS_IN: Final = frozenset({"from", "ref", "referrer", "referer", "source", "src", "via", "partner"})
_WAY: Final = re.compile(
    r"(?:\w+[_-])?(?:rss|feeds?|rssfeed|atom|xml|yandex\w*|ya_?news|yxnews|google\w*|facebook|fb|twitter|telegram"
    r"|tg|tw|vk|ok|whatsapp|viber|instagram|zen|dzen|push|mail|mailru|rambler|email|newsletter|share"
    r"|smi2|24smi|mirtesen|lentainform|infox|pulse"  # networks by which Russian-language media exchange readers
    r"|singlemessage|groupmessage|timeline)",  # WeChat
    re.IGNORECASE,
)
_SESSION_IN_PATH: Final = re.compile(r";(?:jsessionid|phpsessid)=[^/]*", re.IGNORECASE)
# other editions of the same page; at least two labels of the host stay, at least one segment of the path
_EDITION_HOST: Final = re.compile(r"^(?:(?:www|m|mobile|touch|pda|wap|amp)\.)+(?=[^.]+\.)")
_EDITION_FIRST: Final = re.compile(r"^/amp(?=/.)")
_EDITION_LAST: Final = re.compile(r"(?<=[^/])(?:/amp(?:\.html)?|\.amp(?:\.html)?)/?$", re.IGNORECASE)
_EDITION_NAMES: Final = frozenset({"outputtype", "output", "type", "format", "view", "mode", "version"})
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")


def canonical_url(url: str) -> str | None:
    """Return the canonical form of an absolute http(s) address, None for anything else; idempotent."""
    text = re.sub(r"[\x00-\x20\x7f]+", "", url.strip()).replace("&amp;", "&")
    try:
        parts = urlsplit(text)
        host = _host(parts)
        path = _path(parts.path)
        query = _query(parts.query)
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    fragment = _escaped(parts.fragment, _SAFE_IN_QUERY) if parts.fragment.startswith("!") else ""
    canonical = urlunsplit((parts.scheme, host, path, query, fragment))
    return canonical if len(canonical) <= _MAX_CHARACTERS else None


def absolute_url(base: str, link: str | None) -> str | None:
    """Return a link as the feed or page means it, made absolute; None when it leads to no http(s) address."""
    try:
        joined = urljoin(base, (link or "").strip())
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if link and parts.scheme in ("http", "https") and parts.hostname else None


def article_id_of(canonical: str) -> str:
    """Return the id of the article at a canonical address.

    It is the same with or without `www`, TLS and last slash, and for the AMP and mobile editions that can be told by
    their address (`m.`, `/amp/`, `?amp=1` …). Only the id is folded: the address is asked as it stands.
    """
    parts = urlsplit(canonical)
    host = _EDITION_HOST.sub("", parts.netloc)
    path = _EDITION_LAST.sub("", _EDITION_FIRST.sub("", parts.path))
    query = "&".join(part for part in parts.query.split("&") if not _names_edition(part))
    return digest(urlunsplit(("", host, path.rstrip("/"), query, parts.fragment)))


def are_same_site(one: str, other: str) -> bool:
    """Say whether two addresses belong to one registered domain (or one host, where there is no such domain)."""
    return _site(one) == _site(other)


def _site(url: str) -> str | None:
    """Return the registered domain of an address, its host where the public suffix list does not know it."""
    host = urlsplit(url).hostname
    return courlan.extract_domain(url) or (host and host.removeprefix("www."))


def _host(parts: SplitResult) -> str:
    """Return host and port in lower case, international names in ASCII, without user and default port."""
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if not re.fullmatch(r"[\w.-]+|[0-9a-f:.]+", host, re.ASCII):
        raise ValueError("not a host name")
    host = f"[{host}]" if ":" in host else host
    is_default = parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme))
    return host if is_default else f"{host}:{parts.port}"


def _path(path: str) -> str:
    """Return a path with one spelling: dots resolved, slashes single, escapes only where they are needed."""
    segments: list[str] = []
    for segment in _escaped(_SESSION_IN_PATH.sub("", path), _SAFE_IN_PATH).split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    is_folder = not segments or path.endswith(("/", "/.", "/.."))
    return "/" + "/".join(segments) + ("/" if segments and is_folder else "")


def _query(query: str) -> str:
    """Return the parameters that choose the page, sorted by name; repeated ones keep their order."""
    pairs = [part.partition("=") for part in query.split("&") if part]
    kept = [(_escaped(name, _SAFE_IN_QUERY), equals, _escaped(value, _SAFE_IN_QUERY)) for name, equals, value in pairs]
    return "&".join(sorted(("".join(pair) for pair in kept if not _is_tracking(pair[0], pair[2])), key=_name_of))


def _names_edition(parameter: str) -> bool:
    """Say whether a parameter asks for the AMP edition of the same page."""
    name, _, value = parameter.lower().partition("=")
    return name == "amp" or (value == "amp" and name in _EDITION_NAMES)


def _name_of(parameter: str) -> str:
    """Return the name of a `name=value` parameter."""
    return parameter.partition("=")[0]


def _is_tracking(name: str, value: str) -> bool:
    """Say whether a parameter tells how the reader came, and nothing about the page."""
    if name.lower() in _WAYS_IN:
        return _WAY.fullmatch(value) is not None
    return _TRACKING.fullmatch(name) is not None


def _escaped(text: str, safe: str) -> str:
    """Return text in which exactly those characters are escaped that must be, in capitals, as UTF-8."""
    pieces = _ESCAPE.split(text)
    plain = (quote(piece, safe=safe) for piece in pieces[::2])
    escapes = (char if (char := chr(int(code, 16))) in _UNRESERVED else f"%{code.upper()}" for code in pieces[1::2])
    return "".join(part for pair in zip(plain, [*escapes, ""], strict=True) for part in pair)
