"""Whose text an article says it is: the credit at its head or its end, and the organisation that is meant.

"(AP)", "— Kazinform", "сообщает ТАСС", "деп хабарлайды Kazinform", "据新华社报道". A press service is no source of a
text, an outlet that credits itself or its owner has written its own, and "told Kazinform" is an interview. It compares
no texts: that is `copies`. Called by `reprints`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from codebook.load import Codebook
from transforms.hits import Hit
from transforms.matching import Scanner, scan, scanner_for

_EDITORS = ("编辑", "责编", "編輯", "責編")  # of Chinese texts, who stand at the end as an agency may
_REACH = 350  # characters at the head and at the end of a text in which credits stand
_LONGEST = 60
_PUBLISHERS = frozenset({"news_agency", "broadcaster", "newspaper", "magazine", "online"})
_MAKERS_OF_NEWS = frozenset({"broadcaster"})  # "the channel reports" mostly tells of the channel itself
# Where a text names whose it is at its end: after "source", in brackets, or after a dash.
_LAST_LINES = (
    re.compile(
        r"(?im)^[^\w\n]*(?:source|источник|дереккөз|булак|manba|манба|сарчашма|манбаъ|çeşme|kaynak|来源|來源)\s*[:：—–-]\s*(.+)$"
    ),
    re.compile(r"(?s)[.!?»\"”。]\s*[(（]([^()（）\n]{2,60})[)）]\s*$"),
    re.compile(r"(?s)[.!?»\"”。]\s*[—–]\s*([^\n.]{2,60})\.?\s*$"),
)
_BARE_LAST_LINE = re.compile(r"\n\s*[—–-]?\s*([^\n.,;:!?。]{2,40})\s*$")
# Where it does at its head: (Kabar) …, Bishkek, Sep 18 (Kabar) - …, АСТАНА, 3 марта — ТАСС. …, АСТАНА. Казинформ – …,
# 新华社北京9月17日电
_FIRST_WORDS = (
    re.compile(r"^\s*[(（【]([^()（）【】\n]{2,60})[)）】]"),
    re.compile(r"^[^\n()!?]{2,60}?[(/（]\s*([^()/\n]{2,60}?)\s*[)/）]\s*[.:–—-]"),  # not: The Corporation (KTRK) has
    re.compile(r"^[^\n–—!?]{2,45}\s[–—-]{1,2}\s*([^\n.–—,]{2,30})[.,]"),
    re.compile(r"^[^\n–—!?.]{2,30}[.]\s+([^\n–—.]{2,30}?)\s*[–—]{1,2}\s"),
    re.compile(r"^\s*[(（【]?([^\n，。\d]{2,24})(?:\d{1,2}\s?月\s?)?\d{1,2}\s?日\s?[电電讯訊]"),
)
_BETWEEN = frozenset({"media_actor", "media_people", "told", "office", "media_topic"})
_MOST_BETWEEN = 2  # words between a name and "reports"; of Chinese twice as many characters
_BEFORE = 30  # characters before a name, or before "reports", in which a press service takes the credit away


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom a text credits, as written, and which organisation of the gazetteer that is, where it is one."""

    written: str
    organisation_id: str | None


def credit_of(
    text: str, language: str | None, codebook: Codebook, own: frozenset[str] = frozenset(), author: str | None = None
) -> Credit | None:
    """Return the foreign source that a text names for itself; None where it names none.

    `own`: ids of the outlet, of its owner and of whoever else is no stranger there. An organisation of the gazetteer
    goes before a name that is not in it.
    """
    scanner = scanner_for(codebook, language if language in codebook.languages else "ru")
    last = list(_last_lines(text))
    written = chain(last, _first_words(text), [author] if author else [])
    named = chain(*(_organisations(words, scanner, codebook) for words in written), _reported(text, scanner, codebook))
    for credit in named:
        if not _is_own(str(credit.organisation_id), own, codebook):
            return credit
    strangers = (words for words in last[:1] if not any(True for _ in _organisations(words, scanner, codebook)))
    return next((Credit(words, None) for words in strangers), None)


