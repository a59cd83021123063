"""The weekly report on composed weeks: empty, one event, 200 events, hostile strings."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import combinations
from typing import Any, get_args

import pytest
from lxml import html
from markdown_it import MarkdownIt

from reports.page import page_of
from reports.weekly import render_html, render_markdown
from transforms.records import (
    QUOTE_LIMIT_CHARACTERS,
    Count,
    EventCard,
    EventType,
    Gap,
    Organisation,
    Quote,
    ReprintLine,
    Status,
    WeekView,
)

KINDS = get_args(EventType)
STAGES = get_args(Status)
COUNTRIES = ("KZ", "KG", "UZ", "TJ", "TM", "CN", "RU", "TR", "AZ", "BY", "IR", "MN", "PK", "AE", "GB")
TREND = tuple((f"2026-W{36 + after}", count) for after, count in enumerate((3, 5, 2, 8, 6, 4, 7, 9, 8, 6, 11)))
SENTENCES = (
    (
        "Агентства «Жетысу Пресс» и «Гиссар» подписали меморандум о взаимном обмене новостями и стажировках.",
        "ru",
    ),
    ("Екі арна ортақ деректі фильм түсіруге келісті.", "kk"),
    ("Ikki telekanal hamkorlikda hujjatli filmlar turkumini suratga oladi.", "uz"),
    ("The two broadcasters will open their archives to each other from January.", "en"),
)


def quote(number: int = 0, **changes: Any) -> Quote:
    text, language = SENTENCES[number % len(SENTENCES)]
    at = datetime(2026, 11, 16 + number % 7, 20, 30, tzinfo=UTC)
    outlet = f"Steppe Courier {number % 9}"
    return replace(Quote(text, outlet, f"https://courier{number % 9}.example/news/{number}", language, at), **changes)


def card(number: int = 0, **changes: Any) -> EventCard:
    pair = (COUNTRIES[number % 5], COUNTRIES[(number * 7 + 1) % len(COUNTRIES)])
    names = (f"Jetisu Press {number % 11}", f"Hissar Broadcasting Company {number % 13}")
    reports = 1 + number % 4
    made = EventCard(
        event_id=f"ev{number:04}",
        label=f"{names[0]} – {names[1]}: {KINDS[number % len(KINDS)].replace('_', ' ')}",
        type=KINDS[number % len(KINDS)],
        status=STAGES[(number * 3) % len(STAGES)],
        countries=tuple(dict.fromkeys(pair)),
        organisations=tuple(Organisation(None, name, "party", code) for name, code in zip(names, pair, strict=True)),
        provisions=("co_production", "training") if number % 3 == 0 else (),
        date_start=date(2026, 11, 17),
        date_end=date(2026, 11, 18 + number % 3),
        date_granularity="day" if number % 2 == 0 else "unresolved",
        place="Almaty" if number % 2 == 0 else None,
        quotes=tuple(quote(number + report) for report in range(reports)),
        report_count=reports,
        publisher_count=1 + reports // 2,
        is_regional=True,
    )
    return replace(made, **changes)


def counts(keyed: Iterable[tuple[tuple[str, ...], EventCard, int]]) -> tuple[Count, ...]:
    behind: dict[tuple[str, ...], list[EventCard]] = {}
    reports: Counter[tuple[str, ...]] = Counter()
    for keys, one, told in keyed:
        behind.setdefault(keys, [])
        if one not in behind[keys]:
            behind[keys].append(one)
        reports[keys] += told
    rows = (
        Count(keys, len(ones), reports[keys], 1.75, tuple(one.event_id for one in ones))
        for keys, ones in behind.items()
    )
    return tuple(sorted(rows, key=lambda row: (-row.event_count, row.keys)))


def view_of(cards: Iterable[EventCard], trend: tuple[tuple[str, int], ...] = TREND, **changes: Any) -> WeekView:
    cards = tuple(cards)
    told = [(one, quote) for one in cards for quote in one.quotes]
    pairs = [(pair, one, one.report_count) for one in cards for pair in combinations(sorted(one.countries), 2)]
    parties = [((party.id or "", party.name), one, one.report_count) for one in cards for party in one.organisations]
    made = WeekView(
        week="2026-W47",
        monday=date(2026, 11, 16),
        sunday=date(2026, 11, 22),
        time_zone="Asia/Almaty",
        cards=cards,
        counts={
            "weekly_country_pairs": counts(pairs),
            "weekly_types": counts(((one.type,), one, one.report_count) for one in cards),
            "weekly_statuses": counts(((one.status,), one, one.report_count) for one in cards),
            "weekly_organisations": counts(parties),
            "weekly_outlets": counts(((quote.outlet.lower().replace(" ", "-"),), one, 1) for one, quote in told),
            "weekly_languages": counts(((quote.language or "und",), one, 1) for one, quote in told),
        },
        types_by_status=Counter((one.type, one.status) for one in cards),
        trend=(*trend, ("2026-W47", len(cards))),
        reprints=(),
        gaps=(),
        feed_count=34,
        silent_outlets=(),
        review_count=0,
        codebook="1.0.0",
    )
    return replace(made, **changes)


GAPS = (
    Gap("Karatau News", "TJ", "karatau-ru", 7, 0, 0, 0, "timeout"),
    Gap("Amu Daily", "TM", "amu-tk", 7, 5, 2, 120, "http_5xx"),
)
REPRINTS = (
    ReprintLine(
        "Two agencies agree",
        "Steppe Courier 1",
        "https://courier1.example/1",
        "Amu Daily",
        "https://amu.example/2",
        3.25,
    ),
)
EMPTY = view_of(())
ONE = view_of((card(report_count=1, publisher_count=1, quotes=(quote(),)),), trend=())
USUAL = view_of(
    map(card, range(11)), gaps=GAPS, reprints=REPRINTS, silent_outlets=("Pamir Post", "Radio Ferghana"), review_count=3
)
MANY = view_of(map(card, range(200)), gaps=GAPS * 20, reprints=REPRINTS * 40, feed_count=60)

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a\u202egnp.exe\u202c b\u200b\u2066c\u2069",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "]] --> </style></svg><a href=javascript:alert(1)>x</a>",
    "[click](javascript:alert(1)) ![p](http://a.example/x) `code` | cell | *b* # h",
    "line one\n\n# heading\n\n- item\r\n<!-- ",
)
BAD_ADDRESSES = (
    "javascript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/x",
    "https://good.example@evil.example/",
    "https://evil\u202e.example/",
    "https:\\\\evil.example",
    'https://"onmouseover=alert(1)',
    "vbscript:x",
    "",
)


def hostile() -> WeekView:
    cards = []
    for number, attack in enumerate(ATTACKS * 2):
        address = BAD_ADDRESSES[number % len(BAD_ADDRESSES)]
        bad = quote(number, text=attack, outlet=attack, url=address, language='en" onclick="x')
        parties = (Organisation(attack, attack, "party", attack), Organisation(None, attack, attack, None))  # type: ignore[arg-type]
        cards.append(
            card(
                number,
                event_id=f"{number}{attack}",
                label=attack,
                type=attack,
                status=attack,
                countries=("KZ", attack),
                organisations=parties,
                provisions=(attack,),
                date_granularity=attack,
                place=attack,
                quotes=(bad, bad),
            )
        )
    lines = tuple(
        ReprintLine(attack, attack, address, attack, address, 1.0) for attack in ATTACKS for address in BAD_ADDRESSES
    )
    gaps = tuple(Gap(attack, attack, attack, 7, 0, 0, 0, attack) for attack in ATTACKS)
    return view_of(cards, reprints=lines, gaps=gaps, silent_outlets=ATTACKS, codebook=ATTACKS[0])


HOSTILE = hostile()
WEEKS = {"empty": EMPTY, "one": ONE, "usual": USUAL, "many": MANY, "hostile": HOSTILE}


OWN_FILES = {"CODEBOOK.md", "datapackage.json", "events.csv", "event_reports.csv", "event_parties.csv", "report.html"}
INVISIBLE = re.compile("[\u200b\u200d-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
SECTIONS = ["events", "with-whom", "kinds", "compared", "told", "not-seen", "method", "rows"]


@pytest.fixture(scope="module", params=WEEKS)
def view(request: pytest.FixtureRequest) -> WeekView:
    return WEEKS[request.param]


@pytest.fixture(scope="module")
def source(view: WeekView) -> str:
    return render_html(view)


@pytest.fixture(scope="module")
def page(source: str) -> html.HtmlElement:
    return html.document_fromstring(source)


def test_the_sections_stand_in_the_order_in_which_they_answer(page: html.HtmlElement) -> None:
    assert page.xpath("//section/@id") == SECTIONS


def test_links_lead_to_places_that_are_there_to_files_beside_or_to_the_web(page: html.HtmlElement) -> None:
    places = page.xpath("//@id")
    assert len(places) == len(set(places))
    for link in page.xpath("//a"):
        address = link.get("href")
        if address.startswith("#"):
            assert address[1:] in places
        elif address not in OWN_FILES:
            assert re.match(r"https?://[a-z0-9.]+/", address)
            assert "evil" not in address
            assert link.get("rel") == "noopener noreferrer"


def test_the_page_has_no_script_and_asks_for_nothing(source: str, page: html.HtmlElement) -> None:
    assert not page.xpath("//script | //iframe | //object | //img | //link | //form | //base | //foreignObject")
    assert not [name for element in page.iter() for name in element.attrib if name.startswith("on") or name == "src"]
    assert not page.xpath("//@style")  # the policy admits the style sheet alone
    style = page.xpath("//style/text()")[0]
    assert "url(" not in style
    assert "@import" not in style
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{fingerprint}'")
    assert source.count("<script") == 0


def test_nothing_invisible_is_left(view: WeekView, source: str) -> None:
    assert not INVISIBLE.search(source)
    assert not INVISIBLE.search(render_markdown(view))


def test_the_same_week_gives_the_same_bytes(view: WeekView, source: str) -> None:
    assert render_html(view) == source
    assert render_markdown(view) == render_markdown(view)


def test_every_event_is_there_with_its_quotes(view: WeekView, page: html.HtmlElement) -> None:
    cards = page.xpath("//*[contains(concat(' ', @class, ' '), ' card ')]")
    assert len(cards) == len(view.cards)
    for shown, event in zip(cards, view.cards, strict=True):
        assert len(shown.xpath(".//blockquote")) == len(event.quotes)


def test_numbers_lead_to_as_many_events_as_they_say(view: WeekView) -> None:
    made = page_of(view)
    rows = (*made.pairs, *made.organisations, *made.kinds, *made.outlets, *made.languages)
    cells = [cell for grid in (made.cross, made.matrix) if grid for _, cells in grid.rows for cell in cells if cell]
    for number in (made.total, *cells, *(row.events for row in rows)):
        assert number.value == len(number.events)


def test_kinds_and_stages_add_up(view: WeekView) -> None:
    rows = [[cell.value if cell else 0 for cell in cells] for _, cells in page_of(view).cross.rows]
    assert all(sum(row[:-1]) == row[-1] for row in rows)
    assert [sum(column[:-1]) for column in zip(*rows, strict=True)] == (rows[-1] if rows else [])
    assert (rows[-1][-1] if rows else 0) == len(view.cards)


def test_one_is_never_followed_by_a_plural(page: html.HtmlElement) -> None:
    text = page.text_content()
    assert not re.search(r"(?<![\d.,–-])1 (events|reports|rows|quotes|more quotes|feeds|kinds|weeks|texts)\b", text)
    assert not re.search(r"\b(?!1\b)\d+ (event|report|row|quote|more quote|feed|independent publisher)\b(?!s)", text)


def test_a_quote_says_its_language_and_its_source() -> None:
    page = html.document_fromstring(render_html(ONE))
    (quoted,) = page.xpath("//blockquote")
    assert quoted.xpath("p/@lang") == ["ru"]
    assert quoted.xpath("p/text()") == [SENTENCES[0][0]]
    assert quoted.xpath(".//a/@href") == ["https://courier0.example/news/0"]
    assert "17 November 2026" in quoted.text_content()  # 20:30 UTC is the next day in Almaty


def test_a_quote_that_is_too_long_is_cut() -> None:
    long = card(quotes=(quote(text="word " * 100),))
    (shown,) = html.document_fromstring(render_html(view_of([long]))).xpath("//blockquote/p/text()")
    assert len(shown) <= QUOTE_LIMIT_CHARACTERS


def test_bad_addresses_are_shown_as_text() -> None:
    page = html.document_fromstring(render_html(HOSTILE))
    assert not page.xpath("//blockquote//a")
    assert "javascript:alert(1)" in "".join(page.xpath("//blockquote//code/text()"))


def test_markup_of_strangers_is_text() -> None:
    page = html.document_fromstring(render_html(HOSTILE))
    assert ATTACKS[0] in page.xpath("//h3")[0].text_content()
    assert "{{ 7 * 7 }}" in page.text_content()


def test_what_was_not_seen_is_told() -> None:
    told = " ".join(html.document_fromstring(render_html(USUAL)).get_element_by_id("not-seen").text_content().split())
    for words in ("Of 34 feeds, 2 did not", "Karatau News", "no answer in time", "Pamir Post", "3 further events are"):
        assert words in told


def test_a_week_without_polls_says_that_it_knows_nothing() -> None:
    blind = replace(EMPTY, feed_count=0, trend=())
    for text in (render_html(blind), render_markdown(blind)):
        assert "No feed was asked in this week" in text


@pytest.mark.parametrize("name", WEEKS)
def test_markdown_holds_no_html_and_no_link_but_to_the_web_and_beside(name: str) -> None:
    parser = MarkdownIt("commonmark").enable("table")
    tokens = [part for token in parser.parse(render_markdown(WEEKS[name])) for part in (token, *(token.children or ()))]
    assert not [
        token.content for token in tokens if token.type in {"html_block", "html_inline", "image", "code_inline"}
    ]
    addresses = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    assert all(address in OWN_FILES or re.match(r"https?://[a-z0-9.]+/", address) for address in addresses)
    headings = [token for token in tokens if token.type == "heading_open"]
    assert len(headings) == 1 + 7 + min(len(WEEKS[name].cards), 12)


def test_markdown_tables_have_as_many_cells_as_heads() -> None:
    lines = render_markdown(HOSTILE).splitlines()
    tables = [line.replace("\\|", "").count("|") for line in lines if line.startswith("| ")]
    assert set(tables) <= {3, 5, 8, 3 + len(page_of(HOSTILE).cross.columns) - 1}
