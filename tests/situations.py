"""What an outlet can do to us, and what comes of it: the table behind the tests and behind `docs/situations.md`.

`python -m tests.situations` writes the document anew; a test fails when it is stale.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.misbehaving import (
    FEED,
    GZIP_BOMB,
    Handler,
    Wire,
    bare_deflate,
    body,
    chain,
    drip,
    endless,
    hangs_up,
    packed,
    raw,
    redirect,
    resets,
    says,
    silence,
    stays_silent,
)
from transforms.records import Outcome

LIMIT_BYTES = 20_000  # for a body, in these tests
OK = b"HTTP/1.1 200 OK\r\n"


@dataclass(frozen=True, slots=True)
class Situation:
    """One way to behave: its name in words and the outcome in which an attempt ends."""

    name: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Answered(Situation):
    """An answer to a request: what the path does, and whether the feed arrives whole."""

    does: Handler
    arrives: bool = False


@dataclass(frozen=True, slots=True)
class Connected(Situation):
    """What happens to a connection before there is any HTTP."""

    does: Wire
    scheme: str = "http"


@dataclass(frozen=True, slots=True)
class Certified(Situation):
    """A server whose certificate nobody vouches for."""

    is_expired: bool = False
    host: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Fed(Situation):
    """A body that is answered where a feed should be, and what reading it comes to."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Addressed(Situation):
    """An address that we are given or led to."""

    url: str


@dataclass(frozen=True, slots=True)
class Sited(Situation):
    """A whole site: what its paths do, and what becomes of `/news`."""

    site: dict[str, Handler] = field(default_factory=dict)


def chunked(data: bytes) -> bytes:
    return OK + b"Transfer-Encoding: chunked\r\n\r\n" + data


def answer(headers: bytes, data: bytes = b"") -> bytes:
    return OK + headers + b"\r\n" + data


FETCHED, UNPARSABLE, TOO_LARGE = Outcome.FETCHED, Outcome.UNPARSABLE, Outcome.TOO_LARGE
CONNECT, TIMEOUT, TLS, REFUSED = Outcome.CONNECT, Outcome.TIMEOUT, Outcome.TLS, Outcome.REFUSED_ADDRESS

