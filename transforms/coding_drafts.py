"""From sentences to events: candidates become drafts, and drafts of one article that tell of one event become one.

Title and lead may open a draft; a later sentence adds to one, or opens one only with strong evidence. An agreement
takes up what its document provides for and the talks around it. Called by `coding`; `coding_events` makes the record
of each draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from codebook.load import Codebook
from transforms.coding_parties import (
    acting,
    countries,
    organisations,
    organisers,
    place_countries,
    regions,
)
from transforms.coding_type import Candidate, candidates, provisions
from transforms.concepts import MEDIA_KINDS, SURE_RULE
from transforms.event_dates import dates_in, publication_day
from transforms.hits import Hit
from transforms.passages import HEAD, Passage, Reading
from transforms.records import EventType, Organisation, Role, Status
from transforms.unlisted import nameless_sides, unlisted_organisations

DEFAULT_ROLE: dict[str, Role] = {"forum": "participant", "contest": "organiser"}
REACHES_A_PLACE = frozenset({"broadcasting", "presence", "training"})  # the place itself is the other side
ONE_SIDED = frozenset({"contest", "membership", "presence"})
_CERTAIN_PARTIES = 2
_LEAD_BONUS, _PARTIES_BONUS, _MEDIA_BONUS, _LATE_MALUS, _DOUBT_MALUS = 0.15, 0.12, 0.05, 0.05, 0.15
LEAST_SCORE, AUTO_SCORE = 0.5, 0.6
# Where no media organisation is named, these words must say that it is media who act.
_ACTOR_WORDS = ("media_actor", "media_people", "series", "common_media_space", "common_channel", "work")
_RUNS, _ATTENDS = ("organised_by", "organiser_verb"), ("attend", "spoke")
_GATHERED = frozenset({"forum", "training"})  # one such act of a lead has organisers and participants apart
_ANAPHORA = 2  # sentences after which "the document" still means the last one
_WORKS = frozenset({"work", "carry"})
_OBJECT = 80  # characters between a document and what it is about
_LABEL = 36  # characters between the name of a gathering and the word that says what it is about
_SPEAKERS_UNTIL = 12  # sentences; later ones comment on the forum rather than speak at it
SIGNING_RULE = 0.55


@dataclass
class Draft:
    """An event in the making; it grows while the article is read."""

    type: EventType
    status: Status
    candidates: list[Candidate]
    organisations: dict[str, Organisation]
    countries: list[str]
    regions: list[str]
    series: str | None
    score: float
    nameless: set[str] = field(default_factory=set)  # countries of media that take part without a name
    places: set[str] = field(default_factory=set)  # countries of the places that its sentences and those beside name
    provisions: list[EventType] = field(default_factory=list)
    supporting: list[Passage] = field(default_factory=list)

    @property
    def passages(self) -> list[Passage]:
        """The passages that fired, in the order of the article."""
        return [candidate.passage for candidate in self.candidates]

    @property
    def has_parties(self) -> bool:
        """Whether anybody is named: an organisation, a country, a region or a series."""
        return bool(self.organisations or self.countries or self.regions or self.series)

    @property
    def sides(self) -> int:
        """How many take part: organisations, and other countries or media of theirs that stand without a name."""
        theirs = {one.country for one in self.organisations.values()}
        return len(self.organisations) + len((self.nameless | set(self.countries)) - theirs)


def drafts_of(reading: Reading, codebook: Codebook) -> list[Draft]:
    """Return what an article may report, as drafts in the order in which it tells them; `stands` says which does."""
    drafts: list[Draft] = []
    for passage in reading.passages:
        _read_passage(passage, reading, codebook, drafts)
    for passage in reading.pairs if not drafts else ():
        _read_passage(passage, reading, codebook, drafts)
    main = max(drafts, key=lambda draft: (draft.passages[0].is_lead, draft.score), default=None)
    for draft in drafts:
        _complete(
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
    same = _meant(candidate, drafts) or next((other for other in drafts if _is_same(other, draft)), None)
    if same is not None:
        _join(same, draft, is_lead=passage.is_lead)
    elif _may_open(candidate, draft, drafts):
        drafts.append(draft)


def _meant(candidate: Candidate, drafts: Sequence[Draft]) -> Draft | None:
    """Return the draft of the document that a sentence calls just "the document", right after it was named."""
    is_anaphoric = all(hit.line.endswith(".paper") for hit in candidate.trigger if hit.key == "document")
    if candidate.type != "agreement" or not is_anaphoric:
        return None
    near = [draft for draft in drafts if 0 < candidate.passage.index - draft.passages[-1].index <= _ANAPHORA]
    return next((draft for draft in near if any(passage.has("document") for passage in draft.passages)), None)


def _is_media_gathering(candidate: Candidate, draft: Draft, reading: Reading, codebook: Codebook) -> bool:
    """Say whether a gathering is about media: by its name ("the Caspian Media Forum"), its series, or who runs it."""
    start, end = candidate.span
    words = [hit for key in ("media_topic", *_ACTOR_WORDS) for hit in candidate.passage.concepts.get(key, ())]
    is_called = any(start - _LABEL <= hit.end and hit.start <= end + _LABEL for hit in words)
    runs = [key for key, one in draft.organisations.items() if one.role in {"organiser", "host"}]
    is_run = any(key not in codebook.organisations or codebook.organisations[key].kind in MEDIA_KINDS for key in runs)
    near = set().union(*(one.media_organisations for one in (candidate.passage, *reading.context(candidate.passage))))
    return is_called or is_run or bool(draft.series) or len(near) >= _CERTAIN_PARTIES


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
    score += _PARTIES_BONUS if len(named) + len(named_countries) >= _CERTAIN_PARTIES or passage.has("series") else 0.0
    score += _MEDIA_BONUS if kinds & MEDIA_KINDS else 0.0
    return score - (_DOUBT_MALUS if passage.has("background") else 0.0)


def _may_open(candidate: Candidate, draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Say whether a passage may open a draft: not the background; late only with two organisations or a sure rule."""
    passage = candidate.passage
    is_strong = len(draft.organisations) >= _CERTAIN_PARTIES or (
        candidate.rule.weight >= SURE_RULE and draft.has_parties
    )
    if passage.has("background") and passage.index >= 2:
        return False
    if any(other.type == "agreement" for other in drafts) and not draft.has_parties:
        return False
    return is_strong or passage.is_lead


