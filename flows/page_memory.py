"""What is remembered of a page after an attempt: how it ended, when to ask again, and how to ask conditionally."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from transforms.page_schedule import next_page_visit
from transforms.records import Article, Capture, Outcome, digest
from transforms.urls import article_id_of
from warehouse.batches import PageState, WantedPage


def page_state(capture: Capture, reading: Article | Outcome, wanted: Mapping[str | None, WantedPage]) -> PageState:
    """Return the state of a page after this attempt; `wanted` says by article id what was known of it before."""
    article_id = article_id_of(capture.request.url)
    before = wanted.get(article_id)
    outcome = reading if isinstance(reading, Outcome) else Outcome.FETCHED
    attempts = (before.attempts if before else 0) + 1
    first_read_at = before.first_read_at if before else None
    if isinstance(reading, Article):
        first_read_at = first_read_at or capture.fetched_at
    due = next_page_visit(outcome, attempts, first_read_at, capture.fetched_at)
    state = PageState(
        article_id, capture.request.url, capture.fetched_at, outcome, attempts, due, first_read_at=first_read_at
    )
    return _with_validators(state, capture, before, was_read=isinstance(reading, Article))


def _with_validators(state: PageState, capture: Capture, before: WantedPage | None, *, was_read: bool) -> PageState:
    """Return the state with the validators and digest by which the article that was read can be known again.

    Those of an answer that was no article are not taken: they would turn it into "not modified" for ever.
    """
    response = capture.response
    etag, last_modified = response.header("etag"), response.header("last-modified")
    if was_read:
        return replace(state, etag=etag, last_modified=last_modified, payload_digest=digest(response.payload))
    if before is None:
        return state
    is_same = state.last_outcome in (Outcome.NOT_MODIFIED, Outcome.UNCHANGED)
    return replace(
        state,
        etag=(etag if is_same else None) or before.etag,
        last_modified=(last_modified if is_same else None) or before.last_modified,
        payload_digest=before.payload_digest,
    )
