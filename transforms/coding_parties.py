"""Who takes part in an event, in which role, and where: organisations, countries, regions, people, the place.

Called by `coding` with the passages of one event. It never looks at the outlet that publishes the article: the outlet
is a party only where the text names it beside an act, since credits were struck out before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from codebook.load import Codebook
from transforms.coding_type import Candidate
from transforms.hits import Hit, spans_overlap
from transforms.passages import Passage
from transforms.records import Organisation, Person, Place, Role
from transforms.text import fold

_OPENING, _CLOSING = '«“"„《「', '»”"》」'
_REACH = 60
_LISTED = 10  # characters between two names of one list
_ROLE_ORDER: tuple[Role, ...] = ("organiser", "host", "party", "participant")
# Languages in which "organised by" follows the organiser.
_VERB_LAST = frozenset({"kk", "ky", "uz", "uz-Cyrl", "tk", "tr", "zh"})
_LOCATIVE = re.compile(r"(?:[дт][аеәоө]|[dt][ae])(?:[ғгк][ыіиуүй]|gi|ki)?$")
_NAME = re.compile(r"[^\W\d_]+(?:[-’'ʻ][^\W\d_]+)*")


def acting(passage: Passage, candidate: Candidate | None = None) -> list[Hit]:
    """Return the organisations that act in a passage: not those invited, nor those of a background remark."""
    limit = _after_invitation(passage, candidate)
    return [hit for hit in passage.organisations if hit.start < limit and not _is_elsewhere(hit, passage)]


def _after_invitation(passage: Passage, candidate: Candidate | None) -> int:
    """Return where the part of a passage begins that only invites others."""
    invites = passage.concepts.get("invitation", [])
    end = candidate.span[1] if candidate else passage.sentence.start
    starts = [hit.start for hit in invites if hit.start >= end]
    return min(starts, default=passage.sentence.end)


def _is_elsewhere(hit: Hit, passage: Passage) -> bool:
    """Say whether an organisation is named only in a background remark ("a continuation of the initiative of X")."""
    return any(0 <= hit.start - mark.end <= 25 for mark in passage.concepts.get("background", ()))


def organisations(
    pairs: Iterable[tuple[Passage, Sequence[Hit]]], default: Role, codebook: Codebook, language: str
) -> dict[str, Organisation]:
    """Return the organisations of an event by id, each in the first role that fits."""
    found: dict[str, Organisation] = {}
    for passage, hits in pairs:
        leading = {hit.start for hit in organisers(passage, language)}
        hosting = {hit.start for hit in _beside(passage, "host", language)}
        for hit in hits:
            role: Role = "organiser" if hit.start in leading else "host" if hit.start in hosting else default
            entry = codebook.organisations[hit.key]
            known = found.get(hit.key)
            if known is None or _ROLE_ORDER.index(role) < _ROLE_ORDER.index(known.role):
                found[hit.key] = Organisation(entry.id, entry.name, role, entry.country)
    return found


def organisers(passage: Passage, language: str) -> list[Hit]:
    """Return the organisations that a passage says run the event."""
    found = [*_beside(passage, "organised_by", language), *_subjects(passage)]
    return [hit for hit in found if not _is_elsewhere(hit, passage)]


def _beside(passage: Passage, concept: str, language: str) -> list[Hit]:
    """Return the organisations next to a word such as "organised by", on the side where the language puts them."""
    found = []
    for mark in passage.concepts.get(concept, ()):
        right = [h for h in passage.organisations if 0 <= h.start - mark.end <= _REACH // 2]
        left = [h for h in passage.organisations if 0 <= mark.start - h.end <= _REACH // 2]
        near = (left[-1:] or right[:1]) if language in _VERB_LAST else (right[:1] or left[-1:])
        found += [hit for first in near for hit in _chain(first, passage)]
    return found


def _subjects(passage: Passage) -> list[Hit]:
    """Return the organisations before a verb such as "organises"."""
    found = []
    for mark in passage.concepts.get("organiser_verb", ()):
        left = [h for h in passage.organisations if 0 <= mark.start - h.end <= 25]
        found += [hit for last in left[-1:] for hit in _chain(last, passage)]
    return found


def _chain(first: Hit, passage: Passage) -> list[Hit]:
    """Return an organisation and those listed with it: "A and B", "A, B, C"; a Chinese comma ends the list."""
    row = passage.organisations

    def is_listed(one: Hit, other: Hit) -> bool:
        """Say whether two neighbours stand in one list."""
        between = passage.words[one.end : other.start]
        return len(between) <= _LISTED and "，" not in between

    left = right = row.index(first)
    while right + 1 < len(row) and is_listed(row[right], row[right + 1]):
        right += 1
    while left > 0 and is_listed(row[left - 1], row[left]):
        left -= 1
    return row[left : right + 1]


def countries(passage: Passage, candidate: Candidate | None, codebook: Codebook) -> list[str]:
    """Return the countries that a passage names as parties: not where it happens, not whom it only invites."""
    limit = _after_invitation(passage, candidate)
    hits = [hit for hit in passage.hits if hit.kind == "place" and codebook.places[hit.key].kind == "country"]
    named = [hit for hit in hits if hit.start < limit and not is_venue(hit, passage)]
    return list(dict.fromkeys(c for hit in named if (c := codebook.places[hit.key].country)))


def regions(passage: Passage, codebook: Codebook) -> list[str]:
    """Return the regions that a passage names, by their English names; they are never expanded into countries."""
    hits = [hit for hit in passage.hits if hit.kind == "place" and codebook.places[hit.key].kind == "region"]
    return list(dict.fromkeys(_display(codebook, hit.key, "en") for hit in hits))


def is_venue(hit: Hit, passage: Passage) -> bool:
    """Say whether a place is named as where it happens: after "in", or with a locative ending."""
    before = passage.concepts.get("venue", ())
    if any(0 <= hit.start - word.end <= 2 for word in before):
        return True
    if any(0 <= word.start - hit.end <= 1 and word.line.endswith(".after") for word in before):
        return True
    return bool(_LOCATIVE.search(fold(passage.words[hit.start : hit.end]).split(" ")[-1])) and not _is_nominative(
        hit, passage
    )


def _is_nominative(hit: Hit, passage: Passage) -> bool:
    """Say whether a place stands there bare, so that its last letters are no ending ("Canada")."""
    folded = fold(passage.words[hit.start : hit.end])
    names = passage.codebook.places[hit.key].names
    return any(folded == fold(form.rstrip("*")) for forms in names.values() for form in forms)


def place_countries(passage: Passage, codebook: Codebook) -> set[str]:
    """Return the countries of all places that a passage names: where it happens, or where somebody is sent."""
    return {country for hit in passage.hits if hit.kind == "place" and (country := codebook.places[hit.key].country)}


def place_of(passages: Sequence[Passage], codebook: Codebook, language: str) -> Place | None:
    """Return the first venue that the passages name, a city before a country."""
    venues = [hit for passage in passages for hit in passage.hits if hit.kind == "place" and is_venue(hit, passage)]
    for kind in ("city", "country"):
        for hit in venues:
            entry = codebook.places[hit.key]
            if entry.kind == kind:
                return Place(_display(codebook, hit.key, language), entry.country)
    return None


def _display(codebook: Codebook, place_id: str, language: str) -> str:
    """Return how a place is called in a language, else in English."""
    names = codebook.places[place_id].names
    forms = [*names.get(language, ()), *names.get("en", ())]
    whole = [form for form in forms if not form.endswith("*")]
    return (whole or [forms[0].rstrip("*")] if forms else [place_id])[0]


def people(passages: Iterable[Passage]) -> list[Person]:
    """Return the people beside an office: "Director of X Aigul Asanova", "Aigul Asanova, director of X"."""
    found: dict[str, Person] = {}
    for passage in passages:
        for office in passage.concepts.get("office", ()):
            for name, written in _people_beside(office, passage):
                found.setdefault(name, Person(name, written))
    return list(found.values())


def _people_beside(office: Hit, passage: Passage) -> Iterator[tuple[str, str]]:
    """Yield the name beside an office, with the office as written."""
    taken = [(h.start, h.end) for h in passage.hits if h.kind != "concept" or h.key == "office"]
    runs = [run for run in _name_runs(passage) if not any(spans_overlap(run, span) for span in taken)]
    words, stop = passage.words, re.compile(r"[.;:!?]")
    for start, end in runs:
        if 0 <= office.start - end <= 3 and "," in words[end : office.start]:
            tail = re.split(r"[,.;]", words[office.start : office.start + 80])[0]
            yield words[start:end], tail.strip()
            return
    for start, end in runs:
        between = words[office.end : start]
        if 0 <= start - office.end <= 70 and not stop.search(between) and "," not in between:
            yield words[start:end], words[office.start : start].strip()
            return


def _name_runs(passage: Passage) -> Iterator[tuple[int, int]]:
    """Yield runs of two or three words that are written as names."""
    run: list[re.Match[str]] = []
    words = list(_NAME.finditer(passage.words, passage.sentence.start, passage.sentence.end))
    for word in [*words, None]:
        is_name = (
            word is not None and word.group()[0].isupper() and word.group()[1:].islower() and len(word.group()) > 1
        )
        if is_name and word and (not run or passage.words[run[-1].end() : word.start()] == " "):
            run.append(word)
            continue
        if 2 <= len(run) <= 3:
            yield run[0].start(), run[-1].end()
        run = [word] if is_name and word else []
