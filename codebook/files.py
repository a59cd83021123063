"""Reading hand-written TOML: what is wrong is told with file, line, key and cure.

Common ground for everything that a person edits: the catalogue, the settings, the codebook. It knows no file's meaning:
a room brings the model of its file, and its own checks, and says where in the file a check failed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]

_HEADER = re.compile(r"^\s*(\[\[|\[)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_.-]+)\s*=""")
_CURES = {
    "missing": "Add this key.",
    "extra_forbidden": "Remove this key, or correct its spelling.",
}


class FileError(Exception):
    """Something in a hand-written file is wrong; the text names file, line, key and cure.

    `more` holds what else is wrong in the same file; the text tells of all, a line each.
    """

    def __init__(
        self, file: Path, line: int, key: str, problem: str, cure: str, more: Sequence[FileError] = ()
    ) -> None:
        self.file, self.line, self.key, self.problem, self.cure = file, line, key, problem, cure
        self.more = tuple(more)
        super().__init__("\n".join([f"{file}:{line}: {key}: {problem}. {cure}", *map(str, self.more)]))


def read_toml(path: Path, model: type[Model]) -> Model:
    """Read a TOML file into a pydantic model.

    Raises FileError for a missing file, broken TOML, an unknown key or a value that does not fit; all keys and values
    that do not fit are told at once.
    """
    source = _text_of(path)
    try:
        return model.model_validate(tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else source.count("\n") + 1
        raise FileError(path, line, "syntax", str(error), "Mend the TOML on this line.") from None
    except ValidationError as error:
        problems = [
            _file_error(path, source, one["loc"], one["msg"], _CURES.get(one["type"], "Give a value that fits."))
            for one in error.errors(include_url=False)
        ]
    raise _together(problems)


def refuse(path: Path, problems: Iterable[tuple[Location, str, str]]) -> None:
    """Raise one FileError for all (location, problem, cure) that a room's own checks found; do nothing for none.

    A location is a path of keys and positions, such as ("outlet", 3, "url").
    """
    found = list(problems)
    if found:
        source = _text_of(path)
        raise _together([_file_error(path, source, *problem) for problem in found])


def line_of(source: str, location: Location) -> int:
    """Return the 1-based line of a key such as ("outlet", 3, "url"), or of its table where the key is absent."""
    best, best_depth = 1, 0
    current: list[int | str] = []
    counts: dict[Location, int] = {}
    for number, text in enumerate(source.splitlines(), start=1):
        if header := _HEADER.match(text):
            current = _enter(header.group(2), header.group(1) == "[[", counts)
            full = current
        elif key := _KEY.match(text):
            full = [*current, *(part.strip("\"'") for part in key.group(1).split("."))]
        else:
            continue
        depth = _shared(full, location)
        if depth == len(full) and depth > best_depth:
            best, best_depth = number, depth
    return best


def _text_of(path: Path) -> str:
    """Return the text of a file; raise FileError where there is none, or where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileError(path, 1, "file", "there is no such file", "Name another file, or make this one.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FileError(path, line, "file", "the text is not UTF-8", "Save the file as UTF-8.") from None


def _enter(name: str, is_array: bool, counts: dict[Location, int]) -> list[int | str]:
    """Return the location that a table header opens, counting the members of arrays of tables."""
    location: list[int | str] = []
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    for position, part in enumerate(parts):
        location.append(part)
        key = tuple(location)
        if is_array and position == len(parts) - 1:
            counts[key] = counts.get(key, -1) + 1
        if key in counts:
            location.append(counts[key])
    return location


def _shared(left: list[int | str], right: Location) -> int:
    """Return how many leading parts two locations share."""
    shared = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        shared += 1
    return shared


def _file_error(path: Path, source: str, location: Location, problem: str, cure: str) -> FileError:
    """Turn a problem at a location into words for the person who edits the file."""
    key = ".".join(str(part) for part in location) or "file"
    return FileError(path, line_of(source, location), key, problem.removeprefix("Value error, ").rstrip("."), cure)


def _together(problems: Sequence[FileError]) -> FileError:
    """Return the problem that stands first in the file, with the others in its `more`."""
    first, *others = sorted(problems, key=lambda problem: problem.line)
    return FileError(first.file, first.line, first.key, first.problem, first.cure, others)
