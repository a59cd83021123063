import json
from datetime import UTC, datetime

import pytest
import typer
from typer.testing import CliRunner

from bench import conformance
from bench.conformance_entities import listed, sentences
from bench.conformance_pages import shingle_f1
from bench.conformance_stories import best_grouping, grouping
from bench.figures import Figure, Floor, broken, read_floors
from bench.stated import Statement, headers_of, statements_of_comment, statements_of_json


@pytest.fixture
def command():
    app = typer.Typer()
    app.command()(conformance.main)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_an_absent_folder_ends_with_words_and_code_two(command, tmp_path):
    result = command(str(tmp_path / "nowhere"))
    assert result.exit_code == 2
    assert "there is no such folder" in result.output


def test_an_absent_file_is_named(command, tmp_path):
    result = command(str(tmp_path), "--only", "feeds")
    assert result.exit_code == 2
    assert "feedparser.zip" in result.output


def test_an_unknown_part_is_named(command, tmp_path):
    assert command(str(tmp_path), "--only", "weather").exit_code == 2


def test_every_floor_gives_its_reason():
    floors = read_floors()
    assert floors
    assert all(floor.reason and (floor.at_least is not None or floor.at_most is not None) for floor in floors.values())


def test_floors_that_break_and_figures_that_are_absent_are_told():
    floors = {
        "feeds.a": Floor("r", at_least=0.9),
        "feeds.b": Floor("r", at_most=0.1),
        "feeds.c": Floor("r", at_least=1),
        "pages.d": Floor("r", at_least=1),
    }
    figures = [Figure("feeds.a", 0.8, 10), Figure("feeds.b", 0.1, 10)]
    assert broken(figures, floors, ("feeds",)) == ["feeds.a is 0.8", "feeds.c was not measured"]


@pytest.mark.parametrize(
    ("expression", "statements"),
    [
        ("not bozo and entries[0]['title'] == 'A'", [Statement(0, "title", "A")]),
        ("entries[0].link == 'http://a.example/' and encoding == 'x'", [Statement(0, "url", "http://a.example/")]),
        ("entries[0]['id'] == entries[1]['id'] == 'A'", [Statement(0, "guid", "A"), Statement(1, "guid", "A")]),
        ("entries[0]['title_detail']['value'] == 'A' + 'B'", [Statement(0, "title", "AB")]),
        (
            "entries[0]['updated_parsed'] == (2025, 9, 22, 10, 0, 0, 0, 265, 0)",
            [Statement(0, "updated_at", datetime(2025, 9, 22, 10, tzinfo=UTC))],
        ),
        ("entries[0]['title'] != 'A'", []),
        ("not entries[0]['guidislink'] or entries[0]['title'] == 'A'", []),
        ("entries[0]['title'] == __import__('os').getcwd()", []),
        ("len(entries) == 1", []),
        ("this is no expression", []),
    ],
)
def test_plain_statements_are_taken_from_a_comment(expression, statements):
    source = f"<!--\nDescription: x\nHeader:      Content-type: text/xml\nExpect:      {expression}\n-->\n<rss/>"
    assert list(statements_of_comment(source)) == statements
    assert headers_of(source) == (("Content-type", "text/xml"),)


def test_statements_are_taken_from_expected_json():
    document = {
        "items": [
            {
                "title": "A",
                "link": "http://a.example/",
                "guid": {"value": "7"},
                "publishedParsed": "2025-09-22T10:00:00Z",
            },
            {"id": "8", "content": "not ours"},
        ]
    }
    assert list(statements_of_json(json.loads(json.dumps(document)))) == [
        Statement(0, "title", "A"),
        Statement(0, "url", "http://a.example/"),
        Statement(0, "guid", "7"),
        Statement(0, "published_at", datetime(2025, 9, 22, 10, tzinfo=UTC)),
        Statement(1, "guid", "8"),
    ]


def test_shingles():
    assert shingle_f1("one two three four five", "One, two, three, four, five!") == 1.0
    assert shingle_f1("one two three four five", "one two three four six") == 0.5
    assert shingle_f1("", "one two") == 0.0


def test_tagged_words_become_a_sentence_with_its_names():
    lines = [
        "« B-ORGANISATION",
        "Хабар I-ORGANISATION",
        "» I-ORGANISATION",
        "Қазақстан B-GPE",
        ". O",
        "",
        "Алматы B-GPE",
    ]
    (text, tags), (other, _) = sentences(lines)
    assert (text, other) == ("«Хабар» Қазақстан.", "Алматы")
    assert [text[tag.start : tag.end] for tag in tags] == ["«Хабар»", "Қазақстан"]


def test_a_name_is_listed_by_the_longest_form_that_begins_one_of_its_words():
    forms = {"қазақстан": "KZ", "ирак": "IQ", "ақш": "US", "оман": "OM"}
    assert listed("Қазақстандағы", forms) == ("KZ", "қазақстан")
    assert listed("АҚШ", forms) == ("US", "ақш")
    assert listed("ақшаның", forms) is None
    assert listed("Романов", forms) is None


def test_the_best_threshold_is_found_in_hindsight():
    scores = [(0.9, True), (0.6, True), (0.5, False), (0.4, True), (0.1, False)]
    assert str(grouping(scores, 0.55)) == "at 0.55: 2 right, 0 wrong, 1 missed"
    assert best_grouping(scores).threshold == 0.4
    assert best_grouping(scores).f1 == pytest.approx(6 / 7)
