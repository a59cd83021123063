"""What an event must be, as one article reports it, to come in: its closed lists, and its evidence."""

from __future__ import annotations

import json
from typing import Any, Final, get_args

import pandas as pd

from expectations.rules import DIGEST, Rule, Suite, between, matches, one_of, present
from transforms.records import GROUP_OF_TYPE, QUOTE_LIMIT_CHARACTERS, Confirmation, EventGroup, EventType, Status

_DERIVED: Final = ("event_group", "quote_count", "longest_quote_characters", "quotes_fit_offsets", "party_count")


def _with_evidence(frame: pd.DataFrame) -> pd.DataFrame:
    """Add what rules ask of the event's JSON; where it cannot be read these are null, and one rule says so."""
    told = [_told(value) for value in frame["event_json"]]
    columns = {name: pd.Series([row.get(name) for row in told], index=frame.index, dtype="object") for name in _DERIVED}
    numbers = ("quote_count", "longest_quote_characters", "party_count")
    return frame.assign(**{**columns, **{name: columns[name].astype("Float64") for name in numbers}})


def _told(event_json: object) -> dict[str, Any]:
    """Return the derived columns of one event in the exchange format; nothing for what is no such event."""
    try:
        event = json.loads(str(event_json))
        quotes = event["evidence"]
        return {
            "event_group": event.get("group") or GROUP_OF_TYPE.get(event["type"]),
            "quote_count": len(quotes),
            "longest_quote_characters": max((len(quote["quote"]) for quote in quotes), default=0),
            "quotes_fit_offsets": "yes" if all(_fits(quote) for quote in quotes) else "no",
            "party_count": len(event.get("organisations") or ()) + len(event.get("countries") or ()),
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _fits(quote: dict[str, Any]) -> bool:
    """Say whether a quote's offsets are in order and span exactly as many characters as it has."""
    return bool(0 <= quote["start"] < quote["end"] and quote["end"] - quote["start"] == len(quote["quote"]))


SUITE: Final = Suite(
    table="event_reports",
    row_id="report_id",
    required=(
        "report_id",
        "article_id",
        "revision_id",
        "capture_id",
        "outlet_id",
        "published_at",
        "type",
        "status",
        "outcome",
        "confidence",
        "event_json",
    ),
    prepare=_with_evidence,
    rules=(
        matches("report_id_is_a_digest", "report_id", DIGEST, "rows are merged by it"),
        matches("revision_id_is_a_digest", "revision_id", DIGEST, "quotes are checked in that revision"),
        matches("capture_id_is_a_digest", "capture_id", DIGEST, "an event must lead back to bytes"),
        present("published_at_present", "published_at", "reports are put in order by it"),
        one_of("type_known", "type", get_args(EventType), "the codebook's closed list"),
        one_of("status_known", "status", get_args(Status), "the codebook's closed list"),
        one_of("outcome_known", "outcome", get_args(Confirmation), "only auto is counted"),
        between("confidence_is_a_share", "confidence", 0.0, 1.0, "it is read as a probability"),
        present("confidence_present", "confidence", "an event without one cannot be weighed"),
        present("event_readable", "quote_count", "an event that cannot be read again cannot be linked"),
        one_of("group_known", "event_group", get_args(EventGroup), "reports are matched by it"),
        between("evidence_present", "quote_count", 1, None, "no evidence, no event"),
        between(
            "quotes_short",
            "longest_quote_characters",
            0,
            QUOTE_LIMIT_CHARACTERS,
            "quotes leave the house; longer ones would be copies",
        ),
        one_of(
            "quotes_fit_offsets", "quotes_fit_offsets", ("yes",), "a quote must be found again where it is said to be"
        ),
        Rule(
            "parties_named",
            "party_count",
            "ExpectColumnValuesToBeBetween",
            {"column": "party_count", "min_value": 1},
            "an event of nobody is most often a mistake of the coder",
            "warning",
        ),
    ),
)
