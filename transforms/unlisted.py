"""Media organisations that the gazetteer does not list: a head noun beside a name in quotes or in capitals.

They are kept as written, without an id, and show up in the review list. Where no country stands beside one, it is of
the outlet's own: readers are told of which country foreign media are. Where a head noun stands with a country and
no name at all ("Korean television"), there is a side to the event, though nobody to list. Called by `coding_drafts`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from codebook.load import Codebook
from transforms.hits import Hit, spans_overlap
from transforms.passages import Passage
from transforms.records import Organisation, Role
from transforms.text import fold, is_han

_OPENING, _CLOSING = '«“"„《「『', '»”"”》」』'
_LONGEST_QUOTED = 50
_QUOTED_AFTER = re.compile(rf"\s?[{_OPENING}]([^{_CLOSING}\n]{{2,{_LONGEST_QUOTED}}})[{_CLOSING}]")
_QUOTED_NEAR = re.compile(rf"(?:['’]s)?\s[{_OPENING}]([^{_CLOSING}\n]{{2,{_LONGEST_QUOTED}}})[{_CLOSING}]")
_CAPITALS_NEAR = re.compile(r"(?:['’]s)?\s([^\W\d_]{2,12})(?![\w-])")
_THINGS = ("work", "contest", "forum", "series", "project", "document")
_QUOTED_BEFORE = re.compile(  # «Qazaqstan» республикалық телерадиокорпорациясы
    rf"[{_OPENING}]([^{_OPENING}{_CLOSING}\n]{{2,{_LONGEST_QUOTED}}})[{_CLOSING}]\s?(?:[^\W\d_]{{3,20}} )?$"
)
_WORD = re.compile(r"[^\W\d_](?:[\w’'ʻ-]|\.(?=\w))*")
_ARTICLE = re.compile(r"(?:The|A|An) ")
_SMALL_WORDS = frozenset(
    "与和同由向在对對为為被把的地得了等及以跟从從于於至到让讓使將将是有也并並或经經其该該各两兩多某这這那一家個个"
)
_LONGEST_HAN, _SHORTEST_HAN = 14, 2  # letters of a Chinese name before its head noun
_LONGEST_RUN = 5  # words of a name in capitals
_COUNTRY_REACH = 14  # characters between a country and the head noun or name that it belongs to
_AFTER_REACH = 2
_COUNTRY_AFTER = ("ru:", "tg:")  # languages whose genitive follows the noun
_HEAD = "media_actor"


def unlisted_organisations(passage: Passage, role: Role, codebook: Codebook) -> list[Organisation]:
    """Return the media organisations that a passage names and the gazetteer does not know, as written."""
    known = [(hit.start, hit.end) for hit in (*passage.organisations, *passage.credited)]
    found: dict[str, Organisation] = {}
    for head in passage.concepts.get(_HEAD, ()):
        if any(start - 2 <= head.end and head.start <= end + 2 for start, end in known):
            continue  # the head noun belongs to a name that is known
        beside = _han_before if is_han(passage.words[head.start]) else _capitals_beside
        spans = [*_quoted_beside(head, passage.words), *beside(head, passage, codebook)]
        for start, end in spans[:1]:
            name = passage.words[start:end].strip()
            is_known = any(spans_overlap((start, end), span) for span in known)
            if not is_known and any(letter.isupper() or is_han(letter) for letter in name):
                country = _home(head, (start, end), passage, codebook)
                found.setdefault(name, _named(name, role, country, codebook))
    for (start, end), country in _after_countries(passage, codebook):
        if not any(spans_overlap((start, end), span) for span in known):
            name = passage.words[start:end]
            found.setdefault(name, _named(name, role, country, codebook))
    return list(found.values())


def _after_countries(passage: Passage, codebook: Codebook) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield names right after a country, with it: "Germany's “Rohde & Schwarz”", «азербайджанской AzTV»; no works."""
    works = {hit.start for key in _THINGS for hit in passage.concepts.get(key, ())}
    for hit in passage.hits:
        country = codebook.places[hit.key].country if hit.kind == "place" else None
        if country is None or passage.words[hit.start : hit.end].isupper():
            continue  # after an abbreviated country stands an abbreviated ministry
        for pattern in (_QUOTED_NEAR, _CAPITALS_NEAR):
            found = pattern.match(passage.words, hit.end)
            is_thing = found is not None and any(found.end() + gap in works for gap in range(3))
            if found and not is_thing and (pattern is _QUOTED_NEAR or sum(map(str.isupper, found[1])) > 1):
                yield found.span(1), country


def _named(name: str, role: Role, country: str | None, codebook: Codebook) -> Organisation:
    """Return an organisation as written, or the one of the gazetteer that has this very name in another language."""
    key = _by_name(codebook).get(" ".join(fold(name).split()))
    entry = codebook.organisations[key] if key else None
    return Organisation(entry.id, entry.name, role, entry.country) if entry else Organisation(None, name, role, country)


@lru_cache(maxsize=8)
def _by_name(codebook: Codebook) -> dict[str, str]:
    """Return the media organisations by each name that only one of them has, in any language."""
    holders: dict[str, set[str]] = defaultdict(set)
    for entry in codebook.organisations.values():
        for form in (form for forms in entry.names.values() for form in forms):
            holders[" ".join(fold(form).split())].add(entry.id)
    return {name: next(iter(ids)) for name, ids in holders.items() if len(ids) == 1}


