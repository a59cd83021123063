"""The hand-kept data of the codebook: that it holds together, whoever edited it last."""

import re
import tomllib
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

import pytest
from babel import Locale

from codebook.load import Codebook, Kind, load_codebook
from transforms.matching import scan, scanner_for

FOLDER = Path(__file__).parent.parent / "codebook"
LANGUAGES = {"en", "ru", "kk", "ky", "uz", "uz-Cyrl", "tg", "tk", "tr", "zh", "az"}
CODED = LANGUAGES - {"az"}
KINDS = set(get_args(Kind))
OUTLETS = tomllib.loads((FOLDER.parent / "sources" / "outlets.toml").read_text(encoding="utf-8"))["outlet"]
PUBLISHERS = {"news_agency", "broadcaster", "newspaper", "magazine", "online", "holding"}
PARTNERS = ["RU", "CN", "TR", "AZ", "BY", "IR", "AF", "PK", "IN", "MN", "HU", "KR", "JP", "US", "GB", "DE", "FR"]
ISO = {code for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", code)} - {
    "ZZ",
    "EU",
    "UN",
    "EZ",
    "XA",
    "XB",
}


@cache
def rows(name: str) -> list[dict[str, Any]]:
    document = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    (table,) = document.values()
    return table


def forms(row: dict[str, Any]) -> set[str]:
    return {form for group in row["names"].values() for form in group}


EVERY = [(name, row) for name in ("organisations", "places", "series") for row in rows(name)]


@pytest.mark.parametrize("name", ["organisations", "places", "series"])
def test_ids_are_unique_and_readable(name: str) -> None:
    ids = [row["id"] for row in rows(name)]
    assert [row_id for row_id, count in Counter(ids).items() if count > 1] == []
    assert [row_id for row_id in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row_id)] == []


def test_names_stand_under_the_languages_of_the_monitor_and_once() -> None:
    for name, row in EVERY:
        assert set(row["names"]) <= LANGUAGES, (name, row["id"])
        for language, group in row["names"].items():
            assert len(group) == len(set(group)) > 0, (name, row["id"], language)


def test_names_are_clean() -> None:
    for name, row in EVERY:
        for form in forms(row):
            assert form == form.strip(), (name, row["id"], form)
            assert not re.search(r"[«»“”„\"]|  ", form), (name, row["id"], form)


def test_countries_are_those_of_iso_3166() -> None:
    for name, row in EVERY:
        given = row.get("countries", []) if name == "series" else [row[key] for key in ("country",) if key in row]
        assert set(given) <= ISO, (name, row["id"])


# --- organisations ---


@pytest.mark.parametrize(
    ("wanted", "form"),
    [
        ("trk-president", "Presidential Television and Radio Complex"),
        ("mci-kz", "Culture and Information Minister"),
        ("ccs-kz", "Central Communications Service"),
        ("nrta", "National Radio and Television Administration"),
        ("cmg", "CMG Media Corporation"),
        ("xinhua", "新华社"),
        ("kabar", "Kyrgyz National Kabar News Agency"),
        ("alatau-aqparat", "Alatau Aqparat"),
        ("mir", "MIR24"),
        ("tass", "ITAR TASS"),
        ("kazinform", "Қазақпарат"),
    ],
)
def test_the_organisations_of_the_worked_examples_are_known(wanted: str, form: str) -> None:
    (row,) = [row for row in rows("organisations") if row["id"] == wanted]
    assert form in forms(row)


def test_no_two_organisations_share_a_name() -> None:
    for one, other in combinations(rows("organisations"), 2):
        shared = {form.casefold() for form in forms(one)} & {form.casefold() for form in forms(other)}
        assert not shared, (one["id"], other["id"], shared)


def test_homonyms_are_forms_of_their_organisation() -> None:
    for row in rows("organisations"):
        known = {form.casefold() for form in forms(row)}
        assert {form.casefold() for form in row.get("needs_context", [])} <= known, row["id"]


@pytest.mark.parametrize("word", ["Кабар", "Хабар", "Мир", "Trend", "Report", "УзА", "Orient", "Ховар", "Известия"])
def test_an_ordinary_word_needs_context(word: str) -> None:
    owners = [row for row in rows("organisations") if word in forms(row)]
    assert owners
    assert all(word in row["needs_context"] for row in owners)