def _is_same(one: Draft, other: Draft) -> bool:
    """Say whether two drafts of an article tell of one event."""
    if one.type != other.type and not _is_gathering_pair(one, other):
        return False
    if one.series and other.series:
        return one.series == other.series
    if set(one.organisations) & set(other.organisations):
        return True
    if one.organisations and other.organisations:
        return one.type in _GATHERED
    if not one.has_parties or not other.has_parties:
        return True
    return (_stage(one) == _stage(other) and bool(set(one.countries) & set(other.countries))) or not (
        one.countries and other.countries
    )


def _is_gathering_pair(one: Draft, other: Draft) -> bool:
    """Say whether one draft is a forum and the other a meeting of the same organisations."""
    shared = set(one.organisations) & set(other.organisations)
    return {one.type, other.type} == {"forum", "meeting"} and len(shared) >= _CERTAIN_PARTIES


def _stage(draft: Draft) -> bool:
    """Whether a draft is only talked of, as against done."""
    return draft.status in {"proposed", "planned"}


def _join(draft: Draft, other: Draft, is_lead: bool) -> None:
    """Add what another passage tells; late passages name bystanders, so only a forum takes parties from them."""
    draft.status = _joined_status(draft, other)
    draft.type = "forum" if {draft.type, other.type} == {"forum", "meeting"} else draft.type
    draft.candidates.extend(other.candidates)
    if is_lead or draft.type == "forum":
        for key, organisation in other.organisations.items():
            known = draft.organisations.get(key)
            if known is None or organisation.role == "organiser":
                draft.organisations[key] = organisation
    if is_lead:
        draft.countries.extend(c for c in other.countries if c not in draft.countries)
        draft.regions.extend(r for r in other.regions if r not in draft.regions)
    draft.nameless |= other.nameless
    draft.series = draft.series or other.series
    draft.score = max(draft.score, other.score) + 0.03


