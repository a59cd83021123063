"""The composed region: that it can be replayed, is what its files say, and never poses as the real world."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest

from codebook.files import FileError, read_toml
from codebook.load import load_codebook
from examples.region.compose import compose
from examples.region.model import HERE, Article, FeedPlan, OutletPlan, Region, load_articles, load_region
from examples.region.rendering import article_url, load_renderer
from sources.catalogue import load_catalogue
from transforms.records import GROUP_OF_TYPE

EVENT_KEYS = {f"E{number}" for number in range(1, 17)}
LANGUAGES = {"en", "ru", "kk", "ky", "uz", "tg", "tk", "tr", "zh"}

Articles = dict[tuple[str, str], tuple[Article, ...]]


class Recording:
    """A recording read back: what an address answered at a moment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()]
        self.by_url: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for line in self.lines:
            self.by_url[line["url"]].append(line)

    def answer(self, url: str, moment: datetime) -> dict[str, Any]:
        held = [line for line in self.by_url[url] if datetime.fromisoformat(line["at"]) <= moment]
        return held[-1]

    def body(self, line: dict[str, Any]) -> bytes:
        return (self.folder / line["body"]).read_bytes()

    def text(self, line: dict[str, Any]) -> str:
        found = re.search(r"charset=([\w-]+)", line["headers"].get("Content-Type", ""), re.IGNORECASE)
        return self.body(line).decode(found.group(1) if found else "utf-8")


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region()


@pytest.fixture(scope="module")
def articles(region: Region) -> Articles:
    return load_articles(region)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder = tmp_path_factory.mktemp("recording")
    compose(folder)
    return Recording(folder)


def feeds_of(region: Region) -> Iterator[tuple[OutletPlan, FeedPlan]]:
    return ((outlet, feed) for outlet in region.outlet for feed in outlet.feed)


def titles_shown(recording: Recording, outlet: OutletPlan, feed: FeedPlan, moment: datetime) -> list[str] | None:
    """The titles that the feed shows then; None where it cannot be had or is no feed."""
    line = recording.answer(outlet.home + feed.path, moment)
    if line["status"] == 301:
        line = recording.answer(line["headers"]["Location"], moment)
    if line["status"] != 200 or line["body"].endswith(".html"):
        return None
    if feed.format == "json":
        return [item["title"] for item in json.loads(recording.body(line))["items"]]
    return [entry.title for entry in feedparser.parse(recording.body(line)).entries]


# --- the recording ---


def test_composing_twice_gives_the_same_bytes(recording: Recording, tmp_path: Path) -> None:
    compose(tmp_path)
    again = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    first = {
        path.relative_to(recording.folder): path.read_bytes() for path in recording.folder.rglob("*") if path.is_file()
    }
    assert again == first


def test_the_index_is_in_the_order_of_time_and_names_every_body_and_no_other(recording: Recording) -> None:
    times = [datetime.fromisoformat(line["at"]) for line in recording.lines]
    assert times == sorted(times)
    assert {time.utcoffset().total_seconds() for time in times if time.utcoffset()} <= {0.0}
    named = {line["body"] for line in recording.lines if line["body"]}
    assert named == {f"bodies/{path.name}" for path in (recording.folder / "bodies").iterdir()}


def test_nothing_lies_outside_the_reserved_domain(recording: Recording) -> None:
    addresses = [line["url"] for line in recording.lines]
    addresses += [line["headers"]["Location"] for line in recording.lines if "Location" in line["headers"]]
    pages = [line for line in recording.lines if line["body"] and line["body"].endswith(".html")]
    addresses += [
        found for line in pages for found in re.findall(r'(?:href|src)="(https?://[^"]+)"', recording.text(line))
    ]
    assert {urlsplit(address).hostname or "" for address in addresses} == {
        host for host in (urlsplit(address).hostname or "" for address in addresses) if host.endswith(".example")
    }


