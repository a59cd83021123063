"""Real sentences in nineteen languages: ours must be known, the others left alone.

The same sentences, sent in the encodings of old sites under the declaration "utf-8", show whether the bytes or their
label are believed. Called by `conformance`.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

from bench.figures import Figure
from transforms.decoding import decode
from transforms.language import detect_language

OURS: Final = ("en", "ru", "kk", "ky", "uz", "tg", "tk", "zh", "tr")
_OF_OURS: Final = {"zh-Hant": "zh"}  # a confuser in the file, and Chinese all the same
_OLD_ENCODINGS: Final = (
    ("ru", "cp1251"),
    ("ru", "koi8-r"),
    ("ky", "cp1251"),
    ("tg", "cp1251"),
    ("zh", "gb18030"),
    ("tr", "cp1254"),
)
_SENTENCES_A_TEXT: Final = 5


def measure(data: Path) -> list[Figure]:
    """Return the figures of the development sentences in DATA/language."""
    sentences: dict[str, list[str]] = defaultdict(list)
    with gzip.open(data / "language" / "langid_ntrex_dev.tsv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            sentences[row["lang"]].append(row["text"])
    return [*(_figure(language, texts) for language, texts in sentences.items()), _misdeclared(sentences)]


def _figure(language: str, texts: list[str]) -> Figure:
    """Return the accuracy on one of our languages, or the share of another one that is called ours."""
    answers = Counter(_base(detect_language(text)) for text in texts)
    target = _OF_OURS.get(language, language)
    told = ", ".join(f"{answer} {count}" for answer, count in answers.most_common(4) if answer != target)
    if target in OURS:
        return Figure(f"languages.known.{language}", answers[target] / len(texts), len(texts), told)
    mistaken = sum(count for answer, count in answers.items() if answer in OURS)
    return Figure(f"languages.mistaken.{language}", mistaken / len(texts), len(texts), told)


def _base(tag: str | None) -> str:
    """Return the language of a tag without its script."""
    return (tag or "none").partition("-")[0]


def _misdeclared(sentences: dict[str, list[str]]) -> Figure:
    """Return the share of texts in an old encoding, declared as utf-8, that are read as what was sent."""
    right = count = 0
    for language, encoding in _OLD_ENCODINGS:
        texts = sentences[language]
        for start in range(0, len(texts), _SENTENCES_A_TEXT):
            body = " ".join(texts[start : start + _SENTENCES_A_TEXT])
            payload = f'<?xml version="1.0" encoding="utf-8"?><rss>{body}</rss>'.encode(encoding, "ignore")
            decoded = decode(payload, "text/xml; charset=utf-8")
            right += decoded is not None and decoded.text == payload.decode(encoding)
            count += 1
    return Figure("languages.misdeclared", right / count, count, "bytes of old encodings under a utf-8 declaration")
