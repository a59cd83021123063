"""Polling with a real server on loopback and a real warehouse: validators, the weekly probe, the hour."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.context import RunContext, open_run
from flows.fetching import feeds_due, fetch_group, groups_of
from flows.loading import load_pending
from flows.settings import load_settings
from transforms.records import FeedState
from warehouse import read

START = datetime(2025, 9, 1, 21, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OUTLET = """
[[outlet]]
id = "tulpar"
name = "Tulpar"
country = "KG"
languages = ["ru"]
kind = "online"
time_zone = "Asia/Bishkek"
[[outlet.feed]]
url = "http://127.0.0.1:{port}/rss"
language = "ru"
monitored_since = 2025-09-01
confirmation = "composed"
"""


@dataclass
class Site:
    """A feed that shows the items published within the last ten hours, one an hour; says 304 for ever if it lies."""

    now: datetime = START
    tag: str = '"a"'
    is_lying: bool = False
    is_still: bool = False  # publishes nothing any more
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str | None] = field(default_factory=list)  # the If-None-Match of each request

    def answer(self, sent: str | None) -> tuple[int, bytes]:
        self.asked.append(sent)
        if sent is not None and (self.is_lying or sent == self.tag):
            return 304, b""
        items = "".join(map(self._item, range(10)))
        return 200, f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()

    def _item(self, age: int) -> str:
        at = self.now - timedelta(hours=age)
        link = f"https://tulpar.example/{at:%Y%m%d%H}"
        return f"<item><title>{at:%d %H}</title><link>{link}</link><pubDate>{format_datetime(at)}</pubDate></item>"


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def home(site: Site, tmp_path: Path) -> Iterator[Path]:
    """A home folder whose one outlet is the site, served on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = (404, b"") if self.path != "/rss" else site.answer(self.headers["If-None-Match"])
            self.send_response(status)
            for name, value in {"ETag": site.tag, **site.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        (tmp_path / "outlets.toml").write_text(OUTLET.format(port=server.server_port), "utf-8")
        (tmp_path / "monitor.toml").write_text(
            'catalogue = "outlets.toml"\n[fetch]\nallow_private_addresses = true\nhost_spacing_seconds = 0\n', "utf-8"
        )
        yield tmp_path
        server.shutdown()
        thread.join()


@pytest.fixture
def run(home: Path) -> Iterator[RunContext]:
    with open_run("poll", load_settings(home, {}), START) as context:
        yield context


def poll(run: RunContext, site: Site, at: datetime) -> FeedState:
    """Poll once with the clock stopped at a moment, as the flow does, and return what is remembered."""
    site.now = site.now if site.is_still else at
    context = run.stopped_at(at, f"{at:%Y-%m-%d}")
    (group,) = groups_of(context.outlets, 12)
    if requests := feeds_due(context, group):
        fetch_group(context, group, requests, "feeds")
    load_pending(context)
    return read.feed_states(context.warehouse)["tulpar/ru"]


def test_a_validator_comes_back_byte_for_byte_until_the_weekly_probe(run: RunContext, site: Site) -> None:
    site.tag = "W/\"caf\u00e9 'x' \"".encode().decode("latin-1")  # UTF-8 on the wire, as the server sees it
    site.is_still = True
    for day in (0, 1, 6.5, 7, 7.5):
        state = poll(run, site, START + day * DAY)
    assert site.asked == [None, site.tag, site.tag, None, site.tag]
    assert state.are_validators_trusted
    assert state.probed_at == START + 7 * DAY


def test_a_server_that_lies_is_caught_by_the_probe_and_asked_whole_from_then_on(run: RunContext, site: Site) -> None:
    site.is_lying = True
    for hours in (0, 24, 162, 168, 174):
        site.tag = f'"{hours}"'
        state = poll(run, site, START + hours * HOUR)
    assert [sent is None for sent in site.asked] == [True, False, False, True, True]
    assert not state.are_validators_trusted


def test_a_feed_is_asked_once_an_hour_however_often_a_run_is_started(run: RunContext, site: Site) -> None:
    for minutes in (0, 10, 57, 300, 301, 359):
        poll(run, site, START + timedelta(minutes=minutes))
    assert len(site.asked) == 2  # its ten items last ten hours: it is due after five


def test_retry_after_is_obeyed_for_days(run: RunContext, site: Site) -> None:
    site.headers = {"Retry-After": str(3 * 86_400)}
    assert poll(run, site, START).next_due_at == START + 3 * DAY
    poll(run, site, START + 3 * DAY - HOUR)
    assert len(site.asked) == 1


def test_what_lay_between_two_polls_is_estimated(run: RunContext, site: Site) -> None:
    poll(run, site, START)
    site.tag = '"b"'
    poll(run, site, START + 2 * DAY)
    rows = read.coverage(run.warehouse).to_dict("records")
    assert [row["gap_count"] for row in rows] == [0, 1]
    assert (
        rows[1]["lost_item_estimate"] == 43
    )  # of 38: by the median age of its items it publishes one every 54 minutes
