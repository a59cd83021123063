"""The catalogue: the packaged one as it stands, and what a person is told who edits one wrongly."""

import tomllib
from pathlib import Path

import pytest
from babel import Locale

from codebook.files import FileError
from sources.catalogue import load_catalogue
from transforms.records import REGION, Outlet

ORGANISATIONS = tomllib.loads(
    (Path(__file__).parent.parent / "codebook" / "organisations.toml").read_text(encoding="utf-8")
)["organisation"]

GOOD = """\
[[outlet]]
id = "hill-post"
name = "Hill Post"
country = "KG"
languages = ["ky", "uz-Cyrl"]
kind = "online"
time_zone = "Asia/Bishkek"
home_url = "https://hill.example/"
[[outlet.feed]]
url = "https://hill.example/ky/rss"
language = "ky"
monitored_since = 2026-11-22
confirmation = "answered 2026-09"
[[outlet.feed]]
url = "https://hill.example/ky/rss2"
language = "ky"
monitored_since = 2026-11-22
confirmation = "unprobed"
[[outlet.feed]]
url = "https://hill.example/rss"
monitored_since = 2026-11-22
confirmation = "unprobed"

[[outlet]]
id = "valley-post"
name = "Valley Post"
country = "KZ"
languages = ["kk"]
kind = "newspaper"
owner = "valley"
ownership_source = "its own name"
time_zone = "Asia/Almaty"
"""


@pytest.fixture(scope="module")
def outlets() -> dict[str, Outlet]:
    return {outlet.outlet_id: outlet for outlet in load_catalogue()}


def loaded(folder: Path, text: str) -> tuple[Outlet, ...]:
    path = folder / "outlets.toml"
    path.write_text(text, encoding="utf-8")
    return load_catalogue(path)


def test_feeds_are_named_by_language_and_by_number(tmp_path: Path) -> None:
    first, second = loaded(tmp_path, GOOD)
    assert [feed.feed_id for feed in first.feeds] == ["hill-post/ky", "hill-post/ky-2", "hill-post/1"]
    assert {feed.outlet_id for feed in first.feeds} == {"hill-post"}
    assert second.feeds == ()
    assert second.is_state_owned is None


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        pytest.param('id = "valley-post"', 'id = "hill-post"', 25, "twice", id="an id twice"),
        pytest.param('id = "valley-post"', 'id = "Valley Post"', 25, "pattern", id="an id that is no id"),
        pytest.param("Asia/Almaty", "Asia/Almata", 32, "no time zone", id="unknown time zone"),
        pytest.param("Asia/Almaty", "../etc", 32, "no time zone", id="a path for a time zone"),
        pytest.param('["kk"]', '["qq"]', 28, "no language tag", id="unknown language"),
        pytest.param('["kk"]', '["kazakh"]', 28, "no language tag", id="a name for a language"),
        pytest.param('"uz-Cyrl"', '"uz_Cyrl"', 5, "no language tag", id="another way to write a tag"),
        pytest.param("https://hill.example/rss", "hill.example/rss", 20, "no web address", id="no scheme"),
        pytest.param("https://hill.example/rss", "file:///etc/passwd", 20, "no web address", id="a file"),
        pytest.param("https://hill.example/rss", "https://u:p@hill.example/", 20, "no web address", id="a password"),
        pytest.param("https://hill.example/rss", "https://hill.example/ky/rss/", 20, "already", id="a feed twice"),
        pytest.param('ownership_source = "its own name"\n', "", 30, "without a source", id="owner without a source"),
        pytest.param(
            'owner = "valley"\nownership_source = "its own name"', "is_state_owned = true", 30, "source", id="claim"
        ),
        pytest.param('language = "ky"', 'language = "tg"', 11, "does not list tg", id="a language not listed"),
        pytest.param('kind = "newspaper"', 'kind = "paper"', 29, "news_agency", id="unknown kind"),
        pytest.param('kind = "newspaper"', "", 24, "required", id="no kind"),
        pytest.param('name = "Valley Post"', 'name = "Valley Post"\nlogo = "x"', 27, "not permitted", id="unknown key"),
    ],
)
def test_a_wrong_catalogue_is_refused_with_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    with pytest.raises(FileError, match=words) as caught:
        loaded(tmp_path, GOOD.replace(old, new, 1))
    assert caught.value.line == line


# --- the packaged catalogue ---


@pytest.mark.parametrize(
    "wanted", ["kazinform", "kabar", "dknews", "astana-times", "urdupoint", "app", "xinhua", "tass"]
)
def test_the_outlets_of_the_reference_articles_are_in_it(outlets: dict[str, Outlet], wanted: str) -> None:
    assert wanted in outlets


def test_every_country_of_the_region_has_an_outlet_with_a_feed(outlets: dict[str, Outlet]) -> None:
    assert set(REGION) <= {outlet.country for outlet in outlets.values() if outlet.feeds}


def test_countries_are_those_of_iso_3166(outlets: dict[str, Outlet]) -> None:
    known = set(Locale("en").territories) | {"XX"}
    assert {outlet.country for outlet in outlets.values()} <= known


def test_an_outlet_without_a_feed_says_so(outlets: dict[str, Outlet]) -> None:
    for outlet in outlets.values():
        assert outlet.feeds or "feed" in (outlet.note or ""), outlet.outlet_id


def test_feed_ids_are_unique(outlets: dict[str, Outlet]) -> None:
    ids = [feed.feed_id for outlet in outlets.values() for feed in outlet.feeds]
    assert len(ids) == len(set(ids))


def test_an_outlet_that_is_an_organisation_agrees_with_the_gazetteer(outlets: dict[str, Outlet]) -> None:
    for row in ORGANISATIONS:
        if outlet := outlets.get(row["id"]):
            assert row.get("is_publisher"), row["id"]
            assert outlet.owner == row.get("owner"), row["id"]
            assert outlet.country == row.get("country", "XX"), row["id"]


def test_the_owner_family_of_an_outlet_is_an_organisation(outlets: dict[str, Outlet]) -> None:
    assert {outlet.owner for outlet in outlets.values() if outlet.owner} <= {row["id"] for row in ORGANISATIONS}
