"""From sentences to drafts: candidates open drafts, and what tells of one event becomes one.

Title and lead may open a draft; a later sentence adds to one, or opens one only with strong evidence. An agreement
takes up what its document provides for. Called by `coding`; `coding_events` makes the record of each draft.
"""

from __future__ import annotations

from collections.abc import Sequence

from codebook.load import Codebook
from transforms.coding_frames import complete
from transforms.coding_joins import is_same, join, meant
from transforms.coding_parties import acting, countries, organisations, organisers, place_countries, regions
from transforms.coding_stands import stands
from transforms.coding_type import Candidate, candidates, provisions
from transforms.concepts import MEDIA_KINDS, SURE_RULE
from transforms.draft import CERTAIN_PARTIES, DEFAULT_ROLE, Draft
from transforms.hits import Hit
from transforms.passages import HEAD, Passage, Reading
from transforms.records import Organisation
from transforms.unlisted import nameless_sides, unlisted_organisations

_LEAD_BONUS, _PARTIES_BONUS, _MEDIA_BONUS, _LATE_MALUS, _DOUBT_MALUS = 0.15, 0.12, 0.05, 0.05, 0.15
# Where no media organisation is named, these words must say that it is media who act.
_ACTOR_WORDS = ("media_actor", "media_people", "series", "common_media_space", "common_channel", "work")
_WORKS = frozenset({"work", "carry"})
_OBJECT = 80  # characters between a document and what it is about
_LABEL = 36  # characters between the name of a gathering and the word that says what it is about


def drafts_of(reading: Reading, codebook: Codebook) -> list[Draft]:
    """Return what an article may report, as drafts in the order in which it tells them; `stands` says which does."""
    drafts: list[Draft] = []
    for passage in reading.passages:
        _read_passage(passage, reading, codebook, drafts)
    for passage in reading.pairs if not drafts else ():
        _read_passage(passage, reading, codebook, drafts)
    main = max(drafts, key=lambda draft: (draft.passages[0].is_lead, draft.score), default=None)
    for draft in drafts:
        complete(
            draft, reading, codebook, others=[other for other in drafts if other is not draft], is_main=draft is main
        )
    return [draft for draft in drafts if stands(draft, codebook)]


def _read_passage(passage: Passage, reading: Reading, codebook: Codebook, drafts: list[Draft]) -> None:
    """Let one passage open drafts, add to them, or say what an agreement provides for."""
    if _is_denied(passage, reading) or not (drafts or _speaks_of_media(passage, reading)):
        return
    found = candidates(passage, codebook)
    signed = [candidate for candidate in found if candidate.type == "agreement"]
    agreement = next((draft for draft in drafts if draft.type == "agreement"), None)
    if agreement and _is_about_document(passage):
        _add_provisions(agreement, passage, codebook)
        found = signed or [candidate for candidate in found if candidate.rule.id == "forum.attended"]
    for candidate in _chosen(signed, found):
        _place(candidate, reading, codebook, drafts)
    if signed and (opened := next((d for d in drafts if d.type == "agreement" and passage in d.passages), None)):
        _add_provisions(opened, passage, codebook)


