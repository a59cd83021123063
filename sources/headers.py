"""What we say of ourselves when we ask for an address.

Pure; called by the network transport, which sends these headers, and by the capture writer, which records them.
"""

from __future__ import annotations

from transforms.records import CaptureKind, Request

DEFAULT_USER_AGENT = "MediaCooperationMonitor/0.1 (feed reader)"
_FEEDS = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
ACCEPT = {  # some sites answer unknown agents with HTML unless they ask as a feed reader does
    CaptureKind.FEED: _FEEDS,
    CaptureKind.FEED_PAGE: _FEEDS,
    CaptureKind.SITEMAP: "application/xml, text/xml;q=0.9, */*;q=0.1",
    CaptureKind.PAGE: "text/html, application/xhtml+xml, */*;q=0.1",
    CaptureKind.ROBOTS: "text/plain, */*;q=0.1",
}
ACCEPT_ENCODING = "gzip, deflate"  # any reader of WARC files undoes these; `decoding` also what comes unasked


def headers_to_send(request: Request, user_agent: str) -> tuple[tuple[str, str], ...]:
    """Return the headers of a request in the order in which they are sent, without Host."""
    return (
        ("User-Agent", user_agent),
        ("Accept", ACCEPT[request.kind]),
        ("Accept-Encoding", ACCEPT_ENCODING),
        *_validators(request),
    )


def is_conditional(request: Request) -> bool:
    """Say whether the request carries a validator, so that 304 is a sensible answer to it."""
    return bool(_validators(request))


def _validators(request: Request) -> tuple[tuple[str, str], ...]:
    """Return the conditional headers, byte for byte as the server gave them.

    A validator with control characters cannot have come from a header and would end one: it is left out.
    """
    pairs = (("If-None-Match", request.etag), ("If-Modified-Since", request.last_modified))
    return tuple((name, value) for name, value in pairs if value and value.isprintable())
