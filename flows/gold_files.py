"""Gold files: JSON Lines of articles with the events that people say they report, read and checked.

Called by `flows/evaluate.py`; what a line must hold stands in `transforms/gold.py`.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from pathlib import Path

from codebook.files import FileError
from transforms.gold import GoldArticle, GoldError, gold_article


def read_gold(files: Iterable[Path]) -> list[GoldArticle]:
    """Return the articles of all files in order.

    Raises FileError for the first bad line, with all other bad lines after it; an id may stand only once.
    """
    articles: list[GoldArticle] = []
    bad: list[FileError] = []
    seen: dict[str, str] = {}
    for file in files:
        for number, line in _lines(file):
            try:
                gold = _read(line, seen, f"{file}:{number}")
            except GoldError as error:
                bad.append(FileError(file, number, error.key, error.problem, error.cure))
            else:
                articles.append(gold)
    if bad:
        first = bad[0]
        raise FileError(first.file, first.line, first.key, first.problem, first.cure, bad[1:])
    return articles


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield each line that is not blank, with its 1-based number; raises FileError where there is no file."""
    if not file.is_file():
        raise FileError(file, 1, "file", "there is no such file", "Name a file of JSON Lines.")
    for number, line in enumerate(file.read_bytes().removeprefix(BOM_UTF8).split(b"\n"), start=1):
        if line.strip():
            yield number, line


def _read(line: bytes, seen: dict[str, str], here: str) -> GoldArticle:
    """Return the article of one line, and note where its id stands; raises GoldError."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:  # what is not UTF-8 is a ValueError too
        raise GoldError("line", f"this is no JSON ({error})", "Write one JSON object a line.") from None
    gold = gold_article(record)
    if gold.article.id in seen:
        problem = f"{gold.article.id!r} stands at {seen[gold.article.id]} too"
        raise GoldError("id", problem, "Give each article an id of its own.")
    seen[gold.article.id] = here
    return gold
