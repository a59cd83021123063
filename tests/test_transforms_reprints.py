"""Reprints: who republishes whom, by credit, by text or both; what only looks so is none."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook.load import Codebook, load_codebook
from transforms.copies import is_notice, jaccard, shingles, words_of
from transforms.credits import credit_of, family_of
from transforms.reprints import Reprint, find_reprints, text_roots
from transforms.stories import likenesses

STORY = (
    "The editors of three newspapers met in a small town by the lake to speak about their readers, who grow fewer in "
    "the villages and more in the cities, and about the young people who would rather listen than read. They agreed on "
    "nothing but to meet again in spring, when the road over the pass is open and the ferry runs twice a day."
)
REWRITTEN = (
    "Three newspapers sent their editors to a town by the lake. They spoke about readers, who grow fewer in villages "
    "and more in cities, and about young people who listen rather than read. The editors agreed to meet again in "
    "spring, when the ferry runs and the road over the pass has opened, reports Kazinform."
)
OTHER = (
    "A late frost has taken half of the apricot blossom in the valley, and the growers who had hoped for a good year "
    "now count the trees that are left; the market will have to bring its fruit over the mountains, at twice the price."
)
OUTLETS = {"kazinform": "trk-president", "24kz": "trk-president", "kabar": None, "lake": None, "hill": None}
COLUMNS = ["article_id", "outlet_id", "title", "text", "told_at"]


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook()


def articles(*rows: tuple[str, str, str, str, str], language: str = "en") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    owners = frame["outlet_id"].map(OUTLETS)
    times = pd.to_datetime(frame["told_at"], utc=True)
    return frame.assign(
        owner=owners, told_at=times, language=language, author=None, revision_id=frame["article_id"], is_target=True
    )


def found_in(frame: pd.DataFrame, codebook: Codebook) -> dict[str, Reprint]:
    reprints = find_reprints(frame, likenesses(frame), OUTLETS, codebook)
    rows = reprints.astype(object).where(reprints.notna(), None).to_dict("records")
    return {str(row["article_id"]): Reprint(**{str(k): v for k, v in row.items()}) for row in rows}


def test_a_copy_without_a_credit_points_to_the_earliest(codebook: Codebook) -> None:
    frame = articles(
        ("c", "hill", "Editors", STORY + " (Lake Post)", "2025-01-03"),
        ("a", "lake", "Editors", STORY, "2025-01-01"),
        ("b", "kabar", "Editors", "ALMATY. " + STORY, "2025-01-02"),
        ("d", "lake", "Frost", OTHER, "2025-01-02"),
    )
    found = found_in(frame, codebook)
    assert found.keys() == {"b", "c"}
    assert {one.original_article_id for one in found.values()} == {"a"}
    assert {one.source_outlet_id for one in found.values()} == {"lake"}
    assert [found[key].lag_seconds for key in "bc"] == [86400.0, 172800.0]
    assert found["c"].credit == "Lake Post"
    assert found["c"].basis == "text"
    assert all(one.similarity and one.similarity >= 0.5 for one in found.values())


def test_credit_and_text_go_to_the_outlet_that_is_credited(codebook: Codebook) -> None:
    frame = articles(
        ("a", "lake", "Editors", STORY, "2025-01-01T08:00"),
        ("b", "kabar", "Editors", STORY, "2025-01-01T09:00"),
        ("c", "hill", "Editors", STORY + " (Kabar)", "2025-01-01T09:30"),
    )
    copy = found_in(frame, codebook)["c"]
    assert (copy.basis, copy.original_article_id, copy.source_outlet_id) == ("both", "b", "kabar")
    assert (copy.source_organisation_id, copy.lag_seconds) == ("kabar", 1800.0)


def test_a_credit_alone_finds_the_article_that_was_rewritten(codebook: Codebook) -> None:
    frame = articles(
        ("a", "kazinform", "Editors of three papers meet by the lake", STORY, "2025-01-01"),
        ("b", "hill", "Editors of three papers met", REWRITTEN, "2025-01-02"),
    )
    told = found_in(frame, codebook)["b"]
    assert (told.basis, told.original_article_id, told.source_outlet_id) == ("credit", "a", "kazinform")
    assert told.similarity is not None
    assert told.similarity < 0.5


def test_a_credit_to_what_was_not_seen_has_no_original(codebook: Codebook) -> None:
    told = found_in(articles(("b", "hill", "Frost", OTHER + " (TASS)", "2025-01-02")), codebook)["b"]
    assert (told.basis, told.source_organisation_id) == ("credit", "tass")
    assert (told.original_article_id, told.source_outlet_id, told.similarity, told.lag_seconds) == (None,) * 4


NONE = {
    "yesterday's form filled in anew": (
        ("a", "lake", "Rates", STORY + " The dollar stood at 512 and the euro at 590.", "2025-01-01"),
        ("b", "hill", "Rates", STORY + " The dollar stood at 515 and the euro at 588.", "2025-01-02"),
    ),
    "a title that differs in the day alone": (
        ("a", "lake", "Weather on 8 November", STORY, "2025-01-01"),
        ("b", "hill", "Weather on 16 November", STORY + " Snow.", "2025-01-02"),
    ),
    "the next edition of a forum": (
        ("a", "lake", "Forum", STORY + " It was the II forum of the agencies, with 40 guests.", "2025-01-01"),
        ("b", "hill", "Forum", STORY + " It was the III forum of the agencies, with 52 guests.", "2025-01-10"),
    ),
    "an outlet's own article, which another has copied since": (
        ("a", "lake", "Editors", STORY, "2025-01-01"),
        ("b", "lake", "Editors", STORY + " Updated.", "2025-01-02"),
    ),
    "fifteen days later": (
        ("a", "lake", "Editors", STORY, "2025-01-01"),
        ("b", "hill", "Editors", STORY, "2025-01-16"),
    ),
    "a few words that are alike": (
        ("a", "lake", "Short", "Read more about it in our paper.", "2025-01-01"),
        ("b", "hill", "Short", "Read more about it in our paper.", "2025-01-01"),
    ),
    "an outlet that credits itself": (("a", "kazinform", "Frost", OTHER + " (Kazinform)", "2025-01-01"),),
    "an outlet that credits its owner's other one": (("a", "24kz", "Frost", OTHER + " (Kazinform)", "2025-01-01"),),
}


@pytest.mark.parametrize("situation", NONE)
def test_no_reprint(situation: str, codebook: Codebook) -> None:
    assert found_in(articles(*NONE[situation]), codebook) == {}


def test_a_death_toll_brought_up_to_date_does_not_hide_a_copy() -> None:
    one = ("Flood", STORY + " On 3 May the water rose by 40 centimetres and took 12 houses.")
    assert not is_notice(one, ("Flood", one[1].replace("12 houses", "13 houses")))
    assert not is_notice(one, one)


def test_a_figure_that_a_copy_leaves_out_or_tells_once_more_is_no_other_figure() -> None:
    one = (
        "Pact",
        "On 18 September. " + STORY + " They signed it on 18 September in Bishkek and again on 19 September.",
    )
    assert not is_notice(one, ("Signing of a pact", "On 18 September. " + STORY + " They signed it on 18 September."))


def test_nothing_gives_an_empty_frame_with_its_columns(codebook: Codebook) -> None:
    assert list(find_reprints(articles(), [], OUTLETS, codebook)) == list(Reprint.__dataclass_fields__)


def test_different_stories_share_next_to_nothing() -> None:
    assert jaccard(shingles(STORY), shingles(OTHER)) < 0.13
    assert jaccard(shingles(STORY), shingles(STORY.upper())) == 1


def test_chinese_is_read_character_by_character_beside_figures() -> None:
    assert words_of("9月16日电 (TASS)") == ["9", "月", "16", "日", "电", "tass"]


def test_a_chain_of_reprints_begins_where_it_began() -> None:
    frame = pd.DataFrame({"article_id": ["b", "c", "d"], "original_article_id": ["a", "b", None]})
    assert text_roots(frame) == {"b": "a", "c": "a"}


@given(order=st.permutations(range(5)))
def test_the_order_of_arrival_changes_nothing(order: list[int]) -> None:
    frame = articles(
        ("a", "lake", "Editors", STORY, "2025-01-01"),
        ("b", "kabar", "Editors", STORY, "2025-01-01"),
        ("c", "hill", "Editors", STORY + " (Kabar)", "2025-01-03"),
        ("d", "hill", "Editors", REWRITTEN, "2025-01-04"),
        ("e", "lake", "Frost", OTHER + " (TASS)", "2025-01-05"),
    )
    assert found_in(frame.iloc[order], load_codebook()) == found_in(frame, load_codebook())


# --- credits, in all languages: language, text, organisation ---

CREDITS = {
    "brackets at the end": ("en", "It rained all day. (Kabar)", "kabar"),
    "a last line": ("en", "It rained all day.\n\nKazinform", "kazinform"),
    "a dash at the end": ("ru", "Весь день шёл дождь. — Казинформ", "kazinform"),
    "a source line": ("ru", "Весь день шёл дождь.\nИсточник: ТАСС", "tass"),
    "brackets in the dateline": ("en", "BISHKEK, Sep 18 (Kabar) - It rained all day.", "kabar"),
    "slashes in the dateline": ("ru", "АСТАНА. /ТАСС/. Весь день шёл дождь.", "tass"),
    "a dash in the dateline": ("ru", "АСТАНА, 3 марта — ТАСС. Весь день шёл дождь.", "tass"),
    "the name after the place": ("ru", "АСТАНА. Казинформ – Весь день шёл дождь.", "kazinform"),
    "English: reports": ("en", "It rained all day, Kazinform reports.", "kazinform"),
    "Russian: reported by": ("ru", "Весь день, по сообщению ТАСС, шёл дождь.", "tass"),
    "Russian: an agency's correspondent": ("ru", "Шёл дождь, передаёт корреспондент агентства «Кабар».", "kabar"),
    "Kazakh": ("kk", "Күні бойы жаңбыр жауды, деп хабарлайды Kazinform.", "kazinform"),
    "Kyrgyz": ("ky", "Күнү бою жамгыр жаады. Бул тууралуу «Кабар» агенттиги билдирет.", "kabar"),
    "Uzbek": ("uz", "Kun boʻyi yomgʻir yogʻdi. Bu haqda UzA xabar bermoqda.", "uza"),
    "Uzbek in Cyrillic": ("uz-Cyrl", "Кун бўйи ёмғир ёғди. УзА хабар берет.", "uza"),
    "Tajik": ("tg", "Тамоми рӯз борон борид. Дар ин бора АМИТ «Ховар» хабар медиҳад.", "khovar"),
    "Turkmen": ("tk", "Günuzyn ýagyş ýagdy. Bu barada TDH habar berýär.", "tdh"),
    "Turkish": ("tr", "Bütün gün yağmur yağdı, Anadolu Ajansı bildirdi.", "anadolu"),
    "Chinese: reported by": ("zh", "据新华社报道，下了一整天雨。", "xinhua"),
    "Chinese: a dateline": ("zh", "哈通社阿斯塔纳9月17日电（记者 李明）下了一整天雨。", "kazinform"),
    "Chinese: a source in brackets": ("zh", "下了一整天雨。（来源：新华社）", "xinhua"),
    "a press service": ("ru", "Шёл дождь. Об этом сообщает пресс-служба агентства «Казинформ».", None),
    "an interview": ("ru", "Шёл дождь. Директор рассказал агентству «Казинформ» о планах.", None),
    "a ministry": ("en", "It rained all day, the Ministry of Culture and Information reports.", None),
    "a party of an event": ("en", "Kabar and Kazinform signed a memorandum on Monday.", None),
    "a name's own abbreviation": ("en", "The National TV and Radio Corporation (KTRK) has refuted it.", None),
    "news of a broadcaster": ("ru", "Сигнал передаёт Национальная телерадиокомпания Узбекистана.", None),
    "a verb of the next line": ("ru", "Так сказал он «Казинформу»\nСообщает об этом и завод.", None),
    "a picture": ("ru", "Весь день шёл дождь. Фото: Казинформ", None),
}


@pytest.mark.parametrize("situation", CREDITS)
def test_credits(situation: str, codebook: Codebook) -> None:
    language, text, organisation = CREDITS[situation]
    credit = credit_of(text, language, codebook)
    assert (credit and credit.organisation_id) == organisation


def test_a_stranger_is_kept_as_written(codebook: Codebook) -> None:
    credit = credit_of("It rained all day. (Steppe Wire)", "en", codebook)
    assert credit is not None
    assert (credit.written, credit.organisation_id) == ("Steppe Wire", None)
    assert credit_of("It rained all day.", "en", codebook) is None
    assert credit_of("下了一整天雨。（责编：李志强）", "zh", codebook) is None


def test_an_author_may_be_the_credit(codebook: Codebook) -> None:
    credit = credit_of("It rained all day.", "en", codebook, author="Kazinform")
    assert credit is not None
    assert credit.organisation_id == "kazinform"


def test_the_first_credit_that_is_not_ones_own_counts(codebook: Codebook) -> None:
    text = "АСТАНА. Казинформ – Весь день шёл дождь, сообщает ТАСС."
    credit = credit_of(text, "ru", codebook, family_of("kazinform", "trk-president", codebook))
    assert credit is not None
    assert credit.organisation_id == "tass"
