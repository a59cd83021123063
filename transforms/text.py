"""Text made comparable without moving a single offset.

`fold` gives a text of the same length in which letters are lower case and every sign is a space, so that a match in
the folded text has the offsets of the original. It never normalises to NFC: the caller's text is quoted as it is.
"""

from __future__ import annotations

import re

# Letters that authors and keyboards mix up; Turkish capitals, whose lower case is longer.
_SAME = {"ё": "е", "Ё": "е", "ı": "i", "İ": "i"}
_APOSTROPHES = "'’‘ʻʼ`´"
# The letters oʻ and gʻ of Uzbek are written with an apostrophe; in "Beijing's" the same sign is no letter.
_LETTER_SIGN = re.compile(r"(?<=[og])'(?=[^\W\d_])(?!s\b)")


class _Folded(dict[int, str]):
    """What each character folds to; filled as characters are met, so that a text is folded in one pass of C."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        lower = _SAME.get(character) or (character.lower() if len(character.lower()) == 1 else character)
        folded = "'" if character in _APOSTROPHES else lower if character.isalnum() else " "
        self[code] = folded
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Return the text in lower case with a space for every sign; the length stays the same."""
    folded = text.translate(_FOLDED)
    return _LETTER_SIGN.sub("ʻ", folded).replace("'", " ") if "'" in folded else folded


def is_han(character: str) -> bool:
    """Say whether a character is a Chinese one: words are not spaced there."""
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf"


def word_end(folded: str, position: int) -> int:
    """Return where the word that covers a position of a folded text ends."""
    end = folded.find(" ", position)
    return len(folded) if end < 0 else end
