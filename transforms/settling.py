"""Which finds stand: homonyms that the text explains, the longest of names, no concept inside a mask or a name.

Called by `matching` with all that it found in a text. What is also a common word ("Кабар", Trend) counts beside a head
noun, in quotes, right after its country or in one list with a name that is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from transforms.concepts import MASK
from transforms.forms import MOST_BETWEEN, Form
from transforms.hits import Hit
from transforms.text import is_han

_OPENING, _CLOSING = "«“\"„‘'《「『‹", "»”\"’'》」』›"
_HEADS = frozenset({"media_actor", "media_head"})
# What stays a concept inside an organisation's name.
_IN_NAMES = frozenset({"media_actor", "media_topic", "media_people", "press_service", "attribution", "told", "office"})
_MEDIA_HEADS = frozenset({"media_actor", "media_people", "channel", "delegation"})
# What joins two names of a list, in the languages of the codebook.
_LINK = re.compile(
    r",|and|и|мен|пен|бен|менен|жана|va|ва|hamda|ҳамда|bilan|билан|ile|ve|we|bilen|和|与|與|及", re.IGNORECASE
)
_LONGEST_LINK = 10
_CODE = 2  # letters of a country's id in the gazetteer of places
_RANK = {"series": 0, "organisation": 1, "place": 2, "concept": 3}


def unmasked(found: Iterable[tuple[Form, Hit]]) -> list[Hit]:
    """Return what may stand, whatever else the text holds: all names, and the concepts that lie in no mask."""
    concepts: dict[Hit, int] = {}
    names: list[Hit] = []
    for form, hit in found:
        if form.kind == "concept":
            concepts[hit] = max(len(form.written), concepts.get(hit, 0))
        else:
            names.append(hit)
    return [*_unmasked(concepts), *names]


def settle(text: str, found: Iterable[tuple[Form, Hit]]) -> list[Hit]:
    """Drop homonyms without context and names inside longer names.

    A homonym that the text once names in context counts in all of it: "the Saryarqa agency … Saryarqa and Tulpar".
    A concept inside a phrase that is listed as a mask is none: "press conference" is no conference.
    """
    concepts: dict[Hit, int] = {}  # with the length of the form that found each
    names: list[tuple[Form, Hit]] = []
    for form, hit in found:
        if form.kind == "concept":
            concepts[hit] = max(len(form.written), concepts.get(hit, 0))
        else:
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
    masks = [(hit, length) for hit, length in concepts.items() if hit.key == MASK]
    return [
        hit
        for hit, length in concepts.items()
        if hit.key != MASK
        and not any(mask.start <= hit.start and hit.end <= mask.end and length < longer for mask, longer in masks)
    ]


def is_written(form: Form, hit: Hit, text: str) -> bool:
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
    return any(_LINK.fullmatch(gap.strip()) for gap in gaps)


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