ANSWERS = (
    # bodies
    Answered("a feed", FETCHED, body(FEED), arrives=True),
    Answered("packed with gzip", FETCHED, body(gzip.compress(FEED), Content_Encoding="gzip"), arrives=True),
    Answered(
        "packed with gzip in two members",
        FETCHED,
        body(gzip.compress(FEED[:9]) + gzip.compress(FEED[9:]), Content_Encoding="gzip"),
        arrives=True,
    ),
    Answered(
        "packed with gzip, with padding behind it",
        FETCHED,
        body(gzip.compress(FEED) + b"\0\0\n", Content_Encoding="x-gzip"),
        arrives=True,
    ),
    Answered("packed with deflate", FETCHED, body(zlib.compress(FEED), Content_Encoding="deflate"), arrives=True),
    Answered(
        "packed with deflate without its header",
        FETCHED,
        body(bare_deflate(FEED), Content_Encoding="Deflate"),
        arrives=True,
    ),
    Answered("packed with Brotli, unasked", FETCHED, body(packed(FEED, "brotli"), Content_Encoding="br"), arrives=True),
    Answered(
        "packed with Zstandard, unasked", FETCHED, body(packed(FEED, "zstd"), Content_Encoding="zstd"), arrives=True
    ),
    Answered(
        "packed twice",
        FETCHED,
        body(gzip.compress(packed(FEED, "brotli")), Content_Encoding="br, gzip"),
        arrives=True,
    ),
    Answered("a Content-Encoding that is none", FETCHED, body(FEED, Content_Encoding="utf-8"), arrives=True),
    Answered("a cookie", FETCHED, body(FEED, Set_Cookie="a=b"), arrives=True),
    Answered("one very long header", FETCHED, body(FEED, Content_Security_Policy="p" * 20_000), arrives=True),
    Answered(
        "a hint before the answer (103)",
        FETCHED,
        raw(b"HTTP/1.1 103 Early Hints\r\n\r\n", answer(b"", FEED)),
        arrives=True,
    ),
    Answered("no length and a hang-up at the end", FETCHED, raw(answer(b"", FEED)), arrives=True),
    Answered("an answer in HTTP/1.0", FETCHED, raw(b"HTTP/1.0 200 OK\r\n\r\n" + FEED), arrives=True),
    Answered(
        "chunks with remarks", FETCHED, raw(chunked(b"3f;a=b\r\n" + FEED + b"\r\n0\r\nX: y\r\n\r\n")), arrives=True
    ),
    Answered("an empty body", FETCHED, body(b"")),
    Answered("no content (204)", FETCHED, body(b"", 204)),
    Answered("a body just within the limit", FETCHED, body(b"x" * LIMIT_BYTES)),
    Answered("a header in another encoding", FETCHED, raw(answer(b"X-City: Alm\xe1ty\r\nContent-Length: 0\r\n"))),
    # too much
    Answered("a body a byte too long", TOO_LARGE, body(b"x" * (LIMIT_BYTES + 1))),
    Answered("a body without end", TOO_LARGE, endless),
    Answered("a body announced as 100 MB", TOO_LARGE, raw(answer(b"Content-Length: 99999999\r\n", b"x"))),
    Answered("a gzip bomb", TOO_LARGE, body(GZIP_BOMB, Content_Encoding="gzip")),
    Answered("a deflate bomb", TOO_LARGE, body(zlib.compress(bytes(3_000_000)), Content_Encoding="deflate")),
    Answered("a Brotli bomb", TOO_LARGE, body(packed(bytes(3_000_000), "brotli"), Content_Encoding="br")),
    Answered("a Zstandard bomb", TOO_LARGE, body(packed(bytes(3_000_000), "zstd"), Content_Encoding="zstd")),
    Answered(
        "a bomb in a bomb",
        TOO_LARGE,
        body(gzip.compress(gzip.compress(bytes(9_000_000))), Content_Encoding="gzip, gzip"),
    ),
    Answered("a header of 99 kB", TOO_LARGE, raw(answer(b"X: " + b"p" * 99_000 + b"\r\n"))),
    Answered("a thousand headers", UNPARSABLE, raw(answer(b"X: y\r\n" * 1_000, FEED))),
    Answered("headers without end", UNPARSABLE, raw(OK, *[b"X: y\r\n" * 100] * 20)),
    # not what it says
    Answered("gzip that is damaged", UNPARSABLE, body(b"\x1f\x8b\x08" + b"junk" * 9, Content_Encoding="gzip")),
    Answered("gzip that ends too early", UNPARSABLE, body(gzip.compress(FEED)[:-12], Content_Encoding="gzip")),
    Answered(
        "gzip whose checksum is wrong", UNPARSABLE, body(gzip.compress(FEED)[:-8] + bytes(8), Content_Encoding="gzip")
    ),
    Answered("plain text called gzip", UNPARSABLE, body(FEED, Content_Encoding="gzip")),
    Answered("Brotli that is damaged", UNPARSABLE, body(b"\x8b\x02\x80abc\x03", Content_Encoding="br")),
    Answered("Brotli that ends too early", UNPARSABLE, body(packed(FEED, "brotli")[:-5], Content_Encoding="br")),
    Answered("Zstandard that ends too early", UNPARSABLE, body(packed(FEED, "zstd")[:-5], Content_Encoding="zstd")),
    Answered("plain text called Zstandard", UNPARSABLE, body(FEED, Content_Encoding="zstd")),
    Answered("an encoding of the past", UNPARSABLE, body(FEED, Content_Encoding="compress")),
    Answered("packed four times", UNPARSABLE, body(FEED, Content_Encoding="gzip, gzip, gzip, gzip")),
    Answered("another protocol", UNPARSABLE, raw(b"SSH-2.0-OpenSSH_9.9\r\n")),
    Answered("bytes that mean nothing", UNPARSABLE, raw(bytes(range(256)) * 4)),
    Answered("a status that is no number", UNPARSABLE, raw(b"HTTP/1.1 OK fine\r\n\r\n")),
    Answered("a header without a colon", UNPARSABLE, raw(answer(b"nonsense\r\n", FEED))),
    Answered("a header with a zero byte", UNPARSABLE, raw(answer(b"X: a\0b\r\n", FEED))),
    Answered("a length below zero", UNPARSABLE, raw(answer(b"Content-Length: -1\r\n", FEED))),
    Answered("two lengths", UNPARSABLE, raw(answer(b"Content-Length: 3\r\nContent-Length: 63\r\n", FEED))),
    Answered("a chunk whose size is no number", UNPARSABLE, raw(chunked(b"zz\r\n" + FEED))),
    Answered("304 to a request that was not conditional", UNPARSABLE, body(b"", 304)),
    Answered("several choices (300)", UNPARSABLE, body(b"", 300)),
    Answered("a redirect to nowhere", UNPARSABLE, body(b"", 302)),
    # slow, or broken off
    Answered("a drop now and then", TIMEOUT, drip),
    Answered("no answer", TIMEOUT, silence),
    Answered("headers a drop at a time", TIMEOUT, raw(OK, *[b"X: y\r\n"] * 60, seconds_between=0.05)),
    Answered(
        "a promised body that does not come", TIMEOUT, raw(answer(b"Content-Length: 9\r\n", b"x"), hangs_up=False)
    ),
    Answered("hints for ever", TIMEOUT, raw(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 60, seconds_between=0.05)),
    Answered("a hang-up before the answer", CONNECT, raw(b"")),
    Answered("a hang-up within the headers", CONNECT, raw(OK + b"X: y\r\nY")),
    Answered("a hang-up within the body", CONNECT, raw(answer(b"Content-Length: 100\r\n", b"only this"))),
    Answered("a hang-up within a chunk", CONNECT, raw(chunked(b"ff\r\nabc"))),
    # statuses
    Answered("400", Outcome.HTTP_4XX, body(b"bad", 400)),
    Answered("401", Outcome.HTTP_4XX, body(b"who are you", 401, WWW_Authenticate="Basic")),
    Answered("403", Outcome.HTTP_4XX, body(b"not you", 403)),
    Answered("407", Outcome.HTTP_4XX, body(b"proxy", 407)),
    Answered("451", Outcome.HTTP_4XX, body(b"not here", 451)),
    Answered("404", Outcome.MISSING, body(b"gone fishing", 404)),
    Answered("404 with a damaged body", Outcome.MISSING, body(b"junk", 404, Content_Encoding="gzip")),
    Answered("410", Outcome.MISSING, body(b"gone", 410)),
    Answered("429", Outcome.HTTP_429, body(b"slow down", 429, Retry_After="60")),
    Answered("500", Outcome.HTTP_5XX, body(b"oops", 500)),
    Answered("503", Outcome.HTTP_5XX, body(b"later", 503)),
    Answered("503 with an error page of 3 MB", Outcome.HTTP_5XX, body(bytes(3_000_000), 503)),
    Answered("999", Outcome.HTTP_5XX, raw(b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n")),
    # redirects
    Answered("moved for good", FETCHED, redirect("/a-feed", 301), arrives=True),
    Answered("moved to an address with a fragment", FETCHED, redirect("a-feed#top", 308), arrives=True),
    Answered("moved twice", FETCHED, redirect("/moved-for-good", 307), arrives=True),
    Answered("see there (303)", FETCHED, redirect("/a-feed", 303), arrives=True),
    Answered("moved with spaces around the address", FETCHED, redirect("  /a-feed  "), arrives=True),
    Answered("moved to something missing", Outcome.MISSING, redirect("/404")),
    Answered("moved to itself", Outcome.TOO_MANY_REDIRECTS, redirect("/moved-to-itself")),
    Answered("moved there and back", Outcome.TOO_MANY_REDIRECTS, redirect("/moved-back")),
    Answered("moved back", Outcome.TOO_MANY_REDIRECTS, redirect("/moved-there-and-back")),
    Answered("moved on and on", Outcome.TOO_MANY_REDIRECTS, chain),
    Answered("moved to a file", REFUSED, redirect("file:///etc/passwd")),
    Answered("moved to a script", REFUSED, redirect("javascript:alert(1)")),
    Answered("moved to nonsense", REFUSED, redirect("http://[::1/")),
    Answered("moved to port 0", REFUSED, redirect("http://127.0.0.1:0/")),
    Answered("moved to a name with a space", REFUSED, redirect("http://a b/")),
    Answered("moved to a name too long to exist", REFUSED, redirect(f"http://{'a' * 70}.invalid/")),
)

CONNECTIONS = (
    Connected("hangs up at once", CONNECT, hangs_up),
    Connected("breaks the connection", CONNECT, resets),
    Connected("speaks before it is asked", UNPARSABLE, says(b"220 mail.example ESMTP\r\n")),
    Connected("accepts and stays silent", TIMEOUT, stays_silent),
    Connected("hangs up in the middle of the TLS greeting", CONNECT, hangs_up, "https"),
    Connected("speaks no TLS where TLS is due", TLS, says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "https"),
    Connected("never ends the TLS greeting", TIMEOUT, stays_silent, "https"),
)

REFUSED_ADDRESSES = tuple(
    Addressed(f"{what} ({url})", REFUSED, url)
    for what, url in (
        ("loopback", "http://127.0.0.1/"),
        ("loopback by its name", "http://localhost/"),
        ("loopback in hexadecimal", "http://0x7f.1/"),
        ("loopback as one number", "http://2130706433/"),
        ("zero", "http://0/"),
        ("a private network", "http://10.0.0.1/"),
        ("a home network", "http://192.168.0.1/"),
        ("a carrier's own network", "http://100.64.0.1/"),
        ("a cloud's metadata", "http://169.254.169.254/latest/meta-data"),
        ("multicast", "http://224.0.0.1/"),
        ("broadcast", "http://255.255.255.255/"),
        ("IPv6 loopback", "http://[::1]/"),
        ("IPv6 link-local", "http://[fe80::1]/"),
        ("IPv6 private", "http://[fd00::1]/"),
        ("IPv6 multicast", "http://[ff02::1]/"),
        ("IPv4 in IPv6", "http://[::ffff:127.0.0.1]/"),
        ("IPv4 behind a translator", "http://[64:ff9b::a00:1]/"),
        ("IPv4 in 6to4", "http://[2002:7f00:1::]/"),
        ("IPv4 in Teredo", "http://[2001:0:7f00:1::]/"),
        ("a port of mail", "http://news.example:25/"),
        ("a port of a database", "https://news.example:5432/"),
        ("another scheme", "ftp://news.example/feed"),
        ("a file", "file:///etc/passwd"),
        ("no address", "news"),
        ("no host", "http://"),
        ("a port that is none", "http://news.example:99999/"),
        ("nothing", ""),
    )
)

_NEWS = {"/news": body(FEED)}
SITES = (
    Sited("no robots.txt (404)", FETCHED, _NEWS),
    Sited("robots.txt forbidden (403)", FETCHED, _NEWS | {"/robots.txt": body(b"", 403)}),
    Sited("robots.txt that allows", FETCHED, _NEWS | {"/robots.txt": body(b"User-agent: *\nDisallow: /admin\n")}),
    Sited("robots.txt that forbids", Outcome.ROBOTS, _NEWS | {"/robots.txt": body(b"User-agent: *\nDisallow: /n\n")}),
    Sited(
        "robots.txt that forbids us by name",
        Outcome.ROBOTS,
        _NEWS | {"/robots.txt": body(b"User-agent: MediaCooperationMonitor\nDisallow: /\n\nUser-agent: *\nAllow: /\n")},
    ),
    Sited(
        "robots.txt that forbids another whose name is in ours",
        FETCHED,
        _NEWS | {"/robots.txt": body(b"User-agent: feed\nDisallow: /\n\nUser-agent: reader\nDisallow: /\n")},
    ),
    Sited("robots.txt that is a web page", FETCHED, _NEWS | {"/robots.txt": body(b"<html>Disallow: /</html>")}),
    Sited("robots.txt that is noise", FETCHED, _NEWS | {"/robots.txt": body(bytes(range(256)) * 9)}),
    Sited("robots.txt in circles", FETCHED, _NEWS | {"/robots.txt": redirect("/robots.txt")}),
    Sited(
        "robots.txt of 2 MB that forbids on its first line",
        Outcome.ROBOTS,
        _NEWS | {"/robots.txt": body(b"User-agent: *\nDisallow: /\n" + b"# and so on\n" * 170_000)},
    ),
    Sited(
        "robots.txt of 2 MB that forbids on its last line",
        FETCHED,
        _NEWS | {"/robots.txt": body(b"User-agent: *\n" + b"# and so on\n" * 170_000 + b"Disallow: /\n")},
    ),
    Sited(
        "robots.txt of 2 MB, packed, that forbids on its first line",
        Outcome.ROBOTS,
        _NEWS
        | {
            "/robots.txt": body(
                gzip.compress(b"User-agent: *\nDisallow: /\n" + b"#\n" * 1_000_000), Content_Encoding="gzip"
            )
        },
    ),
    Sited("robots.txt that fails (503)", Outcome.HTTP_5XX, _NEWS | {"/robots.txt": body(b"", 503)}),
    Sited("robots.txt that asks us to wait (429)", Outcome.HTTP_429, _NEWS | {"/robots.txt": body(b"", 429)}),
    Sited("robots.txt that never comes", TIMEOUT, _NEWS | {"/robots.txt": silence}),
    Sited("robots.txt that is cut short", CONNECT, _NEWS | {"/robots.txt": raw(answer(b"Content-Length: 9\r\n"))}),
    Sited("robots.txt that is no HTTP", UNPARSABLE, _NEWS | {"/robots.txt": raw(b"SSH-2.0-OpenSSH_9.9\r\n")}),
    Sited("robots.txt that leads inwards", REFUSED, _NEWS | {"/robots.txt": redirect("ftp://news.example/robots.txt")}),
    Sited(
        "a redirect to a forbidden path",
        Outcome.ROBOTS,
        {
            "/news": redirect("/private"),
            "/private": body(FEED),
            "/robots.txt": body(b"User-agent: *\nDisallow: /private\n"),
        },
    ),
)

CERTIFICATES = (
    Certified("a certificate that it signed itself", TLS),
    Certified("a certificate that has expired", TLS, is_expired=True),
    Certified("a certificate for another name", TLS, host="other.example"),
)


def rss(items: bytes, opening: bytes = b"") -> bytes:
    return (
        b'<?xml version="1.0"?>'
        + opening
        + b"<rss version='2.0'><channel><title>N</title>"
        + items
        + b"</channel></rss>"
    )


def item(number: int, date: str = "Sun, 22 Nov 2026 00:00:00 GMT") -> bytes:
    return f"<item><title>T{number}</title><link>https://n.example/{number}</link><pubDate>{date}</pubDate></item>".encode()


LAUGHS = (
    b'<!DOCTYPE r [<!ENTITY a "ha">'
    + b"".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9))
    + b"]>"
)
FEEDS = (
    Fed("a feed with news", FETCHED, rss(item(1) + item(2))),
    Fed("a feed without items", Outcome.EMPTY, rss(b"")),
    Fed("a feed whose newest item is a year old", Outcome.FROZEN, rss(item(1, "Sat, 22 Nov 2025 00:00:00 GMT"))),
    Fed("a web page at the feed's address", Outcome.NOT_A_FEED, b"<!DOCTYPE html><html><body>Welcome</body></html>"),
    Fed("a word of JSON", Outcome.NOT_A_FEED, b'{"error": "not now"}'),
    Fed(
        "a sitemap at the feed's address",
        Outcome.NOT_A_FEED,
        b"<urlset><url><loc>https://n.example/</loc></url></urlset>",
    ),
    Fed("nothing at all", Outcome.NOT_A_FEED, b""),
    Fed("a picture", Outcome.UNPARSABLE, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
    Fed("a feed that ends in the middle", FETCHED, rss(item(1) + item(2))[:-40]),
    Fed("entities that grow a thousand million times", FETCHED, rss(b"<item><title>&i;</title></item>", LAUGHS)),
    Fed(
        "an entity that reads our files",
        FETCHED,
        rss(item(1) + b"<item><title>&f;</title></item>", b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
    ),
    Fed("a feed of 50 MB", TOO_LARGE, rss(b"<item><title>" + b"x" * 50_000_000 + b"</title></item>")),
    Fed("a feed of 100,000 items", TOO_LARGE, rss(b"".join(map(item, range(100_000))))),
    Fed("a feed of 20,000 items", FETCHED, rss(b"".join(map(item, range(20_000))))),
)

# --- the document ---

DEEDS = {
    FETCHED: "takes it in",
    Outcome.NOT_MODIFIED: "keeps what it has",
    Outcome.EMPTY: "waits for the next poll",
    Outcome.FROZEN: "takes it in, and the report says that nothing new comes",
    Outcome.NOT_A_FEED: "keeps the answer in the captures and asks again later",
    UNPARSABLE: "keeps what came in the captures and asks again later",
    TOO_LARGE: "breaks off at the limit and asks again later",
    CONNECT: "asks again later; three failures in a row, and the host is left alone for the night",
    TIMEOUT: "hangs up and asks again later; three failures in a row, and the host is left alone for the night",
    TLS: "does not ask without encryption or proof; asks again later",
    REFUSED: "does not connect",
    Outcome.ROBOTS: "does not ask",
    Outcome.TOO_MANY_REDIRECTS: "stops there and asks again later",
    Outcome.MISSING: "asks for a feed again later, for a page no more",
    Outcome.HTTP_4XX: "asks again later",
    Outcome.HTTP_429: "leaves the host alone for the night, and the feed as long as Retry-After says (30 days at most)",
    Outcome.HTTP_5XX: "asks again later; with Retry-After, leaves the host alone for the night",
}
GROUPS: tuple[tuple[str, Sequence[Situation]], ...] = (
    ("What is answered", ANSWERS),
    ("What happens to the connection", CONNECTIONS),
    ("What the certificate is", CERTIFICATES),
    ("Which address it is", REFUSED_ADDRESSES),
    ("What robots.txt says (the outcome is that of the page)", SITES),
    ("What the feed holds", FEEDS),
)
HEAD = """# Situations

What an outlet can do to the monitor, the outcome in which the attempt ends (`raw.fetches.outcome`), and what the
monitor does. Each line is a test against a real server (`tests/situations.py`, which writes this page by
`python -m tests.situations`). Nothing here stops a run: every attempt is a row. "Later" is after pauses that grow with
the failures, to a day at most; no feed is ever given up.
"""
DOCUMENT = Path(__file__).parent.parent / "docs" / "situations.md"


def render() -> str:
    """Return the table as Markdown."""
    parts = [HEAD]
    for title, situations in GROUPS:
        parts.append(f"\n## {title}\n\n| situation | outcome | the monitor |\n|---|---|---|")
        parts += [f"| {one.name} | `{one.outcome}` | {DEEDS[one.outcome]} |" for one in situations]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(render(), encoding="utf-8")
