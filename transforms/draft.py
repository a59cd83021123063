"""An event in the making: what the passages of an article tell of it so far.

`coding_drafts` opens drafts, `coding_joins` lets them grow, `coding_frames` completes and `coding_stands` judges
them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.coding_type import Candidate
from transforms.passages import Passage
from transforms.records import EventType, Organisation, Role, Status

DEFAULT_ROLE: dict[str, Role] = {"forum": "participant", "contest": "organiser"}
ONE_SIDED = frozenset({"contest", "membership", "presence"})
CERTAIN_PARTIES = 2
LEAST_SCORE, AUTO_SCORE = 0.5, 0.7  # cross-validated, nine in ten are events from .7 on, one in two below


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


def is_assumed(draft: Draft) -> bool:
    """Say whether a draft's status is only what one-word rules assume."""
    return all(len(one.rule.all) == 1 and one.status == one.rule.status for one in draft.candidates)
