import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds import FeedOptions, parse_feed
from transforms.records import (
    Capture,
    CaptureKind,
    Feed,
    FeedState,
    Outcome,
    Outlet,
    Request,
    Response,
    digest,
)

NOW = datetime(2025, 9, 23, 21, 0, tzinfo=UTC)
URL = "https://saryarqa.example/rss/news.xml"
FEED = Feed("saryarqa-ru", "saryarqa", URL, "ru", date(2025, 9, 1), "composed")
OUTLET = Outlet(
    "saryarqa", "Saryarqa", None, "KZ", ("ru",), "news_agency", None, None, None, "Asia/Almaty", None, (FEED,)
)
STATE = FeedState(FEED.feed_id)

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Сарыарка</title><link>https://saryarqa.example/</link>
<item><title>Агентства &quot;Сарыарка&quot; и &amp;laquo;Тулпар&amp;raquo; подписали меморандум</title>
<link>/news/1?utm_source=rss</link><guid isPermaLink="false">saryarqa-1</guid>
<description><![CDATA[<p>Документ подписан <b>сегодня</b>.</p><script>track()</script>]]></description>
<category>Общество</category><author>А. Серикова</author>
<pubDate>Tue, 23 Sep 2025 10:20:00</pubDate></item>
<item><title>Погода</title><link>https://saryarqa.example/news/2</link>
<pubDate>Tue, 23 Sep 2025 09:00:00 +0500</pubDate></item>
</channel></rss>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://meridian.example/"><title>Meridian</title>
<entry><id>tag:meridian.example,2025:7</id><title type="html">Bureau &amp;amp; office</title>
<link rel="enclosure" href="https://meridian.example/7.mp3"/><link rel="alternate" href="news/7"/>
<published>2025-09-23T08:00:00+05:00</published><updated>2025-09-23T09:00:00+05:00</updated>
<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Opened in <i>Almaty</i></p></div></summary>
<author><name>I. Petrova</name></author><category term="Media"/></entry></feed>"""

RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://afrosiyob.example/"><title>A</title></channel>
<item rdf:about="https://afrosiyob.example/9"><title>Round table</title><link>https://afrosiyob.example/9</link>
<dc:date>2025-09-22T10:00:00+05:00</dc:date></item></rdf:RDF>"""

JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Bogaz",
    "items": [
        {
            "id": 12,
            "url": "https://bogaz.example/12",
            "title": "Staj",
            "content_html": "<p>Gazeteciler&nbsp;geldi</p>",
            "date_published": "2025-09-22T10:00:00+03:00",
            "authors": [{"name": "A. Kaya"}, {"name": "B. Demir"}],
            "tags": ["medya"],
        },
        {"id": "13", "external_url": "https://other.example/13", "date_modified": "2025-09-22T11:00:00Z"},
    ],
}


def captured(payload: bytes | str, content_type: str | None = None, outcome=Outcome.FETCHED, at=NOW) -> Capture:
    body = payload.encode() if isinstance(payload, str) else payload
    headers = (("Content-Type", content_type),) if content_type else ()
    response = Response(outcome, URL, 200 if outcome is Outcome.FETCHED else None, headers, body)
    request = Request(CaptureKind.FEED, OUTLET.outlet_id, URL, FEED.feed_id)
    return Capture(digest(URL, at.isoformat(), body), request, response, at, "a.warc.gz", 0)


DEFAULTS = FeedOptions()


def parse(payload, *, state=STATE, options=DEFAULTS, **about):
    return parse_feed(captured(payload, **about), FEED, OUTLET, state, options)