def test_every_organisation_and_series_says_how_it_is_known() -> None:
    for name in ("organisations", "series"):
        assert [row["id"] for row in rows(name) if not row["known_by"].strip() or "memory" in row["known_by"]] == []


def test_few_organisations_are_known_by_no_text() -> None:
    unverified = [row["id"] for row in rows("organisations") if "unverified" in row["known_by"]]
    assert len(unverified) <= 5, unverified


def test_the_gazetteer_covers_the_region_and_its_partners() -> None:
    countries = Counter(row.get("country") for row in rows("organisations"))
    assert sum(countries.values()) >= 250
    assert all(countries[country] >= 20 for country in ("KZ", "KG", "UZ", "TJ", "TM"))
    assert set(countries) >= set(PARTNERS)


def test_every_organisation_is_of_a_listed_kind_and_has_a_name_in_a_coded_language() -> None:
    for row in rows("organisations"):
        assert row["kind"] in KINDS, row["id"]
        assert set(row["names"]) & CODED, row["id"]


def test_a_renaming_is_told_once_and_in_the_past() -> None:
    for row in rows("organisations"):
        for renaming in row.get("renamed", []):
            assert set(renaming) == {"from", "to", "year"}, row["id"]
            assert renaming["from"] != renaming["to"], row["id"]
            assert 1900 < renaming["year"] < 2100, row["id"]


def test_a_short_abbreviation_of_several_things_needs_context() -> None:
    for word in ("AP", "AFP", "APP", "ABU", "AAP", "DW", "QNA", "SPA", "UNA", "VNA", "BNA", "CRI", "EFE", "PTV", "КТК"):
        for row in rows("organisations"):
            assert word not in forms(row) or word in row.get("needs_context", []), (row["id"], word)


def test_an_outlet_or_its_owner_is_an_organisation_and_both_files_agree() -> None:
    by_id = {row["id"]: row for row in rows("organisations")}
    for outlet in OUTLETS:
        row = by_id.get(outlet["id"])
        if row is None:
            assert outlet.get("owner") in by_id, outlet["id"]
            continue
        assert row.get("country", "XX") == outlet["country"], outlet["id"]
        assert row["kind"] == outlet["kind"], outlet["id"]
        assert row.get("owner") == outlet.get("owner"), outlet["id"]
        assert row.get("is_publisher"), outlet["id"]


def test_an_owner_is_an_organisation_and_owns_itself_to_nobody() -> None:
    by_id = {row["id"]: row for row in rows("organisations")}
    for row in by_id.values():
        if owner := row.get("owner"):
            assert "owner" not in by_id[owner], row["id"]
            assert "owner:" in row["known_by"], row["id"]


def test_only_media_publish() -> None:
    assert {row["kind"] for row in rows("organisations") if row.get("is_publisher")} == PUBLISHERS


