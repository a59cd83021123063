"""Matching and sentences: offsets of the original, inflected names, homonyms, letters that are written in many ways."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook.load import Codebook, load_codebook
from transforms.hits import Hit
from transforms.matching import scan, scanner_for
from transforms.sentences import split_sentences
from transforms.text import fold


@cache
def book() -> Codebook:
    return load_codebook()


def found(language: str, text: str) -> list[Hit]:
    return scan(text, scanner_for(book(), language))


def organisations(language: str, text: str) -> dict[str, str]:
    return {hit.key: text[hit.start : hit.end] for hit in found(language, text) if hit.kind == "organisation"}


NAMES = {
    "an English name": ("en", "a friend at Kazinform says", {"kazinform": "Kazinform"}),
    "the longest name wins": ("en", "the Xinhua News Agency of China", {"xinhua": "Xinhua News Agency"}),
    "a Russian ending": ("ru", "договор с Казинформом", {"kazinform": "Казинформом"}),
    "a Kazakh ending": ("kk", "ҚазАқпараттың тілшісі", {"kazinform": "ҚазАқпараттың"}),
    "a homonym in quotes": ("ru", "редакция «Кабар»", {"kabar": "Кабар"}),
    "a homonym beside a head noun": ("ky", "Кабар агенттигинин кызматкери", {"kabar": "Кабар агенттигинин"}),
    "a homonym as a word": ("ky", "Кабар кеч келди", {}),
    "a homonym later in a text that named it": ("ru", "агентство «Кабар». Кабар растёт", {"kabar": "Кабар"}),
    "a name in small letters": ("en", "the trend and the kabar", {}),
    "an abbreviation with its own capitals": ("ru", "УзА пишет", {"uza": "УзА"}),
    "the letters of an abbreviation in a word": ("ru", "узакы жол", {}),
    "Chinese in running text": ("zh", "由新华社记者", {"xinhua": "新华社"}),
}


@pytest.mark.parametrize("situation", NAMES)
def test_names(situation: str) -> None:
    language, text, expected = NAMES[situation]
    assert organisations(language, text) == expected


APOSTROPHES = ["'", "’", "‘", "ʻ", "ʼ", "`"]


@pytest.mark.parametrize("sign", APOSTROPHES)
def test_uzbek_letters_are_read_with_any_apostrophe(sign: str) -> None:
    hits = found("uz", f"hujjat qo{sign}shma loyiha haqida")
    assert any(hit.key == "joint" for hit in hits)


@given(st.text(max_size=80))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="аАкКбБрРaAbB «».,!?\n 新华社。İßOʻ'", max_size=120))
def test_hits_and_sentences_lie_in_the_text(text: str) -> None:
    for language in ("ru", "zh", "uz"):
        assert all(0 <= hit.start < hit.end <= len(text) for hit in found(language, text))
    sentences = split_sentences(text)
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in sentences)
    assert all(left.end <= right.start for left, right in pairwise(sentences))
    assert sum(len("".join(text[s.start : s.end].split())) for s in sentences) == len("".join(text.split()))


SENTENCES = {
    "English with an abbreviation": ("Dr. Smith came on Aug. 1 to Almaty. He left.", 2),
    "Russian with initials": ("Приехал А. С. Иванов. Он уехал в 2025 г. домой.", 2),
    "Kazakh": ("Форум өтті. Оған көп адам келді!", 2),
    "Chinese": ("论坛开幕。记者来了！谁？", 3),
    "a heading without a stop": ("A heading\nThe text.", 2),
    "figures are no ends": ("It grew by 3.5 per cent. Good.", 2),
    "nothing": ("", 0),
}


@pytest.mark.parametrize("situation", SENTENCES)
def test_sentences(situation: str) -> None:
    text, count = SENTENCES[situation]
    assert len(split_sentences(text)) == count
