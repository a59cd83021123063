"""Every line of every lexicon finds what it is for, and leaves alone what only looks like it.

`tests/lexicon/<language>.toml` gives each line one sentence of ours that it must hit and one near miss that it must
not: another word with the same beginning, another sense, another part of speech.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from codebook.load import Codebook, load_codebook
from transforms.matching import scan, scanner_for

SENTENCES = Path(__file__).parent / "lexicon"


@cache
def book() -> Codebook:
    return load_codebook()


@cache
def sentences(language: str) -> dict[str, dict[str, str]]:
    """Return the sentences of a language by the line's concept and key."""
    return tomllib.loads((SENTENCES / f"{language}.toml").read_text(encoding="utf-8"))


def lines_hit(language: str, sentence: str) -> set[str]:
    """Return which lines of the lexicon a sentence hits, as "concept.key"."""
    hits = scan(sentence, scanner_for(book(), language))
    return {hit.line.partition(":")[2] for hit in hits if hit.kind == "concept"}


@pytest.mark.parametrize("language", load_codebook().languages)
def test_every_line_has_its_sentences_and_every_sentence_its_line(language: str) -> None:
    lines = {line.id.partition(":")[2] for line in book().lines if line.language == language}
    assert sentences(language).keys() == lines - {"mask.phrases"}


@pytest.mark.parametrize("language", load_codebook().languages)
def test_every_line_hits_its_sentence_and_misses_its_near_miss(language: str) -> None:
    wrong = []
    for line, row in sentences(language).items():
        assert row.keys() == {"hit", "miss"}
        assert row["hit"] != row["miss"]
        if line not in lines_hit(language, row["hit"]):
            wrong.append(f"{line} does not hit: {row['hit']}")
        if line in lines_hit(language, row["miss"]):
            wrong.append(f"{line} hits its near miss: {row['miss']}")
    assert wrong == []


@pytest.mark.parametrize("language", load_codebook().languages)
def test_every_mask_hides_what_lies_in_it(language: str) -> None:
    masks = [stem for line in book().lines if line.id == f"{language}:mask.phrases" for stem in line.stems]
    assert masks
    assert not {line for stem in masks for line in lines_hit(language, stem.replace("*", "")) if line == "mask.phrases"}
