"""Editing the catalogue's text: one value changes, nothing else; what cannot be done so is left undone."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.catalogue_edit import CatalogueEdit, diff_of, edit_catalogue

CATALOGUE = """\
# Outlets by hand.

[[outlet]]
id = "hill-post"
home_url = "https://hill.example/"   # a home, no feed
note = '''
[[outlet.feed]]
url = "https://hill.example/ky/rss"
'''
[[outlet.feed]]
url   = "https://hill.example/ky/rss"  # the old path
language = "ky"
confirmation = "answered 2026-09"

[[outlet.feed]]
language = "ru"
confirmation = 'unprobed'
url = 'https://hill.example/ru/rss'
[[outlet]]
id = "valley"
feed = [{ url = "https://valley.example/rss", confirmation = "unprobed" }]
"""
KY, RU, INLINE = "https://hill.example/ky/rss", "https://hill.example/ru/rss", "https://valley.example/rss"
NEW = "https://hill.example/новости/feed"

SITUATIONS: dict[str, tuple[CatalogueEdit, str | None, str]] = {
    "an address, its comment kept": (
        CatalogueEdit(KY, "url", NEW, "moved"),
        'url   = "https://hill.example/ky/rss"  # the old path',
        f'url   = "{NEW}"  # the old path',
    ),
    "an address in single quotes at the end of its table": (
        CatalogueEdit(RU, "url", NEW, "moved"),
        "url = 'https://hill.example/ru/rss'",
        f'url = "{NEW}"',
    ),
    "a confirmation before its address": (
        CatalogueEdit(RU, "confirmation", 'missing "since" 2026-10-01', "dead"),
        "confirmation = 'unprobed'",
        r'confirmation = "missing \"since\" 2026-10-01"',
    ),
    "a feed in an inline table": (CatalogueEdit(INLINE, "url", NEW, "moved"), None, ""),
    "a feed that is not in the catalogue": (CatalogueEdit("https://a.example/", "url", NEW, "moved"), None, ""),
    "the address of another feed": (CatalogueEdit(KY, "url", RU + "/", "moved"), None, ""),
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_one_line_changes_or_none(situation: str, line_end: str) -> None:
    edit, before, after = SITUATIONS[situation]
    text = CATALOGUE.replace("\n", line_end)
    done = edit_catalogue(text, [edit])
    old, new = text.split(line_end), done.text.split(line_end)
    changed = [(one, other) for one, other in zip(old, new, strict=True) if one != other]
    assert changed == ([(before, after)] if before else [])
    assert done.unmade == (() if before else (edit,))


def test_both_values_of_a_feed_change_whatever_the_order() -> None:
    edits = [CatalogueEdit(KY, "url", NEW, "moved"), CatalogueEdit(KY, "confirmation", "answered", "moved")]
    done = edit_catalogue(CATALOGUE, edits)
    feed = tomllib.loads(done.text)["outlet"][0]["feed"][0]
    assert (feed["url"], feed["confirmation"]) == (NEW, "answered")
    assert edit_catalogue(CATALOGUE, edits[::-1]) == done


def test_the_diff_shows_the_line_and_its_place() -> None:
    after = edit_catalogue(CATALOGUE, [CatalogueEdit(RU, "url", NEW, "moved")]).text
    diff = diff_of(CATALOGUE, after, "outlets.toml").splitlines()
    assert diff[:3] == ["--- outlets.toml", "+++ outlets.toml", "@@ -15,7 +15,7 @@"]
    assert [line for line in diff[3:] if line[0] in "+-"] == [f"-url = '{RU}'", f'+url = "{NEW}"']
    assert diff_of(CATALOGUE, CATALOGUE, "outlets.toml") == ""


def test_a_file_that_ends_without_a_line_end_is_told_as_patch_expects() -> None:
    text = CATALOGUE.rstrip("\n").partition('[[outlet]]\nid = "valley"')[0].rstrip("\n")
    after = edit_catalogue(text, [CatalogueEdit(RU, "url", NEW, "moved")]).text
    assert not after.endswith("\n")
    assert diff_of(text, after, "a").count("\\ No newline at end of file\n") == 2


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=60))
def test_any_text_is_written_so_that_toml_reads_it_back(value: str) -> None:
    done = edit_catalogue(CATALOGUE, [CatalogueEdit(KY, "confirmation", value, "any")])
    assert tomllib.loads(done.text)["outlet"][0]["feed"][0]["confirmation"] == value
