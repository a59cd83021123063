"""The language a text is written in, as BCP 47, judged by the text alone.

A feed's own label is never believed: feeds marked `az` or `en` are measured Russian. Called by the page reader and by
the coder when an article comes without a language.
"""

from __future__ import annotations

import re
from typing import Final

import py3langid

_LOOKED_AT_CHARACTERS: Final = 500
_FEWEST_LETTERS: Final = 8
_FEWEST_IDEOGRAPHS: Final = 4

# written Chinese of news is one language to us; the model hears Shanghai and Canton in it
_SAME_AS: Final = {"wuu": "zh", "yue": "zh", "pcm": "en"}
# letters a language does not have: Tatar sentences would else pass for Kyrgyz. A foreign name may bring a few
_FOREIGN_LETTERS: Final = {"ky": frozenset("әғқұһіҗҳ"), "kk": frozenset("җҙҡҫҳўӣӯҷ"), "tg": frozenset("әңөүұһіҗ")}
_FOREIGN_CEILING: Final = 0.02
# Kazakh in Latin letters is unknown to the model, which takes it for Crimean Tatar or a neighbour
_MAYBE_LATIN_KAZAKH: Final = frozenset({"crh", "tk", "uz", "az", "tr", "tt", "ku"})
_LATIN_KAZAKH_WORDS: Final = re.compile(
    r"\b(?:j[aäá]ne|[uüú](?:sh|ş)in|t[uý]raly|bolyp|arqyly|bo[iıy]yn(?:sh|ş)a|jyl\w*|qazaq\w*)\b", re.IGNORECASE
)
_LATIN_KAZAKH_FLOOR: Final = 0.04  # of the words; other Turkic texts hold hardly any of these

_IDEOGRAPH: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


def detect_language(text: str) -> str | None:
    """Return the BCP 47 tag of a text's language, with the script where it is not the usual one; None when too short.

    `uz-Cyrl` and `kk-Latn` name their script, `zh-Hant` is found by its characters; the first 500 characters decide.
    """
    head = text[:_LOOKED_AT_CHARACTERS]
    letters = [character for character in head.lower() if character.isalpha()]
    if len(letters) < _FEWEST_LETTERS and len(_IDEOGRAPH.findall(head)) < _FEWEST_IDEOGRAPHS:
        return None
    language = next((name for name in _ranked(head) if not _is_foreign(name, letters)), None)
    return None if language is None or language == "zxx" else _with_script(language, head)


def _ranked(text: str) -> list[str]:
    """Return the languages of the model, the likeliest first, dialects under their language's name."""
    best, _ = py3langid.classify(text)
    if best not in _FOREIGN_LETTERS:
        return [_SAME_AS.get(best, best)]
    return [_SAME_AS.get(name, name) for name, _ in py3langid.rank(text)]


def _is_foreign(language: str, letters: list[str]) -> bool:
    """Say whether more than a few letters of a text do not exist in a language."""
    foreign = _FOREIGN_LETTERS.get(language)
    return foreign is not None and sum(letter in foreign for letter in letters) > _FOREIGN_CEILING * len(letters)


def _with_script(language: str, text: str) -> str:
    """Return the tag of a language with the script of this text, where that is not the language's usual one."""
    if language == "zh":
        return "zh-Hant" if _is_traditional(text) else "zh"
    is_cyrillic = len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text))
    if language == "uz":
        return "uz-Cyrl" if is_cyrillic else "uz"
    if not is_cyrillic and (language == "kk" or (language in _MAYBE_LATIN_KAZAKH and _is_latin_kazakh(text))):
        return "kk-Latn"
    return language


def _is_latin_kazakh(text: str) -> bool:
    """Say whether the small words of a Latin text are Kazakh."""
    return len(_LATIN_KAZAKH_WORDS.findall(text)) > _LATIN_KAZAKH_FLOOR * len(text.split())


def _is_traditional(text: str) -> bool:
    """Say whether ideographs that only the traditional script has outnumber those that only the simplified one has.

    The two national character sets know: GB 2312 holds the simplified forms, Big5 the traditional ones.
    """
    ideographs = _IDEOGRAPH.findall(text)
    traditional = sum(_holds("big5", sign) and not _holds("gb2312", sign) for sign in ideographs)
    simplified = sum(_holds("gb2312", sign) and not _holds("big5", sign) for sign in ideographs)
    return traditional > simplified


def _holds(encoding: str, sign: str) -> bool:
    """Say whether a character set holds a sign."""
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
