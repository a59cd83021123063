"""Whether a draft may be an event: its parties, the border that it crosses, and that no other draft covers it.

Called by `coding_drafts` (`stands`) and, once rules and second opinion have spoken, by `coding` (`independent`).
"""

from __future__ import annotations

from collections.abc import Sequence

from codebook.load import Codebook
from transforms.concepts import MEDIA_KINDS, SURE_RULE
from transforms.draft import CERTAIN_PARTIES, ONE_SIDED, Draft
from transforms.event_dates import dates_in, publication_day
from transforms.passages import Reading

REACHES_A_PLACE = frozenset({"broadcasting", "presence", "training"})  # the place itself is the other side
SIGNING_RULE = 0.55  # the weight from which a rule tells of a signing


def independent(drafts: Sequence[Draft], reading: Reading) -> list[Draft]:
    """Drop what only belongs to another draft: talks around a signing, what a document provides for, a passing word.

    A second event of parties that another draft names too has a day of its own, or a rule that hardly ever errs.
    """
    return [one for one in drafts if not any(_covers(other, one, reading) for other in drafts if other is not one)]


def _covers(main: Draft, other: Draft, reading: Reading) -> bool:
    """Say whether another draft tells only of the main one's own parties and of nothing that has a day of its own."""
    if (_weight(main), -_begins_at(main)) < (_weight(other), -_begins_at(other)) or _stands_alone(other, reading):
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


def _begins_at(draft: Draft) -> int:
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
    return draft.type == "agreement" and signs and len(media) >= CERTAIN_PARTIES


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
