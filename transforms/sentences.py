"""Sentences of a title and a text, with their offsets into the original, in all the languages of the codebook.

Line ends always part sentences; so do the full stops of Chinese; elsewhere a stop parts them where a capital, a quote
or a figure follows and no abbreviation or initial stands before. It cuts nothing off and changes no character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

FieldName = Literal["title", "text"]

_STOP = re.compile(r"[。！？]+[”」』）)]*|[.!?…]+[\"”»’)\]]*(?=\s)|\n+")
_FIGURE_OR_CAPITAL = re.compile(r"\s*[-–—•]?\s*[\"“«‘'(\[]*[^\W_a-zа-яёәғқңөұүһіңӣӯҳҷ]")
# Abbreviations after which a sentence goes on, in the languages of the codebook, without their stop.
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "gen",
        "st",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "no",
        "vol",
        "inc",
        "ltd",
        "co",
        "corp",
        "u.s",
        "u.k",
        "vs",
        "г",
        "гг",
        "ул",
        "им",
        "тыс",
        "млн",
        "млрд",
        "руб",
        "тг",
        "стр",
        "рис",
        "см",
        "т.е",
        "т.п",
        "т.д",
        "пр",
        "акад",
        "обл",
        "р-н",
        "д-р",
        "проф",
        "ж",
        "бет",
        "ред",
        "ул",
        "с",
        "y",
        "bkz",
        "sn",
        "doç",
        "ý",
    ]
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: `text[start:end]` of its field; `index` counts from 0 in the text, the title has -1."""

    field: FieldName
    index: int
    start: int
    end: int


def split_sentences(text: str, field: FieldName = "text") -> list[Sentence]:
    """Return the sentences of a field in order; blanks around them belong to none."""
    if field == "title":
        spans = [_trimmed(text, 0, len(text))]
    else:
        spans = [_trimmed(text, start, end) for start, end in _cut(text)]
    kept = [span for span in spans if span[0] < span[1]]
    return [Sentence(field, -1 if field == "title" else n, start, end) for n, (start, end) in enumerate(kept)]


def end_of_sentences(text: str, count: int) -> int:
    """Return where so many sentences of a text have ended; blank ones count for none."""
    spans = (_trimmed(text, start, end) for start, end in _cut(text))
    ends = [end for _, end in islice((span for span in spans if span[0] < span[1]), count)]
    return ends[-1] if ends else 0


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """Yield raw spans that cover the text."""
    start = 0
    for stop in _STOP.finditer(text):
        if stop.group().startswith("\n") or stop.group()[0] in "。！？" or _parts(text, stop):
            yield start, stop.end()
            start = stop.end()
    yield start, len(text)


def _parts(text: str, stop: re.Match[str]) -> bool:
    """Say whether a full stop ends a sentence."""
    if not _FIGURE_OR_CAPITAL.match(text, stop.end()):
        return False
    before = re.split(r"[\s(«“\"]", text[max(0, stop.start() - 12) : stop.start()])[-1].lower()
    is_initial = len(before) == 1 and text[stop.start() - 1].isupper()
    return not (stop.group() == "." and (is_initial or before in _ABBREVIATIONS))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without blanks at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