def family_of(outlet_id: str, owner: str | None, codebook: Codebook) -> frozenset[str]:
    """Return the ids under which an outlet credits itself: its own and its owner's, and those that own them."""
    ids = {outlet_id, *([owner] if owner else [])}
    entries = (codebook.organisations.get(one) for one in tuple(ids))
    return frozenset(ids | {entry.owner for entry in entries if entry and entry.owner})


def _is_own(organisation_id: str, own: frozenset[str], codebook: Codebook) -> bool:
    """Say whether an organisation is of the family."""
    return bool({organisation_id, codebook.organisations[organisation_id].owner} & own)


def _last_lines(text: str) -> Iterator[str]:
    """Yield what stands where a text names its source at its end, whoever that is."""
    for pattern in _LAST_LINES:
        found = pattern.search(text[-_REACH:])
        if found and not found.group(1).startswith(_EDITORS):
            yield found.group(1).strip()[:_LONGEST]


def _first_words(text: str) -> Iterator[str]:
    """Yield what stands where a dateline, or a bare last line, names the agency: some of it is no name at all."""
    for pattern in _FIRST_WORDS:
        if found := pattern.match(text):
            yield found.group(1).strip()
    if found := _BARE_LAST_LINE.search(text[-_REACH:]):
        yield found.group(1).strip()


def _organisations(words: str, scanner: Scanner, codebook: Codebook) -> Iterator[Credit]:
    """Yield the publishers that a credit line names; quotation marks stand around it, as around a name."""
    hits = scan(f"«{words}»", scanner)
    if not any(hit.key == "press_service" for hit in hits):
        for hit in hits:
            if _is_publisher(hit, codebook):
                yield Credit(words[:_LONGEST].strip(" /"), hit.key)


def _is_publisher(hit: Hit, codebook: Codebook) -> bool:
    """Say whether a hit is an organisation that publishes texts."""
    return hit.kind == "organisation" and codebook.organisations[hit.key].kind in _PUBLISHERS


def _reported(text: str, scanner: Scanner, codebook: Codebook) -> Iterator[Credit]:
    """Yield the publishers beside a word such as "reports" at the head and at the end of a text."""
    parts = [text] if len(text) <= 2 * _REACH else [text[:_REACH], text[-_REACH:]]
    for part in parts:
        hits = scan(part, scanner)
        verbs = [hit for hit in hits if hit.key == "attribution" and hit.line.endswith(".reports")]
        for name in hits:
            is_told = _is_publisher(name, codebook) and codebook.organisations[name.key].kind not in _MAKERS_OF_NEWS
            if is_told and any(_is_credit(part, name, verb, hits) for verb in verbs):
                yield Credit(part[name.start : name.end], name.key)


def _is_credit(part: str, name: Hit, verb: Hit, hits: list[Hit]) -> bool:
    """Say whether hardly a word stands between a name and "reports", and no press service beside them."""
    if name.start <= verb.start and verb.end <= name.end:
        return False
    left, right = sorted((name, verb), key=lambda hit: (hit.start, hit.end))
    start, end = left.start - _BEFORE, right.end
    if any(hit.key == "press_service" and start <= hit.start < end for hit in hits):
        return False
    gap = part[left.end : right.start]
    for hit in hits:
        if hit.key in _BETWEEN or hit.kind == "place":
            begin, stop = max(hit.start, left.end) - left.end, min(hit.end, right.start) - left.end
            if begin < stop:
                gap = gap[:begin] + " " * (stop - begin) + gap[stop:]
    is_han = re.search(r"[\u4e00-\u9fff]", gap) is not None
    words = re.findall(r"[\u4e00-\u9fff]|[^\W_]+", gap)
    return not set(gap) & set(".;!?。\n") and len(words) <= _MOST_BETWEEN * (2 if is_han else 1)