def test_pages_load_nothing_from_elsewhere(recording: Recording) -> None:
    pages = [line for line in recording.lines if line["body"] and line["body"].endswith(".html")]
    assert not [
        line["url"]
        for line in pages
        if re.search(r"<(img|iframe|link rel=\"stylesheet)|\bsrc=|url\(", recording.text(line))
    ]


def test_every_article_says_in_its_language_that_it_was_composed(
    recording: Recording, region: Region, articles: Articles
) -> None:
    renderer = load_renderer()
    for outlet, feed in feeds_of(region):
        notice = renderer.words_of(feed.language).notice
        for article in articles[outlet.id, feed.language]:
            for line in recording.by_url[article_url(outlet, feed.language, article)]:
                assert notice in recording.text(line), line["url"]


def test_an_article_is_there_from_its_publication_with_its_whole_text(
    recording: Recording, region: Region, articles: Articles
) -> None:
    for outlet, feed in feeds_of(region):
        for article in articles[outlet.id, feed.language]:
            lines = recording.by_url[article_url(outlet, feed.language, article)]
            assert datetime.fromisoformat(lines[0]["at"]) == article.published_at
            page = html.unescape(recording.text(lines[0]))
            first = article.at(article.published_at)
            assert [part for part in first.paragraphs if part not in page] == []


def test_an_article_answers_at_the_address_that_the_feed_gives(
    recording: Recording, region: Region, articles: Articles
) -> None:
    known = {url for url, lines in recording.by_url.items() if lines}
    for outlet, feed in feeds_of(region):
        for line in recording.by_url[outlet.home + feed.path]:
            if line["status"] == 200 and line["body"].endswith(".xml"):
                links = [entry.get("link", "") for entry in feedparser.parse(recording.body(line)).entries]
                assert {outlet.home + link if link.startswith("/") else link for link in links} <= known


def test_a_corrected_article_changes_at_the_time_of_the_correction(
    recording: Recording, region: Region, articles: Articles
) -> None:
    corrected = [
        (recording.by_url[article_url(outlet, feed.language, article)], article.correction[-1])
        for outlet, feed in feeds_of(region)
        for article in articles[outlet.id, feed.language]
        if article.correction
    ]
    assert len(corrected) >= 3
    for lines, correction in corrected:
        assert any(datetime.fromisoformat(line["at"]) == correction.at for line in lines)
        assert lines[0]["body"] != lines[-1]["body"]


# --- the feeds, night by night ---


def test_every_feed_can_be_read_and_items_roll_out_of_it(
    recording: Recording, region: Region, articles: Articles
) -> None:
    for outlet, feed in feeds_of(region):
        nights = [titles_shown(recording, outlet, feed, night) for night in region.nights]
        shown = [titles for titles in nights if titles is not None]
        assert all(len(titles) <= feed.window for titles in shown)
        ever = {title for titles in shown for title in titles}
        assert len(ever) >= 2, (outlet.id, feed.language)
        if outlet.id != "vostok-obzor":  # it loses its feed before it is full
            assert ever - set(shown[-1]), (outlet.id, feed.language)


def test_what_a_night_shows_is_what_was_published_by_then(
    recording: Recording, region: Region, articles: Articles
) -> None:
    garbled = [one for one in region.incident if one.kind == "wrong_encoding"]
    for outlet, feed in feeds_of(region):
        for night in region.nights:
            if any(one.outlet == outlet.id and one.holds(night, feed.language) for one in garbled):
                continue
            for title in titles_shown(recording, outlet, feed, night) or []:
                held = [one.at(night) for one in articles[outlet.id, feed.language] if one.published_at <= night]
                assert title in {one.title for one in held}


def test_every_event_is_reported_by_an_article_that_a_feed_shows(
    recording: Recording, region: Region, articles: Articles
) -> None:
    seen: set[str] = set()
    for outlet, feed in feeds_of(region):
        shown = {title for night in region.nights for title in titles_shown(recording, outlet, feed, night) or []}
        for article in articles[outlet.id, feed.language]:
            if article.at(region.nights[-1]).title in shown:
                seen |= {event.same_as for event in article.expect.event}
    assert seen == EVENT_KEYS