def nameless_sides(passage: Passage, codebook: Codebook) -> set[str]:
    """Return the countries of media that a passage speaks of without a name: "Korean television"."""
    known = [(hit.start, hit.end) for hit in (*passage.organisations, *passage.credited)]
    heads = [
        head
        for head in passage.concepts.get(_HEAD, ())
        if not any(start - 2 <= head.end and head.start <= end + 2 for start, end in known)
    ]
    found = (_country_of(head, (head.start, head.end), passage, codebook) for head in heads)
    return {country for country in found if country}


def _quoted_beside(head: Hit, words: str) -> Iterator[tuple[int, int]]:
    """Yield the span of a quoted name right after or right before a head noun."""
    if opening := _QUOTED_AFTER.match(words, head.end):
        yield opening.span(1)
    offset = max(0, head.start - _LONGEST_QUOTED - 26)
    if closing := _QUOTED_BEFORE.search(words[offset : head.start]):
        yield offset + closing.start(1), offset + closing.end(1)


def _capitals_beside(head: Hit, passage: Passage, _: Codebook) -> Iterator[tuple[int, int]]:
    """Yield the span of a name in capitals right after or right before a head noun, or around one in capitals."""
    if passage.index < 0:
        return  # a title may set any word in capitals
    for start, end in _capital_runs(passage):
        is_beside = start - head.end == 1 or head.start - end == 1
        is_around = start <= head.start and head.end <= end
        span = _named_part(start, end, passage, keeps_places=is_around)
        if (is_beside or is_around) and span is not None and not _is_person(head, span, passage.words):
            yield span


def _han_before(head: Hit, passage: Passage, codebook: Codebook) -> Iterator[tuple[int, int]]:
    """Yield the span of a Chinese name from a place to a head noun: "广西广播电视台"; a country alone is no name."""
    near = [hit for hit in passage.hits if hit.kind == "place" and 0 <= head.start - hit.end <= _LONGEST_HAN]
    for place in near[:1]:
        entry, between = codebook.places[place.key], passage.words[place.end : head.start]
        is_named = all(map(is_han, between)) and not _SMALL_WORDS & set(between)
        if is_named and entry.country and (entry.kind != "country" or len(between) >= _SHORTEST_HAN):
            yield place.start, head.end


def _capital_runs(passage: Passage) -> Iterator[tuple[int, int]]:
    """Yield the spans of words in capitals with one space between them: "DW Akademie", "Bozdağ Film", "ONT"."""
    run: list[re.Match[str]] = []
    for word in [*_WORD.finditer(passage.words, passage.sentence.start, passage.sentence.end), None]:
        is_capital = word is not None and word.group()[0].isupper()
        if (
            is_capital
            and word
            and run
            and passage.words[run[-1].end() : word.start()] == " "
            and len(run) < _LONGEST_RUN
        ):
            run.append(word)
            continue
        if run:
            yield run[0].start(), run[-1].end()
        run = [word] if is_capital and word else []


def _named_part(start: int, end: int, passage: Passage, keeps_places: bool) -> tuple[int, int] | None:
    """Return the part of a run of capitals that is a name: no places, offices or first word of a sentence."""
    for hit in passage.hits:
        if spans_overlap((hit.start, hit.end), (start, end)):
            if hit.kind == "place" and not keeps_places:
                start = max(start, _next_word(passage.words, hit.end))
            elif hit.kind == "concept" and hit.key in {"office", "month", "weekday"}:
                return None
    if not _says_more(start, end, passage):
        return None  # "News Agencies", "Mongolian Television": words of the codebook, and no name
    if article := _ARTICLE.match(passage.words, start, end):
        start = article.end()
    name = passage.words[start:end]
    is_first = start == passage.sentence.start
    if len(name) < 2 or (" " not in name and (keeps_places or (is_first and name[1:].islower()))):
        return None
    return start, end


def _next_word(words: str, position: int) -> int:
    """Return where the next word begins: past the ending of a place, as in "Kırgızistan'dan Piramida"."""
    space = words.find(" ", position)
    return len(words) if space < 0 else space + 1


def _says_more(start: int, end: int, passage: Passage) -> bool:
    """Say whether a run of capitals holds a word that the codebook does not explain."""
    known = [(hit.start, hit.end) for hit in passage.hits if hit.kind in {"place", "concept"}]
    words = [word.span() for word in _WORD.finditer(passage.words, start, end)]
    return any(not any(spans_overlap(word, span) for span in known) for word in words)


def _is_person(head: Hit, span: tuple[int, int], words: str) -> bool:
    """Say whether words in capitals after a head noun may be who heads it: "of the agency Yerlan Dosymbekov"."""
    parts = words[span[0] : span[1]].split()
    return span[0] >= head.end and len(parts) > 1 and all(part[1:].islower() for part in parts)


def _home(head: Hit, span: tuple[int, int], passage: Passage, codebook: Codebook) -> str | None:
    """Return the country of an unlisted organisation: the one named beside it, else the outlet's own."""
    return _country_of(head, span, passage, codebook) or passage.home


def _country_of(head: Hit, span: tuple[int, int], passage: Passage, codebook: Codebook) -> str | None:
    """Return the country named right before a head noun or a name, else the one right after: "телевизиони Эрон"."""
    start, end = min(head.start, span[0]), max(head.end, span[1])
    places = [hit for hit in passage.hits if hit.kind == "place"]
    before = [hit for hit in places if 0 <= start - hit.end <= _COUNTRY_REACH]
    is_after = head.line.startswith(_COUNTRY_AFTER)
    after = [hit for hit in places if is_after and 0 <= hit.start - end <= _AFTER_REACH]
    near = [*before[-1:], *after[:1]]
    return codebook.places[near[0].key].country if near else None