def _joined_status(draft: Draft, other: Draft) -> Status:
    """Return the status of a draft that takes up another: what is told before what is assumed, near it the further."""
    if is_assumed(other):
        return draft.status
    is_near = other.passages[0].index - draft.passages[0].index <= 1
    is_further = is_near and _rank(other.status) > _rank(draft.status)
    return other.status if is_assumed(draft) or is_further else draft.status


def is_assumed(draft: Draft) -> bool:
    """Say whether a draft's status is only what one-word rules assume."""
    return all(len(one.rule.all) == 1 and one.status == one.rule.status for one in draft.candidates)


def _rank(status: Status) -> int:
    """Return how far a status goes, for sentences of one article about one event."""
    return ("proposed", "planned", "concluded", "ongoing", "renewed", "suspended", "ended").index(status)


def _complete(draft: Draft, reading: Reading, codebook: Codebook, others: Sequence[Draft], is_main: bool) -> None:
    """Fill in parties from where they may stand beside the passages that fired.

    The lead speaks of the article's main event, but for what it says of the others.
    """
    if draft.type == "forum":
        _add_attendants(draft, reading, codebook)
    if not draft.passages[0].is_lead:
        return
    if draft.type == "contest" and any(passage.has("award") for passage in reading.context(draft.passages[0])):
        draft.status = "concluded" if draft.status == "planned" else draft.status  # prizes are given at its end
    theirs = {passage for other in others for passage in other.passages if other.score >= LEAST_SCORE}
    if is_main and draft.type not in ONE_SIDED:
        _fill(draft, [passage for passage in reading.lead if passage not in theirs], reading, codebook)
    elif _lacks_a_side(draft):
        _fill(draft, reading.context(draft.passages[0]), reading, codebook)


def _fill(draft: Draft, passages: Sequence[Passage], reading: Reading, codebook: Codebook) -> None:
    """Take parties from passages that tell of the same event: of an article's only event, all of the lead do."""
    role = DEFAULT_ROLE.get(draft.type, "party")
    for passage in passages:
        if passage in draft.passages or passage.has("background") or not _belongs(passage, draft):
            continue
        named = organisations([(passage, acting(passage))], role, codebook, reading.language)
        for unknown in unlisted_organisations(passage, role, codebook):
            named.setdefault(unknown.id or f"?{unknown.name}", unknown)
        for key, one in named.items():
            draft.organisations.setdefault(key, one)
        draft.nameless |= nameless_sides(passage, codebook)
    if not draft.organisations and not draft.countries:
        draft.countries = list(dict.fromkeys(c for one in passages for c in countries(one, None, codebook)))


def _add_attendants(draft: Draft, reading: Reading, codebook: Codebook) -> None:
    """Add the organisations that other sentences name as attending or running the forum."""
    for passage in reading.passages:
        if passage in draft.passages or not any(passage.has(cue) for cue in (*_RUNS, *_ATTENDS)):
            continue
        if passage.has("background") or not _belongs(passage, draft):
            continue
        attends = any(passage.has(cue) for cue in _ATTENDS) and (passage.has("attend") or _is_speaker(passage))
        hits = acting(passage) if attends else organisers(passage, reading.language)
        for key, one in organisations([(passage, hits)], "participant", codebook, reading.language).items():
            draft.organisations.setdefault(key, one)


def _is_speaker(passage: Passage) -> bool:
    """Say whether a passage gives the words of an office holder, near enough to the head of the article."""
    return passage.has("office") and passage.index < _SPEAKERS_UNTIL


def _belongs(passage: Passage, draft: Draft) -> bool:
    """Say whether a passage speaks of the draft's own series, or of none."""
    return all(hit.key == draft.series for hit in passage.hits if hit.kind == "series")


