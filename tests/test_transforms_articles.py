import dataclasses
import pickle
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.articles import read_article
from transforms.page_facts import PageFacts
from transforms.records import (
    Article,
    Capture,
    CaptureKind,
    DateBasis,
    Entry,
    Outcome,
    Outlet,
    Request,
    Response,
    digest,
)
from transforms.titles import choose_title
from transforms.urls import article_id_of

NOW = datetime(2025, 9, 23, 21, 0, tzinfo=UTC)
URL = "https://saryarqa.example/ru/news/17?utm_source=rss"
OUTLET = Outlet(
    "saryarqa", "Saryarqa", "Сарыарқа", "KZ", ("ru",), "news_agency", None, None, None, "Asia/Almaty", None, ()
)
PARAGRAPHS = """
Агентства «Сарыарка» и «Тулпар» подписали в Бишкеке меморандум. Документ предусматривает обмен новостями и проекты.
Стороны договорились, что журналисты агентств будут проходить стажировки. Первая группа поедет в Астану в октябре.
По словам участников встречи, обмен лентами начнётся через месяц, когда будут согласованы технические вопросы.
""".strip().splitlines()
TITLE = "«Сарыарка» и «Тулпар» подписали меморандум"


def page(head: str = "", title: str = f"{TITLE} | Saryarqa", heading: str = TITLE, body: str | None = None) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS) if body is None else body
    return f"""<!DOCTYPE html><html lang="kk"><head><meta charset="utf-8"><title>{title}</title>{head}</head>
<body><nav><ul><li><a href="/">Главная</a></li><li><a href="/world">В мире</a></li></ul></nav>
<article><h1>{heading}</h1>{text}</article>
<footer><p>Страница составлена для примера</p></footer></body></html>"""


def captured(payload: str | bytes, url: str = URL, content_type: str | None = None, outcome=Outcome.FETCHED) -> Capture:
    body = payload.encode() if isinstance(payload, str) else payload
    headers = (("Content-Type", content_type),) if content_type else ()
    request = Request(CaptureKind.PAGE, "saryarqa", url)
    return Capture(digest(url, body), request, Response(outcome, url, 200, headers, body), NOW, "a.warc.gz", 0)


def entry(**known) -> Entry:
    fields = dict.fromkeys(Entry.__dataclass_fields__)
    return Entry(**{**fields, "entry_id": "e", "feed_id": "f", "outlet_id": "saryarqa", "seen_at": NOW, **known})


def read(payload: str | bytes, known: Entry | None = None, **about) -> Article:
    article = read_article(captured(payload, **about), OUTLET, known)
    assert isinstance(article, Article), article
    return article


def test_a_page_becomes_an_article():
    article = read(page())
    assert article.title == TITLE
    assert article.text.splitlines()[-3:] == list(PARAGRAPHS)
    assert "Главная" not in article.text
    assert article.language == "ru"
    assert article.canonical_url == "https://saryarqa.example/ru/news/17"
    assert article.article_id == article_id_of(article.canonical_url)
    assert article.text_length_characters == len(article.text)
    assert article.text_digest == digest(article.text)
    assert article.revision_id == digest(article.article_id, article.title, article.text_digest)
    assert unicodedata.is_normalized("NFC", article.text)


def test_reading_twice_gives_the_same_and_it_travels_between_processes():
    article = read(page())
    assert read(page()) == article
    assert pickle.loads(pickle.dumps(article)) == article


def test_what_changes_around_the_text_makes_no_revision():
    other = page().replace("В мире", "Мир").replace("Страница составлена для примера", "Всё составлено для примера")
    assert read(other).revision_id == read(page()).revision_id
    assert read(page().replace("в октябре", "в ноябре")).revision_id != read(page()).revision_id


def test_the_feeds_time_comes_before_the_pages():
    stated = '<meta property="article:published_time" content="2025-09-22T10:00:00+05:00">'
    known = entry(published_at=datetime(2025, 9, 23, 4, 0, tzinfo=UTC), article_id="a", title=TITLE)
    article = read(page(stated), known)
    assert (article.published_at, article.published_basis) == (known.published_at, DateBasis.FEED)
    assert article.article_id == "a"


LINKED = '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "%s"}]}</script>'
BROKEN = '<script type="application/ld+json">{"@type": </script>'
NAMED = '<meta name="date" content="2025-09-22">'
MIDNIGHT = "2025-09-21T19:00:00"  # of 22 September in Almaty


@pytest.mark.parametrize(
    ("situation", "head", "expected"),
    [
        ("JSON-LD", LINKED % "2025-09-22T10:00:00+05:00", "2025-09-22T05:00:00"),
        ("a meta tag without a zone", NAMED.replace("22", "22 10:00"), "2025-09-22T05:00:00"),
        ("JSON-LD from the future, a meta tag", LINKED % "2035-01-01" + NAMED, MIDNIGHT),
        ("broken JSON-LD, a meta tag", BROKEN + NAMED, MIDNIGHT),
    ],
)
def test_the_pages_own_time(situation, head, expected):
    article = read(page(head))
    assert article.published_at is not None, situation
    assert article.published_at.replace(tzinfo=None).isoformat() == expected, situation
    assert article.published_basis is DateBasis.PAGE


