"""Which validators to send for a feed, which to remember, and whether to believe the server that gave them.

A validator (ETag, Last-Modified) is sent back byte for byte to the address that gave it, so that a feed without news
costs its outlet next to nothing. Some servers answer "not modified" for ever, or give changed bytes under the old tag;
once a week each feed is therefore asked without validators, and a server that is caught is asked whole from then on.
Pure; called by `schedule` and by the poll and nightly flows.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from transforms.cadence import item_times
from transforms.records import Capture, FeedState, Outcome, ParsedFeed, digest

PROBE_EVERY: Final = timedelta(days=7)
_CACHES_ARE_BEHIND: Final = timedelta(hours=1)
_DATES_ARE_OFF: Final = timedelta(days=1)  # a single item may be dated back, or in another zone
# Answers whose bytes are the feed; of others nothing is remembered: an error page's ETag would confirm the error page.
READ: Final = frozenset({Outcome.FETCHED, Outcome.UNCHANGED, Outcome.FROZEN, Outcome.EMPTY, Outcome.SILENT})


def validators_to_send(state: FeedState, url: str, now: datetime) -> tuple[str | None, str | None]:
    """Return ETag and Last-Modified for the next request of a feed; neither where the answer must come whole.

    That is: another address than the one that gave them, a server caught lying, or the weekly probe.
    """
    is_probe = state.probed_at is None or now - state.probed_at >= PROBE_EVERY
    if is_probe or not state.are_validators_trusted or state.validators_url != url:
        return None, None
    return state.etag, state.last_modified


def with_validators(state: FeedState, capture: Capture, parsed: ParsedFeed | None) -> FeedState:
    """Return the state with the validators of an answer: a 304 renews those it gives, a 200 replaces all of them."""
    etag, last_modified = capture.response.header("etag"), capture.response.header("last-modified")
    if capture.response.outcome is Outcome.NOT_MODIFIED:
        renewed = replace(state, etag=etag or state.etag, last_modified=last_modified or state.last_modified)
        return replace(renewed, not_modified_at=capture.fetched_at)
    if (parsed.outcome if parsed else capture.response.outcome) not in READ:
        return state
    is_same_address = state.validators_url in (None, capture.request.url)
    is_whole = capture.request.etag is None and capture.request.last_modified is None
    after = replace(
        state,
        etag=etag,
        last_modified=last_modified,
        validators_url=capture.request.url,
        payload_digest=digest(capture.response.payload),
        items_digest=_items_digest(parsed) or state.items_digest,
        probed_at=capture.fetched_at if is_whole else state.probed_at,
        are_validators_trusted=True,
    )
    is_caught = _is_tag_reused(state, after) or _is_news_hidden(state, parsed, capture.fetched_at)
    is_trusted = not is_same_address or (state.are_validators_trusted and not is_caught)
    return replace(after, are_validators_trusted=is_trusted)


def _is_tag_reused(before: FeedState, after: FeedState) -> bool:
    """Say whether other content came under the same validators.

    A strong ETag stands for the bytes. A weak one, or a date, stands for the items: a feed that merely writes the time
    of day into itself tells no lie by it.
    """
    if (before.etag, before.last_modified) == (None, None) or before.payload_digest in (None, after.payload_digest):
        return False
    if before.etag != after.etag or (before.etag is None and before.last_modified != after.last_modified):
        return False
    is_strong = before.etag is not None and not before.etag.startswith("W/")
    return is_strong or (before.items_digest is not None and before.items_digest != after.items_digest)


def _is_news_hidden(before: FeedState, parsed: ParsedFeed | None, now: datetime) -> bool:
    """Say whether items are new to us that stood in the feed when it was called not modified.

    That is so where the new ones were published over a longer time than has passed since (which holds in whatever zone
    an outlet dates its items), or where one of them is a day older than that answer.
    """
    said_at, known_until = before.not_modified_at, before.newest_item_at
    if parsed is None or said_at is None or known_until is None:
        return False
    new = [time for time in item_times(parsed.entries, now) if time > known_until]
    if not new:
        return False
    return new[-1] - new[0] > now - said_at + _CACHES_ARE_BEHIND or said_at - new[0] > _DATES_ARE_OFF


def _items_digest(parsed: ParsedFeed | None) -> str | None:
    """Return what stands for the items of a feed, in any order; None where they were not read."""
    if parsed is None or not (parsed.entries or parsed.outcome is Outcome.EMPTY):
        return None
    return digest(*sorted(entry.entry_id for entry in parsed.entries))