def _lacks_a_side(draft: Draft) -> bool:
    """Say whether a draft names too few to be told from others: one organisation, no countries, nothing else."""
    is_placed = len(draft.countries) >= _CERTAIN_PARTIES or draft.regions or draft.series or draft.status == "proposed"
    wanted = 1 if draft.type in ONE_SIDED else _CERTAIN_PARTIES
    return len(draft.organisations) < wanted and not is_placed


def independent(drafts: Sequence[Draft], reading: Reading) -> list[Draft]:
    """Drop what only belongs to another draft: talks around a signing, what a document provides for, a passing word.

    A second event of parties that another draft names too has a day of its own, or a rule that hardly ever errs.
    """
    return [one for one in drafts if not any(_covers(other, one, reading) for other in drafts if other is not one)]


def _covers(main: Draft, other: Draft, reading: Reading) -> bool:
    """Say whether another draft tells only of the main one's own parties and of nothing that has a day of its own."""
    if (_weight(main), -drafts_order(main)) < (_weight(other), -drafts_order(other)) or _stands_alone(other, reading):
        return False
    if not set(other.organisations) <= set(main.organisations):
        return False
    if other.organisations or not other.has_parties:
        return True
    sides = {*main.countries, *(one.country for one in main.organisations.values() if one.country)}
    return set(other.countries) <= sides and not other.series and not other.regions


def _weight(draft: Draft) -> tuple[bool, float]:
    """Return what ranks a draft of an article: a signing covers all else, then the surer draft."""
    return draft.type == "agreement", draft.score


def drafts_order(draft: Draft) -> int:
    """Return where a draft begins in the article."""
    return draft.passages[0].index


def _stands_alone(draft: Draft, reading: Reading) -> bool:
    """Say whether a draft has a future or past day of its own, or a rule behind it that hardly ever errs."""
    published = publication_day(reading.article.published_at, reading.article.time_zone)
    dated = any(
        item.basis == "explicit" and item.granularity in {"day", "month"}
        for passage in draft.passages
        for item in dates_in(passage, published)
    )
    is_sure = max(candidate.rule.weight for candidate in draft.candidates) >= SURE_RULE
    return is_sure or (dated and draft.status in {"planned", "suspended", "ended"})


def stands(draft: Draft, codebook: Codebook) -> bool:
    """Say whether a draft may be an event: it has its parties, and crosses a border or binds two media."""
    return _has_sides(draft) and (_crosses_border(draft, codebook) or _binds_two(draft, codebook))


def _binds_two(draft: Draft, codebook: Codebook) -> bool:
    """Say whether two media of one country sign something: then the event is domestic."""
    media = [
        key for key in draft.organisations if key.startswith("?") or codebook.organisations[key].kind in MEDIA_KINDS
    ]
    signs = any(candidate.rule.weight >= SIGNING_RULE for candidate in draft.candidates)
    return draft.type == "agreement" and signs and len(media) >= _CERTAIN_PARTIES


def _has_sides(draft: Draft) -> bool:
    """Say whether those are named whom the type asks for."""
    named = min(candidate.rule.named for candidate in draft.candidates)
    if draft.sides < named or (named and not draft.organisations and not draft.nameless):
        return False
    if draft.type in ONE_SIDED or draft.status == "proposed" or draft.type == "forum" or draft.series:
        return draft.has_parties
    return draft.sides >= max(named, 1) or len(draft.countries) >= 1


def _crosses_border(draft: Draft, codebook: Codebook) -> bool:
    """Say whether more than one country has a part in it."""
    kinds = [codebook.organisations.get(key) for key in draft.organisations]
    of_parties = {one.country for one in draft.organisations.values() if one.country} | draft.nameless
    if len(of_parties | set(draft.countries)) > 1 or draft.regions or draft.series:
        return True
    is_international = any(entry is not None and entry.country is None for entry in kinds)
    crosses = any(passage.has("abroad") for passage in draft.passages)
    if draft.type in REACHES_A_PLACE:
        lone = set() if draft.organisations else set(draft.countries)
        crosses = crosses or bool(draft.places - of_parties - lone)
    return is_international or crosses