def test_a_date_in_the_address_is_found():
    article = read(page(), url="https://saryarqa.example/2025/09/20/news.html")
    assert article.published_at == datetime(2025, 9, 19, 19, 0, tzinfo=UTC)
    assert article.published_basis is DateBasis.PAGE


def test_without_any_date_there_is_none():
    article = read(page())
    assert (article.published_at, article.published_basis) == (None, DateBasis.NONE)


def test_a_time_of_change_is_better_than_none():
    article = read(page(), entry(updated_at=NOW - timedelta(hours=3)))
    assert (article.published_at, article.published_basis) == (NOW - timedelta(hours=3), DateBasis.FEED)


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("/ru/news/17-memorandum", "https://saryarqa.example/ru/news/17-memorandum"),
        ("https://www.saryarqa.example/17", "https://www.saryarqa.example/17"),
        ("https://elsewhere.example/17", "https://saryarqa.example/ru/news/17"),
        ("/", "https://saryarqa.example/ru/news/17"),
        ("javascript:void(0)", "https://saryarqa.example/ru/news/17"),
    ],
)
def test_a_canonical_link_counts_within_the_site(link, canonical):
    assert read(page(f'<link rel="canonical" href="{link}">')).canonical_url == canonical


@pytest.mark.parametrize(
    ("situation", "payload", "outcome"),
    [
        ("nothing", b"", Outcome.UNPARSABLE),
        ("no text", page(body="").replace(TITLE, ""), Outcome.UNPARSABLE),
        ("words alone", b"Not found", Outcome.UNPARSABLE),
        ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, Outcome.UNPARSABLE),
        ("too many bytes", b"<html>" + b" " * 5_000_001, Outcome.TOO_LARGE),
        ("too many elements", page(body="<p>x</p>" * 40_000), Outcome.TOO_LARGE),
        ("nested without end", page(body="<div>" * 20_000 + PARAGRAPHS[0]), Outcome.UNPARSABLE),
    ],
)
def test_what_is_no_article_ends_in_a_named_outcome(situation, payload, outcome):
    assert read_article(captured(payload), OUTLET, None) is outcome, situation


@pytest.mark.parametrize("outcome", [Outcome.MISSING, Outcome.TIMEOUT, Outcome.ROBOTS])
def test_an_attempt_without_an_answer_keeps_its_outcome(outcome):
    assert read_article(captured(b"", outcome=outcome), OUTLET, None) is outcome


def test_old_bytes_under_a_utf8_declaration_come_out_right():
    payload = page().encode("cp1251")
    assert read(payload, content_type="text/html; charset=utf-8").text == read(page()).text


def test_author_and_section_are_the_pages_and_else_the_feeds():
    head = '<meta name="author" content="А. Серикова"><meta property="article:section" content="Общество">'
    known = entry(author="Редакция", section="Новости")
    assert (read(page(head), known).author, read(page(head), known).section) == ("А. Серикова", "Общество")
    assert (read(page(), known).author, read(page(), known).section) == ("Редакция", "Новости")


@given(st.binary(max_size=300), st.integers(0, 1500))
def test_no_bytes_make_it_raise(noise, position):
    body = page().encode()
    result = read_article(captured(body[:position] + noise + body[position:]), OUTLET, None)
    assert isinstance(result, Article | Outcome)


NOTHING = PageFacts({}, (), (), None, None)


def told(**facts) -> PageFacts:
    return dataclasses.replace(NOTHING, **facts)


PACT = "Agencies sign a pact"
LONG_PACT = "Agencies of two countries sign a pact"


@pytest.mark.parametrize(
    ("situation", "facts", "feed_title", "expected"),
    [
        ("the site after a bar", told(meta={"og:title": f"{PACT} | Saryarqa"}), None, PACT),
        ("the site's native name", told(document_title=f"{PACT} — Сарыарқа"), None, PACT),
        ("the site in front", told(document_title=f"Saryarqa | {PACT}"), None, PACT),
        ("section and date", told(document_title=f"{PACT} | World | 22.09.2025", headings=(PACT,)), None, PACT),
        ("named in its tags", told(meta={"og:title": f"{PACT} - Steppe", "og:site_name": "Steppe"}), None, PACT),
        ("a dash of the title's own", told(meta={"og:title": f"Media - {PACT}"}), None, f"Media - {PACT}"),
        (
            "one title on every page",
            told(meta={"og:title": "News of the steppe"}, headings=(PACT,), document_title=PACT),
            None,
            PACT,
        ),
        ("the site's name as the title", told(meta={"og:title": "Saryarqa"}, headings=(PACT,)), None, PACT),
        (
            "cut short",
            told(meta={"og:title": "Agencies of two countries sign…"}, headings=(LONG_PACT,)),
            None,
            LONG_PACT,
        ),
        ("the feed decides", told(meta={"og:title": "Media pact"}, headings=(PACT,)), PACT, PACT),
        ("JSON-LD alone", told(linked_data=({"headline": "Media &amp; pact"},)), None, "Media & pact"),
        ("only the feed", NOTHING, PACT, PACT),
        ("nobody", NOTHING, None, None),
    ],
)
def test_titles_correct_each_other(situation, facts, feed_title, expected):
    assert choose_title(facts, feed_title, ("Saryarqa", "Сарыарқа", "saryarqa.example")) == expected, situation
