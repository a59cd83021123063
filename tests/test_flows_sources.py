"""`monitor sources` against a real site on loopback and on the composed region, through the real command."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.checking import PLAIN_COLUMNS, check_sources, row_of
from flows.finding import find_sources
from flows.home import Home, hold_lock
from flows.settings import FetchSettings, Settings, SettingsError
from sources.captures import warc_files
from sources.catalogue import load_catalogue
from transforms.records import Outcome

AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
FETCH = FetchSettings(allow_private_addresses=True, host_spacing_seconds=0, total_timeout_seconds=5)
RUSSIAN = "Министры обсудили обмен новостями между агентствами двух стран"
KYRGYZ = "Президент Кыргызстандын маалымат агенттиктери менен жолугушту"


def feed(title: str, hours: float = 1, count: int = 6) -> bytes:
    """An RSS feed with an item every four hours, the newest so many hours old."""
    items = (
        f"<item><title>{title} {number}</title><link>/{title[:3]}/{number}</link>"
        f"<pubDate>{(AT - timedelta(hours=hours + 4 * number)).isoformat()}</pubDate></item>"
        for number in range(count)
    )
    return f"<rss version='2.0'><channel><title>{title[:8]}</title>{''.join(items)}</channel></rss>".encode()


FRONT = """<html lang="ru"><head><title>Холмы</title><meta property="og:site_name" content="Холмы &quot;Пост&quot;">
<link rel="alternate" type="application/rss+xml" href="/ru/rss">
<link rel="alternate" type="application/rss+xml" href="/comments/feed/"></head>
<body><a href="/old.rss">RSS</a> <a href="/rss-feeds/">RSS</a></body></html>"""
PAGES: dict[str, bytes] = {
    "/": FRONT.encode(),
    "/rss-feeds/": b"<a href='/ky/feed.xml'>KY</a> <a href='/all/rss'>all</a> <a href='/1999.rss'>1999</a>",
    "/ru/rss": feed(RUSSIAN),
    "/ky/feed.xml": feed(KYRGYZ),
    "/all/rss": feed(RUSSIAN, count=4),  # items that the Russian feed shows, too
    "/1999.rss": feed("Давно", hours=24 * 300),
    "/empty.rss": feed(RUSSIAN, count=0),
    "/secret/rss": feed(RUSSIAN),
    "/robots.txt": b"User-agent: *\nCrawl-delay: 7\nDisallow: /secret/\nSitemap: /map.xml\n",
    "/map.xml": b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>/a</loc></url></urlset>",
}
MOVED = {"/moved.rss": (301, "/ky/feed.xml"), "/for-now.rss": (302, "/ky/feed.xml")}


@dataclass
class Site:
    """A site on loopback, and what it was asked for."""

    pages: dict[str, bytes]
    address: str = ""
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site(dict(PAGES))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            status, location = MOVED.get(self.path, (200 if self.path in site.pages else 404, ""))
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            body = site.pages.get(self.path, b"")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    yield site
    server.shutdown()
    server.server_close()


def catalogue(folder: Path, site: Site, *paths: str, language: str = "ru") -> Path:
    """Write a catalogue with feeds at these paths of the site."""
    feeds = "".join(
        f'[[outlet.feed]]\nurl = "{site.address}{path}"\nlanguage = "{language}"\n'
        'monitored_since = 2026-11-01\nconfirmation = "unprobed"\n'
        for path in paths
    )
    head = f'[[outlet]]\nid = "hill"\nname = "Hill"\ncountry = "KG"\nlanguages = ["{language}"]\nkind = "online"\n'
    file = folder / "outlets.toml"
    file.write_text(f'{head}time_zone = "Asia/Bishkek"\n{feeds}', encoding="utf-8")
    return file


def settings_for(folder: Path, file: Path) -> Settings:
    return Settings(home=folder, catalogue=file, fetch=FETCH)


def monitor(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the `monitor` command."""
    command = [sys.executable, "-m", "flows.cli", *map(str, words)]
    settings = {"MONITOR_FETCH__ALLOW_PRIVATE_ADDRESSES": "true", "MONITOR_FETCH__HOST_SPACING_SECONDS": "0"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **settings})


