"""What an event is called in PLOVER and CAMEO: derived from type and status by the crosswalk, never coded."""

from __future__ import annotations

from dataclasses import dataclass

from codebook.load import Codebook, CrosswalkEntry
from transforms.records import Event

CONTEXT = "media"  # none of PLOVER's own contexts fits: a declared extension
_STAGE = {"proposed": "before", "planned": "before", "suspended": "over", "ended": "over"}
_AID = ("AID", "070", "2")


@dataclass(frozen=True, slots=True)
class Plover:
    """An event in PLOVER's words; `mode` stays empty, since no PLOVER event of these kinds has one."""

    event_type: str | None
    mode: str | None
    cameo: str | None
    quad_code: str | None
    context: str = CONTEXT


def plover_of(event: Event, codebook: Codebook) -> Plover:
    """Return the PLOVER reading of an event; what is suspended or ended has none."""
    stage = _STAGE.get(event.status, "done")
    row = next((row for row in codebook.crosswalk if event.type in row.types and row.stage == stage), None)
    if row is None:
        return Plover(None, None, None, None)
    if stage == "done" and event.type in {"training", "technical"} and is_one_sided(event):
        return Plover(_AID[0], None, _AID[1], _AID[2])
    return Plover(row.event_type, None, _visit(event, row), row.quad_code)


def is_one_sided(event: Event) -> bool:
    """Say whether one side gives and the other receives: one organiser or host, and others beside it."""
    givers = [one for one in event.organisations if one.role in {"organiser", "host"}]
    return event.type == "technical" or (len(givers) == 1 and len(event.organisations) > 1)


def _visit(event: Event, row: CrosswalkEntry) -> str:
    """Return the CAMEO code: a meeting with a host is a visit (042)."""
    is_visit = event.type == "meeting" and row.stage == "done" and any(o.role == "host" for o in event.organisations)
    return "042" if is_visit else row.cameo
