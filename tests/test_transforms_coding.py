"""Coding: short articles of our own in every language, and the traps: credits, negation, homonyms, other fields."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codebook.load import Codebook, load_codebook
from transforms.coding import code_article
from transforms.records import QUOTE_LIMIT_CHARACTERS, ArticleText, CodedArticle, Event

PUBLISHED = datetime(2025, 6, 12, 9, tzinfo=UTC)  # a Thursday


@cache
def book() -> Codebook:
    return load_codebook()


def code(language: str, text: str, title: str = "", published_at: datetime | None = PUBLISHED) -> CodedArticle:
    return code_article(ArticleText("a", title, text, published_at, language=language), book())


def only_event(language: str, text: str, title: str = "") -> Event:
    coded = code(language, text, title)
    assert len(coded.events) == 1, [event.label for event in coded.events]
    return coded.events[0]


def parties(event: Event) -> set[str]:
    return {one.id or one.name for one in event.organisations}


# language, text, type, status, organisations, countries
CASES = {
    "en signed": (
        "en",
        "Kazinform and the Kabar news agency signed a memorandum on the exchange of news in Bishkek on Tuesday.",
        ("agreement", "concluded", {"kazinform", "kabar"}, ("KG", "KZ")),
    ),
    "en held": (
        "en",
        "The Central Asian Media Forum opened in Astana on 10 June. Editors of many newsrooms came.",
        ("forum", "concluded", set(), ()),
    ),
    "en bureau": (
        "en",
        "The Anadolu news agency has opened a correspondents' bureau in Tashkent, its director said.",
        ("presence", "concluded", {"anadolu"}, ("TR", "UZ")),
    ),
    "en called off": (
        "en",
        "Trend News Agency and the Kabar news agency have called off the agreement on joint projects announced in May.",
        ("agreement", "ended", {"trend", "kabar"}, ("AZ", "KG")),
    ),
    "en will sign": (
        "en",
        "UzA and Kazinform will sign a cooperation agreement in Tashkent on 20 June.",
        ("agreement", "planned", {"uza", "kazinform"}, ("KZ", "UZ")),
    ),
    "ru signed": (
        "ru",
        "Агентства «Кабар» и «Казинформ» подписали вчера в Бишкеке меморандум о сотрудничестве.",
        ("agreement", "concluded", {"kazinform", "kabar"}, ("KG", "KZ")),
    ),
    "ru extended": (
        "ru",
        "Агентство «Кабар» и БЕЛТА продлили соглашение об обмене новостями ещё на три года.",
        ("agreement", "renewed", {"belta", "kabar"}, ("BY", "KG")),
    ),
    "ru internship": (
        "ru",
        "Журналисты агентства «Ховар» прошли стажировку в агентстве Синьхуа в Пекине.",
        ("training", "concluded", {"khovar", "xinhua"}, ("CN", "TJ")),
    ),
    "kk signed": (
        "kk",
        "«Қазинформ» агенттігі мен Қырғызстанның «Кабар» агенттігі кеше Бішкекте меморандумға қол қойды.",
        ("agreement", "concluded", {"kazinform", "kabar"}, ("KG", "KZ")),
    ),
    "ky signed": (
        "ky",
        "«Кабар» агенттиги менен «Казинформ» агенттиги кечээ Бишкекте өнөктөштүк тууралуу меморандумга кол коюшту.",
        ("agreement", "concluded", {"kazinform", "kabar"}, ("KG", "KZ")),
    ),
    "uz signed": (
        "uz",
        "Oʻzbekiston Milliy axborot agentligi (OʻzA) va “Kazinform” agentligi hamkorlik memorandumini imzoladi.",
        ("agreement", "concluded", {"kazinform", "uza"}, ("KZ", "UZ")),
    ),
    "uz-Cyrl signed": (
        "uz-Cyrl",
        "ЎзА ва «Казинформ» агентлиги ўртасида ҳамкорлик тўғрисида меморандум имзоланди.",
        ("agreement", "concluded", {"kazinform", "uza"}, ("KZ", "UZ")),
    ),
    "tg signed": (
        "tg",
        "АМИТ «Ховар» ва агентии «Казинформ» меморандуми ҳамкорӣ имзо карданд.",
        ("agreement", "concluded", {"kazinform", "khovar"}, ("KZ", "TJ")),
    ),
    "tr signed": (
        "tr",
        "Anadolu Ajansı ile Kazinform arasında haber değişimi konusunda iş birliği anlaşması imzalandı.",
        ("agreement", "concluded", {"anadolu", "kazinform"}, ("KZ", "TR")),
    ),
    "zh signed": (
        "zh",
        "新华社与哈萨克国际通讯社昨天在北京签署合作备忘录。",
        ("agreement", "concluded", {"xinhua", "kazinform"}, ("CN", "KZ")),
    ),
}


@pytest.mark.parametrize("situation", CASES)
def test_plain_cases(situation: str) -> None:
    language, text, (kind, status, organisations, countries) = CASES[situation]
    event = only_event(language, text)
    assert (event.type, event.status) == (kind, status)
    assert parties(event) == organisations
    assert event.countries == countries


# What must stay uncoded.
NOTHING = {
    "told in an interview": (
        "en",
        "The minister told Kazinform that trade with Kyrgyzstan keeps growing and roads are built.",
    ),
    "nothing was signed": (
        "en",
        "Kazinform and the Kabar news agency talked for two hours, but no agreement was signed.",
    ),
    "not signed, Russian": ("ru", "Меморандум между агентством «Кабар» и «Казинформом» так и не был подписан."),
    "not signed, Kazakh": ("kk", "«Қазинформ» агенттігі мен «Кабар» агенттігі арасында меморандумға қол қойылған жоқ."),
    "another field": (
        "en",
        "Kazakhstan and Uzbekistan signed a memorandum on health care; journalists of both countries attended.",
    ),
    "another field, Russian": (
        "ru",
        "Казахстан и Кыргызстан подписали меморандум о водных ресурсах, рассказали журналистам.",
    ),
    "arrest": (
        "en",
        "A court in Bishkek sentenced journalists of a Kazakh outlet under an extradition agreement signed in May.",
    ),
    "at home": ("en", "A new editor was appointed at a newspaper in Almaty, and the newsroom moved to a larger house."),
    "ready to share": (
        "en",
        "Kazakhstan is ready to share its experience in media literacy with foreign partners, the minister said.",
    ),
    "the word for news": ("ky", "Жакшы кабар: эки өлкөнүн ветеринарлары макулдашууга кол коюшту."),
    "a rumour denied": (
        "en",
        "The Kabar news agency denied that it had signed an agreement with TASS on a joint channel.",
    ),
}


@pytest.mark.parametrize("situation", NOTHING)
def test_what_is_no_event(situation: str) -> None:
    language, text = NOTHING[situation]
    coded = code(language, text)
    assert [event.label for event in coded.events] == []
    assert coded.relevance != "cooperation"


CREDITS = {
    "en at the end": (
        "en",
        "The TASS and Kabar news agencies signed a memorandum in Moscow, Kazinform reports.",
        {"tass", "kabar"},
    ),
    "en dateline": (
        "en",
        "BISHKEK, June 11 (Xinhua) -- TASS and the Kabar news agency signed a memorandum.",
        {"tass", "kabar"},
    ),
    "ru at the end": (
        "ru",
        "ТАСС и агентство «Кабар» подписали меморандум, сообщает Казинформ со ссылкой на пресс-службу.",
        {"tass", "kabar"},
    ),
    "kk at the end": (
        "kk",
        "ТАСС пен «Кабар» агенттігі меморандумға қол қойды, деп хабарлайды ҚазАқпарат.",
        {"tass", "kabar"},
    ),
    "a publisher that acts": (
        "en",
        "The Kabar news agency and TASS signed a memorandum, the Kabar news agency reports.",
        {"tass", "kabar"},
    ),
}


@pytest.mark.parametrize("situation", CREDITS)
def test_who_only_reports_is_no_party(situation: str) -> None:
    language, text, organisations = CREDITS[situation]
    assert parties(only_event(language, text)) == organisations


def test_an_agreement_takes_up_what_it_provides_for() -> None:
    event = only_event(
        "en",
        "Kazinform and the Kabar news agency signed a memorandum in Bishkek. The document provides for the exchange of "
        "news, joint projects, internships for journalists and a round table.",
    )
    assert event.provisions == ("content_exchange", "co_production", "training", "forum")


def test_an_article_may_tell_of_several_events() -> None:
    coded = code(
        "en",
        "Kazinform and the Kabar news agency signed a memorandum in Bishkek on Tuesday. Azertac opened a bureau in "
        "Tashkent on Wednesday. BelTA and TASS are making a joint documentary about the Pamir.",
    )
    assert [event.type for event in coded.events] == ["agreement", "presence", "co_production"]


DATES = {
    "a day before its month": ("en", "on 10 June", date(2025, 6, 10), "explicit"),
    "a day after its month": ("en", "on June 10, 2025", date(2025, 6, 10), "explicit"),
    "yesterday": ("en", "yesterday", date(2025, 6, 11), "relative"),
    "a weekday": ("en", "on Tuesday", date(2025, 6, 10), "relative"),
}


@pytest.mark.parametrize("situation", DATES)
def test_days_are_read_against_publication(situation: str) -> None:
    language, words, day, basis = DATES[situation]
    event = only_event(language, f"Kazinform and the Kabar news agency signed a memorandum {words} in Bishkek.")
    assert (event.date_start, event.date_end, event.date_basis) == (day, day, basis)


def test_a_day_is_that_of_the_outlets_zone() -> None:
    late = datetime(2025, 6, 12, 21, tzinfo=UTC)  # already the 13th in Almaty
    text = "Kazinform and the Kabar news agency signed a memorandum today in Bishkek."
    article = ArticleText("a", "", text, late, language="en", time_zone="Asia/Almaty")
    assert code_article(article, book()).events[0].date_start == date(2025, 6, 13)


def test_without_publication_a_day_without_a_year_stays_unresolved() -> None:
    text = "Kazinform and the Kabar news agency signed a memorandum on 10 June in Bishkek."
    event = code("en", text, published_at=None).events[0]
    assert (event.date_start, event.date_granularity, event.date_basis) == (None, "unresolved", "explicit")


def test_what_nobody_dates_rests_on_publication() -> None:
    event = only_event("en", "Kazinform and the Kabar news agency signed a memorandum in Bishkek.")
    assert (event.date_start, event.date_granularity, event.date_basis) == (None, "unresolved", "publication")
    assert event.place is not None
    assert (event.place.name, event.place.country) == ("Bishkek", "KG")


def test_an_unknown_agency_is_kept_as_written() -> None:
    event = only_event(
        "ru", "Агентство «Кабар» и телеканал «Синяя сойка» подписали меморандум о сотрудничестве в Омске."
    )
    assert {(one.id, one.name) for one in event.organisations if one.id is None} == {(None, "Синяя сойка")}


def test_a_language_without_a_lexicon_is_left_alone() -> None:
    coded = code("de", "Kazinform und Kabar haben ein Memorandum unterzeichnet.")
    assert (coded.relevance, coded.events) == ("none", ())


words = st.sampled_from(
    [text for _, text, _ in CASES.values()]
    + [text for _, text in NOTHING.values()]
    + ["\n\n", " ", "«", "(", "Oʻz", "İstanbul", "ﬁ", "ß", "据新华社报道，", "12 мая 2025 года.", "é"]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(words, max_size=8),
    st.lists(words, max_size=1),
    st.sampled_from(sorted({case[0] for case in CASES.values()})),
)
def test_quotes_are_verbatim_and_short(text: list[str], title: list[str], language: str) -> None:
    article = ArticleText("a", "".join(title), "".join(text), PUBLISHED, language=language)
    coded = code_article(article, book())
    assert coded == code_article(article, book())
    for event in coded.events:
        assert event.evidence
        for quote in event.evidence:
            field = article.title if quote.field == "title" else article.text
            assert field[quote.start : quote.end] == quote.quote
            assert 0 < len(quote.quote) <= QUOTE_LIMIT_CHARACTERS
            assert quote.rule_ids


def test_a_standfirst_that_names_only_the_countries_tells_of_the_agreement_below_it() -> None:
    text = (
        "News agencies of Kyrgyzstan and Kazakhstan exchange news and produce joint programmes.\n"
        "Kabar news agency and Kazinform signed a memorandum of cooperation in Bishkek on Thursday."
    )
    assert only_event("en", text, "Kabar and Kazinform sign memorandum").type == "agreement"
