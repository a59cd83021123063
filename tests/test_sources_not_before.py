"""The client waits with a request until the moment from which the address may be asked."""

from datetime import timedelta
from pathlib import Path

from sources.client import FetchOptions
from tests.test_sources_client import NIGHT, Site, fetch
from transforms.records import CaptureKind, Request

URL = "http://a.example/rss"
WITHOUT_ROBOTS = FetchOptions(respect_robots=False)


def request(seconds: float) -> Request:
    return Request(CaptureKind.FEED, "outlet", URL, "f", not_before=NIGHT + timedelta(seconds=seconds))


def test_an_address_is_asked_at_its_moment_and_not_before(tmp_path: Path) -> None:
    site = Site()
    (capture,) = fetch(site, [request(90)], tmp_path, WITHOUT_ROBOTS)
    assert 90 <= site.times("a.example")[0] < 91
    assert capture.fetched_at >= NIGHT + timedelta(seconds=90)


def test_a_moment_that_has_passed_is_not_waited_for(tmp_path: Path) -> None:
    site = Site()
    fetch(site, [request(-90)], tmp_path, WITHOUT_ROBOTS)
    assert site.times("a.example") == [0]


def test_a_moment_far_off_is_a_mistake_and_not_waited_for(tmp_path: Path) -> None:
    site = Site()
    fetch(site, [request(86_400)], tmp_path, WITHOUT_ROBOTS)
    assert site.times("a.example") == [0]