# --- check ---

STATES: dict[str, tuple[str, Outcome, str]] = {
    "a feed that is well": ("/ru/rss", Outcome.FETCHED, "allowed, every 7 s"),
    "left behind": ("/1999.rss", Outcome.FROZEN, "allowed, every 7 s"),
    "without items": ("/empty.rss", Outcome.EMPTY, "allowed, every 7 s"),
    "gone": ("/gone.rss", Outcome.MISSING, "allowed, every 7 s"),
    "a page in its place": ("/", Outcome.NOT_A_FEED, "allowed, every 7 s"),
    "forbidden": ("/secret/rss", Outcome.ROBOTS, "refused"),
    "moved": ("/moved.rss", Outcome.FETCHED, "allowed, every 7 s"),
}


@pytest.mark.parametrize("situation", STATES)
def test_the_state_of_a_feed(situation: str, site: Site, tmp_path: Path) -> None:
    path, state, robots = STATES[situation]
    (check,) = check_sources(settings_for(tmp_path, catalogue(tmp_path, site, path)), at=AT)
    assert (check.state, check.robots, check.is_well) == (state, robots, state is Outcome.FETCHED)


def test_what_a_feed_is_like_stands_in_its_row(site: Site, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, catalogue(tmp_path, site, "/ru/rss", "/moved.rss"))
    russian, kyrgyz = check_sources(settings, ["hill"], AT)
    row = row_of(russian, settings)
    assert row == ("hill/ru", "fetched", "2026-11-22 05:00", "6.5", "22 h", "ru", "teaser", "allowed, every 7 s")
    assert row_of(kyrgyz, settings)[5] == "ky, not ru"
    assert kyrgyz.moved_to == f"{site.address}/ky/feed.xml"


def test_a_host_that_is_down_leaves_its_rules_unknown(tmp_path: Path) -> None:
    nobody = Site({}, "http://127.0.0.1:1")
    (check,) = check_sources(settings_for(tmp_path, catalogue(tmp_path, nobody, "/rss")), at=AT)
    assert (check.state, check.robots) == (Outcome.CONNECT, "unknown (connect)")