def test_a_forum_series_is_no_organisation() -> None:
    assert {row["id"] for row in rows("organisations")} & {row["id"] for row in rows("series")} == set()


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook()


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("ru", "Меморандум подписали телеканал «Астана» и телеканал КТК.", {"astana-tv", "ktk"}),
        ("ru", "По трубам КТК из порта, у которого стоит Астана, идёт нефть.", set()),
        ("ru", "Комитетом по телевидению и радиовещанию подписан протокол.", {"tj-tv-committee"}),
        ("ru", "Госкомитета Туркменистана по телевидению, радиовещанию и кинематографии", {"tm-tv-committee"}),
        ("ru", "Газеты Туркменистана вышли с праздничными номерами.", set()),
        ("ru", "Узбекское агентство по печати и информации провело семинар.", {"uz-aimc"}),
        ("kk", "«Айқын» газетінің редакциясы мен Абай телеарнасы келісті.", {"aikyn", "abai-tv"}),
        ("kk", "Жауап айқын: қазақ әдебиеті дамып келеді.", set()),
        ("kk", "Азия-Тынық мұхиты хабар тарату одағының жиыны өтті.", {"abu"}),
        ("ky", "Бишкекте «Номад ТВ» каналы ачылды.", {"nomad-tv"}),
        ("uz", "Jurnalistika va ommaviy kommunikatsiyalar universitetida uchrashuv boʻldi.", {"uzjoku"}),
        ("uz-Cyrl", "Ўзбекистон журналистика ва оммавий коммуникациялар университети", {"uzjoku"}),
        ("tg", "Дар рӯзномаи «Ҷумҳурият» мақола чоп шуд.", {"jumhuriyat"}),
        ("tg", "Президенти Ҷумҳурии Тоҷикистон ба ҷумҳурият баргашт.", set()),
        (
            "tk",
            "Telewideniýe, radiogepleşikler we kinematografiýa baradaky döwlet komitetiniň başlygy",
            {"tm-tv-committee"},
        ),
        ("tr", "Türk Dünyası Gazeteciler Federasyonu (TDGF) ile RTÜK'ün toplantısı", {"tdgf", "rtuk"}),
        ("tr", "Bu sabah Ankara'da basın toplantısı yapıldı.", set()),
        (
            "zh",
            "人民日报社与“一带一路”新闻合作联盟、新疆广播电视台代表出席。",
            {"peoples-daily", "brnn", "xinjiang-tv"},
        ),
        ("en", "Deutsche Welle runs the course; DW pays. The AP and APP desks were quiet.", {"dw"}),
    ],
)
def test_a_sentence_names_whom_a_reader_would_see(
    codebook: Codebook, language: str, text: str, named: set[str]
) -> None:
    hits = scan(text, scanner_for(codebook, language))
    assert {hit.key for hit in hits if hit.kind == "organisation"} == named


# --- places ---


def test_every_country_of_iso_3166_is_a_place() -> None:
    missing = ISO - {row["country"] for row in rows("places") if row["kind"] == "country"}
    # Uninhabited, or a part of another country's name: no text that the monitor reads speaks of them as a party.
    assert missing <= {
        *("AC", "AQ", "BV", "CP", "CQ", "DG", "EA", "GS", "HM", "IC", "IO", "PN", "QO", "SJ", "TA", "TF", "UM", "XK"),
    }


@pytest.mark.parametrize("country", ["KZ", "KG", "UZ", "TJ", "TM", *PARTNERS])
def test_the_countries_that_matter_are_named_in_every_coded_language(country: str) -> None:
    (row,) = [row for row in rows("places") if row["kind"] == "country" and row["country"] == country]
    assert set(row["names"]) >= CODED


def test_central_asia_is_a_region_of_no_one_country_in_every_coded_language() -> None:
    (row,) = [row for row in rows("places") if row["id"] == "central-asia"]
    assert row["kind"] == "region"
    assert "country" not in row
    assert set(row["names"]) >= CODED


@pytest.mark.parametrize(
    ("city", "country"),
    [("almaty", "KZ"), ("bishkek", "KG"), ("tashkent", "UZ"), ("dushanbe", "TJ"), ("ashgabat", "TM"), ("kazan", "RU"),
     ("urumqi", "CN"), ("istanbul", "TR"), ("baku", "AZ"), ("islamabad", "PK")],
)  # fmt: skip
def test_a_city_knows_its_country(city: str, country: str) -> None:
    assert [row["country"] for row in rows("places") if row["id"] == city] == [country]


def test_cities_and_countries_have_a_country() -> None:
    assert [row["id"] for row in rows("places") if row["kind"] != "region" and "country" not in row] == []


def test_two_countries_share_a_form_only_where_it_names_both() -> None:
    for one, other in combinations([row for row in rows("places") if row["kind"] == "country"], 2):
        shared = forms(one) & forms(other)
        assert all(re.fullmatch("[中哈吉乌塔俄]{2}", form) for form in shared), (one["id"], other["id"], shared)


def test_an_abbreviation_has_no_open_end() -> None:
    # "ABD*" would be the beginning of "Abdullah"
    for row in rows("places"):
        assert [form for form in forms(row) if re.fullmatch(r"[^\W\d_a-zа-я]{2,4}\*", form) and form.isupper()] == []


# --- series ---


def test_a_series_name_is_no_name_of_another() -> None:
    for one, other in combinations(rows("series"), 2):
        assert not forms(one) & forms(other), (one["id"], other["id"])
