"""Whether a run as a whole has failed: by the share of feeds that could not be had, never by one of them."""

from __future__ import annotations

from flows.context import RunContext
from flows.home import RunFailed
from transforms.records import Outcome

# An answer with which a feed has done its part, whether or not there was news in it.
GOOD = frozenset({Outcome.FETCHED, Outcome.NOT_MODIFIED, Outcome.UNCHANGED, Outcome.EMPTY, Outcome.FROZEN})
FEWEST_FEEDS = 5  # below this a share says nothing


def fail_by_ratio(context: RunContext) -> None:
    """Raise RunFailed when more than the settings' share of the feeds asked in this run could not be had."""
    asked = sum(number for name, number in context.counts.items() if name.startswith("feeds_"))
    good = sum(context.counts.get(f"feeds_{outcome.value}", 0) for outcome in GOOD)
    if asked >= FEWEST_FEEDS and asked - good > context.settings.run.failing_share * asked:
        raise RunFailed(f"{asked - good} of {asked} feeds could not be had; is this machine on the network?")