INCIDENTS = {
    "meridian asks to be called later": ("meridian", "ru", "2025-09-20", 429, "Try again later"),
    "meridian answers again": ("meridian", "ru", "2025-09-21", 200, "<feed"),
    "garagum does not answer": ("garagum", "tk", "2025-09-24", None, None),
    "garagum answers again": ("garagum", "tk", "2025-09-25", 200, "<rss"),
    "vostok-obzor still has its feed": ("vostok-obzor", "ru", "2025-09-26", 200, "<rss"),
    "vostok-obzor sends its front page": ("vostok-obzor", "ru", "2025-09-27", 200, "<!DOCTYPE html>"),
    "registon is overloaded": ("registon", "ru", "2025-09-29", 503, "Try again later"),
    "its other feed is not": ("registon", "uz", "2025-09-29", 200, "<rss"),
    "ala-archa has moved its feed": ("ala-archa", "ru", "2025-10-01", 301, None),
}


@pytest.mark.parametrize(
    ("outlet_id", "language", "night", "status", "start"), INCIDENTS.values(), ids=INCIDENTS.keys()
)
def test_incidents(
    recording: Recording, region: Region, outlet_id: str, language: str, night: str, status: int, start: str | None
) -> None:
    outlet, feed = next(one for one in feeds_of(region) if one[0].id == outlet_id and one[1].language == language)
    moment = next(one for one in region.nights if one.date().isoformat() == night)
    line = recording.answer(outlet.home + feed.path, moment)
    assert line["status"] == status
    assert line["outcome"] == ("timeout" if status is None else None)
    if start is not None:
        assert start in recording.text(line)[:200]


def test_a_feed_says_one_encoding_and_sends_another(recording: Recording, region: Region) -> None:
    line = recording.answer("https://pomir.example/ru/feed/", region.nights[6])
    with pytest.raises(UnicodeDecodeError):
        recording.body(line).decode("utf-8")
    assert "Помир Пресс" in recording.body(line).decode("windows-1251")


def test_a_silent_feed_shows_the_same_bytes_night_after_night(recording: Recording, region: Region) -> None:
    bodies = {recording.answer("https://qizqala.example/en/rss", night)["body"] for night in region.nights[6:]}
    assert len(bodies) == 1


def test_a_new_look_changes_old_pages_too(recording: Recording) -> None:
    lines = recording.by_url["https://steppe-review.example/articles/syr-darya-autumn-accounts.html"]
    assert [("c-hero" in recording.text(line)) for line in lines] == [False, True]


def test_what_rolls_out_of_a_feed_within_a_night_stands_in_the_news_sitemap(
    recording: Recording, region: Region, articles: Articles
) -> None:
    outlet, feed = next(one for one in feeds_of(region) if one[0].news_sitemap and one[1].window == 1)
    lost = []
    for before, night in pairwise(region.nights):
        published = [one for one in articles[outlet.id, feed.language] if before < one.published_at <= night]
        shown = titles_shown(recording, outlet, feed, night) or []
        lost += [
            (one, night) for one in published if one.title not in shown and before.date().isoformat() < "2025-09-20"
        ]
    assert [one.slug for one, _ in lost] == ["silk-pen-contest"]
    for article, night in lost:
        listed = recording.text(recording.answer(f"{outlet.home}{outlet.news_sitemap}", night))
        assert article_url(outlet, feed.language, article) in listed


# --- the material ---


def test_the_region_is_wide_enough(region: Region, articles: Articles) -> None:
    assert len(region.outlet) >= 14
    assert {feed.format for _, feed in feeds_of(region)} == {"rss", "wordpress", "atom", "rdf", "json"}
    assert {feed.language for _, feed in feeds_of(region)} == LANGUAGES
    assert {outlet.links for outlet in region.outlet} == {
        "plain", "tracking", "upper_host", "relative", "guid_only", "short",
    }  # fmt: skip
    assert sum(map(len, articles.values())) >= 140
    assert all(articles.values()), "every feed publishes something"