def test_an_unknown_outlet_is_told(site: Site, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such outlet"):
        check_sources(settings_for(tmp_path, catalogue(tmp_path, site, "/rss")), ["valley"], AT)


def test_a_probe_is_captured_and_disturbs_no_run(site: Site, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, catalogue(tmp_path, site, "/ru/rss"))
    home = Home(tmp_path)
    with hold_lock(home.writer_lock, "monitor nightly"):
        check_sources(settings, at=AT)
    (file,) = home.captures.rglob("*.warc.gz")
    assert file.name.startswith("probe-check-")
    assert warc_files(home.captures) == []  # what runs load and rebuild from
    assert not home.warehouse.exists()
    assert site.asked == ["/robots.txt", "/ru/rss"]


def test_the_command_prints_lines_for_programs_and_says_by_its_exit_code_that_one_is_not_well(
    site: Site, tmp_path: Path
) -> None:
    (tmp_path / "monitor.toml").write_text('catalogue = "outlets.toml"\n', encoding="utf-8")
    catalogue(tmp_path, site, "/ru/rss", "/gone.rss")
    done = monitor("sources", "check", "--plain", "--home", tmp_path, "--at", "2026-11-22T06:00")
    head, *rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert tuple(head) == PLAIN_COLUMNS
    assert [row[:2] for row in rows] == [["hill/ru", "fetched"], ["hill/ru-2", "missing"]]
    assert done.returncode == 1
    catalogue(tmp_path, site, "/ru/rss")
    well = monitor("sources", "check", "hill", "--home", tmp_path, "--at", "2026-11-22T06:00")
    assert "fetched" in well.stdout
    assert well.returncode == 0


def test_a_recording_can_be_checked(recording: Path, home: Path) -> None:
    done = monitor("sources", "check", "--home", home, "--recording", recording, "--at", "2025-10-05T02:00")
    assert "vostok-obzor/ru: an HTML page" in done.stdout
    assert "ala-archa/ru: has moved permanently to https://ala-archa.example/ru/atom.xml" in done.stdout
    assert done.returncode == 1


# --- find ---


def test_a_site_becomes_an_entry_of_the_catalogue(site: Site, tmp_path: Path) -> None:
    found = find_sources(settings_for(tmp_path, catalogue(tmp_path, site)), site.address, AT)
    file = tmp_path / "found.toml"
    file.write_text(found.toml or "", encoding="utf-8")
    (outlet,) = load_catalogue(file)
    assert (outlet.outlet_id, outlet.name, outlet.country) == ("127-0-0-1", 'Холмы "Пост"', "XX")
    assert outlet.languages == ("ru", "ky")
    assert [feed.url.removeprefix(site.address) for feed in outlet.feeds] == ["/ru/rss", "/ky/feed.xml"]
    assert {feed.confirmation for feed in outlet.feeds} == {"answered 2026-11-22"}
    remarks = [line for line in (found.toml or "").splitlines() if line.startswith("# ")]
    assert [remark.replace(site.address, "") for remark in remarks] == [
        "# left out: /all/rss (shows the items of /ru/rss)",
        "# left out: /1999.rss (frozen)",
        "# sitemap: /map.xml (1 addresses)",
    ]


def test_nothing_is_asked_twice_and_no_usual_path_where_the_site_names_its_feeds(site: Site, tmp_path: Path) -> None:
    find_sources(settings_for(tmp_path, catalogue(tmp_path, site)), site.address + "/", AT)
    assert site.asked == [
        *("/robots.txt", "/", "/ru/rss", "/old.rss", "/rss-feeds/"),
        *("/ky/feed.xml", "/all/rss", "/1999.rss", "/map.xml"),
    ]


def test_a_silent_site_is_asked_at_the_usual_paths(site: Site, tmp_path: Path) -> None:
    site.pages = {"/": b"<html><body>Hill</body></html>", "/feed/": PAGES["/ru/rss"]}
    found = find_sources(settings_for(tmp_path, catalogue(tmp_path, site)), site.address, AT)
    (outlet,) = tomllib.loads(found.toml or "")["outlet"]
    assert [feed["url"] for feed in outlet["feed"]] == [f"{site.address}/feed/"]
    assert outlet["name"] == RUSSIAN[:8]  # the page says nothing: the feed's own title


def test_a_feed_s_own_address_is_enough(site: Site, tmp_path: Path) -> None:
    site.pages = {"/ru/rss": PAGES["/ru/rss"]}
    found = find_sources(settings_for(tmp_path, catalogue(tmp_path, site)), f"{site.address}/ru/rss", AT)
    assert found.toml is not None
    assert f'url = "{site.address}/ru/rss"  # the address given' in found.toml


def test_what_the_catalogue_has_is_not_found_again(site: Site, tmp_path: Path) -> None:
    file = catalogue(tmp_path, site, "/ru/rss", "/ky/feed.xml/")
    found = find_sources(settings_for(tmp_path, file), site.address, AT)
    assert f"left out: {site.address}/ru/rss (the catalogue has it as hill/ru)" in found.remarks
    assert f"left out: {site.address}/ky/feed.xml (the catalogue has it as hill/ru-2)" in found.remarks


def test_robots_are_obeyed_while_looking(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /\n"
    found = find_sources(settings_for(tmp_path, catalogue(tmp_path, site)), site.address, AT)
    assert found.toml is None
    assert site.asked == ["/robots.txt"]


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        ("http://[::1", 2, "not an address"),
        ("ftp://hill.example/", 2, "is not http or https"),
        ("http://127.0.0.1:1/", 1, "No new feed was found."),
    ],
)
def test_the_command_says_what_is_wrong(address: str, code: int, words: str, tmp_path: Path) -> None:
    done = monitor("sources", "find", address, "--home", tmp_path)
    assert words in " ".join(done.stderr.split())
    assert (done.returncode, done.stdout) == (code, "")


def test_the_command_prints_an_entry_and_nothing_else(site: Site, tmp_path: Path) -> None:
    done = monitor("sources", "find", site.address, "--home", tmp_path, "--at", "2026-11-22T06:00")
    assert done.returncode == 0, done.stderr
    assert len(tomllib.loads(done.stdout)["outlet"][0]["feed"]) == 2
