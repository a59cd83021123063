"""The parties of a draft that stand beside the passages that fired: the lead speaks of the article's main event.

Called by `coding_drafts` when an article has been read.
"""

from __future__ import annotations

from collections.abc import Sequence

from codebook.load import Codebook
from transforms.coding_parties import acting, countries, organisations, organisers
from transforms.draft import CERTAIN_PARTIES, DEFAULT_ROLE, LEAST_SCORE, ONE_SIDED, Draft
from transforms.passages import Passage, Reading
from transforms.unlisted import nameless_sides, unlisted_organisations

_RUNS, _ATTENDS = ("organised_by", "organiser_verb"), ("attend", "spoke")
_SPEAKERS_UNTIL = 12  # sentences; later ones comment on the forum rather than speak at it


def complete(draft: Draft, reading: Reading, codebook: Codebook, others: Sequence[Draft], is_main: bool) -> None:
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
    is_placed = len(draft.countries) >= CERTAIN_PARTIES or draft.regions or draft.series or draft.status == "proposed"
    wanted = 1 if draft.type in ONE_SIDED else CERTAIN_PARTIES
    return len(draft.organisations) < wanted and not is_placed