def test_most_articles_report_no_event(articles: Articles) -> None:
    every = [article for published in articles.values() for article in published]
    with_events = [article for article in every if article.expect.event]
    assert 0.2 < len(with_events) / len(every) < 0.4
    assert sum(article.expect.relevance == "adjacent" for article in every) >= 15


def test_expected_events_name_known_organisations_and_agree_with_one_another(articles: Articles) -> None:
    codebook = load_codebook(extra_organisations=HERE / "organisations.toml", extra_series=HERE / "series.toml")
    known = set(codebook.organisations)
    groups: dict[str, set[str]] = defaultdict(set)
    for published in articles.values():
        for article in published:
            for event in article.expect.event:
                groups[event.same_as].add(GROUP_OF_TYPE[event.type])
                assert set(event.organisations) <= known, article.slug
                assert event.organisations, article.slug
                assert all(re.fullmatch("[A-Z]{2}", country) for country in event.countries), article.slug
    assert set(groups) == EVENT_KEYS
    assert all(len(group) == 1 for group in groups.values())


def test_reprints_name_an_older_article(articles: Articles) -> None:
    by_name = {
        f"{outlet}.{language}/{article.slug}": article
        for (outlet, language), published in articles.items()
        for article in published
    }
    reprints = [article for article in by_name.values() if article.reprint_of]
    assert len(reprints) >= 4
    for article in reprints:
        original = by_name[article.reprint_of or ""]
        assert original.published_at < article.published_at
        assert {event.same_as for event in article.expect.event} == {event.same_as for event in original.expect.event}


def test_the_catalogue_names_the_outlets_as_they_are(region: Region) -> None:
    catalogue = load_catalogue(HERE / "outlets.toml")
    listed = {(one.outlet_id, one.country, one.time_zone, one.home_url) for one in catalogue}
    assert listed == {(one.id, one.country, one.time_zone, one.home + "/") for one in region.outlet}
    feeds = {(feed.outlet_id, feed.language, feed.url) for one in catalogue for feed in one.feeds}
    assert feeds == {(outlet.id, feed.language, outlet.home + feed.path) for outlet, feed in feeds_of(region)}


# --- what a writer may get wrong ---

ARTICLE = """
[[article]]
slug = "one"
published_at = 2025-09-15T12:00:00+05:00
section = "S"
title = "T"
lead = "L."
text = "L. More."
[article.expect]
relevance = "none"
"""

MISTAKES = {
    "an unknown key": ("saryarqa.en", ARTICLE.replace("section", "sektion"), r"saryarqa\.en\.toml:\d+: article\.0\.se"),
    "a relevance that does not exist": ("saryarqa.en", ARTICLE.replace('"none"', '"some"'), r":10: .*relevance"),
    "a time without a zone": ("saryarqa.en", ARTICLE.replace("+05:00", ""), r":4: .*published_at"),
    "a slug used twice": ("saryarqa.en", ARTICLE + ARTICLE, r":13: slug: 'one' names two articles"),
    "a feed that does not exist": ("saryarqa.fr", ARTICLE, r"the region has no feed 'saryarqa\.fr'"),
    "co-operation without an event": ("saryarqa.en", ARTICLE.replace('"none"', '"cooperation"'), "reports an event"),
}


@pytest.mark.parametrize(("name", "source", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes_are_told_with_file_line_and_key(
    region: Region, tmp_path: Path, name: str, source: str, message: str
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / f"{name}.toml").write_text(source, encoding="utf-8")
    with pytest.raises(FileError, match=message):
        load_articles(region, tmp_path)


def test_an_incident_must_name_an_outlet(tmp_path: Path) -> None:
    source = (HERE / "region.toml").read_text(encoding="utf-8").replace('outlet = "garagum"', 'outlet = "sahara"')
    (tmp_path / "region.toml").write_text(source, encoding="utf-8")
    with pytest.raises(FileError, match="'sahara' is not one of the region"):
        read_toml(tmp_path / "region.toml", Region)
