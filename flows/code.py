"""`monitor code`: an analyst's own articles in, their events with evidence out, one line each, in input order."""

from __future__ import annotations

import json
import sys
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from codebook.files import FileError
from codebook.load import load_codebook
from flows.progress import current
from flows.settings import Settings
from transforms.coding import code_article
from transforms.event_json import article_text, event_record
from transforms.linking import link_coded
from transforms.records import ArticleText


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read, by its 1-based number."""

    line: int
    problem: str


def code_file(file: Path, out: Path | None, settings: Settings) -> list[BadLine]:
    """Code every readable line of a JSON Lines file; return the lines that were not.

    Articles that report one event share its id. Raises FileError for a file that is not there.
    """
    codebook = load_codebook(
        extra_organisations=settings.codebook.extra_organisations, extra_series=settings.codebook.extra_series
    )
    articles, bad = _read(file)
    if out is not None and not out.parent.is_dir():
        raise FileError(out, 1, "--out", "there is no such folder", "Make it, or name another file.")
    if out is not None and out.is_dir():
        raise FileError(out, 1, "--out", "this is a folder", "Name a file in it.")
    with current().stage("code", len(articles)) as advance:
        coded = []
        for article in articles:
            coded.append(code_article(article, codebook))
            advance()
    with _opened(out) as handle:
        for result in link_coded(articles, coded):
            handle.write(json.dumps(event_record(result, codebook), ensure_ascii=False) + "\n")
    return bad


def _read(file: Path) -> tuple[list[ArticleText], list[BadLine]]:
    """Return the articles of a file and the lines that are none."""
    if not file.is_file():
        raise FileError(file, 1, "file", "there is no such file", "Name a file of JSON Lines.")
    articles: list[ArticleText] = []
    bad: list[BadLine] = []
    seen: set[str] = set()
    for number, line in enumerate(file.read_bytes().removeprefix(BOM_UTF8).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            article = article_text(_record(line.decode()))
        except (ValueError, RecursionError) as error:  # what is not UTF-8 is a ValueError too
            bad.append(BadLine(number, str(error)))
            continue
        if article.id in seen:
            bad.append(BadLine(number, f"the id {article.id!r} stands on an earlier line too"))
            continue
        seen.add(article.id)
        articles.append(article)
    return articles, bad


def _record(line: str) -> Mapping[str, Any]:
    """Return the JSON object that a line holds; raises ValueError for anything else."""
    record = json.loads(line)
    if not isinstance(record, dict):
        raise ValueError(f"an object is needed, with id, title and text, not {line[:40]}")  # noqa: TRY004 - one kind
    return record


@contextmanager
def _opened(out: Path | None) -> Iterator[TextIO]:
    """Open the file to write, put in place only when it is whole; or standard output."""
    if out is None:
        yield sys.stdout
        return
    unfinished = out.with_name(f".{out.name}.unfinished")
    with unfinished.open("w", encoding="utf-8") as handle:
        yield handle
    unfinished.replace(out)
