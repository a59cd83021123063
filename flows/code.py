"""`monitor code`: an analyst's own articles in, their events with evidence out, one line each, in input order.

The file is read a line at a time, and of an article only what was coded is kept, so that memory grows with the events
and not with the texts. Called by `cli`.
"""

from __future__ import annotations

import json
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from codebook.files import FileError
from codebook.load import Codebook, load_codebook
from flows.progress import current
from flows.settings import Settings
from transforms.coding import code_article
from transforms.event_json import article_text, event_record
from transforms.linking import link_coded
from transforms.records import ArticleText, CodedArticle, digest

Look = Callable[[ArticleText, CodedArticle, Codebook], None]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read, by its 1-based number."""

    line: int
    problem: str


def code_file(file: Path, out: Path | None, settings: Settings, look: Look | None = None) -> list[BadLine]:
    """Code every readable line of a JSON Lines file; return the lines that were not.

    Articles that report one event share its id. `look` is shown each article as it is coded; then the events go to no
    screen. Raises FileError for a file that is not there or cannot be written.
    """
    codebook = codebook_of(settings)
    bad: list[BadLine] = []
    with _opened(file, out) as handle:
        for result in _linked(articles_of(file, bad), codebook, look):
            if out is not None or look is None:
                handle.write(json.dumps(event_record(result, codebook), ensure_ascii=False) + "\n")
    return bad


def codebook_of(settings: Settings) -> Codebook:
    """Return the codebook with the user's own additions."""
    return load_codebook(
        extra_organisations=settings.codebook.extra_organisations, extra_series=settings.codebook.extra_series
    )


def _linked(articles: Iterator[ArticleText], codebook: Codebook, look: Look | None) -> Iterator[CodedArticle]:
    """Yield the coded articles in order, their events with the ids that the whole set gives them."""
    coded = []
    telling = []
    for article in articles:
        coded.append(code_article(article, codebook))
        if look is not None:
            look(article, coded[-1], codebook)
        if coded[-1].events:
            telling.append((_without_text(article), coded[-1]))
    linked = link_coded([article for article, _ in telling], [result for _, result in telling])
    with_ids = {result.id: result for result in linked}
    return (with_ids.get(result.id, result) for result in coded)


def _without_text(article: ArticleText) -> ArticleText:
    """Return what linking asks of an article; of texts it only asks which are the same."""
    return replace(article, title=digest(article.title, article.text), text="")


def articles_of(file: Path, bad: list[BadLine]) -> Iterator[ArticleText]:
    """Yield the articles of a file in order; the lines that are none are added to `bad`."""
    seen: set[str] = set()
    with current().stage("code", _count_lines(file)) as advance, file.open("rb") as handle:
        for number, line in enumerate(handle, start=1):
            advance()
            text = line.removeprefix(BOM_UTF8) if number == 1 else line
            if not text.strip():
                continue
            try:
                article = _new_article(text, seen)
            except (ValueError, RecursionError) as error:
                bad.append(BadLine(number, str(error)))
                continue
            seen.add(article.id)
            yield article


def _new_article(line: bytes, seen: set[str]) -> ArticleText:
    """Return the article of a line; raises ValueError where there is none, or one whose id was seen."""
    article = article_text(_record(line))
    if article.id in seen:
        raise ValueError(f"the id {article.id!r} stands on an earlier line too")
    return article


def _count_lines(file: Path) -> int:
    """Return how many lines a file has; raises FileError where there is no such file."""
    if not file.is_file():
        raise FileError(file, 1, "file", "there is no such file", "Name a file of JSON Lines.")
    try:
        with file.open("rb") as handle:
            return sum(1 for _ in handle)
    except OSError as error:
        raise FileError(file, 1, "file", f"it cannot be read: {error.strerror}", "Name another file.") from None


def _record(line: bytes) -> Mapping[str, Any]:
    """Return the JSON object that a line holds; raises ValueError for anything else."""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start + 1} is not utf-8: save the file as UTF-8") from None
    record = json.loads(text)
    if not isinstance(record, dict):
        raise ValueError(f"an object is needed, with id, title and text, not {text.strip()[:40]}")  # noqa: TRY004 - one kind
    return record


@contextmanager
def _opened(file: Path, out: Path | None) -> Iterator[TextIO]:
    """Open the file to write, put in place only when it is whole; or standard output. No half is ever left.

    It is opened before the first article is coded, so that an hour's work never ends on a folder without rights.
    """
    if out is None:
        yield sys.stdout
        return
    target = out.resolve()
    _refuse_target(file, out)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        handle = unfinished.open("w", encoding="utf-8")
    except OSError as error:
        raise FileError(out, 1, "--out", f"it cannot be written: {error.strerror}", "Name another file.") from None
    try:
        with handle:
            yield handle
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _refuse_target(file: Path, out: Path) -> None:
    """Raise FileError for a place where no new file may be put."""
    if not out.parent.is_dir():
        raise FileError(out, 1, "--out", "there is no such folder", "Make it, or name another file.")
    if out.exists() and not out.is_file():
        raise FileError(out, 1, "--out", "this is a folder or a device", "Name a file.")
    if out.resolve() == file.resolve():
        raise FileError(out, 1, "--out", "this is the file of the articles", "Name another file.")
