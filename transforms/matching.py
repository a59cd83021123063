"""Where a text names the concepts, organisations, places and series of the codebook: one Aho–Corasick pass per text.

A scanner is made once per codebook and language and kept. The automaton finds the first words of all forms at once;
each find is then compared with the whole form, its open endings, its capitals and, for homonyms, what stands beside
it. Offsets are those of the text as given. It decides nothing about events: the coding modules do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import ahocorasick_rs

from codebook.load import Codebook
from transforms.forms import MOST_BETWEEN, Form, HitKind, forms_of
from transforms.text import fold, is_han, word_end

LONGEST_ENDING = 9  # letters; chains such as -leriniňkiden are longer than any ending of a name that we have met
_OPENING, _CLOSING = "«“\"„‘'《「『‹", "»”\"’'》」』›"
_HEADS = frozenset({"media_actor", "media_head"})
_IN_NAMES = frozenset({"media_actor", "media_topic", "media_people", "press_service", "attribution", "told", "office"})
# What joins two names of a list, in the languages of the codebook.
_LINKS = frozenset(
    [
        "and",
        "и",
        "мен",
        "пен",
        "бен",
        "менен",
        "жана",
        "va",
        "ва",
        "hamda",
        "ҳамда",
        "bilan",
        "билан",
        "ile",
        "ve",
        "we",
        "bilen",
        "和",
        "与",
        "與",
        "及",
    ]
)
_LONGEST_LINK = 10
_CODE = 2  # letters of a country's id in the gazetteer of places
_MEDIA_HEADS = frozenset({"media_actor", "media_people", "channel", "delegation"})
_MASK = "mask"
_RANK = {"series": 0, "organisation": 1, "place": 2, "concept": 3}


# How a form ends once its needle is found: with it, with any or a few letters more, or right there (Chinese).
Ending = Literal["closed", "open", "name", "bare"]


class Hit(NamedTuple):
    """One find: what, where in the text (end exclusive), and by which line of the codebook."""

    kind: HitKind
    key: str  # a concept, or the id of an organisation, a place, a series
    line: str  # the id of the lexicon line, or of the entry
    start: int
    end: int


class Sighting(NamedTuple):
    """The first word of some forms, seen in a folded text: which needle, and where."""

    needle: int
    start: int
    end: int


class Folded(NamedTuple):
    """A text and what it folds to, with a space before and after."""

    text: str
    padded: str


@dataclass(frozen=True, eq=False)
class Scanner:
    """The forms of one language, behind their automaton."""

    language: str
    automaton: ahocorasick_rs.AhoCorasick
    forms_by_needle: tuple[tuple[tuple[Form, Ending | None], ...], ...]


@lru_cache(maxsize=32)
def scanner_for(codebook: Codebook, language: str) -> Scanner:
    """Return the scanner for texts in a language of the codebook (made at the first call, in some tens of ms)."""
    forms: dict[str, list[tuple[Form, Ending | None]]] = defaultdict(list)
    for form in forms_of(codebook, language):
        for needle in form.needles:
            forms[needle].append((form, _ending_of(form)))
    needles = list(forms)
    return Scanner(language, ahocorasick_rs.AhoCorasick(needles), tuple(tuple(forms[needle]) for needle in needles))


def scan(text: str, scanner: Scanner) -> list[Hit]:
    """Return what the text names, by start; of names that overlap the longest stays, concepts overlap freely."""
    folded = folded_text(text)
    return verify(folded, sight(folded, scanner), scanner)


def folded_text(text: str) -> Folded:
    """Return a text made ready for matching."""
    return Folded(text, f" {fold(text)} ")


def sight(folded: Folded, scanner: Scanner) -> list[Sighting]:
    """Return where first words of forms stand: cheap, and more than what the text really names."""
    return scanner.automaton.find_matches_as_indexes(folded.padded, overlapping=True)  # type: ignore[no-any-return]


def verify(folded: Folded, sightings: Iterable[Sighting], scanner: Scanner) -> list[Hit]:
    """Return what is really named where first words were seen."""
    padded = folded.padded
    found = []
    for needle, start, end in sightings:
        begin = start if padded[start] == " " else start - 1
        for form, ending in scanner.forms_by_needle[needle]:
            stop = _match(form, padded, start) if ending is None else _ending(ending, padded, end)
            if stop >= 0 and not (len(form.words) > 1 and _is_parted(form, folded.text[begin : stop - 1])):
                found.append((form, Hit(form.kind, form.key, form.line, begin, stop - 1)))
    return _settled(folded.text, found)


def _is_parted(form: Form, words: str) -> bool:
    """Say whether a sentence ends between the words of a name: "… — Sputnik. Kyrgyzstan and …"."""
    return form.kind != "concept" and ". " in words and "." not in form.written


def _ending(ending: Ending, padded: str, end: int) -> int:
    """Return where a form ends whose needle ends here, in the padded text, or -1 where its last word is too long."""
    if ending == "closed":
        return end - 1
    if ending == "bare":
        return end
    stop = word_end(padded, end)
    return -1 if ending == "name" and stop - end > LONGEST_ENDING else stop


def _ending_of(form: Form) -> Ending | None:
    """Return how a form ends once its needle is found; None where more of it must be compared."""
    if not form.is_all_sought or form.is_edged:
        return None
    stem, is_open = form.words[-1]
    if is_han(stem[0]):
        return "bare"
    if not is_open:
        return "closed"
    return "name" if form.kind == "organisation" else "open"


def _match(form: Form, padded: str, start: int) -> int:
    """Return where a form whose first word begins here ends in the padded text when it is all there, else -1."""
    if form.is_edged and _is_letter(padded[start - 1]):
        return -1
    position = start + (padded[start] == " ")
    most_between = 1 if form.kind == "concept" else MOST_BETWEEN
    is_first = True
    for stem, is_open in form.words:
        begin = position
        while not is_first and begin < len(padded) and padded[begin] == " ":
            begin += 1
        if begin - position > most_between or not padded.startswith(stem, begin):
            return -1
        is_first, position = False, begin + len(stem)
        if stem and is_han(stem[0]):
            continue
        stop = word_end(padded, position) if not form.is_edged or _is_letter(padded[position]) else position
        if stop != position and (not is_open or (form.kind == "organisation" and stop - position > LONGEST_ENDING)):
            return -1
        position = stop
    return position


def _is_letter(character: str) -> bool:
    """Say whether a character of a folded text is a letter or figure, but no Chinese one."""
    return character != " " and not is_han(character)


def _settled(text: str, found: Iterable[tuple[Form, Hit]]) -> list[Hit]:
    """Drop names that are not written as names, homonyms without context, and names inside longer names.

    A homonym that the text once names in context counts in all of it: "the Saryarqa agency … Saryarqa and Tulpar".
    A concept inside a phrase that is listed as a mask is none: "press conference" is no conference.
    """
    concepts: dict[Hit, int] = {}  # with the length of the form that found each
    names: list[tuple[Form, Hit]] = []
    for form, hit in found:
        if form.kind == "concept":
            concepts[hit] = max(len(form.written), concepts.get(hit, 0))
        elif _is_written(form, hit, text):
            names.append((form, hit))
    kept_concepts = _unmasked(concepts)
    heads = [hit for hit in kept_concepts if hit.key in _HEADS]
    places = {hit.end: hit for form, hit in names if form.kind == "place"}
    certain = [hit for form, hit in names if form.kind == "organisation" and not form.needs_context]
    sure = {
        hit.key
        for form, hit in names
        if not _is_people(form)
        and (
            not form.needs_context
            or _has_context(hit, text, heads)
            or _follows_home(form, hit, places)
            or _is_listed_with(hit, text, certain)
        )
    }
    begins = {hit.start for hit in kept_concepts if hit.key in _MEDIA_HEADS}
    kept = _longest(
        {
            hit
            for form, hit in names
            if (_is_beside(hit, begins) if _is_people(form) else _is_sure(form, hit, sure))
            and not (form.is_office and _follows_other(form, hit, places))
        }
    )
    kept_concepts = _outside(kept_concepts, [hit for hit in kept if hit.kind == "organisation"])
    return sorted([*kept_concepts, *kept], key=lambda hit: (hit.start, -hit.end, hit.key, hit.line))


def _unmasked(concepts: Mapping[Hit, int]) -> list[Hit]:
    """Return the concepts that lie in no mask of a longer form; the masks themselves say nothing."""
    masks = [(hit, length) for hit, length in concepts.items() if hit.key == _MASK]
    return [
        hit
        for hit, length in concepts.items()
        if hit.key != _MASK
        and not any(mask.start <= hit.start and hit.end <= mask.end and length < longer for mask, longer in masks)
    ]


def _is_written(form: Form, hit: Hit, text: str) -> bool:
    """Say whether a name stands there with the capitals that it must have."""
    if form.is_exact:
        after = text[hit.start + len(form.written) : hit.end][:1]
        return text.startswith(form.written, hit.start) and not after.isupper()  # RT is not the beginning of RTÜK
    first = text[hit.start]
    return not form.is_capital or first.isupper() or not first.isalpha() or is_han(first)


def _is_sure(form: Form, hit: Hit, sure: Collection[str]) -> bool:
    """Say whether a name is no homonym, or one that the text explains."""
    return not form.needs_context or hit.key in sure


def _is_people(form: Form) -> bool:
    """Say whether a form names a people or its language as well as a country."""
    return form.kind == "place" and form.needs_context


def _is_beside(hit: Hit, begins: Collection[int]) -> bool:
    """Say whether a head noun of media begins right after a hit: "қырғыз тілшілері"."""
    return any(hit.end + gap in begins for gap in range(1, MOST_BETWEEN))


def _has_context(hit: Hit, text: str, heads: Sequence[Hit]) -> bool:
    """Say whether a homonym stands in quotes or beside a head noun such as "agency"."""
    is_opened = hit.start > 0 and text[hit.start - 1] in _OPENING
    if is_opened and any(sign in _CLOSING for sign in text[hit.end - 1 : hit.end + 2]):
        return True
    return any(0 <= hit.start - head.end <= 2 or 0 <= head.start - hit.end <= 2 for head in heads)


def _follows_home(form: Form, hit: Hit, places: Mapping[int, Hit]) -> bool:
    """Say whether a homonym stands right after its country: "Azerbaijan's Trend", "узбекское УзА"."""
    before = (places.get(hit.start - gap) for gap in range(1, MOST_BETWEEN + 1))
    return form.home is not None and any(place is not None and place.key == form.home for place in before)


def _is_listed_with(hit: Hit, text: str, certain: Sequence[Hit]) -> bool:
    """Say whether a homonym stands in one list with an organisation that is none: "Kazinform and Trend"."""
    gaps = [text[one.end : hit.start] for one in certain if 0 < hit.start - one.end <= _LONGEST_LINK]
    gaps += [text[hit.end : one.start] for one in certain if 0 < one.start - hit.end <= _LONGEST_LINK]
    return any(gap.strip() == "," or gap.strip().lower() in _LINKS for gap in gaps)


def _follows_other(form: Form, hit: Hit, places: Mapping[int, Hit]) -> bool:
    """Say whether a ministry's name stands right after another country: "the Kyrgyz Ministry of Culture"."""
    before = (places.get(hit.start - gap) for gap in range(1, MOST_BETWEEN + 1))
    return any(place is not None and len(place.key) == _CODE and place.key != form.home for place in before)


def _outside(concepts: Sequence[Hit], names: Sequence[Hit]) -> list[Hit]:
    """Return the concepts that are no part of an organisation's name: a journalists' union founds none by its name."""
    inside = [(name.start, name.end) for name in names]
    return [
        hit
        for hit in concepts
        if hit.key in _IN_NAMES or not any(start <= hit.start and hit.end <= end for start, end in inside)
    ]


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits that lie in no longer one; equal spans keep series before organisations before places.

    Two places of one span both stay: 中哈 names China and Kazakhstan.
    """
    kept: list[Hit] = []
    taken: dict[int, Hit] = {}
    for hit in sorted(hits, key=lambda h: (h.start - h.end, _RANK[h.kind], h.start, h.key)):
        other = next((taken[at] for at in range(hit.start, hit.end) if at in taken), None)
        is_shared = other is not None and hit.kind == "place" == other.kind
        if other is None or (is_shared and (other.start, other.end) == (hit.start, hit.end)):
            kept.append(hit)
            taken.update(dict.fromkeys(range(hit.start, hit.end), hit))
    return kept


def spans_overlap(left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Say whether two spans share a character."""
    return left[0] < right[1] and right[0] < left[1]
