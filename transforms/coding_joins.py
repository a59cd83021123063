"""Which drafts of an article tell of one event, and what becomes of them when they are joined.

Called by `coding_drafts` for each new candidate. It opens and judges nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.coding_type import Candidate
from transforms.draft import CERTAIN_PARTIES, Draft, is_assumed
from transforms.records import Status

_GATHERED = frozenset({"forum", "training"})  # one such act of a lead has organisers and participants apart
_ANAPHORA = 2  # sentences after which "the document" still means the last one


def meant(candidate: Candidate, drafts: Sequence[Draft]) -> Draft | None:
    """Return the draft of the document that a sentence calls just "the document", right after it was named."""
    is_anaphoric = all(hit.line.endswith(".paper") for hit in candidate.trigger if hit.key == "document")
    if candidate.type != "agreement" or not is_anaphoric:
        return None
    near = [draft for draft in drafts if 0 < candidate.passage.index - draft.passages[-1].index <= _ANAPHORA]
    return next((draft for draft in near if any(passage.has("document") for passage in draft.passages)), None)


def is_same(one: Draft, other: Draft) -> bool:
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
    return {one.type, other.type} == {"forum", "meeting"} and len(shared) >= CERTAIN_PARTIES


def _stage(draft: Draft) -> bool:
    """Whether a draft is only talked of, as against done."""
    return draft.status in {"proposed", "planned"}


def join(draft: Draft, other: Draft, is_lead: bool) -> None:
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


def _rank(status: Status) -> int:
    """Return how far a status goes, for sentences of one article about one event."""
    return ("proposed", "planned", "concluded", "ongoing", "renewed", "suspended", "ended").index(status)