def test_rss_becomes_plain_entries_with_canonical_links_and_times_in_the_outlets_zone():
    parsed = parse(RSS)
    first, second = parsed.entries
    assert (parsed.outcome, parsed.format, parsed.title) == (Outcome.FETCHED, "rss20", "Сарыарка")
    assert first.title == 'Агентства "Сарыарка" и «Тулпар» подписали меморандум'
    assert first.summary == "Документ подписан сегодня."
    assert first.url == "https://saryarqa.example/news/1?utm_source=rss"
    assert first.canonical_url == "https://saryarqa.example/news/1"
    assert first.guid == "saryarqa-1"
    assert first.published_at == datetime(2025, 9, 23, 5, 20, tzinfo=UTC)
    assert second.published_at == datetime(2025, 9, 23, 4, 0, tzinfo=UTC)
    assert (first.section, first.author) == ("Общество", "А. Серикова")
    assert first.seen_at == NOW
    assert first.article_id is not None
    assert first.article_id != second.article_id


def test_atom_takes_the_alternate_link_and_keeps_both_times():
    (entry,) = parse(ATOM).entries
    assert entry.canonical_url == "https://meridian.example/news/7"
    assert entry.title == "Bureau & office"
    assert entry.summary == "Opened in Almaty"
    assert entry.published_at == datetime(2025, 9, 23, 3, 0, tzinfo=UTC)
    assert entry.updated_at == datetime(2025, 9, 23, 4, 0, tzinfo=UTC)


def test_the_date_of_an_rdf_item_is_its_publication():
    parsed = parse(RDF)
    assert parsed.format == "rss10"
    assert parsed.entries[0].published_at == datetime(2025, 9, 22, 5, 0, tzinfo=UTC)
    assert parsed.entries[0].updated_at is None


def test_json_feed_with_what_publishers_get_wrong():
    parsed = parse(json.dumps(JSON))
    first, second = parsed.entries
    assert (parsed.outcome, parsed.format, parsed.title) == (Outcome.FETCHED, "json11", "Bogaz")
    assert (first.guid, first.summary, first.author) == ("12", "Gazeteciler geldi", "A. Kaya, B. Demir")
    assert first.published_at == datetime(2025, 9, 22, 7, 0, tzinfo=UTC)
    assert second.url == "https://other.example/13"
    assert second.title is None


def test_old_bytes_under_a_utf8_declaration_come_out_right():
    parsed = parse(RSS.encode("cp1251"), content_type="text/xml; charset=utf-8")
    assert parsed.encoding == "cp1251"
    assert [entry.entry_id for entry in parsed.entries] == [entry.entry_id for entry in parse(RSS).entries]


@pytest.mark.parametrize(
    ("situation", "payload", "outcome"),
    [
        ("no bytes", b"", Outcome.NOT_A_FEED),
        ("spaces", b"  \n ", Outcome.NOT_A_FEED),
        (
            "a page",
            b"<!DOCTYPE html><html><head><title>404</title></head><body><item>x</item></body></html>",
            Outcome.NOT_A_FEED,
        ),
        (
            "another XML",
            b'<?xml version="1.0"?><urlset><url><loc>https://a.example</loc></url></urlset>',
            Outcome.NOT_A_FEED,
        ),
        ("plain words", b"Service unavailable", Outcome.NOT_A_FEED),
        ("JSON of something else", b'{"items": [{"id": 1}]}', Outcome.NOT_A_FEED),
        ("a JSON list", b"[1, 2]", Outcome.NOT_A_FEED),
        ("JSON Feed cut short", json.dumps(JSON).encode()[:-40], Outcome.UNPARSABLE),
        ("JSON nested without end", b'{"items": ' + b"[" * 100_000, Outcome.UNPARSABLE),
        ("JSON Feed without items", b'{"version": "https://jsonfeed.org/version/1", "items": []}', Outcome.EMPTY),
        ("RSS without items", b'<rss version="2.0"><channel><title>x</title></channel></rss>', Outcome.EMPTY),
        ("RSS cut before its items", RSS[:150].encode(), Outcome.UNPARSABLE),
        ("RSS cut after an item", RSS.encode()[:-60], Outcome.FETCHED),
        ("an entity nobody declared", RSS.replace("Погода", "&nbsp;Погода&raquo;").encode(), Outcome.FETCHED),
        ("a bare ampersand", RSS.replace("Погода", "Р & К").encode(), Outcome.FETCHED),
        ("a control character", RSS.replace("Погода", "По\x0bгода").encode(), Outcome.FETCHED),
        ("spaces before the declaration", ("\n  " + RSS).encode(), Outcome.FETCHED),
        ("bytes of no encoding", b'<rss version="2.0">' + bytes(range(128, 256)), Outcome.UNPARSABLE),
        ("an address that is none", RSS.replace("/news/1", "http://[bad").encode(), Outcome.FETCHED),
    ],
)
def test_every_answer_ends_in_a_named_outcome(situation, payload, outcome):
    parsed = parse(payload)
    assert parsed.outcome is outcome, situation
    assert bool(parsed.entries) == (outcome is Outcome.FETCHED)


