"""`monitor sources check`: how each feed of the catalogue is today, asked at once and without validators.

It changes nothing that a run goes by. Its rows are for people and, as tab-separated lines, for programs. Called by
`sources_cli`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.probing import Probe
from flows.settings import Settings, SettingsError
from sources.catalogue import load_catalogue
from transforms.feed_profile import FeedProfile, is_as_declared, profile_feed
from transforms.feeds import FeedOptions, parse_feed
from transforms.records import Capture, CaptureKind, Feed, FeedState, Outcome, Outlet, Request

COLUMNS = ("feed", "state", "newest item", "a day", "window", "language", "text", "robots")
PLAIN_COLUMNS = (
    *("feed_id", "state", "newest_item_at", "items", "items_per_day", "window_hours", "languages", "declared"),
    *("is_as_declared", "has_full_text", "robots", "moved_to", "error", "url"),
)


@dataclass(frozen=True, slots=True)
class FeedCheck:
    """How one feed is: its state from the closed list, what it is like where it could be read, and robots.txt."""

    feed: Feed
    declared: tuple[str, ...]  # the languages of the feed, else of its outlet
    state: Outcome
    profile: FeedProfile
    robots: str
    moved_to: str | None
    error: str | None

    @property
    def is_well(self) -> bool:
        """Whether the feed answers with items, and not only with old ones."""
        return self.state is Outcome.FETCHED


def check_sources(settings: Settings, outlet_ids: Sequence[str] = (), at: datetime | None = None) -> list[FeedCheck]:
    """Probe the feeds of these outlets (default: of all) and return how they are, in the order of the catalogue.

    Raises SettingsError for an id that no outlet has.
    """
    outlets = _chosen(load_catalogue(settings.catalogue), outlet_ids)
    asked = [(outlet, feed, _request(feed)) for outlet in outlets for feed in outlet.feeds]
    probe = Probe(settings, "check", at)
    captures = probe.ask([request for _, _, request in asked], "check feeds")
    return [_check(probe, outlet, feed, capture) for (outlet, feed, _), capture in zip(asked, captures, strict=True)]


def _chosen(outlets: Sequence[Outlet], outlet_ids: Sequence[str]) -> list[Outlet]:
    """Return the outlets of these ids, all of them for none."""
    if unknown := set(outlet_ids) - {outlet.outlet_id for outlet in outlets}:
        names = ", ".join(sorted(unknown))
        raise SettingsError(f"{names}: the catalogue has no such outlet. `monitor sources list` shows which it has.")
    return [outlet for outlet in outlets if not outlet_ids or outlet.outlet_id in outlet_ids]


def _request(feed: Feed) -> Request:
    """Return the request for a feed, whole: what it shows now is what is wanted."""
    return Request(CaptureKind.FEED, feed.outlet_id, feed.url, feed.feed_id)


def _check(probe: Probe, outlet: Outlet, feed: Feed, capture: Capture) -> FeedCheck:
    """Return how a feed is that answered with this."""
    options = FeedOptions(frozen_days=probe.settings.schedule.frozen_days)
    parsed = parse_feed(capture, feed, outlet, FeedState(feed.feed_id), options)
    return FeedCheck(
        feed=feed,
        declared=(feed.language,) if feed.language else outlet.languages,
        state=parsed.outcome,
        profile=profile_feed(parsed, capture),
        robots=probe.robots_in_words(feed.url),
        moved_to=capture.response.moved_to,
        error=parsed.error,
    )


# --- for people and for programs ---


def row_of(check: FeedCheck, settings: Settings) -> tuple[str, ...]:
    """Return a check as words under `COLUMNS`, times in the report's zone."""
    profile = check.profile
    newest = f"{profile.newest_at.astimezone(settings.zone):%Y-%m-%d %H:%M}" if profile.newest_at else ""
    return (
        check.feed.feed_id,
        check.state.replace("_", " "),
        newest,
        _number(profile.items_per_day),
        f"{profile.window_hours:.0f} h" if profile.window_hours else "",
        _language_in_words(check),
        {True: "whole", False: "teaser", None: ""}[profile.has_full_text],
        check.robots,
    )


def remarks_on(checks: Iterable[FeedCheck]) -> list[str]:
    """Return what is to be said beside the table: why a feed could not be read, and where it has moved."""
    remarks = []
    for check in checks:
        if check.error and not check.is_well:
            remarks.append(f"{check.feed.feed_id}: {check.error}")
        if check.moved_to:
            remarks.append(f"{check.feed.feed_id}: has moved permanently to {check.moved_to}")
    return remarks


def plain_row(check: FeedCheck) -> str:
    """Return a check as one line of tab-separated values under `PLAIN_COLUMNS`; times in UTC, unknown is empty."""
    profile = check.profile
    values = (
        check.feed.feed_id,
        check.state.value,
        profile.newest_at.isoformat() if profile.newest_at else None,
        profile.items,
        _rounded(profile.items_per_day),
        _rounded(profile.window_hours),
        " ".join(f"{language}:{share:.2f}" for language, share in profile.languages),
        " ".join(check.declared),
        _yes_or_no(is_as_declared(profile, check.declared)),
        _yes_or_no(profile.has_full_text),
        check.robots,
        check.moved_to,
        check.error,
        check.feed.url,
    )
    # an outlet's words may hold anything; a line must stay a line
    return "\t".join("" if value is None else " ".join(str(value).split()) for value in values)


def _language_in_words(check: FeedCheck) -> str:
    """Return the measured language, with the declared one where it differs, and the others where they are many."""
    measured = check.profile.languages
    if not measured:
        return ""
    shown = " ".join(f"{language} {share:.0%}" for language, share in measured[:3]) if measured[0][1] < 0.9 else ""
    words = shown or measured[0][0]
    return words if is_as_declared(check.profile, check.declared) else f"{words}, not {'/'.join(check.declared)}"


def _number(value: float | None) -> str:
    """Return a pace in few digits."""
    return "" if value is None else f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def _rounded(value: float | None) -> float | None:
    """Return a figure with as many digits as it deserves."""
    return None if value is None else round(value, 2)


def _yes_or_no(value: bool | None) -> str | None:
    """Return a truth in a word."""
    return {True: "yes", False: "no", None: None}[value]
