"""What a person who edits a file by hand is told when something in it is wrong."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from codebook.files import FileError, line_of, read_toml, refuse


class Feed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    url: str
    hours: int = 1


class Outlet(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    names: dict[str, list[str]] = {}
    feed: list[Feed] = []


class File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    outlet: list[Outlet] = []


GOOD = """\
# two outlets
[[outlet]]
id = "one"
[outlet.names]
en = [
  "One",
]
ru = ["Один"]

[[outlet]]
id = "two"
[[outlet.feed]]
url = "https://two.example/a"
[[outlet.feed]]  # the second
url = "https://two.example/b"
hours = 2
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "outlets.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(folder: Path, text: str | bytes) -> FileError:
    with pytest.raises(FileError) as caught:
        read_toml(written(folder, text), File)
    return caught.value


def test_a_good_file_is_read(tmp_path: Path) -> None:
    assert [outlet.id for outlet in read_toml(written(tmp_path, GOOD), File).outlet] == ["one", "two"]


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        pytest.param("hours = 2", "ours = 2", 16, "outlet.1.feed.1.ours", "correct its spelling", id="unknown key"),
        pytest.param("hours = 2", "hours = 'x'", 16, "outlet.1.feed.1.hours", "a value that fits", id="wrong value"),
        pytest.param(
            'url = "https://two.example/b"\n', "", 14, "outlet.1.feed.1.url", "Add this key", id="missing key"
        ),
        pytest.param('ru = ["Один"]', "ru = [1]", 8, "outlet.0.names.ru.0", "a value that fits", id="in a list"),
        pytest.param("hours = 2", "hours = = 2", 16, "syntax", "Mend the TOML", id="broken TOML"),
        pytest.param("hours = 2", 'hours = "2', 16, "syntax", "Mend the TOML", id="string without an end"),
    ],
)
def test_an_error_names_line_key_and_cure(tmp_path: Path, old: str, new: str, line: int, key: str, words: str) -> None:
    error = refused(tmp_path, GOOD.replace(old, new))
    assert (error.line, error.key) == (line, key)
    assert words in error.cure
    assert str(error).startswith(f"{tmp_path / 'outlets.toml'}:{line}: {key}: ")


def test_all_that_does_not_fit_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    error = refused(tmp_path, GOOD.replace("hours = 2", "ours = 2").replace('id = "one"', "id = 1"))
    assert [error.line, *(other.line for other in error.more)] == [3, 16]
    assert len(str(error).splitlines()) == 2


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file"):
        read_toml(tmp_path / "none.toml", File)


def test_a_file_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    assert refused(tmp_path, GOOD.encode("cp1251")).line == 8


def test_a_rooms_own_checks_are_told_in_the_same_words(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    refuse(path, [])
    with pytest.raises(FileError) as caught:
        refuse(
            path, [(("outlet", 1, "feed", 0, "url"), "it is known", "Remove it."), (("outlet", 0, "id"), "odd", "Do.")]
        )
    assert (
        str(caught.value) == f"{path}:3: outlet.0.id: odd. Do.\n{path}:13: outlet.1.feed.0.url: it is known. Remove it."
    )


@pytest.mark.parametrize(
    ("location", "line"),
    [
        ((), 1),
        (("outlet", 0), 2),
        (("outlet", 0, "names", "en", 0), 5),
        (("outlet", 1), 10),
        (("outlet", 1, "feed", 1, "hours"), 16),
        (("outlet", 1, "feed", 0, "hours"), 12),
        (("nothing", "here"), 1),
    ],
)
def test_the_line_of_a_key_or_of_its_table(location: tuple[int | str, ...], line: int) -> None:
    assert line_of(GOOD, location) == line
