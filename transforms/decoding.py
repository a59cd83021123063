"""Bytes to text: what the server says, what the document says, and what the bytes are, in the order of trust.

Servers are often configured once and documents written by another program, so a declaration is evidence and not truth:
bytes that are UTF-8 are UTF-8 whatever is declared, and "utf-8" or "iso-8859-1" is declared by default over Cyrillic.
Never guesses silently beyond what it can show: text that no encoding explains is None, and the caller names that.
Called by the feed and page readers.
"""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple

_SIGNATURES: Final = (
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"Lo\xa7\x94", "cp037"),  # "<?xm" in EBCDIC
)
_DECLARED: Final = re.compile(
    rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']\s*([\w.:-]+)|<meta[^>]+?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_BETTER_KNOWN_AS: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "win-1251": "cp1251",
    "cp-1251": "cp1251",
    "x-cp1251": "cp1251",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "windows-31j": "cp932",
    "big5": "big5hkscs",
}
# declared by default, by people who never looked: evidence of nothing
_HOLLOW: Final = frozenset({"ascii", "iso8859-1", "cp1252"})
# the signature table decides about these; over single bytes they would make ideographs of anything
_WIDE: Final = re.compile(r"utf-?_?(16|32)|ucs|iso-10646|^u(16|32)$", re.IGNORECASE)
_SEVEN_BIT: Final = re.compile(r"iso-?2022|^hz|utf-?_?7", re.IGNORECASE)  # stateful: their bytes look like ASCII
_CANDIDATES: Final = ("cp1251", "koi8-r", "gb18030", "cp1254", "cp1252")
_GUESS_CHARACTERS: Final = 20_000
_GUESS_FLOOR: Final = 0.6
_DAMAGE_CEILING: Final = 0.05  # a truncated character or two per text is damage, more is another encoding

_CYRILLIC_GOOD: Final = re.compile(
    r"(?<![A-Za-z])(?<![а-яёіўғқҳңөүұәһ])[А-ЯЁІЎҒҚҲҢӨҮҰӘҺ](?![A-Za-z])|(?<![A-Za-z])[а-яёіўғқҳңөүұәһ](?![A-Za-z])"
)
_CYRILLIC_CAPITALS: Final = re.compile(r"(?<=[А-Я])[А-Я]")
_LATIN_GOOD: Final = re.compile(r"(?<=[A-Za-z])[À-ÏÑ-ÜßÀ-ïñ-üÿĞğİıŞş]|[À-ÏÑ-Üà-ïñ-üÿĞğİıŞş](?=[A-Za-z])")
_CYRILLIC_VOWELS: Final = frozenset("аеёиоуыэюяіїєөүұәӣӯў")
_FREQUENT_IDEOGRAPHS: Final = frozenset("的一是不了在人有中大国和为上个到说们时以要年日会")
_ENOUGH_LETTERS: Final = 30
_VOWEL_FLOOR: Final = 0.3  # 0.4 and more in the region's languages
_FREQUENT_FLOOR: Final = 0.01
# what must be explained: all beyond ASCII but the marks of ordinary print
_REMARKABLE: Final = re.compile("[^\x00-\x7f\xa0£«»—–“”„‘’‚…№·©®°§•€™\u3000-\u303f\uff00-\uffef]")


class Decoded(NamedTuple):
    """Text with the encoding it was read in; `damaged` counts characters that could not be read."""

    text: str
    encoding: str
    damaged: int = 0


def decode(payload: bytes, content_type: str | None = None) -> Decoded | None:
    """Return the text of a feed or page, or None when no encoding explains the bytes.

    Order: byte order mark or the shape of the first characters; UTF-8 if the bytes are; the charset of the HTTP header;
    the document's declaration; UTF-8 with little damage; the encoding under which the letters look like writing.
    """
    for signature, encoding in _SIGNATURES:
        if payload.startswith(signature):
            return _signed(payload, encoding) or decode(payload[len(signature) :], content_type)
    claims = _claims(payload, content_type)
    if payload.isascii():
        stateful = next((claim for claim in claims if _SEVEN_BIT.search(claim)), None)
        return (stateful and _strictly(payload, stateful)) or Decoded(payload.decode("ascii"), "utf-8")
    for encoding in ("utf-8", *claims):
        if encoding not in _HOLLOW and (decoded := _strictly(payload, encoding)):
            return decoded
    return _little_damage(payload) or _guess(payload, [claim for claim in claims if claim in _HOLLOW])