@pytest.mark.parametrize("outcome", [Outcome.NOT_MODIFIED, Outcome.DNS, Outcome.HTTP_5XX, Outcome.ROBOTS])
def test_an_attempt_without_an_answer_keeps_its_outcome(outcome):
    parsed = parse(b"", outcome=outcome)
    assert parsed.outcome is outcome
    assert parsed.entries == ()


def test_known_bytes_are_unchanged_and_not_read_again():
    state = FeedState(FEED.feed_id, payload_digest=digest(RSS.encode()), newest_item_at=NOW - timedelta(days=2))
    assert parse(RSS, state=state).outcome is Outcome.UNCHANGED
    assert parse(RSS + " ", state=state).outcome is Outcome.FETCHED


def test_a_feed_whose_newest_item_is_old_is_frozen():
    later = NOW + timedelta(days=31)
    parsed = parse(RSS, at=later)
    assert parsed.outcome is Outcome.FROZEN
    assert len(parsed.entries) == 2
    assert parse(RSS, at=NOW + timedelta(days=29)).outcome is Outcome.FETCHED
    known = FeedState(FEED.feed_id, payload_digest=digest(RSS.encode()), newest_item_at=NOW)
    assert parse(RSS, state=known, at=later).outcome is Outcome.FROZEN


def test_an_item_from_the_future_does_not_keep_a_feed_alive():
    dated = RSS.replace("Tue, 23 Sep 2025 09:00:00 +0500", "Tue, 23 Sep 2036 09:00:00 +0500")
    assert parse(dated, at=NOW + timedelta(days=31)).outcome is Outcome.FROZEN


def test_bytes_and_items_are_bounded():
    items = "".join(f"<item><title>{n}</title></item>" for n in range(50))
    many = f'<rss version="2.0"><channel>{items}</channel></rss>'
    assert parse(many, options=FeedOptions(max_bytes=100)).outcome is Outcome.TOO_LARGE
    parsed = parse(many, options=FeedOptions(max_items=20))
    assert [entry.title for entry in parsed.entries] == [str(n) for n in range(20)]
    assert parsed.error == "50 items: only the first 20 were read"
    listed = json.dumps({**JSON, "items": [{"id": str(n)} for n in range(50)]})
    assert len(parse(listed, options=FeedOptions(max_items=20)).entries) == 20


def test_a_hundred_thousand_items_are_cut_before_they_cost_time():
    parsed = parse('<rss version="2.0"><channel>' + "<item><title>x</title></item>" * 100_000 + "</channel></rss>")
    assert parsed.outcome is Outcome.FETCHED


def test_an_entry_gets_a_new_id_when_it_says_something_else_and_only_then():
    first = {entry.guid or entry.url: entry.entry_id for entry in parse(RSS).entries}
    again = {entry.guid or entry.url: entry.entry_id for entry in parse(RSS + "\n<!-- later -->").entries}
    changed = {entry.guid or entry.url: entry.entry_id for entry in parse(RSS.replace("сегодня", "вчера")).entries}
    assert first == again
    assert first["saryarqa-1"] != changed["saryarqa-1"]
    assert first["https://saryarqa.example/news/2"] == changed["https://saryarqa.example/news/2"]


def test_an_item_listed_twice_is_one_entry():
    item = RSS[RSS.index("<item>") : RSS.index("</item>") + 7]
    assert len(parse(RSS.replace(item, item + item)).entries) == 2


