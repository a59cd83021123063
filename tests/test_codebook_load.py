"""The codebook is read as one frozen thing, and what is wrong in it is told with file, line, key and cure."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path
from typing import get_args

import pytest

import codebook
from codebook.files import FileError
from codebook.load import Codebook, load_codebook
from transforms.records import GROUP_OF_TYPE, EventType, Role, Status

PACKAGED = Path(codebook.__file__).parent


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load_codebook()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKAGED, tmp_path / "book", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def test_the_types_are_those_of_the_records_with_their_groups(book: Codebook) -> None:
    assert {entry.id: entry.group for entry in book.types} == GROUP_OF_TYPE
    assert [entry.id for entry in book.statuses] == list(get_args(Status))
    assert {entry.id for entry in book.roles} == set(get_args(Role))


def test_every_type_has_a_crosswalk_before_and_after(book: Codebook) -> None:
    rows = {(kind, row.stage) for row in book.crosswalk for kind in row.types}
    assert rows == {(kind, stage) for kind in get_args(EventType) for stage in ("before", "done")}


def test_every_line_has_an_id_of_its_own(book: Codebook) -> None:
    ids = [line.id for line in book.lines]
    assert len(ids) == len(set(ids))
    assert all(line.id.startswith(f"{line.language}:{line.concept}.") for line in book.lines)


def test_all_languages_have_words_for_all_that_rules_ask_for(book: Codebook) -> None:
    asked = {concept for rule in book.rules for concept in rule.all}
    special = {"series", "media_organisation", "organisation", "alliance"}
    missing = {
        (language, concept)
        for language in book.languages
        for concept in asked - special
        if not any(
            line.language == language and concept in {line.concept, line.id.partition(":")[2]} for line in book.lines
        )
    }
    assert missing <= {("tg", "parity_broadcasting"), ("tk", "parity_broadcasting"), ("tr", "parity_broadcasting")} | {
        ("zh", "parity_broadcasting")
    }


def test_a_codebook_survives_the_way_to_another_process(book: Codebook) -> None:
    there_and_back = pickle.loads(pickle.dumps(book))
    assert there_and_back == book
    assert hash(there_and_back) == hash(book)


def test_an_operators_own_organisations_are_added(book: Codebook, tmp_path: Path) -> None:
    extra = tmp_path / "extra.toml"
    extra.write_text(
        '[[organisation]]\nid = "steppe-wire"\nname = "Steppe Wire"\nkind = "news_agency"\nknown_by = "made up"\n',
        encoding="utf-8",
    )
    larger = load_codebook(extra_organisations=extra)
    assert set(larger.organisations) - set(book.organisations) == {"steppe-wire"}
    assert larger != book


WRONG = {
    "an unknown key": ("organisations.toml", '\n[[organisation]]\nid = "x"\nnmae = "X"\n', "nmae"),
    "an id that comes twice": (
        "organisations.toml",
        '\n[[organisation]]\nid = "kabar"\nname = "K"\nkind = "news_agency"\nknown_by = "test"\n',
        "this id comes twice",
    ),
    "a rule for a concept without words": (
        "rules.toml",
        '\n[[rule]]\nid = "x.y"\ntype = "forum"\nall = ["telepathy"]\n',
        "no lexicon has a line for the concept telepathy",
    ),
    "a rule for no type": ("rules.toml", '\n[[rule]]\nid = "x.z"\ntype = "party"\nall = ["forum"]\n', "no type party"),
    "a line without stems in a list": ("lexicons/en.toml", '\n[oops]\nword = "text"\n', "oops.word"),
}


@pytest.mark.parametrize("situation", WRONG)
def test_what_is_wrong_is_told_with_its_line(folder: Path, situation: str) -> None:
    file, added, words = WRONG[situation]
    path = folder / file
    lines = path.read_text(encoding="utf-8").count("\n")
    path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
    with pytest.raises(FileError, match=words) as error:
        load_codebook(folder)
    assert error.value.file == path
    assert lines < error.value.line <= lines + 7
    assert error.value.cure
