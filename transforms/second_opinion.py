"""A second opinion on a draft: a small linear model over concept counts, the same for all languages.

The rules say what a sentence points to; the model weighs what else the lead speaks of, who is named and how the draft
came about, and gives the probability that it is an event. Its weights are data (`codebook/weights.json`), trained on
development gold by `bench/train_weights.py`. Called by `coding`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from codebook.load import Codebook
from transforms.draft import Draft
from transforms.passages import Reading

LEAST_PROBABILITY = 0.4  # cross-validated: below it more events are invented than missed ones found
_MOST_COUNTED = 3


def probability(draft: Draft, reading: Reading, codebook: Codebook) -> float:
    """Return the probability, from 0 to 1, that a draft is an event."""
    weights = codebook.weights
    told = features(draft, reading, codebook).items()
    total = math.fsum([weights.get("", 0.0), *(weights.get(name, 0.0) * value for name, value in told)])
    return 1 / (1 + math.exp(-total))  # a sum in any order, since the same article must give the same number


def features(draft: Draft, reading: Reading, codebook: Codebook) -> Mapping[str, float]:
    """Return what the model looks at, by name; every value lies between 0 and 1."""
    found: dict[str, float] = {
        "score": draft.score,
        f"type:{draft.type}": 1.0,
        f"status:{draft.status}": 1.0,
        f"first:{min(draft.passages[0].index, 6)}": 1.0,
        "rules": min(len(draft.candidates), _MOST_COUNTED) / _MOST_COUNTED,
        "series": float(draft.series is not None),
        "regions": float(bool(draft.regions)),
        **_sides(draft, codebook),
    }
    own = {name for passage in draft.passages for name in passage.concepts if "." not in name}
    found.update({f"own:{name}": 1.0 for name in own})
    lead = Counter(
        name for passage in reading.passages if passage.is_lead for name in passage.concepts if "." not in name
    )
    found.update({f"lead:{name}": min(count, _MOST_COUNTED) / _MOST_COUNTED for name, count in lead.items()})
    return found


def _sides(draft: Draft, codebook: Codebook) -> dict[str, float]:
    """Return how many take part, of which kinds and countries."""
    known = [codebook.organisations[key] for key in draft.organisations if key in codebook.organisations]
    countries = {one.country for one in draft.organisations.values() if one.country} | set(draft.countries)
    return {
        f"organisations:{min(len(draft.organisations), _MOST_COUNTED)}": 1.0,
        f"countries:{min(len(countries), _MOST_COUNTED)}": 1.0,
        "unlisted": float(len(known) < len(draft.organisations)),
        "nameless": float(bool(draft.nameless)),
        "other_kinds": float(any(one.kind == "intergovernmental" for one in known)),
    }
