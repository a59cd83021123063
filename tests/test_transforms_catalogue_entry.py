"""A new outlet as an entry of the catalogue: ids, countries, and TOML that the catalogue's own reader accepts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.catalogue import load_catalogue
from transforms.catalogue_entry import CatalogueEntry, EntryFeed, country_of, entry_toml, outlet_id_of

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("url", "taken", "expected"),
    [
        ("https://www.hill-post.kg/ru", set(), "hill-post"),
        ("https://news.hill.com.kz/", set(), "hill"),
        ("https://hill.kz/", {"hill"}, "hill-kz"),
        ("https://hill.kz/", {"hill", "hill-kz"}, "hill-kz-2"),
        ("http://127.0.0.1:8080/", set(), "127-0-0-1"),
        ("http://localhost/", set(), "localhost"),
        ("https://www.xn--80ao21a.example/", set(), "xn-80ao21a-example"),
    ],
)
def test_ids(url: str, taken: set[str], expected: str) -> None:
    assert outlet_id_of(url, taken) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hill.kg/", "KG"),
        ("https://hill.co.uk/", "GB"),
        ("https://hill.xn--p1ai/", "RU"),
        ("https://hill.com/", "XX"),
        ("https://hill.tv/", "XX"),
        ("http://127.0.0.1/", "XX"),
    ],
)
def test_countries(url: str, expected: str) -> None:
    assert country_of(url) == expected


def entry(name: str = "Hill", remark: str = "link tag", language: str | None = "ky") -> CatalogueEntry:
    feeds = [EntryFeed("https://hill.example/rss", language, remark)]
    return CatalogueEntry("hill", name, "XX", "ru", None, "https://hill.example/", feeds, [remark])


def loaded(text: str, folder: Path):  # type: ignore[no-untyped-def]
    file = folder / "outlets.toml"
    file.write_text(text, encoding="utf-8")
    (outlet,) = load_catalogue(file)
    return outlet


def test_an_entry_is_one_that_the_catalogue_accepts(tmp_path: Path) -> None:
    outlet = loaded(entry_toml(entry(), DAY), tmp_path)
    assert (outlet.outlet_id, outlet.country, outlet.languages, outlet.time_zone) == ("hill", "XX", ("ky",), "UTC")
    (feed,) = outlet.feeds
    assert (feed.language, feed.monitored_since, feed.confirmation) == ("ky", DAY, "answered 2026-11-22")


def test_a_language_that_was_not_measured_is_left_to_the_outlet(tmp_path: Path) -> None:
    outlet = loaded(entry_toml(entry(language=None), DAY), tmp_path)
    assert (outlet.languages, outlet.feeds[0].language) == (("ru",), None)


def test_guesses_say_that_they_are_guesses() -> None:
    lines = {line.split(" = ")[0]: line for line in entry_toml(entry(), DAY).splitlines() if " = " in line}
    assert all("#" in lines[key] for key in ("name", "country", "kind", "time_zone", "url"))


@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_whatever_a_site_calls_itself_the_entry_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, name: str, remark: str
) -> None:
    name = name.encode(errors="ignore").decode() or "x"
    outlet = loaded(entry_toml(entry(name, remark), DAY), tmp_path_factory.mktemp("entry"))
    assert outlet.name == name
