"""Reading hand-written TOML: what is wrong is told with file, line, key and cure.

Common ground for everything that a person edits: the catalogue, the settings, the codebook.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)

_HEADER = re.compile(r"^\s*(\[\[|\[)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_.-]+)\s*=""")


class FileError(Exception):
    """Something in a hand-written file is wrong; the text names file, line, key and cure."""

    def __init__(self, file: Path, line: int, key: str, problem: str, cure: str) -> None:
        self.file, self.line, self.key, self.problem, self.cure = file, line, key, problem, cure
        super().__init__(f"{file}:{line}: {key}: {problem}. {cure}")


def read_toml(path: Path, model: type[Model]) -> Model:
    """Read a TOML file into a pydantic model.

    Raises FileError for a missing file, broken TOML, an unknown key or a value that does not fit.
    """
    try:
        source = path.read_text(encoding="utf-8")
        return model.model_validate(tomllib.loads(source))
    except FileNotFoundError:
        raise FileError(path, 1, "file", "there is no such file", "Name another file, or make this one.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FileError(path, line, "file", "the text is not UTF-8", "Save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else source.count("\n") + 1
        raise FileError(path, line, "syntax", str(error), "Mend the TOML on this line.") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _file_error(path, source, first["loc"], first["msg"], first["type"]) from None


def line_of(source: str, location: tuple[int | str, ...]) -> int:
    """Return the 1-based line of a key such as ("outlet", 3, "url"), or of its table where the key is absent."""
    best, best_depth = 1, 0
    current: list[int | str] = []
    counts: dict[tuple[int | str, ...], int] = {}
    for number, text in enumerate(source.splitlines(), start=1):
        if header := _HEADER.match(text):
            current = _enter(header.group(2), header.group(1) == "[[", counts)
            depth = _shared(current, location)
            if depth == len(current) and depth > best_depth:
                best, best_depth = number, depth
        elif key := _KEY.match(text):
            full = [*current, *(part.strip("\"'") for part in key.group(1).split("."))]
            depth = _shared(full, location)
            if depth == len(full) and depth > best_depth:
                best, best_depth = number, depth
    return best


def _enter(name: str, is_array: bool, counts: dict[tuple[int | str, ...], int]) -> list[int | str]:
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


def _shared(left: list[int | str], right: tuple[int | str, ...]) -> int:
    """Return how many leading parts two locations share."""
    shared = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        shared += 1
    return shared


def _file_error(path: Path, source: str, location: tuple[int | str, ...], problem: str, kind: str) -> FileError:
    """Turn pydantic's report into words for the person who edits the file."""
    key = ".".join(str(part) for part in location) or "file"
    cure = {
        "missing": "Add this key.",
        "extra_forbidden": "Remove this key, or correct its spelling.",
    }.get(kind, "Give a value that fits.")
    text = problem.removeprefix("Value error, ").rstrip(".")
    return FileError(path, line_of(source, location), key, text, cure)