def _chosen(signed: Sequence[Candidate], found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates to follow: a document for one named work or channel is of that work's type."""
    for candidate in signed:
        works = [other for other in found if _WORKS & set(other.rule.all) and _is_object(other, candidate)]
        if works:
            return _best(works)
    return list(signed) or _best(found)


def _is_object(work: Candidate, signing: Candidate) -> bool:
    """Say whether a work is what a document is about: "an agreement on the retransmission of the channel"."""
    documents = [hit for hit in signing.trigger if hit.key == "document" and hit.line.endswith(".agreement")]
    spans = [work.span[0] - hit.end for hit in documents] + [hit.start - work.span[1] for hit in documents]
    return any(0 <= gap <= _OBJECT for gap in spans) and not signing.passage.has("cooperation")


def _is_denied(passage: Passage, reading: Reading) -> bool:
    """Say whether a passage denies, or belongs to an article that does so in its first words or throughout its head."""
    denying = reading.denying
    return bool(denying) and (passage.has("denied") or denying[0] <= 0 or passage.index <= HEAD)


def _best(found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidate with the heaviest rule, the narrowest at equal weight; a passage tells one event."""
    return sorted(found, key=lambda one: (-one.rule.weight, one.span[1] - one.span[0], one.rule.id))[:1]


def _is_about_document(passage: Passage) -> bool:
    """Say whether a passage speaks of what a document says."""
    return passage.has("document_reference") or (passage.has("provide") and passage.has("document"))


def _add_provisions(draft: Draft, passage: Passage, codebook: Codebook) -> None:
    """Add what a passage says that the agreement provides for."""
    found = [kind for kind in provisions(passage, codebook) if kind not in draft.provisions]
    if found:
        draft.provisions.extend(dict.fromkeys(found))
        if passage not in draft.passages:
            draft.supporting.append(passage)


def _place(candidate: Candidate, reading: Reading, codebook: Codebook, drafts: list[Draft]) -> None:
    """Add a candidate to the draft that it tells of, or open one with it where the evidence allows."""
    passage = candidate.passage
    if not _speaks_of_media(passage, reading):
        return
    draft = _draft(candidate, reading, codebook)
    near = reading.context(passage)
    acts = [*_ACTOR_WORDS, "media_organisation"]
    if candidate.type == "forum":
        is_media = _is_media_gathering(candidate, draft, reading, codebook)
    else:
        is_media = _names_media(draft, codebook) or any(o.has(word) for o in (passage, *near) for word in acts)
    if not is_media:
        return
    same = meant(candidate, drafts) or next((other for other in drafts if is_same(other, draft)), None)
    if same is not None:
        join(same, draft, is_lead=passage.is_lead)
    elif _may_open(candidate, draft, drafts):
        drafts.append(draft)


def _is_media_gathering(candidate: Candidate, draft: Draft, reading: Reading, codebook: Codebook) -> bool:
    """Say whether a gathering is about media: by its name ("the Caspian Media Forum"), its series, or who runs it."""
    start, end = candidate.span
    words = [hit for key in ("media_topic", *_ACTOR_WORDS) for hit in candidate.passage.concepts.get(key, ())]
    is_called = any(start - _LABEL <= hit.end and hit.start <= end + _LABEL for hit in words)
    runs = [key for key, one in draft.organisations.items() if one.role in {"organiser", "host"}]
    is_run = any(key not in codebook.organisations or codebook.organisations[key].kind in MEDIA_KINDS for key in runs)
    near = set().union(*(one.media_organisations for one in (candidate.passage, *reading.context(candidate.passage))))
    return is_called or is_run or bool(draft.series) or len(near) >= CERTAIN_PARTIES


def _names_media(draft: Draft, codebook: Codebook) -> bool:
    """Say whether a media organisation is among the parties; one that nobody knows was found by its head noun."""
    return any(
        one.id is None or codebook.organisations[one.id].kind in MEDIA_KINDS for one in draft.organisations.values()
    )


def _speaks_of_media(passage: Passage, reading: Reading) -> bool:
    """Say whether a passage is about media, by its own words or by those of title and passages beside it."""
    return passage.speaks_of_media or any(other.media_organisations for other in reading.context(passage))


def _draft(candidate: Candidate, reading: Reading, codebook: Codebook) -> Draft:
    """Return what a single passage tells of an event."""
    passage = candidate.passage
    role = DEFAULT_ROLE.get(candidate.type, "party")
    named = organisations([(passage, _actors(candidate, reading))], role, codebook, reading.language)
    for unknown in unlisted_organisations(passage, role, codebook):
        named.setdefault(unknown.id or f"?{unknown.name}", unknown)
    return Draft(
        type=candidate.type,
        status=candidate.status,
        candidates=[candidate],
        organisations=named,
        countries=countries(passage, candidate, codebook),
        regions=regions(passage, codebook),
        series=next((hit.key for hit in passage.hits if hit.kind == "series"), None),
        score=_score(candidate, named, codebook),
        nameless=nameless_sides(passage, codebook),
        places=set().union(*(place_countries(one, codebook) for one in (passage, *reading.context(passage)))),
    )


def _actors(candidate: Candidate, reading: Reading) -> list[Hit]:
    """Return the organisations that act in a candidate's passage; late in a forum only those that run it or attend."""
    passage = candidate.passage
    if candidate.type == "forum" and not passage.is_lead and not passage.has("attend"):
        return organisers(passage, reading.language)
    return acting(passage, candidate)


def _score(candidate: Candidate, named: dict[str, Organisation], codebook: Codebook) -> float:
    """Return how sure a candidate is: its rule, where it stands, and who is named."""
    passage = candidate.passage
    named_countries = countries(passage, candidate, codebook)
    kinds = {codebook.organisations[key].kind for key in named if key in codebook.organisations}
    score = candidate.rule.weight
    score += _LEAD_BONUS if passage.index < 3 else 0.0 if passage.is_lead else -_LATE_MALUS
    score += _PARTIES_BONUS if len(named) + len(named_countries) >= CERTAIN_PARTIES or passage.has("series") else 0.0
    score += _MEDIA_BONUS if kinds & MEDIA_KINDS else 0.0
    return score - (_DOUBT_MALUS if passage.has("background") else 0.0)


def _may_open(candidate: Candidate, draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Say whether a passage may open a draft: not the background; late only with two organisations or a sure rule."""
    passage = candidate.passage
    is_strong = len(draft.organisations) >= CERTAIN_PARTIES or (
        candidate.rule.weight >= SURE_RULE and draft.has_parties
    )
    if passage.has("background") and passage.index >= 2:
        return False
    if any(other.type == "agreement" for other in drafts) and not draft.has_parties:
        return False
    return is_strong or passage.is_lead