def test_an_item_without_link_and_id_is_an_entry_without_article():
    (entry,) = parse('<rss version="2.0"><channel><item><title>Alone</title></item></channel></rss>').entries
    assert (entry.title, entry.url, entry.article_id) == ("Alone", None, None)


def test_a_text_is_never_opened_as_a_path_or_address():
    assert parse("/etc/passwd").outcome is Outcome.NOT_A_FEED
    assert parse("file:///etc/passwd").outcome is Outcome.NOT_A_FEED


@given(st.binary(max_size=200), st.integers(0, len(RSS.encode())))
def test_no_bytes_make_it_raise(noise, position):
    body = RSS.encode()
    for payload in (noise, b"<rss>" + noise, b'{"version":' + noise, body[:position] + noise + body[position:]):
        assert isinstance(parse(payload).outcome, Outcome)


EMPTY_RSS = '<rss version="2.0"><channel><title>x</title></channel></rss>'
ONCE_EMPTY = FeedState(FEED.feed_id, empty_polls=1, payload_digest=digest(EMPTY_RSS.encode()))
OLD = FeedState(FEED.feed_id, newest_item_at=NOW - timedelta(days=31))


@pytest.mark.parametrize(
    ("situation", "state", "payload", "outcome", "expected"),
    [
        ("empty for the first time", STATE, EMPTY_RSS, Outcome.FETCHED, Outcome.EMPTY),
        ("empty again, in the same bytes", ONCE_EMPTY, EMPTY_RSS, Outcome.FETCHED, Outcome.SILENT),
        ("empty again, in other bytes", ONCE_EMPTY, EMPTY_RSS + " ", Outcome.FETCHED, Outcome.SILENT),
        ("empty again, by 304", ONCE_EMPTY, "", Outcome.NOT_MODIFIED, Outcome.SILENT),
        ("empty before, and items now", ONCE_EMPTY, RSS, Outcome.FETCHED, Outcome.FETCHED),
        ("old items, and 304", OLD, "", Outcome.NOT_MODIFIED, Outcome.FROZEN),
        ("news after a 304", STATE, "", Outcome.NOT_MODIFIED, Outcome.NOT_MODIFIED),
    ],
)
def test_silent_and_frozen_are_states_of_their_own(situation, state, payload, outcome, expected):
    assert parse(payload, state=state, outcome=outcome).outcome is expected, situation


def test_when_a_feed_is_frozen_is_a_setting():
    assert parse(RSS, at=NOW + timedelta(days=8), options=FeedOptions(frozen_days=7)).outcome is Outcome.FROZEN


SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


@pytest.mark.parametrize(
    ("situation", "elements", "seconds"),
    [
        ("nothing", "", None),
        ("a ttl in minutes", "<ttl> 60 </ttl>", 3600),
        ("a ttl that is none", "<ttl>often</ttl>", None),
        ("a ttl of nothing", "<ttl>0</ttl>", None),
        ("hourly", f"<sy:updatePeriod {SY}>\n hourly </sy:updatePeriod>", 3600),
        ("twice a day", (f"<y:updatePeriod {SY.replace('sy=', 'y=')}>daily</y:updatePeriod>"
                        f"<y:updateFrequency {SY.replace('sy=', 'y=')}>2</y:updateFrequency>"), 43_200),
        ("a frequency of zero", (f"<sy:updatePeriod {SY}>daily</sy:updatePeriod>"
                                f"<sy:updateFrequency {SY}>0</sy:updateFrequency>"), 86_400),
        ("a period nobody knows", f"<sy:updatePeriod {SY}>fortnightly</sy:updatePeriod>", None),
        ("both: the longer counts", f"<ttl>30</ttl><sy:updatePeriod {SY}>hourly</sy:updatePeriod>", 3600),
    ],
)  # fmt: skip
def test_a_feed_may_ask_for_a_pause(situation, elements, seconds):
    assert parse(RSS.replace("<item>", f"{elements}<item>", 1)).asked_pause_seconds == seconds, situation