def _signed(payload: bytes, encoding: str) -> Decoded | None:
    """Decode bytes whose first characters gave the encoding away; None when most of the rest denies it."""
    text = payload.decode(encoding, "replace").removeprefix("\ufeff")
    damaged, sound = text.count("\ufffd"), len(text.encode("ascii", "ignore"))
    return Decoded(text, encoding, damaged) if damaged <= 1 or damaged <= (len(text) - sound) / 2 else None


def _claims(payload: bytes, content_type: str | None) -> list[str]:
    """Return the encodings that the server and the document claim, in that order, under their usual names."""
    claims = [match.group(1) for match in [_CHARSET.search(content_type or "")] if match]
    if declared := _DECLARED.search(payload[:4096]):
        claims.append((declared.group(1) or declared.group(2)).decode("ascii"))
    return [known for claim in claims if not _WIDE.search(claim) and (known := _known(claim))]


def _known(claim: str) -> str | None:
    """Return Python's name of an encoding, or None when there is no such encoding."""
    try:
        return codecs.lookup(_BETTER_KNOWN_AS.get(claim.lower(), claim)).name
    except (LookupError, ValueError):
        return None


def _strictly(payload: bytes, encoding: str) -> Decoded | None:
    """Decode without tolerance; None when a byte does not fit."""
    try:
        return Decoded(payload.decode(encoding), encoding)
    except (LookupError, ValueError):  # also codecs that are no text encodings
        return None


def _little_damage(payload: bytes) -> Decoded | None:
    """Read as UTF-8 what is UTF-8 but for a few characters cut in half, as content systems like to do."""
    text = payload.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    beyond_ascii = sum(map(len, re.findall(r"[^\x00-\x7f]+", text)))
    return Decoded(text, "utf-8", damaged) if damaged <= _DAMAGE_CEILING * beyond_ascii else None


def _guess(payload: bytes, claims: list[str]) -> Decoded | None:
    """Read as the encoding under which the letters look most like writing; None when under none they do.

    Among equals a claimed encoding wins, then the first of the candidates.
    """
    hollow = ["cp1252"] if claims else []  # as every browser reads the three
    readings = [decoded for encoding in (*hollow, *_CANDIDATES) if (decoded := _strictly(payload, encoding))]
    scored = [(_looks_written(decoded.text[:_GUESS_CHARACTERS]), decoded) for decoded in readings]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= _GUESS_FLOOR else None


def _looks_written(text: str) -> float:
    """Return the share of signs beyond ASCII that stand as they would in writing (0 to 1; 1 without such signs).

    Cyrillic counts when small, or capital at the start of a word, and not glued to Latin letters; Latin with a mark
    counts beside a plain one; ideographs count when they are common.
    """
    remarkable = len(_REMARKABLE.findall(text))
    if not remarkable:
        return 1.0
    good = _cyrillic_in_place(text) + len(_LATIN_GOOD.findall(text)) + _ideographs_in_place(text)
    return good / remarkable


def _cyrillic_in_place(text: str) -> float:
    """Return how many Cyrillic letters stand as in writing; none where vowels are too few, as in Hebrew misread."""
    good = _CYRILLIC_GOOD.findall(text)
    vowels = sum(letter.lower() in _CYRILLIC_VOWELS for letter in good)
    if len(good) >= _ENOUGH_LETTERS and vowels < _VOWEL_FLOOR * len(good):
        return 0
    return len(good) - 0.5 * len(_CYRILLIC_CAPITALS.findall(text))


def _ideographs_in_place(text: str) -> int:
    """Return how many ideographs are common; none where the commonest words are missing, as in Korean misread."""
    common = [character for character in text if _is_common_ideograph(character)]
    frequent = sum(character in _FREQUENT_IDEOGRAPHS for character in common)
    if len(common) >= _ENOUGH_LETTERS and frequent < _FREQUENT_FLOOR * len(common):
        return 0
    return len(common)


def _is_common_ideograph(character: str) -> bool:
    """Say whether an ideograph is among the 3,755 common ones (level 1 of GB 2312)."""
    if not "\u4e00" <= character <= "\u9fff":
        return False
    return character.encode("gb2312", "replace")[0] in range(0xB0, 0xD8)
