"""Text made comparable without moving a single offset.

`fold` gives a text of the same length in which letters are lower case and every sign is a space, so that a match in
the folded text has the offsets of the original. It never normalises to NFC: the caller's text is quoted as it is.
"""

from __future__ import annotations

import re

# One sign for all apostrophes; letters that authors and keyboards mix up; Turkish capitals, whose lower case is longer.
_SAME = str.maketrans({**dict.fromkeys("’‘ʻʼ`´", "'"), "ё": "е", "Ё": "е", "ı": "i", "İ": "i"})
# The letters oʻ and gʻ of Uzbek are written with an apostrophe; in "Beijing's" the same sign is no letter.
_LETTER_SIGN = re.compile(r"(?<=[ogOG])'(?=[^\W\d_])(?!s\b)")
_SIGN = re.compile(r"[\W_]")


def fold(text: str) -> str:
    """Return the text in lower case with a space for every sign; the length stays the same."""
    return _SIGN.sub(" ", _LETTER_SIGN.sub("ʻ", lowered(text)))


def lowered(text: str) -> str:
    """Return the text in lower case, one character for one character."""
    same = text.translate(_SAME)
    lower = same.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in same)


def is_han(character: str) -> bool:
    """Say whether a character is a Chinese one: words are not spaced there."""
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf"


def word_end(folded: str, position: int) -> int:
    """Return where the word that covers a position of a folded text ends."""
    end = folded.find(" ", position)
    return len(folded) if end < 0 else end
