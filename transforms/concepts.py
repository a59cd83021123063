"""Which concepts the coder's modules ask for by name, and which of them an entry of the gazetteer stands for.

The words of a concept are data (`codebook/lexicons`), and so are the rules that combine them; here stand only the few
groups that code must name. Called by the coding modules.
"""

from __future__ import annotations

from typing import Final

from codebook.load import Codebook
from transforms.forms import HitKind

MEDIA_KINDS: Final = frozenset(
    [
        "news_agency",
        "broadcaster",
        "newspaper",
        "magazine",
        "online",
        "holding",
        "studio",
        "union",
        "school",
        "ministry",
        "regulator",
        "state_communication",
        "alliance",
    ]
)
_BODIES: Final = frozenset({"alliance", "union"})
MEDIA_ACTORS: Final = frozenset({"media_actor", "media_people"})
# What makes a sentence speak of media.
MEDIA_WORDS: Final = MEDIA_ACTORS | {"media_topic", "media_organisation", "series"}
CULTURE: Final = "culture_days"
MASK: Final = "mask"  # phrases whose words mean nothing
LEAD_SENTENCES: Final = 6  # the sentences that may create an event without strong evidence
SURE_RULE: Final = 0.65  # the weight from which a rule hardly ever errs


def asked_for(kind: HitKind, key: str, line: str, codebook: Codebook) -> tuple[str, ...]:
    """Return what rules may ask for that a hit stands for: a concept, or one line of it ("document.memorandum")."""
    if kind == "concept":
        return (key, line.partition(":")[2])
    if kind == "series":
        return ("series",)
    if kind != "organisation":
        return ()
    entry = codebook.organisations[key]
    media = ("media_organisation",) if entry.kind in MEDIA_KINDS else ()
    return ("organisation", *media, *(("alliance",) if entry.kind in _BODIES else ()))
